//! Seals of the tables that stand beside sales, coordinates and figures: who alters one by hand, or a disk that loses a bit,
//! is known before pages are made of it.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};

use super::DbError;

/// The log of imports, what they claim to cover, and the natures and parts of acts that their files brought.
pub(super) const LOG: &[&str] = &["act_parts", "coverage", "natures", "update_log"];

/// Tables that the first program with seals had none of: the next import seals them.
const SEALED_LATER: [&str; 2] = ["act_parts", "natures"];

/// What gates hold the next edition of a period against.
pub(super) const BEST: &[&str] = &["best_editions", "edition_medians"];

/// The editions of indicators. Each holds the hash of its values.
pub(super) const INDICATORS: &[&str] = &["editions"];

/// The tables in which each batch writes rows that nothing changes afterwards, its number first.
const OF_BATCHES: [&str; 2] = ["changes", "edition_months"];

/// The number of batch of a seal that is a whole table's.
const WHOLE: i64 = 0;

/// The tables that are not as the program left them.
///
/// # Errors
/// When SQLite fails.
pub(super) fn altered(connection: &Connection) -> Result<Vec<&'static str>, DbError> {
    let mut altered = Vec::new();
    for (table, batch) in sealed(connection)? {
        if !altered.contains(&table) && !is_unaltered(connection, table, batch)? {
            altered.push(table);
        }
    }
    Ok(altered)
}

/// Whether tables are as the program left them, before it writes to them: a new seal would hide what was done to them.
///
/// # Errors
/// When one is not, or SQLite fails.
pub(super) fn check(connection: &Connection, tables: &[&'static str]) -> Result<(), DbError> {
    for table in tables {
        if !is_unaltered(connection, table, WHOLE)? {
            return Err(DbError::AlteredTable { table });
        }
    }
    Ok(())
}

/// Seals tables as they are.
///
/// # Errors
/// When SQLite fails.
pub(super) fn seal(connection: &Connection, tables: &[&str]) -> Result<(), DbError> {
    for table in tables {
        seal_rows(connection, table, WHOLE)?;
    }
    Ok(())
}

/// Seals the rows that a batch wrote.
///
/// # Errors
/// When SQLite fails.
pub(super) fn seal_batch(connection: &Connection, batch: i64) -> Result<(), DbError> {
    for table in OF_BATCHES {
        seal_rows(connection, table, batch)?;
    }
    Ok(())
}

/// Seals everything as it is, in a database that a program without seals left.
///
/// # Errors
/// When SQLite fails.
pub(super) fn seal_all(connection: &Connection) -> Result<(), DbError> {
    for (table, batch) in sealed(connection)? {
        seal_rows(connection, table, batch)?;
    }
    Ok(())
}

/// Everything that has a seal of its own: a table, and the batch whose rows they are.
fn sealed(connection: &Connection) -> Result<Vec<(&'static str, i64)>, DbError> {
    let mut statement = connection.prepare("SELECT batch_id FROM update_log")?;
    let batches = statement.query_map([], |row| row.get(0))?;
    let batches = batches.collect::<Result<Vec<i64>, _>>()?;
    let whole = [LOG, BEST, INDICATORS].into_iter().flatten();
    let of_batches = OF_BATCHES.into_iter();
    let of_batches = of_batches.flat_map(|table| batches.iter().map(move |&batch| (table, batch)));
    Ok(whole
        .map(|&table| (table, WHOLE))
        .chain(of_batches)
        .collect())
}

fn seal_rows(connection: &Connection, table: &str, batch: i64) -> Result<(), DbError> {
    let seal = hash(connection, table, batch)?;
    let keep = "INSERT OR REPLACE INTO seals (name, batch_id, sceau) VALUES (?, ?, ?)";
    connection
        .prepare_cached(keep)?
        .execute((table, batch, seal.as_bytes()))?;
    Ok(())
}

/// Whether rows are those that were sealed. There is no seal where nothing was ever written, or nobody sealed it yet.
fn is_unaltered(connection: &Connection, table: &str, batch: i64) -> Result<bool, DbError> {
    let mut statement =
        connection.prepare_cached("SELECT sceau FROM seals WHERE name = ? AND batch_id = ?")?;
    let seal: Option<[u8; 32]> = statement
        .query_row((table, batch), |row| row.get(0))
        .optional()?;
    let seal = match seal {
        None if SEALED_LATER.contains(&table) => return Ok(true),
        None => *blake3::hash(b"").as_bytes(),
        Some(seal) => seal,
    };
    Ok(hash(connection, table, batch)? == seal)
}

/// The hash of the rows of a table, or of those of a batch, in the order of its key.
fn hash(connection: &Connection, table: &str, batch: i64) -> Result<blake3::Hash, DbError> {
    let of_batch = match batch {
        WHOLE => "? = 0",
        _ => "batch_id = ?",
    };
    let key = match table {
        "natures" => "1",
        "act_parts" => "1, 2, 3, 4",
        _ => "1, 2, 3",
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT * FROM {table} WHERE {of_batch} ORDER BY {key}"
    ))?;
    let columns = statement.column_count();
    let mut rows = statement.query([batch])?;
    let mut hasher = blake3::Hasher::new();
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            let (kind, bytes) = match row.get_ref(column)? {
                ValueRef::Null => (0, &[][..]),
                ValueRef::Integer(number) => (1, &number.to_le_bytes()[..]),
                ValueRef::Real(number) => (2, &number.to_le_bytes()[..]),
                ValueRef::Text(text) => (3, text),
                ValueRef::Blob(blob) => (4, blob),
            };
            hasher.update(&[kind]);
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        }
    }
    Ok(hasher.finalize())
}
