//! What a version holds: which path has which content. A digest over the list and over what is said of the version
//! proves that it is the one that was committed.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::VersionError;
use super::admin::MEASURE;
use super::objects::Hash;

/// The paths of a version, with their objects.
pub fn entries(
    connection: &Connection,
    version: i64,
) -> Result<BTreeMap<String, i64>, VersionError> {
    let mut statement = connection.prepare(
        "SELECT p.path, e.object FROM entries e JOIN paths p ON p.id = e.path WHERE e.version = ?",
    )?;
    Ok(statement
        .query_map([version], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

/// The paths of a version, with the hashes of their contents.
///
/// # Errors
/// When they are not those that were committed.
pub fn hashes(
    connection: &Connection,
    version: i64,
) -> Result<BTreeMap<String, Hash>, VersionError> {
    let hashes = read(connection, version)?;
    let (number, sealed): (String, Option<Hash>) = connection.query_row(
        "SELECT number, digest FROM versions WHERE id = ?",
        [version],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if sealed != Some(digest(connection, version, &hashes)?) {
        return Err(VersionError::Altered { number });
    }
    Ok(hashes)
}

/// Writes the digest and the extent of a version down, once all of it is there.
pub fn seal(connection: &Connection, version: i64) -> Result<(), VersionError> {
    let digest = digest(connection, version, &read(connection, version)?)?;
    connection.execute(
        &format!("UPDATE versions SET digest = ?, extent = {MEASURE} WHERE id = ?"),
        params![digest, version],
    )?;
    Ok(())
}

fn read(connection: &Connection, version: i64) -> Result<BTreeMap<String, Hash>, VersionError> {
    let mut statement = connection.prepare(
        "SELECT p.path, o.hash FROM entries e JOIN paths p ON p.id = e.path JOIN objects o ON o.id = e.object
         WHERE e.version = ?",
    )?;
    Ok(statement
        .query_map([version], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

fn digest(
    connection: &Connection,
    version: i64,
    hashes: &BTreeMap<String, Hash>,
) -> Result<Hash, VersionError> {
    let mut hasher = blake3::Hasher::new();
    connection.query_row(
        "SELECT number, date, cause, changes, health FROM versions WHERE id = ?",
        [version],
        |row| {
            for column in 0..5 {
                let text = row.get_ref(column)?.as_str()?;
                hasher.update(blake3::hash(text.as_bytes()).as_bytes());
            }
            Ok(())
        },
    )?;
    for (path, hash) in hashes {
        hasher.update(blake3::hash(path.as_bytes()).as_bytes());
        hasher.update(hash);
    }
    Ok(*hasher.finalize().as_bytes())
}
