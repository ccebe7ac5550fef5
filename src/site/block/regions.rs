//! The régions and their départements, as a table of contents.

use schemars::JsonSchema;
use serde::Serialize;

use super::absence::Absence;
use super::scale::{Prices, prices};
use super::tiles::rounded;
use crate::base::place::Level;
use crate::geo::sort_key;
use crate::site::frame::Link;
use crate::site::{Site, path};

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
    /// DVF does not cover it.
    absent: bool,
}

impl Regions {
    /// Those that have a page.
    pub(crate) fn new(site: &Site<'_>) -> Self {
        let mut regions: Vec<_> = site.regions.iter().collect();
        regions.sort_by_cached_key(|region| (sort_key(&region.name), region.code.clone()));
        let regions = regions.into_iter().map(|region| Region {
            link: Link::new(&region.name, path::REGION.address(&region.code)),
            departements: site
                .departements_of(region)
                .map(|departement| Departement {
                    link: Link::new(
                        &departement.name,
                        path::DEPARTEMENT.address(&departement.code),
                    ),
                    prices: {
                        let summary = site.summary(Level::Departement, &departement.code);
                        let own = summary.filter(|summary| summary.coverage.is_representative());
                        rounded(prices(own))
                    },
                    absent: Absence::of(&departement.code).is_some()
                        && site.entry(Level::Departement, &departement.code).is_none(),
                })
                .collect(),
        });
        Self(regions.collect())
    }
}
