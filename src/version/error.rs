//! Why a version could not be made, kept or brought to `site/`.

use std::path::PathBuf;

use thiserror::Error;

use crate::base::sqlite::OpenError;
use crate::files::WriteError;
use crate::site::SiteError;

/// Why a version could not be made or brought to `site/`.
#[derive(Debug, Error)]
pub enum VersionError {
    /// The store cannot be opened or brought to the present schema.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// SQLite failed in the middle of an operation.
    #[error("the version store could not carry out the operation: {0}")]
    Sql(#[from] rusqlite::Error),
    /// The bytes of a file in the store are not those of its hash.
    #[error("the content of {path} in the version store is damaged; run `immostats verify`")]
    Damaged {
        /// Of the file, within the site.
        path: String,
    },
    /// The list of a version's files is not the one that was committed.
    #[error(
        "version {number} in the version store is not the one that was built; bring another one back, or restore a saved state"
    )]
    Altered {
        /// YYYY.MM.DD.N
        number: String,
    },
    /// A file that tells of versions and runs could not be made.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// A file of `site/` could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A file of `site/` could not be read.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// zstd failed.
    #[error("a page could not be compressed: {0}")]
    Compress(std::io::Error),
    /// A record of the store is not the JSON that it should be.
    #[error("the version store holds a record that this immostats does not understand: {0}")]
    Record(#[from] serde_json::Error),
    /// A value of the store is none of those that it can be.
    #[error("the version store holds \"{value}\", which this immostats does not understand")]
    NotUnderstood {
        /// As it stands there.
        value: String,
    },
    /// The list of what went live when is not the one that was written.
    #[error(
        "the history in the version store is not the one that was written; put another version live with `immostats rollback`, or restore a saved state"
    )]
    AlteredHistory,
    /// The list of the files of the archive is not the one that was written.
    #[error(
        "the archive in the version store is not the one that was written; put a saved state in its place with `immostats state restore`"
    )]
    AlteredArchive,
    /// A version was named that the store does not have.
    #[error("there is no version {}; `immostats versions` lists them", match name.as_str() { "previous" => "before the live one", name => name })]
    Unknown {
        /// As it was given.
        name: String,
    },
    /// More pages would disappear than `build.maximum_removals` allows.
    #[error(
        "this build would remove {removed} of {total} pages, more than {share} %; the site stays as it is; if that is what you want, add --allow-removals"
    )]
    Removals {
        /// Pages that would be gone.
        removed: usize,
        /// Pages of the live version.
        total: usize,
        /// What the configuration allows, in percent.
        share: f64,
    },
}
