//! Indicators of places: what each source told last of each year.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde::Serialize;

use super::pool::Connections;
use super::{Database, DbError};
use crate::base::place::{Level, Place};
use crate::config::Absence;
use crate::intake::table::{PlaceKeys, Reading};

/// What is said of each place.
pub(super) type Readings = BTreeMap<Place, Reading>;

/// What the keys of the state begin with that tell of which sources a newer edition was refused.
const HELD_BACK: &str = "held back ";

/// Bytes of values that are hashed at a time.
const HASHED: usize = 1 << 14;

/// Editions, to be followed by which.
pub(super) const SELECT: &str = "SELECT id, source, millesime, indicateur, periode, fichier, importe_le, departements, non_trouves, sceau FROM editions";

/// What is known of an indicator in a year, by one edition of its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndicatorEdition {
    #[serde(skip)]
    pub(super) id: i64,
    /// The source's id.
    pub source: String,
    /// The year of the edition.
    pub edition: u16,
    /// The indicator's id.
    pub indicator: String,
    /// The year that the values are of.
    pub period: u16,
    /// The file that was imported last.
    pub file: String,
    /// When, RFC 3339.
    pub imported_at: String,
    /// The départements that its files have lines of communes in.
    pub departements: BTreeSet<String>,
    /// Codes in the last file that are of no place.
    pub unmatched: Vec<String>,
    #[serde(skip)]
    pub(super) seal: [u8; 32],
}

impl IndicatorEdition {
    /// Whether the values that were read are those that were imported.
    fn check(&self, seal: [u8; 32]) -> Result<(), DbError> {
        match seal == self.seal {
            true => Ok(()),
            false => Err(DbError::AlteredIndicators {
                indicator: self.indicator.clone(),
                source_id: self.source.clone(),
            }),
        }
    }
}

impl Database {
    /// What is known of indicators, by source, indicator, edition and year.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn indicator_editions(&self) -> Result<Vec<IndicatorEdition>, DbError> {
        let order = "ORDER BY source, indicateur, millesime, periode";
        let mut statement = self.connection.prepare(&format!("{SELECT} {order}"))?;
        let rows = statement.query_map([], edition)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Stands for all indicators, and is quick to make; `None` where there are none.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn indicators_digest(&self) -> Result<Option<blake3::Hash>, DbError> {
        let editions = self.indicator_editions()?;
        let mut hasher = blake3::Hasher::new();
        for edition in &editions {
            hasher.update(&serde_json::to_vec(&(
                &edition.source,
                edition.edition,
                &edition.indicator,
                edition.period,
                &edition.departements,
            ))?);
            hasher.update(&edition.seal);
        }
        for source in self.held_back()? {
            hasher.update(source.as_bytes()).update(b"\n");
        }
        Ok((!editions.is_empty()).then(|| hasher.finalize()))
    }

    /// The sources of which a newer edition was refused, by their ids: what they told last is not the newest that there is.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn held_back(&self) -> Result<BTreeSet<String>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT substr(key, length(?1) + 1) FROM state WHERE key GLOB ?1 || '*'")?;
        let rows = statement.query_map([HELD_BACK], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Remembers whether a newer edition of a source was refused.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn hold_back(&self, source: &str, refused: bool) -> Result<(), DbError> {
        match refused {
            true => Self::set_state(&self.connection, &format!("{HELD_BACK}{source}"), ""),
            false => release(&self.connection, source),
        }?;
        Ok(())
    }

    /// The values of an edition.
    ///
    /// # Errors
    /// When SQLite fails, or they are not those that were imported.
    pub fn indicator_values(
        &self,
        edition: &IndicatorEdition,
    ) -> Result<BTreeMap<Place, Reading>, DbError> {
        let (values, seal) = values(&self.connection, edition.id)?;
        edition.check(seal)?;
        Ok(values)
    }

    /// What is made of the values of each of several editions: what `begin` gives for it, once `tell` has told it each value, in
    /// the order of places.
    ///
    /// # Errors
    /// As [`Self::indicator_values`].
    pub fn all_indicator_values<T: Send>(
        &self,
        editions: &[&IndicatorEdition],
        begin: impl Fn(&IndicatorEdition) -> T + Sync,
        tell: impl Fn(&mut T, Level, &str, Reading<&str>) + Sync,
    ) -> Result<Vec<T>, DbError> {
        let read = |database: &Self, edition: &IndicatorEdition| {
            let mut told = begin(edition);
            let seal = read_values(&database.connection, edition.id, |level, code, reading| {
                tell(&mut told, level, code, reading);
            })?;
            edition.check(seal)?;
            Ok(told)
        };
        let Some(connections) = Connections::to(self) else {
            return editions.iter().map(|edition| read(self, edition)).collect();
        };
        let editions = editions.par_iter();
        let read =
            |edition: &&IndicatorEdition| connections.read(|database| read(database, edition));
        editions.map(read).collect()
    }

    /// The codes of places by the keys of the lines of a source, of all files that were imported: one that is gone from the
    /// newest may still be in those of others.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn place_keys(&self, source: &str) -> Result<PlaceKeys, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT cle, code FROM cles WHERE source = ?")?;
        let rows = statement.query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A source of which the newest edition is in use.
pub(super) fn release(connection: &Connection, source: &str) -> rusqlite::Result<usize> {
    connection.execute(
        "DELETE FROM state WHERE key = ?1 || ?2",
        [HELD_BACK, source],
    )
}

/// An edition from a row of [`SELECT`].
pub(super) fn edition(row: &rusqlite::Row<'_>) -> rusqlite::Result<IndicatorEdition> {
    let list = |text: String| {
        text.split(',')
            .filter(|code| !code.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    Ok(IndicatorEdition {
        id: row.get(0)?,
        source: row.get(1)?,
        edition: row.get(2)?,
        indicator: row.get(3)?,
        period: row.get(4)?,
        file: row.get(5)?,
        imported_at: row.get(6)?,
        departements: list(row.get(7)?).into_iter().collect(),
        unmatched: list(row.get(8)?),
        seal: row.get(9)?,
    })
}

/// What an edition says of each place, with its [`seal`].
pub(super) fn values(
    connection: &Connection,
    edition: i64,
) -> Result<(Readings, [u8; 32]), DbError> {
    let mut values = Vec::new();
    let seal = read_values(connection, edition, |level, code, reading| {
        let reading = reading.map_category(str::to_owned);
        values.push((Place::new(level, code), reading));
    })?;
    Ok((values.into_iter().collect(), seal))
}

/// Tells what an edition says of each place, in the order of places, and gives its [`seal`].
fn read_values(
    connection: &Connection,
    edition: i64,
    mut tell: impl FnMut(Level, &str, Reading<&str>),
) -> Result<[u8; 32], DbError> {
    let mut statement = connection.prepare_cached(
        "SELECT territoire, valeur, categorie, absence FROM valeurs WHERE edition = ? AND niveau = ?
         ORDER BY territoire",
    )?;
    let mut seal = Seal::default();
    for level in Level::ALL {
        let mut rows = statement.query((edition, level.name()))?;
        while let Some(row) = rows.next()? {
            let text = |column| {
                row.get_ref(column)?
                    .as_str_or_null()
                    .map_err(rusqlite::Error::from)
            };
            let reading = match row.get_ref(1)? {
                ValueRef::Real(number) => Some(Reading::Number(number)),
                _ => match text(2)? {
                    Some(category) => Some(Reading::Category(category)),
                    None => text(3)?.and_then(Absence::from_name).map(Reading::Absent),
                },
            };
            // What is neither is told by the seal.
            if let Some(reading) = reading {
                let code = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                seal.add(level, code, reading);
                tell(level, code, reading);
            }
        }
    }
    Ok(seal.finish())
}

/// The hash of the values of an edition.
pub(super) fn seal(values: &Readings) -> [u8; 32] {
    let mut seal = Seal::default();
    for (place, reading) in values {
        seal.add(place.level, &place.code, reading.borrowed());
    }
    seal.finish()
}

/// Hashes values in the order of their places.
#[derive(Default)]
struct Seal {
    hasher: blake3::Hasher,
    /// What is not hashed yet: many values at a time are faster.
    text: Vec<u8>,
}

impl Seal {
    fn add(&mut self, level: Level, code: &str, reading: Reading<&str>) {
        let text = &mut self.text;
        text.push(level as u8);
        text.extend(code.as_bytes());
        match reading {
            Reading::Number(number) => {
                text.push(b'=');
                text.extend(number.to_bits().to_le_bytes());
            }
            Reading::Category(category) => {
                text.push(b':');
                text.extend(category.as_bytes());
            }
            Reading::Absent(reason) => {
                text.push(b'-');
                text.extend(reason.name().as_bytes());
            }
        }
        text.push(b'\n');
        if text.len() >= HASHED {
            self.hasher.update(text);
            text.clear();
        }
    }

    fn finish(mut self) -> [u8; 32] {
        *self.hasher.update(&self.text).finalize().as_bytes()
    }
}
