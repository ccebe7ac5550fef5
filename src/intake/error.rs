//! Why files are not read.

use std::error::Error;
use std::fmt::Display;
use std::path::Path;

use super::file::FileError;
use crate::base::run::RefusalFacts;
use crate::base::shown::shown_path;

/// Why files were not read. The message says where, what was found and what was expected.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct IntakeError {
    /// It says its causes itself.
    error: Box<dyn Error + Send + Sync>,
    is_refusal: bool,
    /// The gate, where it is one that refuses them while they are read.
    gate: Option<&'static str>,
    facts: Box<RefusalFacts>,
}

impl IntakeError {
    /// Files that could not be had, and may be as they should be.
    pub(super) fn missing(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            error: error.into(),
            is_refusal: false,
            gate: None,
            facts: Box::default(),
        }
    }

    /// Files that were read, and are not what they should be.
    pub(super) fn refusal(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            error: error.into(),
            is_refusal: true,
            gate: None,
            facts: Box::default(),
        }
    }

    /// A file that was read, and is not what it should be.
    pub(super) fn in_file(path: &Path, error: impl Display) -> Self {
        Self::refusal(format!("{}: {error}", shown_path(path)))
    }

    /// The error, with the gate that refuses them and what may be told to anybody.
    pub(super) fn about(self, gate: Option<&'static str>, facts: RefusalFacts) -> Self {
        Self {
            gate,
            facts: Box::new(facts),
            ..self
        }
    }

    /// The gate that refused them, by its key, where it was one.
    pub fn gate(&self) -> Option<&'static str> {
        self.gate
    }

    /// What may be told to anybody.
    pub fn facts(&self) -> &RefusalFacts {
        &self.facts
    }

    /// Whether the files are to blame.
    pub fn is_refusal(&self) -> bool {
        self.is_refusal
    }
}

impl From<FileError> for IntakeError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Open { .. } => Self::missing(error),
            FileError::Unpack { .. } => Self::refusal(error),
        }
    }
}
