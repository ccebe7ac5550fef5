//! The home page.

use serde::Serialize;

use crate::base::place::{Level, Place};
use crate::geo::sort_key;
use crate::site::frame::{Frame, Link};
use crate::site::maker::{Pages, Sheet};
use crate::site::pages::Absence;
use crate::site::{Site, path};

/// What the page shows besides the figures of the country.
#[derive(Serialize)]
pub(super) struct Home {
    regions: Vec<Region>,
    /// Communes with figures.
    communes: usize,
}

/// A région in the list of the home page.
#[derive(Serialize)]
struct Region {
    link: Link,
    departements: Vec<Departement>,
}

/// A département in the list of the home page.
#[derive(Serialize)]
struct Departement {
    link: Link,
    /// DVF does not cover it.
    absent: bool,
}

/// The home page.
pub(super) struct HomePage;

impl Pages for HomePage {
    const TEMPLATE: &'static str = "home.html";
    type Facts<'s> = Home;

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, Home>> {
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
                    absent: Absence::of(&departement.code).is_some(),
                })
                .collect(),
        });
        let with_figures = site
            .communes
            .iter()
            .filter(|commune| site.summary(Level::Commune, &commune.code).is_some());
        let france = Place::france();
        Some(Sheet {
            frame: Frame::new(site, path::HOME.address(""), Vec::new(), None),
            facts: Home {
                regions: regions.collect(),
                communes: with_figures.count(),
            },
            entry: site.entry(france.level, &france.code),
        })
    }
}
