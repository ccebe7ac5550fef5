//! Which versions there are, and going back to one.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::admin::{MEASURE, Sizes};
use super::manifest::hashes;
use super::objects::Reader;
use super::{Store, VersionError};
use crate::base::run::VersionChanges;

/// A version of the store.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Version {
    #[serde(skip)]
    pub id: i64,
    pub version: String,
    /// When it was built, RFC 3339, UTC.
    pub date: String,
    pub cause: String,
    pub changes: VersionChanges,
    pub pages: u64,
    /// Bytes of its files.
    pub size: u64,
    pub live: bool,
    pub pinned: bool,
}

impl Store {
    /// All versions, the newest first.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn versions(&self) -> Result<Vec<Version>, VersionError> {
        // How large a version is was noted when it was made: to add it up again takes a look at each file of each version.
        let mut statement = self.connection.prepare(&format!(
            "SELECT id, number, date, cause, changes, pinned, coalesce(extent, {MEASURE}),
                    id = (SELECT version FROM history ORDER BY id DESC LIMIT 1)
             FROM versions ORDER BY id DESC"
        ))?;
        let mut rows = statement.query([])?;
        let mut versions = Vec::new();
        while let Some(row) = rows.next()? {
            let sizes: Sizes = serde_json::from_str(&row.get::<_, String>(6)?)?;
            versions.push(Version {
                id: row.get(0)?,
                version: row.get(1)?,
                date: row.get(2)?,
                cause: row.get(3)?,
                changes: serde_json::from_str(&row.get::<_, String>(4)?)?,
                pinned: row.get(5)?,
                pages: sizes.files,
                size: sizes.size,
                live: row.get(7)?,
            });
        }
        Ok(versions)
    }

    /// The id and the number of a version; `previous` is the one that was live before the present one.
    ///
    /// # Errors
    /// When there is no such version.
    pub fn find(&self, name: &str) -> Result<(i64, String), VersionError> {
        let found = if name == "previous" {
            self.previous()?
        } else {
            self.connection
                .query_row(
                    "SELECT id, number FROM versions WHERE number = ?",
                    [name],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?
        };
        found.ok_or_else(|| VersionError::Unknown {
            name: name.to_owned(),
        })
    }

    /// The version that was live before the present one.
    pub(super) fn previous(&self) -> Result<Option<(i64, String)>, VersionError> {
        Ok(self
            .connection
            .query_row(
                "SELECT v.id, v.number FROM history h JOIN versions v ON v.id = h.version
                 WHERE h.version <> (SELECT version FROM history ORDER BY id DESC LIMIT 1)
                 ORDER BY h.id DESC LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?)
    }

    /// Makes a version the live one and gives its number; [`super::checkout`] then brings it to `site/`. The version
    /// that is live already stays so, without a trace in the history.
    ///
    /// # Errors
    /// When there is no such version, or a content of it is damaged; the live version is then as it was.
    pub fn rollback(&mut self, name: &str) -> Result<String, VersionError> {
        let (id, number) = self.find(name)?;
        let Some(head) = self.head()?.filter(|head| head.id != id) else {
            return Ok(number);
        };
        // Of a live version that was altered nothing is known to be sound.
        let live: HashSet<_> = match hashes(&self.connection, head.id) {
            Err(VersionError::Altered { .. }) => HashSet::new(),
            live => live?.into_values().collect(),
        };
        let others = hashes(&self.connection, id)?
            .into_iter()
            .filter(|(_, hash)| !live.contains(hash))
            .map(|(path, hash)| (hash, path));
        Reader::new(&self.connection)?.check(others, |_, damage| damage)?;
        self.connection.execute(
            "INSERT INTO history (version, date, action, run) VALUES (?, ?, 'rollback', (SELECT max(id) FROM runs))",
            params![id, crate::base::clock::now().to_string()],
        )?;
        Ok(number)
    }

    /// Keeps a version from [`Store::collect`], or no longer.
    ///
    /// # Errors
    /// When there is no such version.
    pub fn pin(&mut self, name: &str, pinned: bool) -> Result<String, VersionError> {
        let (id, number) = self.find(name)?;
        self.connection.execute(
            "UPDATE versions SET pinned = ? WHERE id = ?",
            params![pinned, id],
        )?;
        Ok(number)
    }
}
