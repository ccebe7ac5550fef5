//! Why the state of a project was not saved or restored.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::app::failure::Failure;
use crate::app::missing::MissingSales;
use crate::db::DbError;
use crate::files::WriteError;
use crate::version::VersionError;

/// What a release asset may weigh, bytes.
pub(super) const LIMIT: u64 = 2 << 30;

/// Why the state was not saved or restored.
#[derive(Debug, Error)]
pub enum StateError {
    /// There is no database.
    #[error("there is nothing to save: {} has no database yet", root.display())]
    Nothing {
        /// The project's folder.
        root: PathBuf,
    },
    /// What stands where the state is to be saved would be lost.
    #[error("the state is not saved to {}: {reason}", path.display())]
    Target {
        /// Which file.
        path: PathBuf,
        /// Why not there.
        reason: String,
    },
    /// The sales are gone.
    #[error("the state is not saved, for it would lack its sales: {0}")]
    Sales(MissingSales),
    /// A file cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no state, or not one as it was saved.
    #[error("{} is no state that can be restored: {reason}; the project stays as it was", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A state is of a newer program.
    #[error("{} is no state that can be restored: {reason}; the project stays as it was", path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The project holds what the state does not.
    #[error(
        "{} lacks {}, which would be lost; the project stays as it was; --force puts the state in its place all the same",
        path.display(), lost.join(" and ")
    )]
    Loses {
        /// Which file.
        path: PathBuf,
        /// What of the project it does not hold, in words.
        lost: Vec<String>,
    },
    /// No release takes the file.
    #[error(
        "the state weighs {size} bytes compressed, more than the {LIMIT} of a release asset; drop old versions with `immostats gc`"
    )]
    TooLarge {
        /// Bytes.
        size: u64,
    },
    /// The journals cannot be read.
    #[error("the journals could not be copied: {0}")]
    Journal(io::Error),
    /// The file could not be made.
    #[error("the state could not be packed: {0}")]
    Pack(io::Error),
    /// The file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The database cannot be read or copied.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The version store cannot be read or copied.
    #[error(transparent)]
    Versions(#[from] VersionError),
}

impl From<StateError> for Failure {
    fn from(error: StateError) -> Self {
        Self::Failed(error.into())
    }
}
