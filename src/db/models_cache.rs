//! The cache of models: what the figures of places rest on beyond their own sales, as JSON by département. What the models are
//! is not known here.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::{Database, DbError};

/// The model of a département, as it is cached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedModel {
    /// Of what it comes from.
    pub digest: [u8; 32],
    /// All of it.
    pub json: String,
}

impl CachedModel {
    /// Stands for it as that of a département.
    fn seal(&self, departement: &str) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        // No code of a département holds a space.
        hasher.update(format!("{departement} ").as_bytes());
        hasher.update(&self.digest).update(self.json.as_bytes());
        hasher.finalize()
    }
}

/// What a refresh has to say of models.
#[derive(Debug, Default)]
pub struct ModelChanges {
    /// The models that were made, by département.
    pub made: BTreeMap<String, CachedModel>,
    /// Départements that have no model any more.
    pub gone: BTreeSet<String>,
    /// Stands for all that the models and what is made of them come from, made or cached.
    pub base: String,
}

impl Database {
    /// The model of each département. One that is not as it was stored is not known.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn models(&self) -> Result<BTreeMap<String, CachedModel>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT departement, digest, model, sceau FROM departement_models")?;
        let mut rows = statement.query([])?;
        let mut models = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let departement: String = row.get(0)?;
            let model = CachedModel {
                digest: row.get(1)?,
                json: row.get(2)?,
            };
            let sealed: [u8; 32] = row.get(3)?;
            if model.seal(&departement).as_bytes() == &sealed {
                models.insert(departement, model);
            }
        }
        Ok(models)
    }

    /// What the modelled part of the cached figures was last made from; `None` before the first time.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn model_base(&self) -> Result<Option<String>, DbError> {
        self.state("model_base")
    }
}

/// Stores models within a transaction.
///
/// # Errors
/// When SQLite fails.
pub(super) fn store(connection: &Connection, changes: &ModelChanges) -> Result<(), DbError> {
    let mut store = connection.prepare(
        "INSERT OR REPLACE INTO departement_models (departement, digest, model, sceau) VALUES (?, ?, ?, ?)",
    )?;
    for (departement, model) in &changes.made {
        let seal = model.seal(departement);
        store.execute(params![
            departement,
            model.digest,
            model.json,
            seal.as_bytes()
        ])?;
    }
    let mut forget = connection.prepare("DELETE FROM departement_models WHERE departement = ?")?;
    for departement in &changes.gone {
        forget.execute([departement])?;
    }
    Database::set_state(connection, "model_base", &changes.base)?;
    Ok(())
}
