//! The cached figures, and what tells whether they are fresh.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rusqlite::params;

use super::{Database, DbError};
use crate::stats::{Level, Place};

/// Cached figures of a place.
#[derive(Clone, Debug)]
pub struct StoredFigures {
    pub digest: [u8; 32],
    /// [`crate::stats::Figures`] as JSON.
    pub json: Arc<str>,
}

impl Database {
    /// The communes with changes after the batch that the digests were last brought to, and the latest batch.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn stale_communes(&self) -> Result<(Vec<String>, i64), DbError> {
        let since: i64 = self
            .state("digests_batch")?
            .and_then(|value| value.parse().ok())
            .unwrap_or(0);
        let latest = self.connection.query_row(
            "SELECT coalesce(max(batch_id), 0) FROM update_log",
            [],
            |row| row.get(0),
        )?;
        let mut statement = self
            .connection
            .prepare("SELECT DISTINCT commune FROM changes WHERE batch_id > ? ORDER BY commune")?;
        let communes = statement
            .query_map([since], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok((communes, latest))
    }

    /// The digest of each commune's sales.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn commune_digests(&self) -> Result<BTreeMap<String, [u8; 32]>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT commune, digest FROM commune_digests")?;
        Ok(statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?)
    }

    /// The digest that each cached place was computed from.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn place_digests(&self) -> Result<HashMap<Place, [u8; 32]>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT niveau, city_code, digest FROM city_stats")?;
        let mut rows = statement.query([])?;
        let mut digests = HashMap::new();
        while let Some(row) = rows.next()? {
            digests.insert(place(row)?, row.get(2)?);
        }
        Ok(digests)
    }

    /// The cached figures of the places that are wanted.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn figures(
        &self,
        wanted: impl Fn(&Place) -> bool,
    ) -> Result<HashMap<Place, StoredFigures>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT niveau, city_code, digest, figures FROM city_stats")?;
        let mut rows = statement.query([])?;
        let mut figures = HashMap::new();
        while let Some(row) = rows.next()? {
            let place = place(row)?;
            if wanted(&place) {
                let json = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
                let stored = StoredFigures {
                    digest: row.get(2)?,
                    json: json.into(),
                };
                figures.insert(place, stored);
            }
        }
        Ok(figures)
    }

    /// Stores what a refresh computed, forgets the places that are no more, and notes the batch it stands for, in one
    /// transaction.
    ///
    /// # Errors
    /// When SQLite fails; the cache is then as it was.
    pub fn store_figures(
        &mut self,
        batch: i64,
        communes: &[(String, [u8; 32])],
        figures: &[(Place, StoredFigures)],
        gone: &[Place],
    ) -> Result<(), DbError> {
        let now = super::now();
        let transaction = self.connection.transaction()?;
        {
            let mut digest = transaction.prepare(
                "INSERT OR REPLACE INTO commune_digests (commune, digest) VALUES (?, ?)",
            )?;
            for (commune, value) in communes {
                digest.execute(params![commune, value])?;
            }
            let mut store = transaction.prepare(
                "INSERT OR REPLACE INTO city_stats (niveau, city_code, digest, figures, calculated_at)
                 VALUES (?, ?, ?, ?, ?)",
            )?;
            for (place, stored) in figures {
                store.execute(params![
                    place.level.name(),
                    place.code,
                    stored.digest,
                    &*stored.json,
                    now
                ])?;
            }
            let mut forget =
                transaction.prepare("DELETE FROM city_stats WHERE niveau = ? AND city_code = ?")?;
            for place in gone {
                forget.execute([place.level.name(), &place.code])?;
            }
            transaction.execute(
                "INSERT OR REPLACE INTO state (key, value) VALUES ('digests_batch', ?)",
                [batch.to_string()],
            )?;
        }
        transaction.commit()?;
        Ok(())
    }
}

fn place(row: &rusqlite::Row<'_>) -> Result<Place, rusqlite::Error> {
    let level: String = row.get(0)?;
    Ok(Place {
        level: Level::from_name(&level).ok_or(rusqlite::Error::InvalidQuery)?,
        code: row.get(1)?,
    })
}
