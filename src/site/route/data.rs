//! The figures of places for programs: `data/villes/<code>.json` of communes, and its like of all levels above.

use std::borrow::Cow;

use super::departement::DepartementPages;
use super::epci::EpciPages;
use super::region::RegionPages;
use crate::base::place::{Level, Place};
use crate::site::document::Draft;
use crate::site::maker::{Maker, Pages};
use crate::site::{Site, SiteError};

/// The data files of communes.
pub(super) struct CommuneData;

/// The data files of the places of a level above communes that have a page and figures.
pub(super) struct WiderData(pub Level);

impl Maker for CommuneData {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        site.commune_codes()
    }

    fn hash(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        Draft::of_commune(site, code)?.hash(hasher)
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        Draft::of_commune(site, code)?.render(code)
    }
}

impl Maker for WiderData {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let mut codes = match self.0 {
            Level::Commune => Vec::new(),
            Level::Epci => EpciPages.codes(site),
            Level::Departement => DepartementPages.codes(site),
            Level::Region => RegionPages.codes(site),
            Level::Pays => vec![Cow::Borrowed("")],
        };
        codes.retain(|code| site.entry(self.0, &self.place(code).code).is_some());
        codes
    }

    fn hash(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        Draft::of_wider(site, &self.place(code))?.hash(hasher)
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        Draft::of_wider(site, &self.place(code))?.render(code)
    }
}

impl WiderData {
    /// The place that the file with a code is about.
    fn place(&self, code: &str) -> Place {
        match self.0 {
            Level::Pays => Place::france(),
            level => Place::new(level, code),
        }
    }
}
