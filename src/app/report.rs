//! What use cases found or did, where it is told on the way.

use crate::base::run::{RunDetails, RunOutcome};
use crate::db::{Applied, FactsChanges, IndicatorChanges, NoteChanges};
use crate::intake::contours::ContourFile;
use crate::intake::dvf::SalesFile;
use crate::intake::facts::FactsFile;
use crate::intake::notes::NotesFile;
use crate::intake::table::TableFile;
use crate::stats::Refreshed;
use crate::version::{CheckoutCounts, Committed, Findings};

/// What a build did.
#[derive(Debug)]
pub struct Built {
    /// What was computed.
    pub refreshed: Refreshed,
    /// What became of the pages; `None` when nothing had to be looked at.
    pub commit: Option<Committed>,
    /// The live version is one that was rolled back to, and stays.
    pub held: bool,
    /// The live version.
    pub version: String,
    /// The version that was live before.
    pub previous: Option<String>,
    /// What was done to `site/`.
    pub checkout: CheckoutCounts,
    /// How long it took.
    pub seconds: f64,
}

impl Built {
    /// Whether there is a new version.
    pub fn is_new(&self) -> bool {
        self.commit.as_ref().is_some_and(|commit| commit.new)
    }

    /// Notes it in the record of a run, and gives how that ended.
    pub fn record(&self, details: &mut RunDetails) -> RunOutcome {
        match &self.commit {
            Some(commit) if commit.new => {
                details.previous.clone_from(&self.previous);
                details.changes = commit.changes.clone();
                RunOutcome::Published
            }
            _ => RunOutcome::Unchanged,
        }
    }
}

/// What reading the stores and `site/` found.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// Of the version store and `site/`.
    pub findings: Findings,
    /// Complaints of SQLite about the database of sales.
    pub database: Vec<String>,
}

/// What rendering all pages afresh found.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Pages rendered.
    pub rendered: usize,
    /// Paths of those that are others than in the last build.
    pub different: Vec<String>,
}

/// What importing files changed, or would change.
pub struct Imported<'a> {
    /// The file as it was given, or the source.
    pub name: &'a str,
    /// What the files are of their source, where they are known to be of one.
    pub items: Vec<&'a str>,
    /// What they hold, and what differs in the database.
    pub content: ImportedContent<'a>,
    /// Nothing was written.
    pub dry_run: bool,
    /// How long it took.
    pub seconds: f64,
}

/// What was imported, and what differs in the database.
pub enum ImportedContent<'a> {
    /// Mutations.
    Sales(&'a SalesFile, Applied),
    /// The places of France.
    Places,
    /// Contours, and how many layers are others than before.
    Contours(&'a ContourFile, usize),
    /// Indicators of places.
    Indicators(&'a TableFile, IndicatorChanges),
    /// Notes on communes.
    Notes(&'a NotesFile, NoteChanges),
}

/// Where files of facts go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactsMode {
    /// Into the database.
    Store,
    /// Nowhere: what would change is told.
    Preview,
    /// Into a table beside, which nothing reads.
    Test,
}

/// What importing a file of facts changed, or would change.
#[derive(Clone, Copy)]
pub struct ImportedFacts<'a> {
    /// The file as it was given.
    pub name: &'a str,
    /// The id of its source.
    pub source: &'a str,
    /// What it holds, and what differs in the database; `None` of a file that is as it was when it was imported last.
    pub read: Option<(&'a FactsFile, FactsChanges)>,
    /// Where it goes.
    pub mode: FactsMode,
    /// How long it took.
    pub seconds: f64,
}
