//! What the files for operators are made of.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::run::{Run, RunOutcome, VersionChanges};

/// What the files for operators are made of.
pub struct OperatorFacts<'a> {
    /// Which version went live when, the last first; the first entry is the live one.
    pub history: &'a [HistoryEntry],
    /// What was known of the data and the project when the live version was built.
    pub health: &'a Health,
    /// The runs of the year before it went live, the last first.
    pub runs: &'a [Run],
    /// How large it is, the files for operators apart.
    pub extent: SiteSize,
    /// Paths of its assets, in their order.
    pub assets: &'a [String],
}

/// A version that went live.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HistoryEntry {
    /// Its number.
    pub version: String,
    /// When it went live, UTC.
    pub date: Timestamp,
    /// What put it live.
    pub action: HistoryAction,
    /// Why it was built.
    pub cause: String,
    /// What it changed when it was built.
    pub changes: VersionChanges,
}

/// What puts a version live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HistoryAction {
    /// A build that made it.
    Build,
    /// A way back to it.
    Rollback,
}

impl HistoryAction {
    /// Its name in the store and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Rollback => "rollback",
        }
    }

    /// How the run ended that put the version live.
    pub fn outcome(self) -> RunOutcome {
        match self {
            Self::Build => RunOutcome::Published,
            Self::Rollback => RunOutcome::RolledBack,
        }
    }
}

/// How large a version is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSize {
    /// Number of its files.
    pub files: u64,
    /// Bytes of all its files.
    pub size: u64,
    /// Bytes of its largest file.
    pub largest: u64,
}

/// What is known of the data and the project when a version is built. It is kept with the version: a rollback needs
/// neither the database of sales nor the configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// Last day that the sales cover, `2025-06-30`.
    pub last_update: Option<String>,
    /// Digest of the sales, of the months that files cover and of what is told of the files.
    pub data_version: String,
    /// Digest of the sales and of the months that files cover. Health of earlier programs has none.
    #[serde(default)]
    pub sales_version: String,
    /// Communes with figures.
    pub cities_count: u64,
    /// Sales that make them.
    pub total_transactions: u64,
    /// Communes whose sales go up to [`Health::last_update`].
    #[serde(default)]
    pub cities_up_to_date: u64,
    /// The sources of the configuration that are enabled.
    #[serde(default)]
    pub sources: Vec<SourceHealth>,
    /// What of the configuration the operator's page shows.
    #[serde(default)]
    pub settings: OperatorSettings,
}

/// How fresh a source was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceHealth {
    /// The source's id in the configuration.
    pub id: String,
    /// When the newest file that was imported was last modified upstream: RFC 3339, or what upstream says. `None` when
    /// none was fetched.
    pub released: Option<String>,
    /// The day by which something new is expected.
    pub expected_by: Option<String>,
}

/// What of the configuration the operator's page shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OperatorSettings {
    /// Name of the site.
    pub site_name: String,
    /// Address of the page from which a run is started by hand; empty when there is none.
    pub workflow: String,
    /// The host and what it takes.
    pub host: HostLimits,
    /// The gates, in per cent: their keys in `[gates]` with their thresholds.
    pub gates: Vec<(String, f64)>,
}

/// What the host takes; `None` where it has no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HostLimits {
    /// Its name, as operators know it.
    pub name: String,
    /// Number of files.
    pub files: Option<u64>,
    /// Bytes of the site.
    pub size: Option<u64>,
    /// Bytes of a file.
    pub file_size: Option<u64>,
}
