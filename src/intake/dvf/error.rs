//! Why a file of sales is refused.

use std::path::PathBuf;

use jiff::civil::Date;
use thiserror::Error;

use super::record::LONGEST_LINE;
use super::scope::ScopeError;
use crate::base::run::{Counted, RefusalFacts, RefusedCounts};
use crate::base::shown::shown_path;
use crate::base::words::counted;
use crate::intake::error::IntakeError;
use crate::intake::file::FileError;

/// Why a file is refused. Each message says where, what was found and what was expected.
#[derive(Debug, Error)]
pub enum DvfError {
    /// The file could not be opened, read or unpacked.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file has no first line.
    #[error(
        "{} is empty; a DVF file begins with a line of column names",
        shown_path(path)
    )]
    Empty {
        /// The file that was read.
        path: PathBuf,
    },
    /// No line that can be read follows the column names.
    #[error("{} holds column names but no line", shown_path(path))]
    NoLine {
        /// The file that was read.
        path: PathBuf,
    },
    /// The first line names the columns of no format that is known.
    #[error(
        "{} is not a DVF file: its first line is \"{found}\"; the columns of geo-DVF (id_mutation,date_mutation,…) or of the DGFiP source (…|Date mutation|Nature mutation|…) were expected",
        shown_path(path)
    )]
    UnknownFormat {
        /// The file that was read.
        path: PathBuf,
        /// The first line of the file, as far as a message shows it.
        found: String,
    },
    /// The column names are known, but stand apart by another character than the format has.
    #[error(
        "{} separates its columns by {found}; {expected} were expected",
        shown_path(path)
    )]
    Separator {
        /// The file that was read.
        path: PathBuf,
        /// The name of the separator that the first line uses.
        found: &'static str,
        /// The name of the separator of the format.
        expected: &'static str,
    },
    /// The format is known, but columns that it needs are not in the first line.
    #[error("{} lacks the column{} {}, which {format} files have", shown_path(path), if columns.len() > 1 { "s" } else { "" }, columns.join(", "))]
    MissingColumns {
        /// The file that was read.
        path: PathBuf,
        /// The names of the columns that were looked for in vain.
        columns: Vec<&'static str>,
        /// The name of the format, as a message shows it.
        format: &'static str,
    },
    /// A column of the format is there several times, and nothing says which of them counts.
    #[error(
        "{} has the column {column} twice; it was expected once",
        shown_path(path)
    )]
    RepeatedColumn {
        /// The file that was read.
        path: PathBuf,
        /// The name of the column.
        column: &'static str,
    },
    /// One line could not be read, where no such line is tolerated.
    #[error("{}, line {line}{fault}", shown_path(path))]
    Line {
        /// The file that was read.
        path: PathBuf,
        /// The number of the line in the file, counted from 1.
        line: u64,
        /// What is wrong with the line.
        fault: Fault,
    },
    /// The content of the file does not fit the scope that it was given.
    #[error("{} was refused: {source}", shown_path(path))]
    Scope {
        /// The file that was read.
        path: PathBuf,
        /// How the content and the scope contradict each other.
        source: ScopeError,
    },
    /// More lines are unreadable than the configuration tolerates.
    #[error(
        "{}: {unreadable} of {lines} lines cannot be read, more than {tolerance} % (gates.unreadable); --force imports those that can; the first: {first}",
        shown_path(path)
    )]
    Unreadable {
        /// The file that was read.
        path: PathBuf,
        /// How many lines could not be read.
        unreadable: u64,
        /// How many lines the file has, the unreadable ones among them.
        lines: u64,
        /// %
        tolerance: f64,
        /// The column that is to blame for the first unreadable line, where it is one.
        column: Option<&'static str>,
        /// What is wrong with the first unreadable line, and its number.
        first: String,
    },
}

impl From<DvfError> for IntakeError {
    fn from(error: DvfError) -> Self {
        let of_column = |column: Option<&str>| RefusalFacts {
            column: column.map(str::to_owned),
            ..RefusalFacts::default()
        };
        match &error {
            DvfError::File(FileError::Open { .. }) => Self::missing(error),
            DvfError::MissingColumns { columns, .. } => {
                let facts = RefusalFacts::of_column(columns.join(", "));
                Self::refusal(error).about(None, facts)
            }
            DvfError::RepeatedColumn { column, .. } => {
                let facts = RefusalFacts::of_column(*column);
                Self::refusal(error).about(None, facts)
            }
            DvfError::Line { fault, .. } => {
                let facts = of_column(fault.column());
                Self::refusal(error).about(None, facts)
            }
            DvfError::Unreadable {
                unreadable,
                lines,
                column,
                ..
            } => {
                let counts = RefusedCounts::of(Counted::Lines, *unreadable, *lines);
                let facts = of_column(*column).counting(counts);
                Self::refusal(error).about(Some("unreadable"), facts)
            }
            _ => Self::refusal(error),
        }
    }
}

impl Fault {
    /// The name of the column that is to blame, where it is one.
    pub(super) fn column(&self) -> Option<&'static str> {
        match self {
            Self::Field { column, .. }
            | Self::Later { column, .. }
            | Self::Natures { column, .. } => Some(column),
            Self::Width { .. } | Self::Quote | Self::Cut | Self::Endless => None,
        }
    }
}

/// Why a line cannot be read: what follows its number in a message.
#[derive(Debug, Error)]
pub enum Fault {
    #[error(": {}; {expected} were expected", counted(*found, "column"))]
    Width { found: usize, expected: usize },
    #[error(
        ": a quote opens a field and none closes it; take it away, or double it and put the field in quotes"
    )]
    Quote,
    #[error(": the file ends in the middle of it; it was cut, and has to be fetched again")]
    Cut,
    #[error(
        ": more than {} bytes without a line end; no record of DVF has that many",
        LONGEST_LINE
    )]
    Endless,
    #[error(", column {column}: \"{value}\" found; {expected} was expected")]
    Field {
        column: &'static str,
        value: String,
        expected: &'static str,
    },
    #[error(
        ": the mutation is dated {date}; the file was made by {latest}, and a day up to then was expected"
    )]
    Later {
        column: &'static str,
        date: Date,
        latest: Date,
    },
    #[error(
        ": the mutation has more than {limit} different natures before it; a column of natures was expected"
    )]
    Natures { column: &'static str, limit: usize },
}
