//! Runs: what the commands that publish did, and how they ended. The version store keeps them; the site, notifications
//! and monitoring tell of them.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// Every outcome.
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

    /// The outcome of a name; `None` for any other word.
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

/// One run of a command that publishes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    /// UTC, to the second, as [`Run::completed_at`].
    pub started_at: Timestamp,
    /// When it ended.
    pub completed_at: Timestamp,
    /// `update`, `build` or `rollback`.
    pub command: String,
    /// How it ended.
    pub outcome: RunOutcome,
    /// The version that was live at its end; `None` before the first build.
    pub version: Option<String>,
    /// Why it was refused or failed, without secrets.
    pub message: Option<String>,
    /// What it did.
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
    pub changes: VersionChanges,
    /// How long it took.
    pub seconds: f64,
    /// The sources that an update looked at.
    pub sources: Vec<SourceRun>,
    /// What of the input was refused.
    pub refusals: Vec<RefusedInput>,
    /// The page of the workflow's run, where it was one.
    pub run_url: Option<String>,
}

/// What a version of the site changed against the one before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VersionChanges {
    /// Communes of which a page or the data changed.
    pub cities_updated: u64,
    /// Sales more than before.
    pub new_transactions: u64,
    /// Files that are new.
    pub pages_added: u64,
    /// Files with other bytes.
    pub pages_changed: u64,
    /// Files that are gone.
    pub pages_removed: u64,
    /// Files with the same bytes.
    #[serde(default)]
    pub pages_unchanged: u64,
    /// Seconds.
    pub build_time: f64,
}

impl VersionChanges {
    /// Whether the two versions hold the same files.
    pub fn is_empty(&self) -> bool {
        self.pages_added + self.pages_changed + self.pages_removed == 0
    }
}

/// What an update had to do with a source. The items are files, such as `2024`; a source of one file has an item
/// without a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceRun {
    /// The source's id in the configuration.
    pub id: String,
    /// New upstream, or fetched before and not imported yet.
    pub new: Vec<String>,
    /// Imported by this run.
    pub imported: Vec<String>,
    /// Neither fetched nor known to be old, for the source did not answer.
    pub unreachable: Vec<String>,
}

/// Input that was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RefusedInput {
    /// The source's id in the configuration.
    pub source: String,
    /// The file, where a gate refused one.
    pub file: Option<String>,
    /// The gate, by its key in `[gates]`; `None` when the input could not be read.
    pub gate: Option<String>,
    /// What was measured and what is allowed, or where the file could not be read.
    pub reason: String,
}
