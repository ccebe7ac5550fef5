//! Why a table of Grist could not be brought up to date.

use thiserror::Error;

use crate::http::{HttpError, NextAttempt, Retry};

/// Why a table of Grist could not be brought up to date.
#[derive(Debug, Error)]
pub(super) enum GristError {
    /// It cannot be reached, or says no.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The environment has no key.
    #[error(
        "the environment has no GRIST_API_KEY; make one under Profile settings, API, of a Grist account that may write to the document"
    )]
    MissingKey,
    /// The address of the service cannot be used.
    #[error("the address of the Grist server cannot be used")]
    Address,
    /// An answer is not what Grist is documented to give.
    #[error("Grist answered something else than its {what}: {reason}")]
    Answer {
        /// What was asked for.
        what: &'static str,
        /// Where the answer departs from it.
        reason: String,
    },
    /// Two of the columns have one id once they are made safe.
    #[error(
        "the columns {first} and {second} would both have the id {id} in Grist; leave one of them out"
    )]
    SameId {
        /// The column that comes first.
        first: String,
        /// The other.
        second: String,
        /// The id.
        id: String,
    },
    /// The column of the codes holds something else than text, which loses the zeros that codes begin with.
    #[error(
        "column {id} of the table holds {kind}, and codes such as 01004 are text; make it a text column, or name another table"
    )]
    KeyColumn {
        /// The column's id.
        id: String,
        /// Its type in Grist.
        kind: String,
    },
    /// A column with the id of one to write is computed by the document.
    #[error(
        "column {id} of the table is a formula of the document's own; rename it, leave the column out by --columns, or name another table"
    )]
    Formula {
        /// The column's id.
        id: String,
    },
    /// A column was made and is not there.
    #[error("column {id} was made, and Grist has none of that id; nothing was written to the rows")]
    NoColumn {
        /// The id that was asked for.
        id: String,
    },
    /// More rows than the document may hold.
    #[error(
        "it does not fit: with what is to be added the document would have {rows} rows or more, and it may hold {limit}; choose fewer départements, or say how many rows it may hold (rows in immostats.toml, --rows; 0 for any number); nothing was written"
    )]
    NoRoom {
        /// Rows of the tables, those to be added counted; not all are once there are too many.
        rows: usize,
        /// Rows that the document may hold.
        limit: usize,
    },
    /// So many records were refused that it is no matter of single ones.
    #[error("{0} records were refused, and the rest was not sent; the last: {1}")]
    Refusals(usize, String),
    /// The time for the whole is over.
    #[error(
        "it took longer than {seconds} s; what was written stays, and the next run goes on from there"
    )]
    Late {
        /// The time that it had, in seconds.
        seconds: f64,
    },
}

impl GristError {
    fn status(&self) -> Option<(u16, &str)> {
        match self {
            Self::Http(HttpError::Status { status, reason, .. }) => Some((status.as_u16(), reason)),
            _ => None,
        }
    }

    /// Whether what was sent is too large for the server.
    pub(super) fn is_too_large(&self) -> bool {
        self.status().is_some_and(|(status, _)| status == 413)
    }

    /// Whether it may be for a record that all of them were refused.
    pub(super) fn is_about_records(&self) -> bool {
        self.status().is_some_and(|(status, reason)| {
            status == 400
                && !reason.contains("Invalid column")
                && !reason.contains("Table not found")
        })
    }
}

impl Retry for GristError {
    fn next_attempt(&self) -> NextAttempt {
        match self {
            // What may be sent today is used up.
            Self::Http(HttpError::Status { status, reason, .. })
                if status.as_u16() == 429 && reason.contains("daily limit") =>
            {
                NextAttempt::Never
            }
            Self::Http(HttpError::Status {
                status,
                retry_after,
                ..
            }) if status.as_u16() == 429 || status.is_server_error() => {
                retry_after.map_or(NextAttempt::Later, NextAttempt::After)
            }
            // Every request that is sent again does the same as once: see `client`.
            Self::Http(HttpError::Network { .. }) => NextAttempt::Later,
            _ => NextAttempt::Never,
        }
    }
}
