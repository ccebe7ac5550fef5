//! Why the database cannot be used.

use thiserror::Error;

use crate::base::sqlite::OpenError;
use crate::intake::cog::CogError;

/// Why the database cannot be used.
#[derive(Debug, Error)]
pub enum DbError {
    /// The file is not a database that this program can open or bring forward.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// SQLite refused a statement, or could not read or write the file.
    #[error("the database could not carry out the operation: {0}")]
    Sql(#[from] rusqlite::Error),
    /// The places of France could not be packed to be stored, or unpacked.
    #[error("the places of France in the database cannot be read or written: {0}")]
    Cog(std::io::Error),
    /// The stored places of France are not those that were imported.
    #[error(
        "the places of France in the database are not those that were imported; restore a saved state"
    )]
    AlteredPlaces,
    /// The stored places of France contradict each other, or some are missing.
    #[error("the places of France are not whole: {0}")]
    Places(Box<CogError>),
    /// The stored contours are not those that were imported.
    #[error(
        "the contours of {territory} in the database are not those that were imported; import their file again"
    )]
    AlteredContours {
        /// The code of the département or city.
        territory: String,
    },
    /// The stored notes of a source are not those that were imported.
    #[error(
        "the notes of source {source_id} in the database are not those that were imported; import them again, by `immostats import --source {source_id} FILE` with the file of data/downloads/{source_id}"
    )]
    AlteredNotes {
        /// The id of the source.
        source_id: String,
    },
    /// The stored indicators are not those that were imported.
    #[error(
        "the values of {indicator} in the database are not those that were imported; import the files of source {source_id} again"
    )]
    AlteredIndicators {
        /// The indicator's id.
        indicator: String,
        /// The id of its source.
        source_id: String,
    },
    /// The packed columns of sales could not be unpacked, or are not of one length.
    #[error(
        "the sales of département {departement} in {year} are damaged in the database; restore a saved state, or import its files into a new one"
    )]
    Columns {
        /// The code of the département whose sales they are.
        departement: String,
        /// The year of the sales.
        year: i16,
    },
    /// The packed columns of coordinates are not those that were stored.
    #[error(
        "the coordinates of département {departement} in {year} are damaged in the database; restore a saved state, or import its files into a new one"
    )]
    Positions {
        /// The code of the département whose mutations they are of.
        departement: String,
        /// The year of the mutations.
        year: i16,
    },
    /// A record could not be turned into JSON to be stored.
    #[error("a record of the database could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Cached figures are not those that were computed.
    #[error(
        "the figures of {place} in the database are not those that were computed; `immostats verify --repair` computes them again"
    )]
    AlteredFigures {
        /// The code of the place whose figures they are.
        place: String,
    },
    /// Rows of sales are not those that were imported.
    #[error(
        "the sales of {commune} in {year} in the database are not those that were imported; restore a saved state, or import its files into a new one"
    )]
    AlteredSales {
        /// The code of the commune, as in the files.
        commune: String,
        /// The year of the sales.
        year: i16,
    },
    /// A table that stands beside sales and figures is not as the program left it.
    #[error(
        "the table {table} of the database is not as immostats left it; restore a saved state, or import its files into a new one"
    )]
    AlteredTable {
        /// Its name.
        table: &'static str,
    },
    /// The digests of sales, the covered months or the log of imports are other than at the last build.
    #[error(
        "what the database tells of the imported files is not what it told at the last build, and nothing was imported since; restore a saved state"
    )]
    AlteredRecords,
    /// zstd could not pack or unpack columns of sales.
    #[error("columns of sales could not be compressed: {0}")]
    Compress(std::io::Error),
    /// Cached figures have a form that this program neither writes nor reads.
    #[error("the figures of {place} in the database are not what this immostats writes: {source}")]
    Figures {
        /// The code of the place whose figures they are.
        place: String,
        /// Where the JSON departs from the expected form.
        source: serde_json::Error,
    },
}
