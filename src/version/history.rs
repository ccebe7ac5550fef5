//! Which versions there are, and which was live when.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::error::VersionError;
use super::manifest::MEASURE;
use super::store::Store;
use crate::base::run::VersionChanges;
use crate::site::operator::{Health, HistoryAction, HistoryEntry, SiteSize};

/// A version of the store.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Version {
    /// Its number in the store.
    #[serde(skip)]
    pub id: i64,
    /// Its number for people, `2026.11.26.1`.
    pub version: String,
    /// When it was built, RFC 3339, UTC.
    pub date: String,
    /// Why it was built.
    pub cause: String,
    /// What it changed against the version before.
    pub changes: VersionChanges,
    /// Number of its files.
    pub pages: u64,
    /// Bytes of its files.
    pub size: u64,
    /// Whether `site/` is to hold it.
    pub live: bool,
    /// Whether no collection drops it.
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
            let extent: SiteSize = serde_json::from_str(&row.get::<_, String>(6)?)?;
            versions.push(Version {
                id: row.get(0)?,
                version: row.get(1)?,
                date: row.get(2)?,
                cause: row.get(3)?,
                changes: serde_json::from_str(&row.get::<_, String>(4)?)?,
                pinned: row.get(5)?,
                pages: extent.files,
                size: extent.size,
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

    /// Whether a version that a rollback has put out of service was made of the data that any of these stands for, by
    /// [`Inputs::data_version`] or [`Inputs::sales_version`], and the live one was not. No once a build has put a version
    /// live.
    ///
    /// [`Inputs::data_version`]: super::Inputs::data_version
    /// [`Inputs::sales_version`]: super::Inputs::sales_version
    ///
    /// # Errors
    /// When SQLite fails, or a record was not written by this program.
    pub(crate) fn is_data_rolled_back(&self, data: [&str; 2]) -> Result<bool, VersionError> {
        let mut statement = self.connection.prepare(
            "SELECT v.health, h.action = 'rollback'
             FROM history h JOIN versions v ON v.id = h.version ORDER BY h.id DESC",
        )?;
        let mut rows = statement.query([])?;
        let mut live = None;
        while let Some(row) = rows.next()? {
            let health: Health = serde_json::from_str(&row.get::<_, String>(0)?)?;
            let made_of = [health.data_version, health.sales_version];
            let live = live.get_or_insert_with(|| made_of.clone());
            let is_out =
                |version: &String| !live.contains(version) && data.contains(&version.as_str());
            if made_of.iter().any(is_out) {
                return Ok(true);
            }
            if !row.get::<_, bool>(1)? {
                break;
            }
        }
        Ok(false)
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

/// What went live, the last first: at the most so many entries.
///
/// # Errors
/// When SQLite fails, or a row was not written by this program.
pub(super) fn entries(
    connection: &Connection,
    most: u32,
) -> Result<Vec<HistoryEntry>, VersionError> {
    let mut statement = connection.prepare(
        "SELECT v.number, h.date, h.action = 'rollback', v.cause, v.changes
         FROM history h JOIN versions v ON v.id = h.version ORDER BY h.id DESC LIMIT ?",
    )?;
    let mut rows = statement.query([most])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(HistoryEntry {
            version: row.get(0)?,
            date: timestamp(row.get(1)?)?,
            action: match row.get(2)? {
                true => HistoryAction::Rollback,
                false => HistoryAction::Build,
            },
            cause: row.get(3)?,
            changes: serde_json::from_str(&row.get::<_, String>(4)?)?,
        });
    }
    Ok(entries)
}

/// What was known of the data and the project when a version was built.
///
/// # Errors
/// When there is no such version, or its record was not written by this program.
pub(super) fn health(connection: &Connection, number: &str) -> Result<Health, VersionError> {
    let health: String = connection.query_row(
        "SELECT health FROM versions WHERE number = ?",
        [number],
        |row| row.get(0),
    )?;
    Ok(serde_json::from_str(&health)?)
}

/// A time of the store.
///
/// # Errors
/// When it is none.
pub(super) fn timestamp(text: String) -> Result<Timestamp, VersionError> {
    text.parse()
        .map_err(|_| VersionError::NotUnderstood { value: text })
}
