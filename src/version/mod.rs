//! Versions of the site: every state that was built, kept whole in a SQLite database, and `site/` as the checkout of
//! the live one.
//!
//! A version is a list of paths, each with the hash of its content; what did not change between two versions is stored
//! once. A version is committed in one transaction; then [`checkout`] brings `site/` to it, and can be interrupted and
//! taken up again at any instant. The files for operators, which tell of versions and runs, are made by the site when a
//! version goes live, and kept like any other content.
//!
//! The store is a database of its own, beside that of the sales, and its SQL stands here.

mod baseline;
mod checkout;
mod commit;
mod diff;
mod gc;
mod history;
mod live;
mod manifest;
mod objects;
mod published;
mod purges;
mod runs;
mod verify;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rusqlite::{Connection, OptionalExtension};
use thiserror::Error;

pub use baseline::Baseline;
pub use checkout::{CheckoutCounts, CheckoutHints, FolderSurvey, checkout, inherit_checkout};
pub use commit::{BuildRequest, Committed, Inputs, commit};
pub use diff::{CityChange, Difference};
pub use gc::CollectionPlan;
pub use history::Version;
pub use live::LiveVersion;
pub use published::{LiveFiles, Publication};
pub use purges::{CdnBacklog, EVERYTHING};
pub use verify::{DamagedContent, Findings};

use crate::base::sqlite::{Earlier, OpenError, Schema};
use crate::files::WriteError;
use crate::site::SiteError;

/// What `data/versions.db` is.
static SCHEMA: Schema = Schema {
    name: "version store",
    // "imvs" in ASCII.
    application_id: 0x696d_7673,
    migrations: &[
        include_str!("0001_initial.sql"),
        include_str!("0002_runs.sql"),
        include_str!("0003_published.sql"),
        include_str!("0004_purges.sql"),
        include_str!("0005_admin.sql"),
        include_str!("0006_operator_files.sql"),
    ],
    views: || {
        vec![(
            "entries",
            "
-- Spans with a row for each path of each version.
SELECT v.id AS version, s.path, s.object
FROM versions v JOIN spans s ON v.id >= s.since AND (s.until IS NULL OR v.id < s.until)"
                .to_owned(),
        )]
    },
    // What a collection frees goes back to the file system without a copy of the whole.
    first: &[("auto_vacuum", "INCREMENTAL")],
    settings: &[],
    // Between commits of 21 November 2026; `tests/it/stores` holds one of each.
    earlier: &[
        Earlier {
            digest: "bd9450b972a3d391c4c201302290d0395f9c995b01df65ccc0af9e466ced5d41",
            scripts: &[
                include_str!("earlier_keys.sql"),
                include_str!("earlier_entries.sql"),
            ],
        },
        Earlier {
            digest: "bf60240232b6ecef18ec6223e33989be330d6ecb67b4d56e86c1a78a1c88e7f9",
            scripts: &[include_str!("earlier_entries.sql")],
        },
    ],
    derive: |connection| Ok(manifest::seal_unsealed(connection)?),
    shapes: OnceLock::new(),
};

/// Why a version could not be made or brought to `site/`.
#[derive(Debug, Error)]
pub enum VersionError {
    /// The version store cannot be opened or brought forward.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// SQLite refused a statement, or could not read or write the version store.
    #[error("the version store could not carry out the operation: {0}")]
    Sql(#[from] rusqlite::Error),
    /// The stored content of a file cannot be unpacked, or its hash is not the one recorded.
    #[error("the content of {path} in the version store is damaged; run `immostats verify`")]
    Damaged {
        /// The path of the file within the site.
        path: String,
    },
    /// The files of a version do not make the hash that was recorded when it was built.
    #[error(
        "version {number} in the version store is not the one that was built; bring another one back, or restore a saved state"
    )]
    Altered {
        /// The number of the version.
        number: String,
    },
    /// A page could not be made.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// A file of the site could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A file of `site/` is there, but cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// The file that could not be read.
        path: PathBuf,
        /// What the operating system says of it.
        source: std::io::Error,
    },
    /// The content of a page could not be packed to be stored.
    #[error("a page could not be compressed: {0}")]
    Compress(std::io::Error),
    /// A record in JSON has a form that this program does not know.
    #[error("the version store holds a record that this immostats does not understand: {0}")]
    Record(#[from] serde_json::Error),
    /// A stored time or the outcome of a run is none that this program knows.
    #[error("the version store holds \"{value}\", which this immostats does not understand")]
    NotUnderstood {
        /// The word as it is stored.
        value: String,
    },
    /// The hash over the history is not the one that was recorded when it was last written.
    #[error(
        "the history in the version store is not the one that was written; put another version live with `immostats rollback`, or restore a saved state"
    )]
    AlteredHistory,
    /// No version has the number or name that was asked for.
    #[error("there is no version {name}; `immostats versions` lists them")]
    Unknown {
        /// The number or name that was asked for.
        name: String,
    },
    /// A build would take away a larger share of the pages than the configuration allows.
    #[error(
        "this build would remove {removed} of {total} pages, more than {share} %; the site stays as it is. If that is what you want, add --allow-removals"
    )]
    Removals {
        /// Pages that would go.
        removed: usize,
        /// Pages that the live version has.
        total: usize,
        /// The share that may go, in per cent.
        share: f64,
    },
}

/// The version that is live.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The key of the version in the store.
    pub id: i64,
    /// The number of the version, as people see it.
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
    /// Opens the store, makes it when there is none, and brings it to the present schema.
    ///
    /// # Errors
    /// When the file is not a version store, or one that cannot be brought forward; it then is as it was.
    pub fn open(path: &Path) -> Result<Self, VersionError> {
        let connection = SCHEMA.open(path)?;
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
