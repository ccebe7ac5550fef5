//! Runs: what the commands that publish did, and how they ended. The version store keeps them; the site, notifications
//! and monitoring tell of them.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::month::Months;

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
    /// What may be told of it in any language and to anybody.
    #[serde(flatten)]
    pub facts: RefusalFacts,
    /// What was measured and what is allowed, or where the file could not be read.
    pub reason: String,
}

/// What a refusal is about: nothing in it is a value or a path that the input came with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RefusalFacts {
    /// The column by its name in the format, where one is to blame; several parted by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Code of the département; `None` where it is no single one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departement: Option<String>,
    /// The half-year or month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<Months>,
    /// What was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<RefusedCounts>,
}

impl RefusalFacts {
    /// That a column is to blame.
    pub fn of_column(name: impl Into<String>) -> Self {
        Self {
            column: Some(name.into()),
            ..Self::default()
        }
    }

    /// The refusal, with what was counted.
    #[must_use]
    pub fn counting(self, counts: RefusedCounts) -> Self {
        Self {
            counts: Some(counts),
            ..self
        }
    }
}

/// Something counted in refused input, and what the count is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedCounts {
    /// What was counted.
    pub what: Counted,
    /// How many.
    pub found: u64,
    /// Of how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// How many were known before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
}

/// What is counted in refused input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// Lines of a file.
    Lines,
    /// Mutations, whether the method keeps them or not.
    Mutations,
    /// Sales of houses.
    Houses,
    /// Sales of flats.
    Flats,
    /// Sales of business premises.
    Business,
    /// Communes.
    Communes,
    /// EPCI.
    Epcis,
    /// Départements.
    Departements,
    /// Régions.
    Regions,
}

impl RefusedCounts {
    /// So many out of all.
    pub fn of(what: Counted, found: u64, all: u64) -> Self {
        Self {
            what,
            found,
            of: Some(all),
            before: None,
        }
    }

    /// So many where another number was known before.
    pub fn after(what: Counted, found: u64, before: u64) -> Self {
        Self {
            what,
            found,
            of: None,
            before: Some(before),
        }
    }

    /// So many.
    pub fn only(what: Counted, found: u64) -> Self {
        Self {
            what,
            found,
            of: None,
            before: None,
        }
    }
}
