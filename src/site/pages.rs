//! What pages of several kinds show of places.

use serde::Serialize;

use super::french;
use crate::geo::{Commune, CommuneKind};
use crate::stats::{Headline, Summary};

/// What a commune's page is the page of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Commune,
    /// Paris, Lyon or Marseille as a whole.
    Ville,
    Arrondissement,
}

impl Kind {
    /// What a commune's page is the page of.
    pub fn of(commune: &Commune) -> Self {
        match commune.kind {
            CommuneKind::Arrondissement => Self::Arrondissement,
            CommuneKind::Commune
                if ["13055", "69123", "75056"].contains(&commune.code.as_str()) =>
            {
                Self::Ville
            }
            CommuneKind::Commune => Self::Commune,
        }
    }
}

/// Why DVF has no sale of a département.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Absence {
    /// Alsace and Moselle: sales are in the land register, which the courts keep.
    LivreFoncier,
    Mayotte,
}

impl Absence {
    /// Whether and why DVF leaves a département out. The collectivités d'outre-mer, which it leaves out too, have no
    /// page.
    pub fn of(departement: &str) -> Option<Self> {
        match departement {
            "57" | "67" | "68" => Some(Self::LivreFoncier),
            "976" => Some(Self::Mayotte),
            _ => None,
        }
    }
}

/// The page of a département or a région.
#[derive(Serialize)]
pub(super) struct Area<'a> {
    pub code: &'a str,
    pub name: String,
    /// "du Var", "de l’Ain"
    pub of: String,
    pub absence: Option<Absence>,
    /// Départements of a région that DVF leaves out.
    pub left_out: Vec<String>,
    /// Its communes or départements, in alphabetical order.
    pub rows: Vec<Row>,
    pub notes: Vec<&'a str>,
}

/// A place in a table of places.
#[derive(Serialize)]
pub(super) struct Row {
    pub name: String,
    pub path: Option<String>,
    /// Sales of houses and flats in the last twelve covered months; only where tables count.
    pub volume: Option<u64>,
    pub appartement: Option<Headline>,
    pub maison: Option<Headline>,
    /// Covered communes and all of them, where some are not covered.
    pub covered: Option<[u32; 2]>,
}

impl Row {
    /// A line with the medians of a place, without its count of sales.
    pub fn new(name: &str, path: Option<String>, summary: Option<&Summary>) -> Self {
        Self {
            name: french::name(name),
            path,
            volume: None,
            appartement: summary.and_then(|summary| summary.appartement),
            maison: summary.and_then(|summary| summary.maison),
            covered: summary
                .map(|summary| &summary.coverage)
                .filter(|coverage| coverage.is_partial())
                .map(|coverage| [coverage.communes, coverage.communes_total]),
        }
    }

    /// With medians to the ten euros: what a corrected sale moves the median of a wide place by says nothing to anybody,
    /// and would renew the page of every commune in it.
    pub fn rounded(mut self) -> Self {
        for cell in [&mut self.appartement, &mut self.maison]
            .into_iter()
            .flatten()
        {
            cell.median = (cell.median + 5) / 10 * 10;
        }
        self
    }

    /// A line with the medians and the count of sales.
    pub fn counted(name: &str, path: Option<String>, summary: Option<&Summary>) -> Self {
        Self {
            volume: summary.map(|summary| summary.volume_12_months),
            ..Self::new(name, path, summary)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_place_is_shown_to_the_ten_euros() {
        let cell = |median| {
            let (months, fragile) = (12, false);
            Some(Headline {
                median,
                months,
                fragile,
            })
        };
        let row = Row {
            appartement: cell(2_214),
            maison: cell(3_365),
            ..Row::new("France", None, None)
        };
        let Row {
            appartement,
            maison,
            ..
        } = row.rounded();
        let medians = [appartement, maison].map(|cell| cell.map(|cell| cell.median));
        assert_eq!(medians, [Some(2_210), Some(3_370)]);
    }
}
