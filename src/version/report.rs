//! What the site says of its own versions and runs: `version.json`, `api/health.json` and `admin/`.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rusqlite::Connection;
use serde::Serialize;

use super::health::HealthJson;
use super::runs;
use super::{Health, Store, VersionError, admin};
use crate::base::run::{RunOutcome, VersionChanges};

/// Path of the file that lists the versions.
pub const VERSION_FILE: &str = "version.json";

/// Path of the file that monitoring reads.
const HEALTH_FILE: &str = "api/health.json";

/// Path of the operator's page.
const ADMIN_FILE: &str = "admin/index.html";

/// Versions that `version.json` lists at the most; the store knows the others.
const LISTED: u32 = 50;

/// A version as listed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HistoryEntry {
    pub version: String,
    /// When it went live, RFC 3339, UTC.
    pub date: String,
    /// `build` or `rollback`.
    pub action: String,
    pub cause: String,
    pub changes: VersionChanges,
}

/// The live version, for a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LiveVersion {
    pub version: String,
    pub date: String,
    pub action: String,
    pub health: Health,
}

impl Store {
    /// The live version; `None` before the first build.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn live_version(&self) -> Result<Option<LiveVersion>, VersionError> {
        let Some(current) = history(&self.connection, 1)?.pop() else {
            return Ok(None);
        };
        Ok(Some(LiveVersion {
            health: health(&self.connection, &current.version)?,
            version: current.version,
            date: current.date,
            action: current.action,
        }))
    }
}

impl Store {
    /// The bytes of `version.json` for the live version; `None` before the first build.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn version_file(&self) -> Result<Option<Vec<u8>>, VersionError> {
        let mut files = run_files(&self.connection)?.into_iter();
        Ok(files
            .find(|(path, _)| *path == VERSION_FILE)
            .map(|(_, bytes)| bytes))
    }
}

pub(super) fn health(connection: &Connection, number: &str) -> Result<Health, VersionError> {
    let health: String = connection.query_row(
        "SELECT health FROM versions WHERE number = ?",
        [number],
        |row| row.get(0),
    )?;
    Ok(serde_json::from_str(&health)?)
}

#[derive(Serialize)]
struct VersionJson {
    current: String,
    previous: Option<String>,
    history: Vec<HistoryEntry>,
}

/// What went live, the last first.
pub(super) fn history(
    connection: &Connection,
    most: u32,
) -> Result<Vec<HistoryEntry>, VersionError> {
    let mut statement = connection.prepare(
        "SELECT v.number, h.date, h.action, v.cause, v.changes
         FROM history h JOIN versions v ON v.id = h.version ORDER BY h.id DESC LIMIT ?",
    )?;
    let mut rows = statement.query([most])?;
    let mut history = Vec::new();
    while let Some(row) = rows.next()? {
        history.push(HistoryEntry {
            version: row.get(0)?,
            date: row.get(1)?,
            action: row.get(2)?,
            cause: row.get(3)?,
            changes: serde_json::from_str(&row.get::<_, String>(4)?)?,
        });
    }
    Ok(history)
}

/// The files that tell of the run: the only ones that carry its time. Empty before the first version.
pub(super) fn run_files(
    connection: &Connection,
) -> Result<Vec<(&'static str, Vec<u8>)>, VersionError> {
    let history = history(connection, LISTED)?;
    let Some(current) = history.first().cloned() else {
        return Ok(Vec::new());
    };
    let health = health(connection, &current.version)?;
    let published_at: Timestamp = current.date.parse().map_err(|_| VersionError::Run {
        value: current.date.clone(),
    })?;
    let outcome = match current.action.as_str() {
        "rollback" => RunOutcome::RolledBack,
        _ => RunOutcome::Published,
    };
    let last: Option<i64> = connection.query_row(
        "SELECT run FROM history ORDER BY id DESC LIMIT 1",
        [],
        |row| row.get(0),
    )?;
    let year_before = published_at
        .to_zoned(TimeZone::UTC)
        .saturating_sub(1.year())
        .timestamp();
    let runs = match last {
        Some(last) => runs::read(connection, Some(year_before), Some(last))?,
        None => Vec::new(),
    };
    let page = admin::page(connection, &current, published_at, &health, &runs)?;
    let health = HealthJson::new(&health, &current.version, published_at, outcome);
    let health = pretty(&health)?;
    let versions = VersionJson {
        previous: history
            .iter()
            .find(|entry| entry.version != current.version)
            .map(|entry| entry.version.clone()),
        current: current.version,
        history,
    };
    Ok(vec![
        (ADMIN_FILE, page),
        (HEALTH_FILE, health),
        (VERSION_FILE, pretty(&versions)?),
    ])
}

fn pretty(value: &impl Serialize) -> Result<Vec<u8>, VersionError> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}
