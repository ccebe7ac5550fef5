//! A table of places with their sales and prices.

use schemars::JsonSchema;
use serde::Serialize;

use super::signs::Signs;
use crate::base::place::Level;
use crate::geo::{Commune, Departement};
use crate::site::{Site, french, names, path};
use crate::stats::{Headline, Summary};

/// A table of places, and the signs that are in it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PlaceTable {
    rows: Vec<PlaceRow>,
    /// Whether inhabitants are known.
    populated: bool,
    signs: Signs,
}

impl FromIterator<PlaceRow> for PlaceTable {
    fn from_iter<I: IntoIterator<Item = PlaceRow>>(rows: I) -> Self {
        let rows: Vec<_> = rows.into_iter().collect();
        let mut signs = Signs::default();
        for row in &rows {
            row.show(&mut signs);
        }
        Self {
            populated: rows.iter().any(|row| row.population.is_some()),
            rows,
            signs,
        }
    }
}

/// A place in a table of places.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PlaceRow {
    name: String,
    path: Option<String>,
    /// Whether files cover it, in part at least.
    known: bool,
    /// Inhabitants, of communes.
    population: Option<u32>,
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
            population: None,
            volume: None,
            appartement: summary.and_then(|summary| summary.appartement.headline()),
            maison: summary.and_then(|summary| summary.maison.headline()),
            appartement_estimate: summary.and_then(|summary| summary.appartement.estimated()),
            maison_estimate: summary.and_then(|summary| summary.maison.estimated()),
            covered: summary
                .map(|summary| &summary.coverage)
                .filter(|coverage| coverage.is_partial())
                .map(|coverage| [coverage.communes, coverage.communes_total]),
        }
    }

    /// Takes in what signs the line has.
    pub(super) fn show(&self, signs: &mut Signs) {
        if self.known {
            signs.see_price(self.appartement.as_ref(), self.appartement_estimate);
            signs.see_price(self.maison.as_ref(), self.maison_estimate);
        }
    }

    /// Under a name that says what it is the line of: of some communes, and not of the place that they lie in.
    fn named(self, name: &str) -> Self {
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

    /// The line of a département, with its count of sales.
    pub(crate) fn departement(site: &Site<'_>, departement: &Departement) -> Self {
        let summary = site.summary(Level::Departement, &departement.code);
        let path = path::DEPARTEMENT.address(&departement.code);
        let row = Self::counted(&departement.name, Some(path), summary);
        match summary.map(|summary| &summary.coverage) {
            Some(coverage) if !coverage.is_representative() => {
                let communes = coverage.communes.into();
                let communes = french::count(communes, "commune", "communes");
                row.named(&format!("{communes} {}", departement.full_of()))
            }
            _ => row,
        }
    }

    /// The line of a commune, with its count of sales.
    pub(crate) fn commune(site: &Site<'_>, commune: &Commune) -> Self {
        Self {
            population: commune.population,
            ..Self::counted(
                &names::commune(commune),
                Some(path::COMMUNE.address(&commune.code)),
                site.summary(Level::Commune, &commune.code),
            )
        }
    }
}
