//! What a version holds: which path has which content. A digest over the list and over what is said of the version
//! proves that it is the one that was committed.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, params};

use super::VersionError;
use super::admin::MEASURE;
use super::objects::Hash;

/// Paths with their objects and the hashes of these.
pub type Manifest = BTreeMap<String, (i64, Hash)>;

/// What a version holds.
pub fn entries(connection: &Connection, version: i64) -> Result<Manifest, VersionError> {
    let mut statement = connection.prepare(
        // In the order of the paths, for a map is made of them.
        "SELECT p.path, o.id, o.hash
         FROM paths p CROSS JOIN spans s ON s.path = p.id CROSS JOIN objects o ON o.id = s.object
         WHERE s.since <= ?1 AND (s.until IS NULL OR s.until > ?1) ORDER BY p.path",
    )?;
    Ok(statement
        .query_map([version], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
        })?
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
    let hashes = files(entries(connection, version)?);
    let (number, sealed): (String, Option<Hash>) = connection.query_row(
        "SELECT number, digest FROM versions WHERE id = ?",
        [version],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if sealed != Some(digest(connection, version, hashes.iter())?) {
        return Err(VersionError::Altered { number });
    }
    Ok(hashes)
}

/// The files of a manifest by the hashes of their contents.
pub fn files(manifest: Manifest) -> BTreeMap<String, Hash> {
    let files = manifest.into_iter();
    files.map(|(path, (_, hash))| (path, hash)).collect()
}

/// Writes down what a version holds, all its paths, and seals it.
pub fn write(connection: &Connection, version: i64, paths: &Manifest) -> Result<(), VersionError> {
    let mut open = connection.prepare(
        "SELECT p.path, s.path, s.object FROM spans s JOIN paths p ON p.id = s.path WHERE s.until IS NULL",
    )?;
    let mut rows = open.query([])?;
    let (mut same, mut ended) = (HashSet::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let path = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        match paths.get_key_value(path) {
            Some((path, (object, _))) if *object == row.get::<_, i64>(2)? => {
                same.insert(path.as_str());
            }
            _ => ended.push(row.get::<_, i64>(1)?),
        }
    }
    let mut end =
        connection.prepare("UPDATE spans SET until = ? WHERE path = ? AND until IS NULL")?;
    for path in ended {
        end.execute([version, path])?;
    }
    let mut begin =
        connection.prepare("INSERT INTO spans (path, since, object) VALUES (?, ?, ?)")?;
    for (path, (object, _)) in paths {
        if !same.contains(path.as_str()) {
            begin.execute(params![path_id(connection, path)?, version, object])?;
        }
    }
    let hashes = paths.iter().map(|(path, (_, hash))| (path, hash));
    let digest = digest(connection, version, hashes)?;
    connection.execute(
        &format!("UPDATE versions SET digest = ?, extent = {MEASURE} WHERE id = ?"),
        params![digest, version],
    )?;
    Ok(())
}

/// The number of a path, a new one where it is met for the first time.
pub fn path_id(connection: &Connection, path: &str) -> Result<i64, VersionError> {
    connection
        .prepare_cached("INSERT INTO paths (path) VALUES (?) ON CONFLICT DO NOTHING")?
        .execute([path])?;
    Ok(connection
        .prepare_cached("SELECT id FROM paths WHERE path = ?")?
        .query_row([path], |row| row.get(0))?)
}

fn digest<'a>(
    connection: &Connection,
    version: i64,
    hashes: impl Iterator<Item = (&'a String, &'a Hash)>,
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
