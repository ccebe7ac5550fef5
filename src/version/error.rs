//! Why a version could not be made, kept or brought to `site/`.

use std::path::PathBuf;

use thiserror::Error;

use crate::base::sqlite::OpenError;
use crate::files::WriteError;
use crate::site::SiteError;

/// Why a version could not be made or brought to `site/`.
#[derive(Debug, Error)]
pub enum VersionError {
    #[error(transparent)]
    Open(#[from] OpenError),
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
    #[error("the version store holds \"{value}\", which this immostats does not understand")]
    NotUnderstood { value: String },
    #[error(
        "the history in the version store is not the one that was written; put another version live with `immostats rollback`, or restore a saved state"
    )]
    AlteredHistory,
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
