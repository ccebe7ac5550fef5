//! What stays of a release for good: the headline figures of each place, by column.

use serde::Serialize;
use serde_json::{Map, Value};

use super::block::identity::{LICENCE, SOURCE};
use super::table::{self, FrozenPlace};
use super::{Site, SiteError, path};
use crate::base::place::{Level, Place};
use crate::stats::Summary;

/// The file of France and its régions.
const FRANCE: &str = "france";

/// The headline figures of a release in a département, its EPCI and its communes, or in France and its régions.
pub struct Frozen {
    /// What names the release: the day of its publication, `2026-10-20`; where that is not known, the last month of sales,
    /// `ventes-2025-12`.
    pub release: String,
    /// Code of the département, or `france`.
    pub of: String,
    /// The file, JSON.
    pub bytes: Vec<u8>,
}

#[derive(Serialize)]
struct Document<'a> {
    release: &'a str,
    source: &'static str,
    licence: &'static str,
    /// A list each, as long as there are places.
    columns: Map<String, Value>,
}

impl Site<'_> {
    /// The headline figures of all places, as they are to be kept.
    ///
    /// # Errors
    /// When they cannot be written as JSON, which only a defect of ours can bring about.
    pub fn frozen(&self) -> Result<Vec<Frozen>, SiteError> {
        let mut files = Vec::new();
        for departement in &self.departements {
            let code = departement.code.as_str();
            let Some(release) = release(self, code) else {
                continue;
            };
            let own = (Level::Departement, code);
            let epcis = self.epcis_mainly_in(code);
            let epcis = epcis.map(|epci| (Level::Epci, epci.code.as_str()));
            let communes = super::communes_of(&self.communes, code);
            let communes = communes.map(|commune| (Level::Commune, commune.code.as_str()));
            let places = std::iter::once(own).chain(epcis).chain(communes);
            files.push(self.freeze(release, code, places)?);
        }
        let france = Place::france();
        if let Some(summary) = self.summary(france.level, &france.code) {
            let release = match self.atlas.releases.last_published() {
                Some(day) => day.to_owned(),
                None => undated(summary),
            };
            let regions = self.regions.iter();
            let regions = regions.map(|region| (Level::Region, region.code.as_str()));
            let country = (france.level, france.code.as_str());
            let places = std::iter::once(country).chain(regions);
            files.push(self.freeze(release, FRANCE, places)?);
        }
        Ok(files)
    }

    fn freeze<'p>(
        &self,
        release: String,
        of: &str,
        places: impl Iterator<Item = (Level, &'p str)>,
    ) -> Result<Frozen, SiteError> {
        let known = places.filter_map(|(level, code)| {
            Some(FrozenPlace {
                level,
                code,
                summary: self.summary(level, code)?,
            })
        });
        let document = Document {
            release: &release,
            source: SOURCE,
            licence: LICENCE,
            columns: table::frozen(&known.collect::<Vec<_>>()),
        };
        Ok(Frozen {
            bytes: serde_json::to_vec(&document).map_err(SiteError::Context)?,
            of: of.to_owned(),
            release,
        })
    }
}

/// What names the release that the figures of a département are of; `None` where it has none.
pub(super) fn release(site: &Site<'_>, departement: &str) -> Option<String> {
    let summary = site.summary(Level::Departement, departement)?;
    let day = site.atlas.releases.published(departement);
    Some(day.map_or_else(|| undated(summary), str::to_owned))
}

/// The address of the figures of a département as they were when the latest release that it has came out.
pub(super) fn of_departement(site: &Site<'_>, departement: &str) -> Option<String> {
    let release = release(site, departement)?;
    Some(path::ARCHIVE.address(&format!("{release}/{departement}")))
}

fn undated(summary: &Summary) -> String {
    format!("ventes-{}", summary.coverage.to)
}
