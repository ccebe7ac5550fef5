//! `data/departement/<code>.csv`: the communes of a département as a table.

use std::borrow::Cow;

use crate::base::place::Level;
use crate::geo::Commune;
use crate::site::maker::Maker;
use crate::site::{Site, SiteError, communes_of, names, table};

/// The tables of the communes of each département.
pub(super) struct DepartementTables;

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
        for commune in communes(site, code) {
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

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        table::csv(site, &communes(site, code))
    }
}

fn communes<'s>(site: &'s Site<'_>, departement: &'s str) -> Vec<&'s Commune> {
    communes_of(&site.communes, departement).collect()
}
