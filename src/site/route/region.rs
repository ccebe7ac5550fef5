//! The page of a région.

use std::borrow::Cow;

use crate::base::place::Level;
use crate::site::frame::Frame;
use crate::site::maker::{Pages, Sheet};
use crate::site::pages::{Absence, Area, Row};
use crate::site::{Site, french, path};

/// The pages of régions.
pub(super) struct RegionPages;

impl Pages for RegionPages {
    const TEMPLATE: &'static str = "region.html";
    type Facts<'s> = Area<'s>;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let regions = site.regions.iter();
        regions.map(|region| region.code.as_str().into()).collect()
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, Area<'s>>> {
        let region = site.geography.region(code)?;
        let code = &region.code;
        let rows = site.departements_of(region).map(|departement| {
            Row::counted(
                &departement.name,
                Some(path::DEPARTEMENT.address(&departement.code)),
                site.summary(Level::Departement, &departement.code),
            )
        });
        let all = site.geography.departements().iter();
        let left_out = all.filter(|departement| {
            departement.region == *code && Absence::of(&departement.code).is_some()
        });
        let facts = Area {
            code,
            name: french::name(&region.name),
            of: french::name(&region.full_of()),
            absence: None,
            left_out: left_out
                .map(|departement| french::name(&departement.name))
                .collect(),
            rows: rows.collect(),
            notes: Vec::new(),
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
