//! What is done with a file as a whole.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::Progress;

/// Copies a database to a new file, consistent even while another process writes to it.
///
/// # Errors
/// When SQLite fails.
pub fn copy(connection: &Connection, to: &Path) -> rusqlite::Result<()> {
    connection.backup("main", to, None::<fn(Progress)>)
}

/// `PRAGMA integrity_check` and `foreign_key_check`: what they complain of in a database.
///
/// # Errors
/// When SQLite fails.
pub fn integrity(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut complaints: Vec<String> = connection
        .prepare("PRAGMA integrity_check")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    complaints.retain(|line| line != "ok");
    let orphans: Vec<String> = connection
        .prepare("PRAGMA foreign_key_check")?
        .query_map([], |row| {
            let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
            Ok(format!(
                "a row of {table} points to a missing row of {parent}"
            ))
        })?
        .collect::<Result<_, _>>()?;
    complaints.extend(orphans);
    Ok(complaints)
}
