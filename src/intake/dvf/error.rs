//! Why a file of sales is refused.

use std::path::PathBuf;

use thiserror::Error;

use super::scope::ScopeError;
use crate::intake::error::IntakeError;
use crate::intake::file::FileError;

/// Why a file is refused. Each message says where, what was found and what was expected.
#[derive(Debug, Error)]
pub enum DvfError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{} is empty; a DVF file begins with a line of column names", path.display())]
    Empty { path: PathBuf },
    #[error("{} holds column names but no line", path.display())]
    NoLine { path: PathBuf },
    #[error(
        "{} is not a DVF file: its first line is \"{found}\"; the columns of geo-DVF (id_mutation,date_mutation,…) or of the DGFiP source (…|Date mutation|Nature mutation|…) were expected",
        path.display()
    )]
    UnknownFormat { path: PathBuf, found: String },
    #[error("{} separates its columns by {found}; {expected} was expected", path.display())]
    Separator {
        path: PathBuf,
        found: &'static str,
        expected: &'static str,
    },
    #[error("{} lacks the column{} {}, which {format} files have", path.display(), if columns.len() > 1 { "s" } else { "" }, columns.join(", "))]
    MissingColumns {
        path: PathBuf,
        columns: Vec<&'static str>,
        format: &'static str,
    },
    #[error("{}, line {line}{fault}", path.display())]
    Line {
        path: PathBuf,
        line: u64,
        fault: Fault,
    },
    #[error("{} was refused: {source}", path.display())]
    Scope { path: PathBuf, source: ScopeError },
    #[error("{}: {unreadable} of {lines} lines cannot be read, more than {tolerance} % (gates.unreadable); `immostats update --force` imports those that can. The first: {first}", path.display())]
    Unreadable {
        path: PathBuf,
        unreadable: u64,
        lines: u64,
        /// %
        tolerance: f64,
        first: String,
    },
}

impl From<DvfError> for IntakeError {
    fn from(error: DvfError) -> Self {
        match error {
            DvfError::File(FileError::Open { .. }) => Self::missing(error),
            _ => Self::refusal(error),
        }
    }
}

/// Why a line cannot be read: what follows its number in a message.
#[derive(Debug, Error)]
pub enum Fault {
    #[error(": {found} columns; {expected} were expected")]
    Width { found: usize, expected: usize },
    #[error(
        ", column {column}: \"{value}\" is not UTF-8, in which DVF files are written; convert the file"
    )]
    Utf8 { column: String, value: String },
    #[error(", column {column}: \"{value}\" found; {expected} was expected")]
    Field {
        column: &'static str,
        value: String,
        expected: &'static str,
    },
    #[error(
        ": the mutation has more than {limit} different natures before it; a column of natures was expected"
    )]
    Natures { limit: usize },
}
