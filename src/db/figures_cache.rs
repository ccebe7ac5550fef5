//! The cache of figures: JSON by place, and what tells whether it is fresh. What the figures are is not known here.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rusqlite::params;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::pool::Connections;
use super::{Database, DbError};
use crate::base::place::{Level, Place};
use crate::base::stop::StopPoint;

/// Figures of a place, as they are cached; `S` are the few of them that are read without the others.
#[derive(Clone, Debug)]
pub struct CachedFigures<S> {
    /// What is known of them.
    pub key: CacheKey<S>,
    /// All of them as JSON.
    pub json: Arc<str>,
}

/// What is known of the figures of a place without reading them.
#[derive(Clone, Debug)]
pub struct CacheKey<S> {
    /// Of what they come from.
    pub digest: [u8; 32],
    /// blake3 of their JSON.
    pub hash: [u8; 32],
    /// The few of them that are read without the others.
    pub summary: S,
}

/// Reads cached figures one place at a time, from any thread of a pool.
pub struct FiguresReader(Connections);

impl FiguresReader {
    /// What is known of the figures of each place.
    ///
    /// # Errors
    /// When SQLite fails, or a summary is of another form.
    pub fn keys<S: DeserializeOwned>(&self) -> Result<HashMap<Place, CacheKey<S>>, DbError> {
        self.0.read(Database::figures_keys)
    }

    /// The figures of a place as JSON.
    ///
    /// # Errors
    /// When SQLite fails, or there are none.
    pub fn read(&self, place: &Place) -> Result<Arc<str>, DbError> {
        self.0.read(|database| {
            let mut statement = database.connection.prepare_cached(
                "SELECT figures FROM city_stats WHERE niveau = ? AND city_code = ?",
            )?;
            let figures = statement.query_row([place.level.name(), &place.code], |row| {
                Ok(row.get_ref(0)?.as_str()?.into())
            })?;
            Ok(figures)
        })
    }
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

    /// What is known of the cached figures of each place.
    ///
    /// # Errors
    /// When SQLite fails, or a summary is of another form.
    pub fn figures_keys<S: DeserializeOwned>(
        &self,
    ) -> Result<HashMap<Place, CacheKey<S>>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT niveau, city_code, digest, hash, summary FROM city_keys")?;
        let mut rows = statement.query([])?;
        let mut keys = HashMap::new();
        while let Some(row) = rows.next()? {
            let place = place(row)?;
            let summary = row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?;
            let summary = serde_json::from_str(summary).map_err(|source| DbError::Figures {
                place: place.to_string(),
                source,
            })?;
            let (digest, hash) = (row.get(2)?, row.get(3)?);
            keys.insert(
                place,
                CacheKey {
                    digest,
                    hash,
                    summary,
                },
            );
        }
        Ok(keys)
    }

    /// What reads cached figures; `None` for a database in memory, which is there for previews.
    pub fn figures_reader(&self) -> Option<FiguresReader> {
        Connections::to(self).map(FiguresReader)
    }

    /// What [`Database::store_figures`] was last told that figures were computed by; `None` before the first time.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn figures_method(&self) -> Result<Option<String>, DbError> {
        self.state("method")
    }

    /// Stores what a refresh computed, forgets the places that are no more, and notes the batch it stands for and what
    /// stands for the program that computed, in one transaction.
    ///
    /// # Errors
    /// When SQLite fails; the cache is then as it was.
    pub fn store_figures<S: Serialize>(
        &mut self,
        batch: i64,
        method: &str,
        communes: &[(String, [u8; 32])],
        figures: &[(Place, CachedFigures<S>)],
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
                "INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES (?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET figures = excluded.figures, calculated_at = excluded.calculated_at",
            )?;
            let mut note = transaction.prepare(
                "INSERT OR REPLACE INTO city_keys (niveau, city_code, digest, hash, summary)
                 VALUES (?, ?, ?, ?, ?)",
            )?;
            for (place, stored) in figures {
                let (level, key) = (place.level.name(), &stored.key);
                let summary =
                    serde_json::to_string(&key.summary).map_err(|source| DbError::Figures {
                        place: place.to_string(),
                        source,
                    })?;
                store.execute(params![level, place.code, &*stored.json, now])?;
                note.execute(params![level, place.code, key.digest, key.hash, summary])?;
            }
            for table in ["city_keys", "city_stats"] {
                let mut forget = transaction.prepare(&format!(
                    "DELETE FROM {table} WHERE niveau = ? AND city_code = ?"
                ))?;
                for place in gone {
                    forget.execute([place.level.name(), &place.code])?;
                }
            }
            transaction.execute(
                "INSERT OR REPLACE INTO state (key, value) VALUES ('digests_batch', ?), ('method', ?)",
                [&batch.to_string(), method],
            )?;
        }
        StopPoint::FiguresWritten.reach();
        transaction.commit()?;
        StopPoint::FiguresStored.reach();
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
