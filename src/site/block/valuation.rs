//! For which kinds of home the estimator answers, and what sections of the land register tell.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use crate::site::homes;
use crate::stats::{Figures, HomeLevel};

/// Sections shown at either end.
const SHOWN: usize = 5;

/// `figures.valuation` in the templates; the script has the rest from the data files.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Valuation {
    /// The kinds, that of which more are sold first.
    kinds: Vec<&'static str>,
    sections: Vec<KindSections>,
}

/// The dearest and the cheapest sections for one kind of home.
#[derive(Serialize, JsonSchema)]
struct KindSections {
    class: &'static str,
    dearest: Vec<SectionOffset>,
    cheapest: Vec<SectionOffset>,
}

/// A section of the land register.
#[derive(Clone, Serialize, JsonSchema)]
struct SectionOffset {
    name: String,
    /// How much dearer than the commune, in per cent.
    percent: i64,
}

impl From<&Figures> for Valuation {
    fn from(figures: &Figures) -> Self {
        let level = |house: bool| figures.home(house).1.level.as_ref();
        let sections = [false, true].into_iter();
        // That of which more are sold, or else of which a price is known.
        let weight = |house: &bool| {
            let (segment, modelled) = figures.home(*house);
            Reverse((segment.total, modelled.estimate.is_some()))
        };
        let mut kinds = vec![false, true];
        kinds.retain(|house| level(*house).is_some());
        kinds.sort_by_key(weight);
        Self {
            kinds: kinds.into_iter().map(homes::key).collect(),
            sections: sections
                .filter_map(|house| KindSections::of(homes::class(house), level(house)?))
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
                    percent: ((f64::from(*hundredths) / 100.0).exp_m1() * 100.0).round() as i64,
                })
        });
        let mut sections: Vec<_> = sections.collect();
        if sections.len() < 2 * SHOWN {
            return None;
        }
        sections.sort_by(|a, b| b.percent.cmp(&a.percent).then(a.name.cmp(&b.name)));
        Some(Self {
            class,
            dearest: sections[..SHOWN].to_vec(),
            cheapest: sections[sections.len() - SHOWN..].to_vec(),
        })
    }
}
