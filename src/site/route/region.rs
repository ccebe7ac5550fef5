//! The page of a région.

use std::borrow::Cow;

use serde::Serialize;

use crate::base::place::Level;
use crate::site::block::absence::Absence;
use crate::site::block::places::PlaceRow;
use crate::site::frame::Frame;
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, french, path};

/// What the page shows besides the figures of the région.
#[derive(Serialize)]
pub(super) struct RegionPage {
    name: String,
    /// Its départements that DVF leaves out.
    left_out: Vec<String>,
    /// Its départements, by name.
    places: Vec<PlaceRow>,
}

/// The pages of régions.
pub(super) struct RegionPages;

impl Pages for RegionPages {
    const TEMPLATE: &'static str = "region.html";
    type Facts<'s> = RegionPage;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let regions = site.regions.iter();
        regions.map(|region| region.code.as_str().into()).collect()
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, RegionPage>> {
        let region = site.geography.region(code)?;
        let code = &region.code;
        let rows = site.departements_of(region).map(|departement| {
            PlaceRow::counted(
                &departement.name,
                Some(path::DEPARTEMENT.address(&departement.code)),
                site.summary(Level::Departement, &departement.code),
            )
        });
        let left_out = site.geography.departements().iter().filter(|departement| {
            departement.region == *code && Absence::of(&departement.code).is_some()
        });
        let facts = RegionPage {
            name: french::name(&region.name),
            left_out: left_out
                .map(|departement| french::name(&departement.name))
                .collect(),
            places: rows.collect(),
        };
        Some(Sheet {
            frame: Frame::new(
                site,
                path::REGION.address(code),
                Vec::new(),
                site.summary(Level::Region, code),
            ),
            facts,
            entry: site.entry(Level::Region, code),
        })
    }
}
