//! The files of the live version as they are published, and what is known of the places that they were published to.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{OptionalExtension, params};

use super::error::VersionError;
use super::live::operator_files;
use super::manifest::hashes;
use super::objects::{ContentReader, Hash};
use super::store::Store;

/// The files of the live version, with those for operators.
pub struct LiveFiles<'a> {
    /// The version's number.
    pub version: String,
    /// blake3 of each file's bytes.
    pub hashes: BTreeMap<String, Hash>,
    reader: ContentReader<'a>,
}

impl LiveFiles<'_> {
    /// The bytes of a file.
    ///
    /// # Errors
    /// When its content is damaged or missing.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, VersionError> {
        let hash = self
            .hashes
            .get(path)
            .ok_or_else(|| VersionError::Damaged { path: path.into() })?;
        let content = self.reader.fetch(hash, path)?;
        self.reader.dictionaries().unpacker().unpack(&content, path)
    }
}

/// What is known of a place that the site was published to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// Of the last publication that began there.
    pub mark: Option<String>,
    /// The files there that are ours, with their fingerprints; `None` for what was under way when it was last heard of.
    pub files: BTreeMap<String, Option<Hash>>,
}

impl Store {
    /// The files of the live version; `None` before the first build.
    ///
    /// # Errors
    /// When the version is not the one that was committed.
    pub fn live_files(&self) -> Result<Option<LiveFiles<'_>>, VersionError> {
        let Some(head) = self.head()? else {
            return Ok(None);
        };
        let mut files = hashes(&self.connection, head.id)?;
        files.extend(operator_files(&self.connection)?);
        let reader = ContentReader::new(&self.connection)?;
        Ok(Some(LiveFiles {
            version: head.number,
            hashes: files,
            reader,
        }))
    }

    /// The files of the live version with their bytes, without those for operators, and those of the archive. Empty before the first build.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn live_sizes(&self) -> Result<Vec<(String, u64)>, VersionError> {
        let mut statement = self.connection.prepare(
            "SELECT p.path, o.size FROM entries e JOIN paths p ON p.id = e.path JOIN objects o ON o.id = e.object
             WHERE e.version = (SELECT version FROM history ORDER BY id DESC LIMIT 1)
             UNION ALL
             SELECT path, size FROM archive JOIN objects ON objects.id = archive.object",
        )?;
        Ok(statement
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?
            .collect::<Result<_, _>>()?)
    }

    /// What is known of a place.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn publication(&self, place: &str) -> Result<Publication, VersionError> {
        let mark = self
            .connection
            .query_row("SELECT mark FROM places WHERE place = ?", [place], |row| {
                row.get(0)
            })
            .optional()?;
        let mut statement = self.connection.prepare(
            "SELECT f.path, f.fingerprint FROM published f JOIN places p ON p.id = f.place WHERE p.place = ?",
        )?;
        let files = statement
            .query_map([place], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(Publication { mark, files })
    }

    /// Notes that a publication begins: `publication` is known of the place, and the files of `intended` are under way
    /// from here on.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn begin_publication<'a>(
        &self,
        place: &str,
        publication: &Publication,
        intended: impl Iterator<Item = &'a str>,
    ) -> Result<(), VersionError> {
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute(
            "INSERT INTO places (place, mark) VALUES (?1, ?2) ON CONFLICT (place) DO UPDATE SET mark = ?2",
            params![place, publication.mark],
        )?;
        let id: i64 =
            transaction.query_row("SELECT id FROM places WHERE place = ?", [place], |row| {
                row.get(0)
            })?;
        transaction.execute("DELETE FROM published WHERE place = ?", [id])?;
        {
            let mut insert = transaction.prepare(
                "INSERT OR REPLACE INTO published (place, path, fingerprint) VALUES (?, ?, ?)",
            )?;
            for (path, fingerprint) in &publication.files {
                insert.execute(params![id, path, fingerprint])?;
            }
            for path in intended {
                insert.execute(params![id, path, None::<Hash>])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Notes that a file has come to a place.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn note_published(
        &self,
        place: &str,
        path: &str,
        fingerprint: &Hash,
    ) -> Result<(), VersionError> {
        self.connection
            .prepare_cached(
                "UPDATE published SET fingerprint = ?
                 WHERE place = (SELECT id FROM places WHERE place = ?) AND path = ?",
            )?
            .execute(params![fingerprint, place, path])?;
        Ok(())
    }

    /// Notes that a file has gone from a place.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn forget_published(&self, place: &str, path: &str) -> Result<(), VersionError> {
        self.connection
            .prepare_cached(
                "DELETE FROM published WHERE place = (SELECT id FROM places WHERE place = ?) AND path = ?",
            )?
            .execute(params![place, path])?;
        Ok(())
    }

    /// Notes that a version is wholly published at a place.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn finish_publication(&self, place: &str, version: &str) -> Result<(), VersionError> {
        self.connection.execute(
            "UPDATE places SET version = ? WHERE place = ?",
            params![version, place],
        )?;
        Ok(())
    }

    /// Every path that a version of the store has held.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn paths(&self) -> Result<HashSet<String>, VersionError> {
        let mut statement = self.connection.prepare("SELECT path FROM paths")?;
        Ok(statement
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?)
    }
}
