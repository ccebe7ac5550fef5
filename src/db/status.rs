//! What the database holds, for people.

use rusqlite::params;
use serde::Serialize;

use super::{Database, DbError, seals};
use crate::base::sqlite;
use crate::intake::dvf::MAXIMUM_PRICE_M2;

/// Counts of the whole database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DatabaseSummary {
    /// All mutations in the database, whether the method keeps them or not.
    pub transactions: u64,
    /// Transactions that the method keeps.
    pub sales: u64,
    /// Communes, by the codes in the files, that have at least one mutation.
    pub communes: u64,
    /// The earliest date of a mutation in the database.
    pub first: Option<String>,
    /// The latest date of a mutation in the database.
    pub last: Option<String>,
    /// Places with cached figures.
    pub places: u64,
    /// Communes whose figures wait for the next build.
    pub stale: u64,
}

/// A batch, as logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// The number of the batch, higher for later imports.
    pub batch_id: i64,
    /// The name of the file that was read.
    pub source_file: String,
    /// geo-DVF or DGFiP; `None` where the file was refused before that was known.
    pub format: Option<String>,
    /// What the file replaced, in words; `None` where the file was refused before that was known.
    pub scope: Option<String>,
    /// Day on which the producer published the file, where it is known.
    pub released: Option<String>,
    /// How its mutations were numbered, by [`crate::intake::dvf::Numbering::name`].
    pub numbering: Option<String>,
    /// Lines of the file that were read.
    pub rows_imported: i64,
    /// Lines of the file that were left out because they could not be read.
    pub rows_unreadable: i64,
    /// Mutations that the lines make.
    pub mutations: i64,
    /// Mutations of the file that the method keeps.
    pub sales: i64,
    /// Mutations that the batch brought into the database.
    pub transactions_added: i64,
    /// Mutations that the batch took out of the database.
    pub transactions_removed: i64,
    /// When the import began, RFC 3339, UTC.
    pub started_at: String,
    /// When the import ended, RFC 3339, UTC.
    pub completed_at: Option<String>,
    /// `done`, `unchanged` or `refused`.
    pub status: String,
    /// Why the file was refused; `None` where it was not.
    pub message: Option<String>,
}

impl Database {
    /// Counts what the database holds.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn summary(&self) -> Result<DatabaseSummary, DbError> {
        let stale = self.stale_communes()?.0.len() as u64;
        Ok(self.connection.query_row(
            "SELECT count(*), coalesce(sum(prix_m2 < ?), 0), count(DISTINCT commune),
                    (SELECT date_mutation FROM transactions ORDER BY annee, jour LIMIT 1),
                    (SELECT date_mutation FROM transactions ORDER BY annee DESC, jour DESC LIMIT 1),
                    (SELECT count(*) FROM city_keys)
             FROM transactions",
            [MAXIMUM_PRICE_M2],
            |row| {
                Ok(DatabaseSummary {
                    transactions: row.get::<_, i64>(0)? as u64,
                    sales: row.get::<_, i64>(1)? as u64,
                    communes: row.get::<_, i64>(2)? as u64,
                    first: row.get(3)?,
                    last: row.get(4)?,
                    places: row.get::<_, i64>(5)? as u64,
                    stale,
                })
            },
        )?)
    }

    /// The latest batches, the last first; only those completed since a day, where one is given.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn log(&self, most: u32, since: Option<&str>) -> Result<Vec<LogEntry>, DbError> {
        let mut statement = self.connection.prepare(
            "SELECT batch_id, source_file, format, scope, released, numbering, rows_imported, rows_unreadable, mutations,
                    sales, transactions_added, transactions_removed, started_at, completed_at, status, message
             FROM update_log WHERE completed_at >= coalesce(?, '') ORDER BY batch_id DESC LIMIT ?",
        )?;
        Ok(statement
            .query_map(params![since, most], |row| {
                Ok(LogEntry {
                    batch_id: row.get(0)?,
                    source_file: row.get(1)?,
                    format: row.get(2)?,
                    scope: row.get(3)?,
                    released: row.get(4)?,
                    numbering: row.get(5)?,
                    rows_imported: row.get(6)?,
                    rows_unreadable: row.get(7)?,
                    mutations: row.get(8)?,
                    sales: row.get(9)?,
                    transactions_added: row.get(10)?,
                    transactions_removed: row.get(11)?,
                    started_at: row.get(12)?,
                    completed_at: row.get(13)?,
                    status: row.get(14)?,
                    message: row.get(15)?,
                })
            })?
            .collect::<Result<_, _>>()?)
    }

    /// `PRAGMA integrity_check` and `foreign_key_check`: what they complain of.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn integrity(&self) -> Result<Vec<String>, DbError> {
        Ok(sqlite::integrity(&self.connection)?)
    }

    /// The tables beside sales, coordinates and figures that are not as the program left them.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn altered_tables(&self) -> Result<Vec<&'static str>, DbError> {
        seals::altered(&self.connection)
    }
}
