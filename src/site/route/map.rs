//! `data/cartes/<departement>.svg`: the contours of the communes of a département, which its page colours.

use std::borrow::Cow;

use crate::base::place::Level;
use crate::site::maker::Maker;
use crate::site::map::DepartementMap;
use crate::site::{Site, SiteError};

/// The files of contours.
pub(super) struct DepartementMaps;

impl Maker for DepartementMaps {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        site.departement_codes(|code| {
            site.atlas.contours.contains_key(code) && site.entry(Level::Departement, code).is_some()
        })
    }

    fn hash(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        map(site, code)?.hash(hasher).map_err(SiteError::Context)
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        Ok(map(site, code)?.file())
    }
}

fn map<'s>(site: &'s Site<'_>, code: &str) -> Result<DepartementMap<'s>, SiteError> {
    let map = DepartementMap::new(code, site.geography, site.atlas);
    map.ok_or_else(|| SiteError::NoPage { code: code.into() })
}
