//! The archive: the headline figures of each release at addresses that never change. It only grows, is no part of what a
//! build makes anew, and travels with the store.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::error::VersionError;
use super::objects::{self, Dictionary, Hash};
use crate::site::Frozen;
use crate::site::path::ARCHIVE;

/// The rows as a text, in SQL; NULL where there is none. Neither paths nor numbers hold a line break.
pub(super) const SEALED_ROWS: &str =
    "SELECT group_concat(concat_ws(' ', path, hex(hash), version, number), char(10) ORDER BY path)
     FROM archive JOIN objects ON objects.id = archive.object";

/// A release of the archive, in `archive/index.json` and on the command line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArchivedRelease {
    /// `2026-10-20`, or `2026-10-20.2` where the figures of a release came out otherwise later.
    pub release: String,
    /// The numbers of the versions of the site that brought its files.
    pub versions: Vec<String>,
    /// Whether all of these versions were rolled back: the figures were withdrawn, and stay here to be looked up.
    pub rolled_back: bool,
    /// Its files, by code of département.
    pub files: BTreeMap<String, ArchivedFile>,
}

/// A file of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArchivedFile {
    /// Its address within the site.
    pub path: String,
    /// blake3 of its bytes, hexadecimal.
    pub blake3: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// Keeps what is not kept yet, as brought by a version, within the caller's transaction. What is there stays as it is: figures
/// that came out otherwise for the same release are a revision of their own.
///
/// # Errors
/// When SQLite fails, or the archive is not the one that was sealed.
pub(super) fn add(
    connection: &Connection,
    version: i64,
    number: &str,
    frozen: &[Frozen],
) -> Result<(), VersionError> {
    check_seal(connection)?;
    let known = kept(connection)?;
    let dictionary = Dictionary::latest(connection)?;
    for file in frozen {
        let hash: Hash = *blake3::hash(&file.bytes).as_bytes();
        let mut revision = 1;
        let path = loop {
            let path = path_of(&file.release, revision, &file.of);
            let next = path_of(&file.release, revision + 1, &file.of);
            match known.get(&path) {
                None => break Some(path),
                // Only the latest revision counts: what came back to an earlier one is a revision too.
                Some(kept) if *kept == hash && !known.contains_key(&next) => break None,
                Some(_) => revision += 1,
            }
        };
        if let Some(path) = path {
            let packed = dictionary.pack(&file.bytes)?;
            let object = objects::insert(connection, &dictionary, &packed)?;
            connection.execute(
                "INSERT INTO archive (path, object, version, number) VALUES (?, ?, ?, ?)",
                params![path, object, version, number],
            )?;
        }
    }
    connection.execute("DELETE FROM archive_seal", [])?;
    seal_unsealed(connection)
}

/// Proves that the archive is the one that was written.
///
/// # Errors
/// When it is not, or SQLite fails.
pub(super) fn check_seal(connection: &Connection) -> Result<(), VersionError> {
    let sealed: Option<Hash> = connection
        .query_row("SELECT digest FROM archive_seal", [], |row| row.get(0))
        .optional()?;
    // A new store has none.
    let sealed = sealed.unwrap_or_else(|| *blake3::hash(b"").as_bytes());
    match sealed == seal(connection)? {
        true => Ok(()),
        false => Err(VersionError::AlteredArchive),
    }
}

/// Seals the archive where it has no seal.
///
/// # Errors
/// When SQLite fails.
pub(super) fn seal_unsealed(connection: &Connection) -> Result<(), VersionError> {
    connection.execute(
        "INSERT INTO archive_seal (digest) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM archive_seal)",
        [seal(connection)?],
    )?;
    Ok(())
}

/// Digest of the rows of the archive.
fn seal(connection: &Connection) -> Result<Hash, VersionError> {
    let rows: Option<String> = connection.query_row(SEALED_ROWS, [], |row| row.get(0))?;
    Ok(*blake3::hash(rows.unwrap_or_default().as_bytes()).as_bytes())
}

fn path_of(release: &str, revision: u32, of: &str) -> String {
    let folder = match revision {
        1 => release.to_owned(),
        revision => format!("{release}.{revision}"),
    };
    ARCHIVE.path(&format!("{folder}/{of}"))
}

/// The files of the archive, its index apart, with their hashes.
///
/// # Errors
/// When SQLite fails.
pub(super) fn kept(connection: &Connection) -> Result<HashMap<String, Hash>, VersionError> {
    let mut statement = connection
        .prepare("SELECT path, hash FROM archive JOIN objects ON objects.id = archive.object")?;
    let files = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(files.collect::<Result<_, _>>()?)
}

/// The releases of the archive, the latest first, seen from the live version.
///
/// # Errors
/// When SQLite fails.
pub(super) fn releases(connection: &Connection) -> Result<Vec<ArchivedRelease>, VersionError> {
    let mut statement = connection.prepare(
        "SELECT archive.path, hash, size, number,
                archive.version > coalesce((SELECT version FROM history ORDER BY id DESC LIMIT 1), 0)
         FROM archive JOIN objects ON objects.id = archive.object ORDER BY archive.path",
    )?;
    let mut rows = statement.query([])?;
    let mut releases = BTreeMap::<String, ArchivedRelease>::new();
    while let Some(row) = rows.next()? {
        let path: String = row.get(0)?;
        let hash: Hash = row.get(1)?;
        let (number, rolled_back): (String, bool) = (row.get(3)?, row.get(4)?);
        let name = ARCHIVE.code(&path).unwrap_or_default();
        let Some((release, of)) = name.split_once('/') else {
            continue;
        };
        let known = releases
            .entry(release.to_owned())
            .or_insert_with(|| ArchivedRelease {
                release: release.to_owned(),
                versions: Vec::new(),
                rolled_back: true,
                files: BTreeMap::new(),
            });
        if !known.versions.contains(&number) {
            known.versions.push(number);
        }
        known.rolled_back &= rolled_back;
        let file = ArchivedFile {
            blake3: blake3::Hash::from_bytes(hash).to_hex().to_string(),
            bytes: row.get::<_, i64>(2)? as u64,
            path: path.clone(),
        };
        known.files.insert(of.to_owned(), file);
    }
    Ok(releases.into_values().rev().collect())
}

/// `archive/index.json`; `None` while nothing is archived.
///
/// # Errors
/// When SQLite fails.
pub(super) fn index(connection: &Connection) -> Result<Option<Vec<u8>>, VersionError> {
    #[derive(Serialize)]
    struct Index {
        releases: Vec<ArchivedRelease>,
    }
    let releases = releases(connection)?;
    if releases.is_empty() {
        return Ok(None);
    }
    let mut text = serde_json::to_vec_pretty(&Index { releases })?;
    text.push(b'\n');
    Ok(Some(text))
}
