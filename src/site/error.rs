//! Why the site cannot be made.

use std::path::PathBuf;

use thiserror::Error;

use crate::db::DbError;

/// Why the site cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SiteError {
    /// A template or another file of the project's theme cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file or folder that could not be read.
        path: PathBuf,
        /// What the operating system says of it.
        source: std::io::Error,
    },
    /// A template of the project holds bytes that are not UTF-8.
    #[error("the template {name} is not UTF-8 text")]
    NotText {
        /// The name of the template, relative to the folder of templates.
        name: String,
    },
    /// A template of the project that takes the place of one that ships holds nothing, so that its pages would be empty.
    #[error(
        "templates/{name} is empty; write it, or remove it to have the one that ships with the program"
    )]
    EmptyTemplate {
        /// The name of the template, relative to the folder of templates.
        name: String,
    },
    /// Tera's report: what is wrong, the file, the line and the column, and the line itself.
    #[error("a template does not work: {report}")]
    Template {
        /// The whole report, several lines of text.
        report: String,
    },
    /// The figures in the database have a form that this program does not know.
    #[error("the cached figures of {place} cannot be read; compute them again: {source}")]
    Figures {
        /// The code of the place whose figures they are.
        place: String,
        /// Where the JSON departs from the expected form.
        source: serde_json::Error,
    },
    /// The database of sales could not be read.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The database has figures of a code that today's communes do not hold.
    #[error("there are figures of commune {code}, which is no commune of today")]
    UnknownCommune {
        /// The INSEE code that is not known.
        code: String,
    },
    /// The configuration limits the site to a département that there is none of.
    #[error(
        "site.departements names {code}, which is no département; a code such as 83, 2A or 974 was expected"
    )]
    UnknownDepartement {
        /// The code as the configuration has it.
        code: String,
    },
    /// A page was asked for of a place that the site has no page of.
    #[error("there is no page for {code}")]
    NoPage {
        /// The code of the place that was asked for.
        code: String,
    },
    /// No page is made by a template of this name.
    #[error("no page is made by a template named {name}; those that make pages are {known}")]
    NoTemplate {
        /// The name that was given.
        name: String,
        /// The names that are known.
        known: String,
    },
    /// A column was asked for that the table of communes does not have.
    #[error(
        "no column and no indicator that something is known of is named {name}{}",
        near.as_ref().map_or_else(String::new, |near| format!("; did you mean {near}?"))
    )]
    NoColumn {
        /// The name that was given.
        name: String,
        /// The name that is nearest to it.
        near: Option<String>,
    },
    /// A table was asked for of a département without any page.
    #[error(
        "no commune of département {code} has a page; a code such as 83, 2A or 974 was expected, of a département that the imported files cover"
    )]
    NoCommunes {
        /// The code that was given.
        code: String,
    },
    /// The configuration names a logo that is not there.
    #[error(
        "theme.logo is {name}, and there is no templates/assets/{name}; put the file there, or leave the key empty"
    )]
    NoLogo {
        /// The file as the configuration has it.
        name: String,
    },
    /// A picture could not be drawn: its template is no SVG.
    #[error("a picture cannot be drawn from templates/picture.xml: {reason}")]
    Picture {
        /// What is wrong with it.
        reason: String,
    },
    /// A table of communes could not be written.
    #[error("a table cannot be written: {0}")]
    Table(#[source] csv::Error),
    /// A table could not be written as Parquet.
    #[error("a table cannot be written as Parquet: {0}")]
    Parquet(#[source] polars::prelude::PolarsError),
    /// A compressed form of a file of the site could not be made.
    #[error("a file could not be compressed: {0}")]
    Compress(#[source] std::io::Error),
    /// The values that a template is given could not be turned into JSON.
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
