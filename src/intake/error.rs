//! Why files are not read.

use std::error::Error;

/// Why files were not read. The message says where, what was found and what was expected.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct IntakeError {
    /// It says its causes itself.
    error: Box<dyn Error + Send + Sync>,
    is_refusal: bool,
}

impl IntakeError {
    /// Files that could not be had, and may be as they should be.
    pub(super) fn missing(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            error: error.into(),
            is_refusal: false,
        }
    }

    /// Files that were read, and are not what they should be.
    pub(super) fn refusal(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            error: error.into(),
            is_refusal: true,
        }
    }

    /// Whether the files are to blame.
    pub fn is_refusal(&self) -> bool {
        self.is_refusal
    }
}
