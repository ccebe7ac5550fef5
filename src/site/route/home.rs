//! The home page.

use serde::Serialize;

use crate::base::place::{Level, Place};
use crate::site::around::Around;
use crate::site::block::regions::Regions;
use crate::site::block::tiles::Tiles;
use crate::site::frame::Frame;
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, path};

/// What the page shows besides the figures of the country.
#[derive(Serialize)]
pub(super) struct Home {
    /// The départements on a map.
    france: Option<Tiles>,
    regions: Regions,
    /// Communes with figures.
    communes: usize,
}

/// The home page.
pub(super) struct HomePage;

impl Pages for HomePage {
    const TEMPLATE: &'static str = "home.html";
    type Facts<'s> = Home;

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, Home>> {
        let with_figures = site
            .communes
            .iter()
            .filter(|commune| site.summary(Level::Commune, &commune.code).is_some());
        let france = Place::france();
        Some(Sheet {
            frame: Frame::new(site, path::HOME.address(""), Vec::new(), None),
            facts: Home {
                france: Tiles::new(site, None),
                regions: Regions::new(site),
                communes: with_figures.count(),
            },
            around: Around::default(),
            entry: site.entry(france.level, &france.code),
        })
    }
}
