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
    Unknown {
        /// The name that was asked for.
        id: String,
        /// The ids of the enabled sources, parted by commas.
        enabled: String,
    },
    /// No answer that is of use.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// An answer that is not what the API documents.
    #[error("{address} is not what was expected: {reason}")]
    Answer {
        /// The address that answered.
        address: String,
        /// What the answer lacks or has too much.
        reason: String,
    },
    /// An environment variable that a token is asked for with is not set.
    #[error("the environment variable {variable} is not set; a token is asked for with it")]
    NoSecret {
        /// The variable.
        variable: String,
    },
    /// A file that is not what it should be.
    #[error("{address} gave a file that is refused: {reason}")]
    Refused {
        /// The address that the file came from.
        address: String,
        /// What is wrong with the file.
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
        /// The file of the folder of downloads.
        path: PathBuf,
        /// What the operating system says of it.
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
