//! `site/` brought to the live version: what differs is written, what is gone is removed, nothing else is touched.
//!
//! The store remembers what it put there, as git's index does: a file whose size and time are as they were needs no
//! second look. Each path is noted before it is written, so that whatever an interrupted checkout leaves is known to be
//! ours.

use std::path::Path;
use std::time::UNIX_EPOCH;

use itertools::Itertools;
use rayon::prelude::*;
use rusqlite::Connection;

use super::error::VersionError;
use super::live::operator_files;
use super::manifest::hashes;
use super::objects::{ContentReader, Dictionaries, Hash, StoredContent};
use super::store::Store;
use crate::base::stop::StopPoint;
use crate::files::Tree;
use crate::site::path;

/// Files that wait in the staging folder at a time.
const BATCH: usize = 8_192;

/// What a checkout did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckoutCounts {
    /// Files written, for they were missing or other than they should be.
    pub written: u64,
    /// Files that were as they should be.
    pub unchanged: u64,
    /// Files removed, for the live version has them no longer.
    pub removed: u64,
}

/// Size and modification time of a file.
type FileStat = (i64, i64);

/// A file of ours.
struct SeenFile {
    path: String,
    /// As the store remembers it.
    hash: Option<Hash>,
    stat: Option<FileStat>,
    /// As it is now.
    now: Option<FileStat>,
}

/// The files of a folder that an earlier checkout put there, in the order of their paths.
pub struct FolderSurvey(Vec<SeenFile>);

/// What the caller has found out already, so that [`checkout`] need not look again. All of it may be left out.
#[derive(Default)]
pub struct CheckoutHints {
    /// The files of the live version, in the order of their paths.
    pub live: Option<Vec<(String, Hash)>>,
    /// The folder's files, as they are since [`Store::survey_folder`] and until the checkout.
    pub survey: Option<FolderSurvey>,
}

/// Brings the folder to the live version, whose files are read from the store. `version.json` takes its place last, so
/// that who sees a new one finds all that it tells of. `progress` is told the number of files written since it was
/// called last.
///
/// # Errors
/// When a content is damaged or the folder cannot be written to; calling again goes on.
pub fn checkout(
    store: &Store,
    folder: &Path,
    hints: CheckoutHints,
    progress: &dyn Fn(u64),
) -> Result<CheckoutCounts, VersionError> {
    let target = target(store, hints.live)?;
    let FolderSurvey(seen) = match hints.survey {
        Some(survey) => survey,
        None => store.survey_folder(folder)?,
    };
    let mut gone = Vec::new();
    let mut files = Vec::with_capacity(target.len());
    for pair in target
        .iter()
        .merge_join_by(&seen, |(path, _), seen| path.cmp(&seen.path))
    {
        match pair.left_and_right() {
            (Some(file), seen) => files.push((file, seen)),
            (None, seen) => gone.extend(seen.map(|seen| &seen.path)),
        }
    }
    let state: Vec<_> = files
        .par_iter()
        .map(|((path, hash), seen)| inspect(folder, path, hash, *seen))
        .collect::<Result<_, _>>()?;

    let mut outcome = CheckoutCounts::default();
    let mut touched = Vec::new();
    let mut stale: Vec<TargetFile<'_>> = Vec::new();
    for ((path, hash), state) in target.iter().zip(state) {
        match state {
            FileState::Fresh => outcome.unchanged += 1,
            FileState::Touched(stat) => {
                outcome.unchanged += 1;
                touched.push((path, *hash, stat));
            }
            FileState::Stale => stale.push((path, hash)),
        }
    }
    let done = stale.is_empty() && gone.is_empty() && touched.is_empty();
    if done && !Tree::is_interrupted(folder) {
        return Ok(outcome);
    }
    let connection = &store.connection;
    note(connection, &touched)?;
    execute_each(
        connection,
        "INSERT INTO checkout (path) VALUES (?) ON CONFLICT DO NOTHING",
        stale.iter().map(|(path, _)| [path]),
    )?;
    // Whoever sees a new version.json finds all that it tells of.
    let (last, others): (Vec<_>, Vec<_>) = stale
        .into_iter()
        .partition(|(file, _)| *file == path::VERSION.as_str());
    let tree = Tree::open(folder)?;
    let reader = ContentReader::new(connection)?;
    StopPoint::CheckoutBegun.reach();
    let mut staged: &[_] = &[];
    let batches = others.chunks(BATCH);
    for (number, batch) in batches.chain([&[][..], &last[..], &[]]).enumerate() {
        let stored = batch.iter().map(|(path, hash)| reader.fetch(hash, path));
        let stored: Vec<_> = stored.collect::<Result<_, _>>()?;
        // While the disk takes one batch, the next is written beside.
        let written = std::thread::scope(|scope| {
            let published = scope.spawn(|| publish(&tree, folder, number.wrapping_sub(1), staged));
            stage(&tree, number, batch, &stored, reader.dictionaries())?;
            published
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })?;
        note(connection, &written)?;
        outcome.written += written.len() as u64;
        progress(written.len() as u64);
        staged = batch;
    }
    StopPoint::SiteFilesInPlace.reach();
    for path in &gone {
        tree.remove(path)?;
        StopPoint::SiteFileRemoved.reach();
        outcome.removed += 1;
    }
    execute_each(
        connection,
        "DELETE FROM checkout WHERE path = ?",
        gone.iter().map(|path| [path]),
    )?;
    Ok(outcome)
}

/// A file as it is to be: its path and the hash of its bytes.
type TargetFile<'a> = (&'a String, &'a Hash);

/// Writes a batch of files into the staging folder.
fn stage(
    tree: &Tree,
    batch: usize,
    files: &[TargetFile<'_>],
    stored: &[StoredContent],
    dictionaries: &Dictionaries,
) -> Result<(), VersionError> {
    files.par_iter().zip(stored).enumerate().try_for_each_init(
        || dictionaries.unpacker(),
        |unpacker, (number, ((path, _), stored))| {
            tree.stage((batch, number), path, &unpacker.unpack(stored, path)?)?;
            Ok(())
        },
    )
}

/// Moves a batch of files from the staging folder to their places, and gives their sizes and times there.
fn publish<'a>(
    tree: &Tree,
    folder: &Path,
    batch: usize,
    files: &[TargetFile<'a>],
) -> Result<Vec<(&'a String, Hash, FileStat)>, VersionError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    if paths == [path::VERSION.as_str()] {
        StopPoint::VersionFileDue.reach();
    }
    tree.publish(batch, &paths)?;
    files
        .par_iter()
        .map(|(path, hash)| {
            let stat = stat(folder, path)?.unwrap_or_default();
            Ok((*path, **hash, stat))
        })
        .collect()
}

/// What the folder is to hold, in the order of the paths.
fn target(
    store: &Store,
    live: Option<Vec<(String, Hash)>>,
) -> Result<Vec<(String, Hash)>, VersionError> {
    let Some(head) = store.head()? else {
        return Ok(Vec::new());
    };
    let mut target = match live {
        Some(live) => live,
        None => hashes(&store.connection, head.id)?.into_iter().collect(),
    };
    target.extend(operator_files(&store.connection)?);
    target.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(target)
}

impl Store {
    /// The files of a folder that an earlier checkout put there, as they are now.
    ///
    /// # Errors
    /// When SQLite fails or the folder cannot be read.
    pub fn survey_folder(&self, folder: &Path) -> Result<FolderSurvey, VersionError> {
        let mut statement = self
            .connection
            .prepare("SELECT path, hash, size, modified FROM checkout ORDER BY path")?;
        let seen = statement.query_map([], |row| {
            let stat: (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
            Ok(SeenFile {
                path: row.get(0)?,
                hash: row.get(1)?,
                stat: stat.0.zip(stat.1),
                now: None,
            })
        })?;
        let mut seen = seen.collect::<Result<Vec<_>, _>>()?;
        seen.par_iter_mut().try_for_each(|seen| {
            seen.now = stat(folder, &seen.path)?;
            Ok::<_, VersionError>(())
        })?;
        Ok(FolderSurvey(seen))
    }
}

/// How a file of the folder compares with what it is to be.
enum FileState {
    /// As the last checkout left it.
    Fresh,
    /// The right bytes, at another time.
    Touched(FileStat),
    Stale,
}

fn inspect(
    folder: &Path,
    path: &str,
    hash: &Hash,
    seen: Option<&SeenFile>,
) -> Result<FileState, VersionError> {
    let now = match seen {
        Some(seen) => seen.now,
        None => stat(folder, path)?,
    };
    let Some(stat) = now else {
        return Ok(FileState::Stale);
    };
    if let Some(seen) = seen.filter(|seen| seen.stat == now) {
        let same = seen.hash.as_ref() == Some(hash);
        return Ok(if same {
            FileState::Fresh
        } else {
            FileState::Stale
        });
    }
    let file = folder.join(path);
    let bytes = std::fs::read(&file).map_err(|source| VersionError::Read { path: file, source })?;
    Ok(if blake3::hash(&bytes).as_bytes() == hash {
        FileState::Touched(stat)
    } else {
        FileState::Stale
    })
}

/// A regular file's size and modification time in nanoseconds; `None` when there is none.
fn stat(folder: &Path, path: &str) -> Result<Option<FileStat>, VersionError> {
    let file = folder.join(path);
    match std::fs::symlink_metadata(&file) {
        Ok(metadata) if metadata.is_file() => {
            let modified = metadata
                .modified()
                .ok()
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
                .map_or(0, |since| since.as_nanos() as i64);
            Ok(Some((metadata.len() as i64, modified)))
        }
        Ok(_) => Ok(None),
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(source) => Err(VersionError::Read { path: file, source }),
    }
}

/// Notes how files look that are as they should be.
fn note(connection: &Connection, files: &[(&String, Hash, FileStat)]) -> Result<(), VersionError> {
    execute_each(
        connection,
        "INSERT OR REPLACE INTO checkout (path, hash, size, modified) VALUES (?, ?, ?, ?)",
        files
            .iter()
            .map(|(path, hash, (size, modified))| (path, hash, size, modified)),
    )
}

/// Carries a statement out with each row of parameters, in one transaction.
fn execute_each<P: rusqlite::Params>(
    connection: &Connection,
    statement: &str,
    rows: impl Iterator<Item = P>,
) -> Result<(), VersionError> {
    let transaction = connection.unchecked_transaction()?;
    {
        let mut statement = transaction.prepare(statement)?;
        for row in rows {
            statement.execute(row)?;
        }
    }
    transaction.commit()?;
    Ok(())
}
