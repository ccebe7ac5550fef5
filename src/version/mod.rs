//! Versions of the site: every state that was built, kept whole in a SQLite database, and `site/` as the checkout of
//! the live one.
//!
//! A version is a list of paths, each with the hash of its content; what did not change between two versions is stored
//! once. A version is committed in one transaction; then [`checkout`] brings `site/` to it, and can be interrupted and
//! taken up again at any instant.

mod admin;
mod baseline;
mod checkout;
mod commit;
mod diff;
mod gc;
mod health;
mod history;
mod manifest;
mod objects;
mod published;
mod purges;
mod report;
mod runs;
mod verify;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};
use thiserror::Error;

pub use baseline::Baseline;
pub use checkout::{CheckoutCounts, CheckoutHints, FolderSurvey, checkout, inherit_checkout};
pub use commit::{BuildRequest, Committed, Inputs, commit};
pub use diff::{CityChange, Difference};
pub use gc::CollectionPlan;
pub use health::{Health, HostSettings, Settings, SourceHealth};
pub use history::Version;
pub use published::{LiveFiles, Publication};
pub use purges::{CdnBacklog, EVERYTHING};
pub use report::{HistoryEntry, LiveVersion, VERSION_FILE};
pub use verify::{DamagedContent, Findings};

use crate::files::WriteError;
use crate::site::SiteError;

const MIGRATIONS: [&str; 5] = [
    include_str!("0001_initial.sql"),
    include_str!("0002_runs.sql"),
    include_str!("0003_published.sql"),
    include_str!("0004_purges.sql"),
    include_str!("0005_admin.sql"),
];

/// "imvs" in ASCII.
const APPLICATION_ID: i32 = 0x696d_7673;

/// SQLite's mode of `auto_vacuum` in which free pages go when they are told to.
const INCREMENTAL: i64 = 2;

/// Why a version could not be made or brought to `site/`.
#[derive(Debug, Error)]
pub enum VersionError {
    #[error("the version store {} cannot be opened: {source}", path.display())]
    Open {
        path: PathBuf,
        source: rusqlite::Error,
    },
    #[error("{} is not a version store of this immostats", path.display())]
    Foreign { path: PathBuf },
    #[error("the version store could not carry out the operation: {0}")]
    Sql(#[from] rusqlite::Error),
    #[error("the content of {path} in the version store is damaged; run `immostats verify`")]
    Damaged { path: String },
    #[error(
        "version {number} in the version store is not the one that was built; bring another one back, or restore a saved state"
    )]
    Altered { number: String },
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("a page could not be compressed: {0}")]
    Compress(std::io::Error),
    #[error("the version store holds a record that this immostats does not understand: {0}")]
    Record(#[from] serde_json::Error),
    #[error(
        "the version store holds a run with \"{value}\", which this immostats does not understand"
    )]
    Run { value: String },
    #[error("there is no version {name}; `immostats versions` lists them")]
    Unknown { name: String },
    #[error(
        "this build would remove {removed} of {total} pages, more than {share} %; the site stays as it is. If that is what you want, add --allow-removals"
    )]
    Removals {
        removed: usize,
        total: usize,
        share: f64,
    },
}

/// The version that is live.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    pub id: i64,
    pub number: String,
    /// What it was made from; `None` when only some pages were built.
    pub inputs: Option<Inputs>,
    /// It was brought back by a rollback.
    pub rolled_back: bool,
}

/// The version store.
pub struct Store {
    connection: Connection,
}

impl Store {
    /// Opens the store, and makes it when there is none.
    ///
    /// # Errors
    /// When the file is not a version store.
    pub fn open(path: &Path) -> Result<Self, VersionError> {
        let failed = |source| VersionError::Open {
            path: path.into(),
            source,
        };
        let connection = Connection::open(path).map_err(failed)?;
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        let version = pragma("user_version").map_err(failed)?;
        let application = pragma("application_id").map_err(failed)?;
        let known = MIGRATIONS.len() as i32;
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(failed)?;
        if (tables > 0 && application != APPLICATION_ID) || version > known {
            return Err(VersionError::Foreign { path: path.into() });
        }
        prepare(&connection).map_err(failed)?;
        if version < known {
            let transaction = connection.unchecked_transaction()?;
            for migration in &MIGRATIONS[version as usize..] {
                transaction.execute_batch(migration)?;
            }
            transaction.pragma_update(None, "user_version", known)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.commit()?;
        }
        Ok(Self { connection })
    }

    /// The live version; `None` before the first build.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn head(&self) -> Result<Option<Head>, VersionError> {
        let row = self
            .connection
            .query_row(
                "SELECT v.id, v.number, v.inputs, h.action = 'rollback'
                 FROM history h JOIN versions v ON v.id = h.version ORDER BY h.id DESC LIMIT 1",
                [],
                |row| {
                    Ok((
                        row.get(0)?,
                        row.get(1)?,
                        row.get::<_, Option<String>>(2)?,
                        row.get(3)?,
                    ))
                },
            )
            .optional()?;
        row.map(|(id, number, inputs, rolled_back)| {
            Ok(Head {
                id,
                number,
                inputs: inputs.as_deref().map(serde_json::from_str).transpose()?,
                rolled_back,
            })
        })
        .transpose()
    }

    /// The inputs of the last build, live or rolled back since.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn last_built(&self) -> Result<Option<Inputs>, VersionError> {
        let Some(version) = self.last_build()? else {
            return Ok(None);
        };
        let inputs: Option<String> = self.connection.query_row(
            "SELECT inputs FROM versions WHERE id = ?",
            [version],
            |row| row.get(0),
        )?;
        Ok(inputs.as_deref().map(serde_json::from_str).transpose()?)
    }

    /// The version that was built last.
    fn last_build(&self) -> Result<Option<i64>, VersionError> {
        Ok(self
            .connection
            .query_row(
                "SELECT version FROM history WHERE action = 'build' ORDER BY id DESC LIMIT 1",
                [],
                |row| row.get(0),
            )
            .optional()?)
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    // Before the first table: what a collection frees then goes back to the file system without a copy of the whole.
    // Later on it is a write, which has no place in a command that only looks.
    let vacuum: i64 = connection.pragma_query_value(None, "auto_vacuum", |row| row.get(0))?;
    if vacuum != INCREMENTAL {
        connection.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))
}
