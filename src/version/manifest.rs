//! What a version holds: which path has which content. A digest over the list and over what is said of the version
//! proves that it is the one that was committed.

use std::collections::BTreeMap;

use itertools::Itertools;
use rusqlite::{Connection, OptionalExtension, params};

use super::error::VersionError;
use super::objects::{Hash, Object};

/// Paths with their contents.
pub(super) type Manifest = BTreeMap<String, Object>;

/// A path of the store.
pub(super) struct StoredPath {
    /// Its number.
    pub id: i64,
    /// Within the site.
    pub path: String,
    /// Its content in the live version.
    pub live: Option<Object>,
    /// Its content in the version that was made last, which need not be the live one.
    pub last: Option<i64>,
    /// What it was last rendered from (the key of `rendered`), and to.
    pub made: Option<(Hash, i64)>,
}

impl StoredPath {
    /// The key of what it was last rendered from, and the content that came out.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(super) fn last_outcome(
        &self,
        connection: &Connection,
    ) -> Result<Option<(Hash, Object)>, VersionError> {
        let Some((key, object)) = self.made else {
            return Ok(None);
        };
        if let Some(content) = self.live.filter(|live| live.0 == object) {
            return Ok(Some((key, content)));
        }
        let hash = connection
            .prepare_cached("SELECT hash FROM objects WHERE id = ?")?
            .query_row([object], |row| row.get(0))
            .optional()?;
        Ok(hash.map(|hash| (key, (object, hash))))
    }
}

/// The paths of a version, with the hashes of their contents.
///
/// # Errors
/// When they are not those that were committed.
pub(super) fn hashes(
    connection: &Connection,
    version: i64,
) -> Result<BTreeMap<String, Hash>, VersionError> {
    let held = held(connection, version)?;
    let (number, sealed): (String, Option<Hash>) = connection.query_row(
        "SELECT number, digest FROM versions WHERE id = ?",
        [version],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let paths = held.iter().map(|(path, hash)| (path, hash));
    if sealed != Some(digest(connection, version, paths)?) {
        return Err(VersionError::Altered { number });
    }
    Ok(held.into_iter().collect())
}

/// The paths of a version, with the hashes of their contents, as they stand in the store: a path twice where spans of its
/// that should follow each other overlap.
fn held(connection: &Connection, version: i64) -> Result<Vec<(String, Hash)>, VersionError> {
    let mut statement = connection.prepare(
        // In the order of the paths, for a map is made of them.
        "SELECT p.path, o.hash
         FROM paths p CROSS JOIN spans s ON s.path = p.id CROSS JOIN objects o ON o.id = s.object
         WHERE s.since <= ?1 AND (s.until IS NULL OR s.until > ?1) ORDER BY p.path",
    )?;
    let files = statement.query_map([version], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(files.collect::<Result<_, _>>()?)
}

/// The [`SiteSize`] of a row of `versions`, as JSON, in SQL.
///
/// [`SiteSize`]: crate::site::operator::SiteSize
pub(super) const MEASURE: &str = "(SELECT json_object('files', count(*), 'size', coalesce(sum(o.size), 0), 'largest', coalesce(max(o.size), 0))
      FROM entries e JOIN objects o ON o.id = e.object WHERE e.version = versions.id)";

/// The paths of a version that begin with a folder's, `assets/`.
///
/// # Errors
/// When SQLite fails.
pub(super) fn paths_below(
    connection: &Connection,
    version: i64,
    folder: &str,
) -> Result<Vec<String>, VersionError> {
    // The paths first, for there are few: a version has as many spans as the site has files.
    let mut statement = connection.prepare(
        "SELECT p.path FROM paths p CROSS JOIN spans s ON s.path = p.id
         WHERE p.path >= ?1 AND p.path < ?1 || char(0x10ffff) AND s.since <= ?2 AND (s.until IS NULL OR s.until > ?2)
         ORDER BY p.path",
    )?;
    let paths = statement.query_map(params![folder, version], |row| row.get(0))?;
    Ok(paths.collect::<Result<_, _>>()?)
}

/// The files of a manifest by the hashes of their contents.
pub(super) fn files(manifest: Manifest) -> Vec<(String, Hash)> {
    let files = manifest.into_iter();
    files.map(|(path, (_, hash))| (path, hash)).collect()
}

/// Writes down what a version holds, all its paths, beside what the store held before, and seals it.
///
/// # Errors
/// When SQLite fails.
pub(super) fn write(
    connection: &Connection,
    version: i64,
    before: &[StoredPath],
    paths: &Manifest,
) -> Result<(), VersionError> {
    let mut end =
        connection.prepare("UPDATE spans SET until = ? WHERE path = ? AND until IS NULL")?;
    let mut begin =
        connection.prepare("INSERT INTO spans (path, since, object) VALUES (?, ?, ?)")?;
    for pair in before
        .iter()
        .merge_join_by(paths, |page, (path, _)| page.path.cmp(path))
    {
        let (page, after) = pair.left_and_right();
        let last = page.and_then(|page| Some((page.id, page.last?)));
        if last.map(|(_, object)| object) == after.map(|(_, (object, _))| *object) {
            continue;
        }
        if let Some((path, _)) = last {
            end.execute([version, path])?;
        }
        if let Some((path, (object, _))) = after {
            begin.execute([path_id(connection, page, path)?, version, *object])?;
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

/// The number of a path: that of its page, or a new one where it is met for the first time.
///
/// # Errors
/// When SQLite fails.
pub(super) fn path_id(
    connection: &Connection,
    page: Option<&StoredPath>,
    path: &str,
) -> Result<i64, VersionError> {
    if let Some(page) = page {
        return Ok(page.id);
    }
    connection
        .prepare_cached("INSERT INTO paths (path) VALUES (?) ON CONFLICT DO NOTHING")?
        .execute([path])?;
    Ok(connection
        .prepare_cached("SELECT id FROM paths WHERE path = ?")?
        .query_row([path], |row| row.get(0))?)
}

/// Seals the versions of a store that knew no seals.
///
/// # Errors
/// When SQLite fails.
pub(super) fn seal_unsealed(connection: &Connection) -> Result<(), VersionError> {
    let mut unsealed = connection.prepare("SELECT id FROM versions WHERE digest IS NULL")?;
    let unsealed = unsealed.query_map([], |row| row.get(0))?;
    for version in unsealed.collect::<Result<Vec<i64>, _>>()? {
        let held = held(connection, version)?;
        let paths = held.iter().map(|(path, hash)| (path, hash));
        let digest = digest(connection, version, paths)?;
        connection.execute(
            "UPDATE versions SET digest = ? WHERE id = ?",
            params![digest, version],
        )?;
    }
    Ok(())
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
