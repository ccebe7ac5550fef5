//! Why the site cannot be made.

use std::path::PathBuf;

use thiserror::Error;

use crate::db::DbError;

/// Why the site cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SiteError {
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("the template {name} is not UTF-8 text")]
    NotText { name: String },
    /// Tera's report: what is wrong, the file, the line and the column, and the line itself.
    #[error("a template does not work: {report}")]
    Template { report: String },
    #[error("the cached figures of {place} cannot be read; compute them again: {source}")]
    Figures {
        place: String,
        source: serde_json::Error,
    },
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("there are figures of commune {code}, which is no commune of today")]
    UnknownCommune { code: String },
    #[error(
        "site.departements names {code}, which is no département; a code such as 83, 2A or 974 was expected"
    )]
    UnknownDepartement { code: String },
    #[error("there is no page for {code}")]
    NoPage { code: String },
    #[error("a file could not be compressed: {0}")]
    Compress(#[source] std::io::Error),
    #[error("what a page shows cannot be serialised: {0}")]
    Context(#[source] serde_json::Error),
}

impl SiteError {
    pub(crate) fn template(error: &tera::Error) -> Self {
        Self::Template {
            report: error.to_string(),
        }
    }
}
