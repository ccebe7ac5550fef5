//! Why a file of a source could not be fetched.

use std::path::PathBuf;

use thiserror::Error;

use crate::files::WriteError;
use crate::http::{HttpError, NextAttempt, Retry};

/// Why a file of a source could not be fetched. Addresses stand in it without their secrets.
#[derive(Debug, Error)]
pub enum SourceError {
    /// No enabled source has this name.
    #[error(
        "there is no source \"{id}\" to fetch; those that immostats.toml enables are: {enabled}"
    )]
    Unknown { id: String, enabled: String },
    /// No answer that is of use.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// An answer that is not what the API documents.
    #[error("{address} is not what was expected: {reason}")]
    Answer { address: String, reason: String },
    /// A file that is not what it should be.
    #[error("{address} gave a file that is refused: {reason}")]
    Refused {
        address: String,
        reason: String,
        /// Parts of it came at different times, so that a whole download may differ.
        patched: bool,
    },
    /// The folder of downloads cannot be written to.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A file of the folder of downloads cannot be read or written.
    #[error("{} cannot be read or written: {source}", path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
}

impl SourceError {
    /// Whether a file came, and is not what it should be.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }
}

impl Retry for SourceError {
    fn next_attempt(&self) -> NextAttempt {
        match self {
            Self::Http(error) => error.next_attempt(),
            Self::Refused { patched: true, .. } => NextAttempt::Later,
            _ => NextAttempt::Never,
        }
    }
}
