//! The régions and their départements, as a table of contents.

use schemars::JsonSchema;
use serde::Serialize;

use super::absence::Absence;
use super::scale::{Prices, prices};
use super::tiles::rounded;
use crate::base::place::Level;
use crate::geo::{self, sort_key};
use crate::site::frame::Link;
use crate::site::{Site, path};
use crate::stats::Summary;

/// `page.regions` in the templates, by name.
#[derive(Serialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Regions(Vec<Region>);

#[derive(Serialize, JsonSchema)]
struct Region {
    link: Link,
    departements: Vec<Departement>,
}

#[derive(Serialize, JsonSchema)]
struct Departement {
    link: Link,
    /// The medians of flats and houses, €/m², to ten euros.
    prices: Prices,
    /// Why neither kind has one.
    without: Option<NoPrices>,
}

/// Why a département has no prices in the list.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum NoPrices {
    /// DVF does not cover it.
    Uncovered,
    /// Less than half of its communes are covered.
    Partial,
    /// Its sales are too few.
    Few,
}

impl Regions {
    /// The régions that have a page.
    pub(crate) fn new(site: &Site<'_>) -> Self {
        let mut regions: Vec<_> = site.regions.iter().collect();
        regions.sort_by_cached_key(|region| (sort_key(&region.name), region.code.clone()));
        let regions = regions.into_iter().map(|region| Region {
            link: Link::new(&region.name, path::REGION.address(&region.code)),
            departements: site
                .departements_of(region)
                .map(|departement| Departement::new(site, departement))
                .collect(),
        });
        Self(regions.collect())
    }
}

impl Departement {
    fn new(site: &Site<'_>, departement: &geo::Departement) -> Self {
        let summary = site.summary(Level::Departement, &departement.code);
        let is_whole = |summary: &&Summary| summary.coverage.is_representative();
        let prices = rounded(prices(summary.filter(is_whole)));
        let is_uncovered = Absence::of(&departement.code).is_some()
            && site.entry(Level::Departement, &departement.code).is_none();
        let without = if is_uncovered {
            Some(NoPrices::Uncovered)
        } else if prices.iter().any(Option::is_some) {
            None
        } else if summary.is_some_and(|summary| is_whole(&summary)) {
            Some(NoPrices::Few)
        } else {
            Some(NoPrices::Partial)
        };
        Self {
            link: Link::new(
                &departement.name,
                path::DEPARTEMENT.address(&departement.code),
            ),
            prices,
            without,
        }
    }
}
