//! Runs: what the commands that publish did, and how they ended. Monitoring and notifications read them.

use std::fmt;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::report::Changes;
use super::{Store, VersionError};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunOutcome {
    /// A new version is live.
    Published,
    /// Nothing was new; the live version stays.
    Unchanged,
    /// Input was refused, by a gate or because it could not be read; the message says why.
    Refused,
    /// It did not reach its end; the message says why.
    Failed,
    /// An earlier version is live again.
    RolledBack,
}

impl RunOutcome {
    pub const ALL: [Self; 5] = [
        Self::Published,
        Self::Unchanged,
        Self::Refused,
        Self::Failed,
        Self::RolledBack,
    ];

    /// Its name in the store, in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::RolledBack => "rolled-back",
        }
    }

    /// The outcome of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == name)
    }
}

impl fmt::Display for RunOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    /// UTC, to the second, as [`Run::completed_at`].
    pub started_at: Timestamp,
    pub completed_at: Timestamp,
    /// `update`, `build` or `rollback`.
    pub command: String,
    pub outcome: RunOutcome,
    /// The version that was live at its end; `None` before the first build.
    pub version: Option<String>,
    /// Why it was refused or failed, without secrets.
    pub message: Option<String>,
    pub details: RunDetails,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunDetails {
    /// The version that was live before, when another is at the end.
    pub previous: Option<String>,
    /// What the version that it published changed; all 0 when it published none.
    #[serde(flatten)]
    pub changes: Changes,
    /// How long it took.
    pub seconds: f64,
    /// The sources that an update looked at.
    pub sources: Vec<SourceRun>,
    /// What of the input was refused.
    pub refusals: Vec<RefusedInput>,
    /// The page of the workflow's run, where it was one.
    pub run_url: Option<String>,
}

/// What an update had to do with a source. The items are files, such as `2024`; a source of one file has an item
/// without a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceRun {
    pub id: String,
    /// New upstream, or fetched before and not imported yet.
    pub new: Vec<String>,
    /// Imported by this run.
    pub imported: Vec<String>,
    /// Neither had nor known to be old.
    pub unreachable: Vec<String>,
}

/// Input that was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RefusedInput {
    pub source: String,
    /// The file, where a gate refused one.
    pub file: Option<String>,
    /// The gate, by its key in `[gates]`; `None` when the input could not be read.
    pub gate: Option<String>,
    pub reason: String,
}

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
        let time = |column| -> Result<Timestamp, VersionError> {
            let text: String = row.get(column)?;
            text.parse().map_err(|_| VersionError::Run {
                value: text.clone(),
            })
        };
        let outcome: String = row.get(3)?;
        runs.push(Run {
            started_at: time(0)?,
            completed_at: time(1)?,
            command: row.get(2)?,
            outcome: RunOutcome::named(&outcome).ok_or(VersionError::Run { value: outcome })?,
            version: row.get(4)?,
            message: row.get(5)?,
            details: serde_json::from_str(&row.get::<_, String>(6)?)?,
        });
    }
    Ok(runs)
}
