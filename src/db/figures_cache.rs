//! The cache of figures: JSON by place, and what tells whether it is fresh. What the figures are is not known here.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rusqlite::{Connection, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::models_cache::{self, ModelChanges};
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
    /// When SQLite fails.
    pub fn keys<S: DeserializeOwned>(&self) -> Result<HashMap<Place, CacheKey<S>>, DbError> {
        self.0.read(Database::figures_keys)
    }

    /// The figures of a place as JSON, of which this is the hash.
    ///
    /// # Errors
    /// When SQLite fails, or there are none with this hash.
    pub fn read(&self, place: &Place, hash: &[u8; 32]) -> Result<Arc<str>, DbError> {
        self.0.read(|database| {
            let mut statement = database.connection.prepare_cached(
                "SELECT figures FROM city_stats WHERE niveau = ? AND city_code = ?",
            )?;
            let mut rows = statement.query([place.level.name(), &place.code])?;
            let row = rows.next()?;
            let figures = row.and_then(|row| row.get_ref(0).ok()?.as_str().ok());
            figures
                .filter(|json| blake3::hash(json.as_bytes()).as_bytes() == hash)
                .map(Arc::from)
                .ok_or_else(|| DbError::AlteredFigures {
                    place: place.to_string(),
                })
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

    /// What is known of the cached figures of each place. A place of which something else is said than was stored is not
    /// known, nor one whose summary has the form of another program: its figures are made again.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn figures_keys<S: DeserializeOwned>(
        &self,
    ) -> Result<HashMap<Place, CacheKey<S>>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT niveau, city_code, digest, hash, summary FROM city_keys")?;
        let mut rows = statement.query([])?;
        let mut keys = HashMap::new();
        while let Some(row) = rows.next()? {
            let Some((place, digest, hash, summary)) = sound_key(row) else {
                continue;
            };
            let Ok(summary) = serde_json::from_str(summary) else {
                continue;
            };
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

    /// The places, by level and code, whose cached figures are not those that were stored.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn altered_figures(&self) -> Result<Vec<[String; 2]>, DbError> {
        let mut statement = self.connection.prepare(
            "SELECT niveau, city_code, digest, hash, summary, figures
             FROM city_keys FULL JOIN city_stats USING (niveau, city_code)",
        )?;
        let mut rows = statement.query([])?;
        let mut altered = Vec::new();
        while let Some(row) = rows.next()? {
            let figures = row.get_ref(5)?.as_str_or_null().ok().flatten();
            let sound = sound_key(row)
                .zip(figures)
                .is_some_and(|((_, _, hash, _), json)| {
                    blake3::hash(json.as_bytes()).as_bytes() == &hash
                });
            if !sound {
                altered.push([row.get(0)?, row.get(1)?]);
            }
        }
        Ok(altered)
    }

    /// Drops cached figures, so that they are computed again.
    ///
    /// # Errors
    /// When SQLite fails; all of them then stay.
    pub fn forget_figures(&mut self, places: &[[String; 2]]) -> Result<(), DbError> {
        let transaction = self.connection.transaction()?;
        forget(
            &transaction,
            places.iter().map(|[level, code]| [level.as_str(), code]),
        )?;
        Ok(transaction.commit()?)
    }

    /// What reads cached figures; `None` for a database in memory, which is there for previews.
    pub fn figures_reader(&self) -> Option<FiguresReader> {
        Connections::to(self).map(FiguresReader)
    }

    /// What [`Database::store_figures`] was last told of the data that figures were computed from; `None` before the first
    /// time.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn figures_data(&self) -> Result<Option<String>, DbError> {
        self.state("data")
    }

    /// What [`Database::store_figures`] was last told that figures were computed by; `None` before the first time.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn figures_method(&self) -> Result<Option<String>, DbError> {
        self.state("method")
    }

    /// Stores what a refresh computed, forgets the places that are no more, and notes the batch it stands for and what
    /// stands for the program that computed and for the data, in one transaction. `models` are there if they were looked at.
    ///
    /// # Errors
    /// When SQLite fails; the cache is then as it was.
    pub fn store_figures<S: Serialize>(
        &mut self,
        batch: i64,
        [method, data]: [&str; 2],
        communes: &[(String, [u8; 32])],
        figures: &[(Place, CachedFigures<S>)],
        gone: &[Place],
        models: Option<&ModelChanges>,
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
                let seal = seal(level, &place.code, [&key.digest, &key.hash], &summary);
                let sealed = format!("[\"{}\",{summary}]", seal.to_hex());
                note.execute(params![level, place.code, key.digest, key.hash, sealed])?;
            }
            let gone = gone.iter();
            forget(
                &transaction,
                gone.map(|place| [place.level.name(), &place.code]),
            )?;
            if let Some(models) = models {
                models_cache::store(&transaction, models)?;
            }
            transaction.execute(
                "INSERT OR REPLACE INTO state (key, value) VALUES ('digests_batch', ?), ('method', ?), ('data', ?)",
                [&batch.to_string(), method, data],
            )?;
        }
        StopPoint::FiguresWritten.reach();
        transaction.commit()?;
        StopPoint::FiguresStored.reach();
        Ok(())
    }
}

/// Drops what is cached of places, by their levels and codes.
fn forget<'a>(
    connection: &Connection,
    places: impl Iterator<Item = [&'a str; 2]>,
) -> Result<(), DbError> {
    for place in places {
        for table in ["city_keys", "city_stats"] {
            let delete = format!("DELETE FROM {table} WHERE niveau = ? AND city_code = ?");
            connection.prepare_cached(&delete)?.execute(place)?;
        }
    }
    Ok(())
}

/// A row of `city_keys`: the place, its digest and hash, and the summary, which stands behind the seal of all of them.
/// `None` when it is not as it was stored.
fn sound_key<'a>(row: &'a Row<'_>) -> Option<(Place, [u8; 32], [u8; 32], &'a str)> {
    let level = Level::from_name(row.get_ref(0).ok()?.as_str().ok()?)?;
    let place = Place {
        level,
        code: row.get(1).ok()?,
    };
    let (digest, hash) = (row.get(2).ok()?, row.get(3).ok()?);
    let sealed = row.get_ref(4).ok()?.as_str().ok()?;
    let (sealed, summary) = sealed.strip_prefix("[\"")?.split_once("\",")?;
    let summary = summary.strip_suffix("]")?;
    let seal = seal(level.name(), &place.code, [&digest, &hash], summary);
    (seal.to_hex().as_str() == sealed).then_some((place, digest, hash, summary))
}

/// Stands for a row of `city_keys`.
fn seal(level: &str, code: &str, hashes: [&[u8; 32]; 2], summary: &str) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    // Neither levels nor codes hold a space.
    hasher.update(format!("{level} {code} ").as_bytes());
    hasher.update(hashes[0]).update(hashes[1]);
    hasher.update(summary.as_bytes());
    hasher.finalize()
}
