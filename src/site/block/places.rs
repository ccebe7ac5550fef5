//! A table of places with their sales and prices.

use serde::Serialize;

use super::signs::Signs;
use crate::base::place::Level;
use crate::geo::Commune;
use crate::site::{Site, french, names, path};
use crate::stats::{self, Headline, Summary};

/// A table of places, and the signs that are in it.
#[derive(Serialize)]
pub(crate) struct PlaceTable {
    rows: Vec<PlaceRow>,
    signs: Signs,
}

impl FromIterator<PlaceRow> for PlaceTable {
    fn from_iter<I: IntoIterator<Item = PlaceRow>>(rows: I) -> Self {
        let rows: Vec<_> = rows.into_iter().collect();
        let mut signs = Signs::default();
        for row in rows.iter().filter(|row| row.known) {
            signs.see_price(row.appartement.as_ref(), row.appartement_estimate);
            signs.see_price(row.maison.as_ref(), row.maison_estimate);
        }
        Self { rows, signs }
    }
}

/// A place in a table of places.
#[derive(Serialize)]
pub(crate) struct PlaceRow {
    name: String,
    path: Option<String>,
    /// Whether files cover it, in part at least.
    known: bool,
    /// Sales of houses and flats in the last twelve covered months; only where tables count.
    volume: Option<u64>,
    appartement: Option<Headline>,
    maison: Option<Headline>,
    /// The estimates that stand in the place of the medians where there are any, €/m².
    appartement_estimate: Option<u32>,
    maison_estimate: Option<u32>,
    /// Covered communes and all of them, where some are not covered.
    covered: Option<[u32; 2]>,
}

impl PlaceRow {
    /// A line with the medians of a place, without its count of sales.
    pub(crate) fn new(name: &str, path: Option<String>, summary: Option<&Summary>) -> Self {
        Self {
            name: french::name(name),
            path,
            known: summary.is_some(),
            volume: None,
            appartement: summary.and_then(|summary| summary.appartement),
            maison: summary.and_then(|summary| summary.maison),
            appartement_estimate: summary.and_then(|summary| summary.appartement_estimate),
            maison_estimate: summary.and_then(|summary| summary.maison_estimate),
            covered: summary
                .map(|summary| &summary.coverage)
                .filter(|coverage| coverage.is_partial())
                .map(|coverage| [coverage.communes, coverage.communes_total]),
        }
    }

    /// With the medians of a wide place as other places' pages show them.
    pub(crate) fn rounded(mut self) -> Self {
        for cell in [&mut self.appartement, &mut self.maison]
            .into_iter()
            .flatten()
        {
            cell.median = cell.median.map(stats::to_ten);
        }
        self
    }

    /// Under a name that says what it is the line of: of some communes, and not of the place that they lie in.
    pub(crate) fn named(self, name: &str) -> Self {
        Self {
            name: french::name(name),
            covered: None,
            ..self
        }
    }

    /// A line with the medians and the count of sales.
    pub(crate) fn counted(name: &str, path: Option<String>, summary: Option<&Summary>) -> Self {
        Self {
            volume: summary.map(|summary| summary.volume_12_months),
            ..Self::new(name, path, summary)
        }
    }

    /// The line of a commune, with its count of sales.
    pub(crate) fn commune(site: &Site<'_>, commune: &Commune) -> Self {
        Self::counted(
            &names::commune(commune),
            Some(path::COMMUNE.address(&commune.code)),
            site.summary(Level::Commune, &commune.code),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_place_is_shown_to_the_ten_euros() {
        let cell = |median| {
            Some(Headline {
                median: Some(median),
                covered: 12,
                fragile: false,
            })
        };
        let row = PlaceRow {
            appartement: cell(2_214),
            maison: cell(3_365),
            ..PlaceRow::new("France", None, None)
        };
        let PlaceRow {
            appartement,
            maison,
            ..
        } = row.rounded();
        let medians = [appartement, maison].map(|cell| cell.and_then(|cell| cell.median));
        assert_eq!(medians, [Some(2_210), Some(3_370)]);
    }
}
