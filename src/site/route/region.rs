//! The page of a région.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::{Level, Place};
use crate::site::around::Around;
use crate::site::block::absence::Absence;
use crate::site::block::living::Living;
use crate::site::block::places::{PlaceRow, PlaceTable};
use crate::site::block::tiles::Tiles;
use crate::site::frame::Frame;
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, french, names, path};

/// What the page shows besides the figures of the région.
#[derive(Serialize, JsonSchema)]
pub(super) struct RegionPage<'s> {
    code: &'s str,
    name: String,
    /// "en Bretagne", "dans le Grand Est"
    within: String,
    /// Its départements that DVF leaves out.
    left_out: Vec<String>,
    /// Its départements on a map.
    tiles: Option<Tiles>,
    living: Option<Living>,
    /// Its départements, by name.
    places: PlaceTable,
}

/// The pages of régions.
pub(super) struct RegionPages;

impl Pages for RegionPages {
    const TEMPLATE: &'static str = "region.html";
    const LEVEL: Option<Level> = Some(Level::Region);
    type Facts<'s> = RegionPage<'s>;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let regions = site.regions.iter();
        regions.map(|region| region.code.as_str().into()).collect()
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, RegionPage<'s>>> {
        let region = site.geography.region(code)?;
        let code = &region.code;
        let departements = site.departements_of(region);
        let rows = departements.map(|departement| PlaceRow::departement(site, departement));
        let left_out = site.geography.departements().iter().filter(|departement| {
            departement.region == *code && Absence::of(&departement.code).is_some()
        });
        let facts = RegionPage {
            code,
            name: french::name(&region.name),
            within: names::in_region(region),
            left_out: left_out
                .map(|departement| french::name(&departement.name))
                .collect(),
            tiles: Tiles::new(site, Some(code)),
            living: Living::of_wider(site, &Place::new(Level::Region, &**code)),
            places: rows.collect(),
        };
        Some(Sheet {
            frame: Frame::of_place(
                site,
                path::REGION.address(code),
                Vec::new(),
                &facts.name,
                site.summary(Level::Region, code),
            )
            .with_dataset(
                site,
                &facts.name,
                &facts.within,
                &path::REGION_DATA.path(code),
                site.summary(Level::Region, code),
            ),
            facts,
            around: Around::region(site, code),
            entry: site.entry(Level::Region, code),
        })
    }
}
