//! What can be wrong with a file of facts, or with the table of its zones.

use std::path::Path;

use thiserror::Error;

use crate::base::shown::shown;
use crate::intake::error::IntakeError;
use crate::intake::table::TableError;

/// Characters of a cell that a message shows.
const SHOWN: usize = 40;

/// Why facts cannot be read.
#[derive(Debug, Error)]
pub enum FactsError {
    /// The file cannot be had, is of another container, or has not the columns that are declared.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The declaration cannot be written down, so that nothing can stand for it.
    #[error("its declaration cannot be written down: {0}")]
    Declaration(serde_json::Error),
    /// A cell is no day.
    #[error(
        "line {line}, column {column}: \"{}\" is no day; one such as 2024-03-18 was expected, or a week such as 2024-S12",
        shown(cell, SHOWN)
    )]
    Day {
        /// Counted from 1.
        line: usize,
        /// Its name.
        column: String,
        /// What stands there.
        cell: String,
    },
    /// A cell is no number.
    #[error(
        "line {line}, column {column}: \"{}\" is no number; one such as 1250 was expected: facts.decimal names the sign before its decimals, facts.where the lines that are read",
        shown(cell, SHOWN)
    )]
    Number {
        /// Counted from 1.
        line: usize,
        /// Its name.
        column: String,
        /// What stands there.
        cell: String,
    },
    /// No line is of a zone that is known.
    #[error("none of its {lines} lines is of a place that is known ({first}); {wanted}")]
    Unknown {
        /// How many lines it has.
        lines: usize,
        /// The first names.
        first: String,
        /// What was expected.
        wanted: &'static str,
    },
    /// A zone is led to a code that is of no commune.
    #[error(
        "zone \"{}\" is led to {code}, which is no commune, of today or former; one such as 15014 was expected",
        shown(zone, SHOWN)
    )]
    Commune {
        /// Its name.
        zone: String,
        /// The code.
        code: String,
    },
    /// Two zones have names that differ by accents, case and signs alone, and may not be told apart.
    #[error(
        "zones \"{}\" and \"{}\" cannot be told apart, as accents, case and signs do not count; one name was expected",
        shown(zone, SHOWN),
        shown(other, SHOWN)
    )]
    Twice {
        /// A name.
        zone: String,
        /// Another one.
        other: String,
    },
}

impl FactsError {
    /// The error of an intake, of the file that was read.
    pub fn of_file(self, path: &Path) -> IntakeError {
        match self {
            Self::Table(TableError::File(error)) => error.into(),
            error => IntakeError::in_file(path, error),
        }
    }
}
