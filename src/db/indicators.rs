//! Indicators of places: what each source told last of each year.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rusqlite::Connection;
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
        let values = values(&self.connection, edition.id)?;
        match seal(&values) == edition.seal {
            true => Ok(values),
            false => Err(DbError::AlteredIndicators {
                indicator: edition.indicator.clone(),
                source_id: edition.source.clone(),
            }),
        }
    }

    /// As [`Self::indicator_values`], of several editions at once, in their order.
    ///
    /// # Errors
    /// As there.
    pub fn all_indicator_values(
        &self,
        editions: &[&IndicatorEdition],
    ) -> Result<Vec<BTreeMap<Place, Reading>>, DbError> {
        let Some(connections) = Connections::to(self) else {
            let read = |edition: &&IndicatorEdition| self.indicator_values(edition);
            return editions.iter().map(read).collect();
        };
        let read = |edition: &&IndicatorEdition| {
            connections.read(|database| database.indicator_values(edition))
        };
        editions.par_iter().map(read).collect()
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

/// What an edition says of each place.
pub(super) fn values(connection: &Connection, edition: i64) -> Result<Readings, DbError> {
    let mut statement = connection.prepare_cached(
        "SELECT niveau, territoire, valeur, categorie, absence FROM valeurs WHERE edition = ?",
    )?;
    let mut rows = statement.query([edition])?;
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        let level = Level::from_name(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
        let reason = row.get::<_, Option<String>>(4)?;
        let reading = match (
            row.get::<_, Option<f64>>(2)?,
            row.get::<_, Option<String>>(3)?,
        ) {
            (Some(number), _) => Some(Reading::Number(number)),
            (None, Some(category)) => Some(Reading::Category(category)),
            (None, None) => reason
                .as_deref()
                .and_then(Absence::from_name)
                .map(Reading::Absent),
        };
        // What is neither is told by the seal.
        if let (Some(level), Some(reading)) = (level, reading) {
            values.push((Place::new(level, row.get::<_, String>(1)?), reading));
        }
    }
    Ok(values.into_iter().collect())
}

/// The hash of the values of an edition.
pub(super) fn seal(values: &Readings) -> [u8; 32] {
    let mut text = Vec::with_capacity(24 * values.len());
    for (place, reading) in values {
        text.push(place.level as u8);
        text.extend(place.code.as_bytes());
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
    }
    *blake3::hash(&text).as_bytes()
}
