//! What can be wrong with a table.

use thiserror::Error;

use crate::base::shown::shown;
use crate::intake::file::FileError;

/// Characters of a cell that a message shows.
const SHOWN: usize = 40;

/// Why a table cannot be used.
#[derive(Debug, Error)]
pub enum TableError {
    /// The file cannot be had.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is not of the container that the declaration names.
    #[error("it cannot be read as {format}: {reason}")]
    Container {
        /// The container.
        format: &'static str,
        /// What the reader met.
        reason: String,
    },
    /// It is larger than any file of its kind.
    #[error("it holds more than {most} {what}; no source of indicators is so large")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much may be.
        most: usize,
    },
    /// Next to nothing stands in it.
    #[error(
        "of its {cells} cells {filled} hold something; a table with something in at least one of {one_in} was expected"
    )]
    Sparse {
        /// The cells.
        cells: usize,
        /// Cells that are not empty.
        filled: usize,
        /// In one of so many there should be something.
        one_in: usize,
    },
    /// A document says that it is not whole.
    #[error(
        "it was cut short: {field} is {count}, and 0 was expected; ask for more at once, or for less"
    )]
    LeftOut {
        /// The field that says so.
        field: String,
        /// How much was left out.
        count: u64,
    },
    /// A column that the declaration names is not there.
    #[error("it has no column {wanted}; it has {}", columns(found))]
    NoColumn {
        /// The pattern of the column.
        wanted: String,
        /// The columns that are there.
        found: Vec<String>,
    },
    /// A column that the declaration means once is there several times.
    #[error("columns {} fit {wanted}, of one year; one was expected: make the pattern narrower", found.join(", "))]
    Ambiguous {
        /// The pattern of the column.
        wanted: String,
        /// The columns that fit.
        found: Vec<String>,
    },
    /// No indicator of the source is in a file of this name.
    #[error("its name fits no indicator of source {source_id}: {} were expected", patterns.join(", "))]
    NoIndicator {
        /// The source.
        source_id: String,
        /// The patterns of the names of files.
        patterns: Vec<String>,
    },
    /// Nothing tells of which year the values are.
    #[error(
        "nothing tells of which year its values are; the declaration needs {{yy}} or {{year}} in a column, a period or an edition"
    )]
    NoYear,
    /// A cell is neither a number nor a declared reason for none.
    #[error(
        "line {line}, column {column}: \"{}\" is no number; where it is a reason for none, table.absent has to say which, such as {{ s = \"secret\" }}, and where its decimals are written otherwise table.decimal, such as \",\"",
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
    /// A cell is no category that the declaration knows.
    #[error("line {line}, column {column}: \"{}\" is none of the categories of {indicator} ({})", shown(cell, SHOWN), known.join(", "))]
    Category {
        /// Counted from 1.
        line: usize,
        /// Its name.
        column: String,
        /// What stands there.
        cell: String,
        /// The indicator.
        indicator: String,
        /// What was expected.
        known: Vec<String>,
    },
    /// The year of a line is none.
    #[error("line {line}, column {column}: \"{}\" is no year", shown(cell, SHOWN))]
    Year {
        /// Counted from 1.
        line: usize,
        /// Its name.
        column: String,
        /// What stands there.
        cell: String,
    },
    /// Two lines are of the same place, year and indicator and differ.
    #[error(
        "line {line}: {code} is there twice for {indicator} of {period}, with different values; table.where has to say which lines are meant, such as {{ TYPE_LGT = \"Tous Logements\" }}"
    )]
    Twice {
        /// Of the second, counted from 1.
        line: usize,
        /// The code of the place.
        code: String,
        /// The indicator.
        indicator: String,
        /// The year.
        period: u16,
    },
    /// No line has a key that the source by which places are found knows.
    #[error(
        "none of its {lines} lines has a key that source {via} knows; import a file of {via} first, such as immostats import --source {via} FILE"
    )]
    NoKey {
        /// How many lines it has.
        lines: usize,
        /// The source whose lines have the keys.
        via: String,
    },
    /// No line is of a place that is known.
    #[error("none of its {lines} lines is of a place that is known")]
    Empty {
        /// How many lines it has.
        lines: usize,
    },
}

/// That a file is not of its container, and why.
pub(super) fn broken(format: &'static str, reason: impl ToString) -> TableError {
    TableError::Container {
        format,
        reason: reason.to_string(),
    }
}

fn columns(found: &[String]) -> String {
    const MOST: usize = 12;
    let shown: Vec<_> = found
        .iter()
        .take(MOST)
        .map(|name| shown(name, SHOWN))
        .collect();
    let more = if found.len() > MOST { "…" } else { "" };
    format!("{}{more}", shown.join(", "))
}
