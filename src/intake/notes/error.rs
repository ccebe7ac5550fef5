//! What can be wrong with the records of a table of notes.

use thiserror::Error;

use crate::base::shown::shown;
use crate::intake::file::FileError;

/// Why the records of a table cannot be used.
#[derive(Debug, Error)]
pub enum NotesError {
    /// The file cannot be had.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is larger than any such table.
    #[error("it holds more than {limit} bytes; the records of one table were expected")]
    TooLarge {
        /// How many bytes it may hold.
        limit: usize,
    },
    /// It is not the JSON that was expected.
    #[error(
        "it is not what Grist answers for the records of a table, {{\"records\": […]}}: {}",
        shown(reason, 300)
    )]
    Json {
        /// Where and what.
        reason: String,
    },
    /// The table has no column of a name.
    #[error(
        "the table has no column {id} (grist.columns.{key}); it has {}",
        shown(there, 500)
    )]
    NoColumn {
        /// Its key in the declaration.
        key: &'static str,
        /// The name that the declaration has for it.
        id: String,
        /// The columns that there are.
        there: String,
    },
    /// None of its columns holds anything to show.
    #[error(
        "the table has neither a text nor a link nor a number; say in grist.columns what they are called; it has {}",
        shown(there, 500)
    )]
    NothingToShow {
        /// The columns that there are.
        there: String,
    },
}
