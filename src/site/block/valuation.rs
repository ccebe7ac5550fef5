//! For which kinds of home the estimator answers, and what sections of the land register tell.

use serde::Serialize;

use crate::stats::{Figures, HomeLevel};

/// Sections shown at either end.
const SHOWN: usize = 5;

/// `figures.valuation` in the templates; the script has the rest from the data files.
#[derive(Serialize)]
pub(crate) struct Valuation {
    appartement: bool,
    maison: bool,
    sections: Vec<KindSections>,
}

/// The dearest and the cheapest sections for one kind of home.
#[derive(Serialize)]
struct KindSections {
    class: &'static str,
    known: usize,
    dearest: Vec<SectionOffset>,
    cheapest: Vec<SectionOffset>,
}

/// A section of the land register.
#[derive(Clone, Serialize)]
struct SectionOffset {
    name: String,
    /// How much dearer than the commune, in per cent.
    percent: f64,
}

impl From<&Figures> for Valuation {
    fn from(figures: &Figures) -> Self {
        let levels = [
            ("flats", figures.modelled.appartement.level.as_ref()),
            ("houses", figures.modelled.maison.level.as_ref()),
        ];
        Self {
            appartement: levels[0].1.is_some(),
            maison: levels[1].1.is_some(),
            sections: levels
                .into_iter()
                .filter_map(|(class, level)| KindSections::of(class, level?))
                .collect(),
        }
    }
}

impl KindSections {
    /// `None` of so few sections that both ends would be the same.
    fn of(class: &'static str, level: &HomeLevel) -> Option<Self> {
        let sections = level.sections.iter().flat_map(|(prefix, sections)| {
            // Prefixes are those of former communes.
            let prefix = prefix.trim_start_matches('0');
            sections
                .iter()
                .map(move |(name, hundredths)| SectionOffset {
                    name: format!("{prefix} {}", name.trim_start_matches('0'))
                        .trim()
                        .to_owned(),
                    percent: ((f64::from(*hundredths) / 100.0).exp_m1() * 100.0).round(),
                })
        });
        let mut sections: Vec<_> = sections.collect();
        if sections.len() < 2 * SHOWN {
            return None;
        }
        sections.sort_by(|a, b| b.percent.total_cmp(&a.percent).then(a.name.cmp(&b.name)));
        Some(Self {
            class,
            known: sections.len(),
            dearest: sections[..SHOWN].to_vec(),
            cheapest: sections[sections.len() - SHOWN..].to_vec(),
        })
    }
}
