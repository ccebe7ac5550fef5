//! The live version and the files for operators that tell of it. Whatever puts a version live, or changes what they tell
//! of, makes them anew and keeps their bytes, sealed together with the history.

use std::collections::{BTreeMap, HashSet};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::archive;
use super::error::VersionError;
use super::history;
use super::manifest::{MEASURE, hashes, paths_below};
use super::objects::{self, ContentReader, Dictionary, Hash};
use super::runs;
use super::store::Store;
use crate::base::clock;
use crate::site::operator::{self, Health, HistoryAction, OPERATOR_FILES, OperatorFacts};
use crate::site::path;

/// Versions that `version.json` lists at the most; the store knows the others.
const LISTED: u32 = 50;

/// The live version, for a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LiveVersion {
    /// Its number.
    pub version: String,
    /// When it went live, UTC.
    pub date: Timestamp,
    /// What put it live.
    pub action: HistoryAction,
    /// What was known of the data and the project when it was built.
    pub health: Health,
}

impl Store {
    /// The live version; `None` before the first build.
    ///
    /// # Errors
    /// When SQLite fails, or its record was not written by this program.
    pub fn live_version(&self) -> Result<Option<LiveVersion>, VersionError> {
        let Some(current) = history::entries(&self.connection, 1)?.pop() else {
            return Ok(None);
        };
        Ok(Some(LiveVersion {
            health: history::health(&self.connection, &current.version)?,
            version: current.version,
            date: current.date,
            action: current.action,
        }))
    }

    /// Makes a version the live one and gives its number; [`super::checkout`] then brings it to `site/`. The version
    /// that is live already stays so, without a trace in the history.
    ///
    /// # Errors
    /// When there is no such version, or a content of it is damaged; the live version is then as it was.
    pub fn rollback(&mut self, name: &str) -> Result<String, VersionError> {
        let (id, number) = self.find(name)?;
        let Some(head) = self.head()?.filter(|head| head.id != id) else {
            return Ok(number);
        };
        // Of a live version that was altered nothing is known to be sound.
        let live: HashSet<_> = match hashes(&self.connection, head.id) {
            Err(VersionError::Altered { .. }) => HashSet::new(),
            live => live?.into_values().collect(),
        };
        let others = hashes(&self.connection, id)?
            .into_iter()
            .filter(|(_, hash)| !live.contains(hash))
            .map(|(path, hash)| (hash, path));
        ContentReader::new(&self.connection)?.check(others, |_, damage| damage)?;
        let transaction = self.connection.transaction()?;
        go_live(&transaction, id, HistoryAction::Rollback)?;
        transaction.commit()?;
        Ok(number)
    }

    /// The bytes of `version.json` for the live version; `None` before the first build.
    ///
    /// # Errors
    /// When SQLite fails, or what the store holds of it was altered.
    pub fn version_file(&self) -> Result<Option<Vec<u8>>, VersionError> {
        let files = operator_files(&self.connection)?;
        let path = path::VERSION.as_str();
        let Some(hash) = files.get(path) else {
            return Ok(None);
        };
        let reader = ContentReader::new(&self.connection)?;
        let content = reader.fetch(hash, path)?;
        let bytes = reader.dictionaries().unpacker().unpack(&content, path)?;
        Ok(Some(bytes))
    }
}

/// Makes a version the live one, within the caller's transaction.
///
/// # Errors
/// When SQLite fails, or the files for operators cannot be made.
pub(super) fn go_live(
    connection: &Connection,
    version: i64,
    action: HistoryAction,
) -> Result<(), VersionError> {
    archive::check_seal(connection)?;
    connection.execute(
        "INSERT INTO history (version, date, action, run) VALUES (?, ?, ?, (SELECT max(id) FROM runs))",
        params![version, clock::now().to_string(), action.as_str()],
    )?;
    make_operator_files(connection)
}

/// Makes the files for operators of the live version, in the place of those that were kept, and seals them with the
/// history, within the caller's transaction.
///
/// # Errors
/// When SQLite fails, or the files cannot be made.
pub(super) fn make_operator_files(connection: &Connection) -> Result<(), VersionError> {
    let entries = history::entries(connection, LISTED)?;
    let Some(live) = entries.first() else {
        return Ok(());
    };
    let (version, extent, last_run): (i64, String, Option<i64>) = connection.query_row(
        &format!(
            "SELECT versions.id, coalesce(extent, {MEASURE}), run
             FROM history JOIN versions ON versions.id = version ORDER BY history.id DESC LIMIT 1"
        ),
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let runs = match last_run {
        Some(last) => {
            let year = live.date.to_zoned(TimeZone::UTC).saturating_sub(1.year());
            runs::read(connection, Some(year.timestamp()), Some(last))?
        }
        None => Vec::new(),
    };
    let files = operator::operator_files(&OperatorFacts {
        history: &entries,
        health: &history::health(connection, &live.version)?,
        runs: &runs,
        extent: serde_json::from_str(&extent)?,
        assets: &paths_below(connection, version, &path::ASSET.path(""))?,
    })?;
    connection.execute_batch(
        "DELETE FROM objects WHERE id IN (SELECT object FROM operator_files)
             AND NOT EXISTS (SELECT 1 FROM spans WHERE object = objects.id)
             AND NOT EXISTS (SELECT 1 FROM archive WHERE object = objects.id);
         DELETE FROM operator_files;",
    )?;
    let dictionary = Dictionary::latest(connection)?;
    let index = archive::index(connection)?;
    let index = index.map(|bytes| (path::ARCHIVE_INDEX.as_str(), bytes));
    for (path, bytes) in files.into_iter().chain(index) {
        let packed = dictionary.pack(&bytes)?;
        let object = objects::insert(connection, &dictionary, &packed)?;
        connection.execute(
            "INSERT INTO operator_files (path, object) VALUES (?, ?)",
            params![path, object],
        )?;
    }
    connection.execute(
        "UPDATE history SET digest = ? WHERE id = (SELECT max(id) FROM history)",
        [seal(connection)?],
    )?;
    Ok(())
}

/// The files for operators of the live version and those of the archive, by their paths; none before the first build. In a store from before they
/// were kept they are made first.
///
/// # Errors
/// When SQLite fails, or the history or the files are not those that were written.
pub(super) fn operator_files(
    connection: &Connection,
) -> Result<BTreeMap<String, Hash>, VersionError> {
    if !check_seal(connection)? {
        let transaction = connection.unchecked_transaction()?;
        make_operator_files(&transaction)?;
        transaction.commit()?;
    }
    kept_operator_files(connection)
}

/// The files for operators that the store keeps, and those of the archive; where it is from before it kept any, those that the last checkout wrote.
///
/// # Errors
/// When SQLite fails.
pub(super) fn kept_operator_files(
    connection: &Connection,
) -> Result<BTreeMap<String, Hash>, VersionError> {
    let mut statement = connection.prepare(
        "SELECT path, hash FROM operator_files JOIN objects ON objects.id = object
         UNION ALL
         SELECT path, hash FROM archive JOIN objects ON objects.id = archive.object
         UNION ALL
         SELECT path, hash FROM checkout WHERE path IN (?, ?, ?, ?) AND hash IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM operator_files)",
    )?;
    let files = statement.query_map(OPERATOR_FILES, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(files.collect::<Result<_, _>>()?)
}

/// Whether the history and the files for operators have been sealed, beside the archive, which always is: not in a store without a version, nor in one from
/// before these files were kept.
///
/// # Errors
/// When SQLite fails, or they are not those that were sealed.
pub(super) fn check_seal(connection: &Connection) -> Result<bool, VersionError> {
    archive::check_seal(connection)?;
    let sealed: Option<Hash> = connection
        .query_row(
            "SELECT digest FROM history ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?
        .flatten();
    match sealed {
        Some(sealed) if sealed != seal(connection)? => Err(VersionError::AlteredHistory),
        sealed => Ok(sealed.is_some()),
    }
}

/// Digest of the history, of the files for operators and of the archive.
fn seal(connection: &Connection) -> Result<Hash, VersionError> {
    // Neither numbers, times, actions nor paths hold a line break.
    let sealed: String = connection.query_row(
        &format!(
            "SELECT concat(
                 (SELECT group_concat(concat_ws(' ', id, version, date, action, run), char(10) ORDER BY id) FROM history),
                 char(10),
                 (SELECT group_concat(concat_ws(' ', path, hex(hash)), char(10) ORDER BY path)
                  FROM operator_files JOIN objects ON objects.id = object),
                 char(10) || ({}))",
            archive::SEALED_ROWS
        ),
        [],
        |row| row.get(0),
    )?;
    Ok(*blake3::hash(sealed.as_bytes()).as_bytes())
}
