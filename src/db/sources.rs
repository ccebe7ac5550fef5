//! What is remembered of upstream's files, and the places of France as they were last imported.

use std::collections::BTreeMap;

use rusqlite::{Row, params};

use super::{Database, DbError};
use crate::config::COG_ITEMS;
use crate::geo::Geography;
use crate::intake::cog::{self, CogError, Edition};
use crate::source::{Checksum, FetchedFile, Ledger, LedgerEntry, Stamp};

/// Key of the state under which the hash of the places stands, as they were imported.
const SEAL: &str = "places";

/// zstd's level for the JSON of the places.
const LEVEL: i32 = 6;

impl Database {
    /// What is known of all files of all sources.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn ledger(&self) -> Result<Ledger, DbError> {
        let mut ledger = Ledger::new();
        let mut statement = self.connection.prepare(
            "SELECT source, item, stage, address, etag, last_modified, length, checksum, released, file, blake3 FROM files",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let known: &mut LedgerEntry = ledger.entry((row.get(0)?, row.get(1)?)).or_default();
            let stage: String = row.get(2)?;
            let place = if stage == "imported" {
                &mut known.imported
            } else {
                &mut known.fetched
            };
            *place = Some(held(row)?);
        }
        Ok(ledger)
    }

    /// Remembers a file that was fetched and waits to be imported.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn record_fetched(
        &self,
        source: &str,
        item: &str,
        held: &FetchedFile,
    ) -> Result<(), DbError> {
        self.record(source, item, "fetched", held)
    }

    /// Remembers that a file was imported; it waits no longer.
    ///
    /// # Errors
    /// When SQLite fails; it then still waits.
    pub fn record_imported(
        &mut self,
        source: &str,
        item: &str,
        held: &FetchedFile,
    ) -> Result<(), DbError> {
        let transaction = self.connection.unchecked_transaction()?;
        self.record(source, item, "imported", held)?;
        self.forget_fetched(source, item)?;
        Ok(transaction.commit()?)
    }

    /// Forgets a file that waited.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn forget_fetched(&self, source: &str, item: &str) -> Result<(), DbError> {
        self.connection.execute(
            "DELETE FROM files WHERE source = ? AND item = ? AND stage = 'fetched'",
            [source, item],
        )?;
        Ok(())
    }

    fn record(
        &self,
        source: &str,
        item: &str,
        stage: &str,
        held: &FetchedFile,
    ) -> Result<(), DbError> {
        self.connection.execute(
            "INSERT OR REPLACE INTO files (source, item, stage, address, etag, last_modified, length, checksum, released,
                 file, blake3, stored_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                source,
                item,
                stage,
                held.address,
                held.stamp.etag,
                held.stamp.last_modified,
                held.stamp.length.map(|length| length as i64),
                held.checksum.as_ref().map(ToString::to_string),
                held.released,
                held.file,
                held.blake3,
                super::now(),
            ],
        )?;
        Ok(())
    }

    /// The licence that upstream stated for the edition of a source that is in use.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn licence(&self, source: &str) -> Result<Option<String>, DbError> {
        self.state(&licence_key(source))
    }

    /// Remembers the licence that upstream states for the edition of a source that is in use.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn record_licence(&self, source: &str, licence: &str) -> Result<(), DbError> {
        Self::set_state(&self.connection, &licence_key(source), licence)?;
        Ok(())
    }

    /// The places of France: those that were imported last, else those in the program.
    ///
    /// # Errors
    /// When SQLite fails, or the places are not whole.
    pub fn geography(&self) -> Result<Geography, DbError> {
        let mut texts = self.place_texts()?;
        let [communes, epci, departements, regions] = COG_ITEMS.map(|item| texts.remove(item));
        let places = match (communes, epci, departements, regions) {
            (Some(communes), Some(epci), Some(departements), Some(regions)) => {
                Edition::from_texts([communes, epci, departements, regions])?.geography
            }
            _ => cog::embedded()?,
        };
        Ok(places)
    }

    /// The JSON texts of the places that were imported last, by their items.
    ///
    /// # Errors
    /// When SQLite fails, or they are not those that were imported.
    pub fn place_texts(&self) -> Result<BTreeMap<String, String>, DbError> {
        let sealed = self.state(SEAL)?;
        let mut statement = self
            .connection
            .prepare("SELECT item, json FROM cog ORDER BY item")?;
        let mut rows = statement.query([])?;
        let mut texts = BTreeMap::new();
        let mut seal = blake3::Hasher::new();
        while let Some(row) = rows.next()? {
            let packed = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            let item = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            add(&mut seal, item, packed);
            let text = zstd::decode_all(packed)
                .and_then(|bytes| String::from_utf8(bytes).map_err(std::io::Error::other))
                .map_err(|error| match sealed {
                    Some(_) => DbError::AlteredPlaces,
                    None => DbError::Cog(error),
                })?;
            texts.insert(item.to_owned(), text);
        }
        // Programs from before there was a seal left none.
        match sealed {
            Some(sealed) if sealed != seal.finalize().to_hex().as_str() => {
                Err(DbError::AlteredPlaces)
            }
            _ => Ok(texts),
        }
    }

    /// Puts an edition of the places in the place of the one before.
    ///
    /// # Errors
    /// When SQLite fails; the old one then stays.
    pub fn store_places(&mut self, edition: &Edition) -> Result<(), DbError> {
        let transaction = self.connection.transaction()?;
        let mut packed = BTreeMap::new();
        for (item, text) in COG_ITEMS.iter().zip(&edition.texts) {
            let text = zstd::encode_all(text.as_bytes(), LEVEL).map_err(DbError::Cog)?;
            packed.insert(*item, text);
        }
        let mut seal = blake3::Hasher::new();
        for (item, text) in &packed {
            add(&mut seal, item, text);
            transaction.execute(
                "INSERT OR REPLACE INTO cog (item, json) VALUES (?, ?)",
                params![item, text],
            )?;
        }
        Self::set_state(&transaction, SEAL, seal.finalize().to_hex().as_str())?;
        Ok(transaction.commit()?)
    }

    /// Whether anything was ever imported.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn has_mutations(&self) -> Result<bool, DbError> {
        Ok(self
            .connection
            .query_row("SELECT EXISTS (SELECT 1 FROM mutations)", [], |row| {
                row.get(0)
            })?)
    }
}

/// Key of the state under which the licence of a source stands.
fn licence_key(source: &str) -> String {
    format!("licence {source}")
}

/// Adds an item of the places and its packed text to their seal.
fn add(seal: &mut blake3::Hasher, item: &str, packed: &[u8]) {
    seal.update(format!("{item} {} ", packed.len()).as_bytes());
    seal.update(packed);
}

/// A row of [`Database::ledger`].
fn held(row: &Row<'_>) -> rusqlite::Result<FetchedFile> {
    let checksum: Option<String> = row.get(7)?;
    Ok(FetchedFile {
        address: row.get(3)?,
        stamp: Stamp {
            etag: row.get(4)?,
            last_modified: row.get(5)?,
            length: row.get::<_, Option<i64>>(6)?.map(|length| length as u64),
        },
        checksum: checksum.as_deref().and_then(Checksum::parse),
        released: row.get(8)?,
        file: row.get(9)?,
        blake3: row.get(10)?,
    })
}

impl From<CogError> for DbError {
    fn from(error: CogError) -> Self {
        Self::Places(Box::new(error))
    }
}
