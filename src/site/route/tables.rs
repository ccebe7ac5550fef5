//! Tables for spreadsheets and programs: `data/departement/<code>.csv` and `data/communes.csv` of communes, the latter as Parquet
//! too, and the series of all places, `data/series.parquet`.

use std::borrow::Cow;

use super::data::WiderData;
use crate::base::place::{Level, Place};
use crate::geo::Commune;
use crate::site::maker::{Maker, alone};
use crate::site::{Entry, Site, SiteError, communes_of, long_table, names, table};

/// The tables of the communes of each département.
pub(super) struct DepartementTables;

/// The table of all communes, by what writes it.
pub(super) struct NationalTable(
    pub for<'s> fn(&Site<'s>, &[&'s Commune]) -> Result<Vec<u8>, SiteError>,
);

/// The series of all places.
pub(super) struct SeriesTable;

impl Maker for DepartementTables {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        site.departement_codes(|code| site.entry(Level::Departement, code).is_some())
    }

    fn hash(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        hash(site, &communes(site, code), hasher)
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        table::csv(site, &communes(site, code))
    }
}

impl Maker for NationalTable {
    fn codes<'s>(&self, _: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        alone()
    }

    fn hash(&self, site: &Site<'_>, _: &str, hasher: &mut blake3::Hasher) -> Result<(), SiteError> {
        hash(site, &site.communes, hasher)
    }

    fn render(&self, site: &Site<'_>, _: &str) -> Result<Vec<u8>, SiteError> {
        self.0(site, &site.communes)
    }
}

impl Maker for SeriesTable {
    fn codes<'s>(&self, _: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        alone()
    }

    fn hash(&self, site: &Site<'_>, _: &str, hasher: &mut blake3::Hasher) -> Result<(), SiteError> {
        for (place, entry) in places(site) {
            hasher.update(blake3::hash(place.to_string().as_bytes()).as_bytes());
            entry.hash(hasher);
        }
        Ok(())
    }

    fn render(&self, site: &Site<'_>, _: &str) -> Result<Vec<u8>, SiteError> {
        long_table::parquet(&places(site))
    }
}

/// All places with figures and a page, the widest last.
fn places<'s>(site: &'s Site<'_>) -> Vec<(Place, &'s Entry)> {
    let places = Level::ALL.into_iter().flat_map(|level| {
        let codes = match level {
            Level::Commune => site.commune_codes(),
            level => WiderData(level).codes(site),
        };
        codes.into_iter().map(move |code| match level {
            Level::Pays => Place::france(),
            level => Place::new(level, code),
        })
    });
    places
        .filter_map(|place| {
            let entry = site.entry(place.level, &place.code)?;
            Some((place, entry))
        })
        .collect()
}

fn communes<'s>(site: &Site<'s>, departement: &str) -> Vec<&'s Commune> {
    communes_of(&site.communes, departement).collect()
}

/// Adds what the lines of some communes are made of.
fn hash(
    site: &Site<'_>,
    communes: &[&Commune],
    hasher: &mut blake3::Hasher,
) -> Result<(), SiteError> {
    let places = communes.iter().map(|commune| {
        let code = &commune.code;
        site.atlas.indicator_place(Level::Commune, code)
    });
    table::hash_indicators(&site.indicators, &places.collect::<Vec<_>>(), hasher);
    for commune in communes {
        let facts = (
            &commune.code,
            names::commune(commune),
            &commune.region,
            &commune.epci,
            commune.population,
        );
        let text = serde_json::to_vec(&facts).map_err(SiteError::Context)?;
        hasher.update(blake3::hash(&text).as_bytes());
        if let Some(entry) = site.entry(Level::Commune, &commune.code) {
            entry.hash(hasher);
        }
    }
    Ok(())
}
