//! The names of zones, to the communes that they are made of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use indicatif::ProgressBar;
use serde::Serialize;

use super::error::FactsError;
use crate::config::{Container, Zones};
use crate::geo::{Geography, sort_key};
use crate::intake::table::{TextGrid, commune_code};

/// A place that facts are of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Zone {
    /// Its name as it is declared, or the code that stands for it.
    pub name: String,
    /// The codes of its communes, of today or former.
    pub communes: BTreeSet<String>,
}

/// The zones of a source. Accents, case and signs do not count in their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ZoneTable(BTreeMap<String, Zone>);

impl ZoneTable {
    /// Of what is declared; `root` is the project's folder.
    ///
    /// # Errors
    /// When the file cannot be read, a code is of no commune, or two names cannot be told apart.
    pub fn read(zones: &Zones, root: &Path, geography: &Geography) -> Result<Self, FactsError> {
        let mut table = Self::default();
        match zones {
            Zones::Listed(zones) => {
                for (zone, communes) in zones {
                    for code in communes {
                        table.add(zone, code, geography)?;
                    }
                }
            }
            Zones::File(file) => {
                let container = Container::default();
                let grid = TextGrid::read(&root.join(file), &container, &ProgressBar::hidden())?;
                let [zone, commune] = [grid.column("zone")?, grid.column("commune")?];
                for (_, cells) in &grid.lines {
                    table.add(&cells[zone], &cells[commune], geography)?;
                }
            }
        }
        Ok(table)
    }

    fn add(&mut self, name: &str, code: &str, geography: &Geography) -> Result<(), FactsError> {
        let code = commune_code(code);
        let zone = || name.to_owned();
        if geography.current(&code).is_none() {
            return Err(FactsError::Commune { zone: zone(), code });
        }
        let known = self.0.entry(sort_key(name));
        let known = known.or_insert_with(|| Zone {
            name: zone(),
            communes: BTreeSet::new(),
        });
        if known.name != name {
            return Err(FactsError::Twice {
                zone: zone(),
                other: known.name.clone(),
            });
        }
        known.communes.insert(code);
        Ok(())
    }

    /// The zone of a name, with the key that is the same however the name is written.
    pub(super) fn find(&self, name: &str) -> Option<(&String, &Zone)> {
        self.0.get_key_value(&sort_key(name))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::intake::cog;

    static PLACES: LazyLock<Geography> = LazyLock::new(|| cog::embedded().unwrap());

    fn listed(zones: &[(&str, &[&str])]) -> Result<ZoneTable, String> {
        let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let zones = zones
            .iter()
            .map(|(name, of)| ((*name).to_owned(), codes(of)));
        let zones = Zones::Listed(zones.collect());
        ZoneTable::read(&zones, Path::new("."), &PLACES).map_err(|error| error.to_string())
    }

    #[test]
    fn names_are_found_without_accents_and_case() {
        let table = listed(&[
            ("Châtaigneraie", &["15122", "1001"]),
            ("Aurillac", &["15014"]),
        ])
        .unwrap();
        let (key, zone) = table.find("CHATAIGNERAIE").unwrap();
        assert_eq!(key, "chataigneraie");
        assert_eq!(
            zone.communes,
            BTreeSet::from(["15122".into(), "01001".into()])
        );
        assert!(table.find("Chataigne").is_none());
    }

    #[test]
    fn a_table_that_cannot_be_is_told() {
        let told = listed(&[("Aurillac", &["99999"])]).unwrap_err();
        assert!(told.contains("zone \"Aurillac\" is led to 99999"), "{told}");
        let told = listed(&[("Salers", &["15219"]), ("SALERS", &["15219"])]).unwrap_err();
        assert!(told.contains("cannot be told apart"), "{told}");
    }
}
