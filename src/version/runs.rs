//! The runs that the store keeps.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::error::VersionError;
use super::history::timestamp;
use super::store::Store;
use crate::base::run::{Run, RunOutcome};

impl Store {
    /// The runs that ended at a time or after it, the last first; all of them without a time.
    ///
    /// # Errors
    /// When SQLite fails, or a row was not written by this program.
    pub fn runs(&self, since: Option<Timestamp>) -> Result<Vec<Run>, VersionError> {
        read(&self.connection, since, None)
    }

    /// Writes a run down.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn record_run(&mut self, run: &Run) -> Result<(), VersionError> {
        self.connection.execute(
            "INSERT INTO runs (started_at, completed_at, command, outcome, version, message, details)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![
                run.started_at.to_string(),
                run.completed_at.to_string(),
                run.command,
                run.outcome.as_str(),
                run.version,
                run.message,
                serde_json::to_string(&run.details)?,
            ],
        )?;
        Ok(())
    }
}

/// The runs that ended at a time or after it, the last first, up to the one with an id.
///
/// # Errors
/// When SQLite fails, or a row was not written by this program.
pub(super) fn read(
    connection: &Connection,
    since: Option<Timestamp>,
    last: Option<i64>,
) -> Result<Vec<Run>, VersionError> {
    let mut statement = connection.prepare(
        "SELECT started_at, completed_at, command, outcome, version, message, details FROM runs
         WHERE completed_at >= ? AND id <= coalesce(?, id) ORDER BY id DESC",
    )?;
    let since = since.map_or_else(String::new, |since| since.to_string());
    let mut rows = statement.query(params![since, last])?;
    let mut runs = Vec::new();
    while let Some(row) = rows.next()? {
        let outcome: String = row.get(3)?;
        runs.push(Run {
            started_at: timestamp(row.get(0)?)?,
            completed_at: timestamp(row.get(1)?)?,
            command: row.get(2)?,
            outcome: RunOutcome::named(&outcome)
                .ok_or(VersionError::NotUnderstood { value: outcome })?,
            version: row.get(4)?,
            message: row.get(5)?,
            details: serde_json::from_str(&row.get::<_, String>(6)?)?,
        });
    }
    Ok(runs)
}
