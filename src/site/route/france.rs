//! The page of the country.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::{Level, Place};
use crate::geo::sort_key;
use crate::site::around::Around;
use crate::site::block::living::Living;
use crate::site::block::places::{PlaceRow, PlaceTable};
use crate::site::block::rankings::Rankings;
use crate::site::block::tiles::Tiles;
use crate::site::frame::Frame;
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, path};

/// What the page shows besides the figures of the country.
#[derive(Serialize, JsonSchema)]
pub(super) struct France {
    /// The départements on a map.
    tiles: Option<Tiles>,
    rankings: Option<Rankings>,
    living: Option<Living>,
    /// The régions, by name.
    regions: PlaceTable,
    /// The départements, by name.
    places: PlaceTable,
}

/// The page of the country.
pub(super) struct FrancePage;

impl Pages for FrancePage {
    const TEMPLATE: &'static str = "france.html";
    type Facts<'s> = France;

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, France>> {
        let mut regions = site.regions.clone();
        regions.sort_by_cached_key(|region| sort_key(&region.name));
        let regions = regions.into_iter().map(|region| {
            let path = path::REGION.address(&region.code);
            let summary = site.summary(Level::Region, &region.code);
            PlaceRow::counted(&region.name, Some(path), summary)
        });
        let mut departements = site.departements.clone();
        departements.sort_by_cached_key(|departement| sort_key(&departement.name));
        let departements = departements.into_iter();
        let departements = departements.map(|departement| PlaceRow::departement(site, departement));
        let france = Place::france();
        Some(Sheet {
            frame: Frame::new(site, path::FRANCE.address(""), Vec::new(), None).with_dataset(
                site,
                "France",
                "en France",
                &path::FRANCE_DATA.path(""),
                site.summary(france.level, &france.code),
            ),
            facts: France {
                tiles: Tiles::new(site, None),
                rankings: Rankings::new(site, &site.communes),
                living: Living::of_wider(site, &france),
                regions: regions.collect(),
                places: departements.collect(),
            },
            around: Around::default(),
            entry: site.entry(france.level, &france.code),
        })
    }
}
