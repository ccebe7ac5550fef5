//! What can be wrong with files of the Code officiel géographique.

use thiserror::Error;

use crate::base::shown::shown;
use crate::geo::GeoError;
use crate::intake::error::IntakeError;
use crate::intake::file::FileError;

/// Why files of places cannot be used.
#[derive(Debug, Error)]
pub enum CogError {
    /// A file cannot be had.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file came neither now nor before.
    #[error("{item}.json has never come")]
    Missing {
        /// Which of the four files.
        item: &'static str,
    },
    /// A file is not the JSON that the package publishes.
    #[error(
        "the file {item}.json does not have the form of @etalab/decoupage-administratif: {}", shown(&source.to_string(), 300)
    )]
    Json {
        /// Which of the four files.
        item: &'static str,
        /// Where and what.
        source: serde_json::Error,
    },
    /// A commune déléguée or associée, or an arrondissement, that does not say what it is a part of.
    #[error("the commune {} has no field {field}", shown(code, 20))]
    Incomplete {
        /// The commune's code.
        code: String,
        /// The field, as the JSON names it.
        field: &'static str,
    },
    /// The files do not fit together.
    #[error(transparent)]
    Places(#[from] GeoError),
}

impl From<CogError> for IntakeError {
    fn from(error: CogError) -> Self {
        match error {
            CogError::File(FileError::Open { .. }) => Self::missing(error),
            _ => Self::refusal(format!(
                "the places of France are refused, and those in use stay: {error}"
            )),
        }
    }
}
