//! The only place that writes files. A file is written beside, flushed and renamed: whoever reads it, and whatever
//! kills the process, finds the old bytes or the new ones.

#![allow(clippy::disallowed_methods)]

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tempfile::Builder;
use thiserror::Error;

use crate::base::stop::StopPoint;

/// Folder inside a tree where its files wait to be renamed. Its name keeps it out of what hosts publish.
const STAGING: &str = ".immostats-staging";

/// What the name of a file begins with until it has its own.
const WAITING: &str = ".immostats-";

/// A file that could not be written, with the reason.
#[derive(Debug, Error)]
#[error("{} cannot be {action}: {source}", path.display())]
pub struct WriteError {
    path: PathBuf,
    action: &'static str,
    source: io::Error,
}

impl WriteError {
    fn on(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self {
            path: path.into(),
            action,
            source,
        }
    }
}

/// Writes one file, making its folder.
///
/// # Errors
/// When the disk is full or the folder cannot be written to; the old file is then as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    write_with(path, |file| file.write_all(bytes)).map(drop)
}

/// Writes one file piece by piece, making its folder. Gives its size in bytes.
///
/// # Errors
/// As [`write()`], and those of `fill`.
pub fn write_with(
    path: &Path,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<u64, WriteError> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    create_folder(folder)?;
    let written = || {
        let guard = clear(folder);
        let mut file = Builder::new()
            .prefix(WAITING)
            .permissions(permissions())
            .tempfile_in(folder)?;
        let _ = file.as_file().lock();
        drop(guard);
        fill(file.as_file_mut())?;
        file.as_file().sync_data()?;
        let size = file.as_file().metadata()?.len();
        StopPoint::FileWritten.reach();
        file.persist(path).map_err(|error| error.error)?;
        Ok(size)
    };
    written().map_err(WriteError::on(path, "written"))
}

/// Clears away what killed processes left in a folder before it had its name. What is in use is locked, and nobody clears
/// the folder until the result is dropped. Where the file system has no locks, all stays.
fn clear(folder: &Path) -> Option<File> {
    let guard = File::open(folder).ok()?;
    guard.lock().ok()?;
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let waiting = name.to_string_lossy().starts_with(WAITING) && name != STAGING;
        if waiting && File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
        }
    }
    Some(guard)
}

/// Writes what a reader gives to a new file, in a folder that nobody reads yet.
///
/// # Errors
/// Those of the reader, and when the file cannot be written.
pub fn copy_from(reader: &mut impl io::Read, path: &Path) -> io::Result<u64> {
    let mut file = File::create_new(path)?;
    let size = io::copy(reader, &mut file)?;
    file.sync_data()?;
    Ok(size)
}

/// Flushes a file that was written piece by piece, and gives it the name under which it counts.
///
/// # Errors
/// When the folder cannot be written to; the file then still has its old name.
pub fn finish(written: &Path, path: &Path) -> Result<(), WriteError> {
    File::open(written)
        .and_then(|file| file.sync_data())
        .and_then(|()| fs::rename(written, path))
        .map_err(WriteError::on(path, "written"))
}

/// Removes from a folder the files that a killed run left before they had their names. Nobody may be writing there.
///
/// # Errors
/// When the folder cannot be read or written to. One that is not there is no error.
pub fn sweep(folder: &Path) -> Result<(), WriteError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(WriteError::on(folder, "read"))?,
    };
    for entry in entries {
        let entry = entry.map_err(WriteError::on(folder, "read"))?;
        if entry.file_name().to_string_lossy().starts_with(WAITING) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Removes a file. One that is not there is no error.
///
/// # Errors
/// When that is not allowed.
pub fn remove(path: &Path) -> Result<(), WriteError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(WriteError::on(path, "removed")(error))
        }
        _ => Ok(()),
    }
}

/// Moves the SQLite databases of a folder to the folder above, in the place of those that are there, whose journals go with
/// them, and removes the folder. Nobody may have any of them open. Where that was interrupted, calling again goes on; a
/// folder that is not there is no error.
///
/// # Errors
/// When a folder cannot be read or written to.
pub fn replace_databases(folder: &Path) -> Result<(), WriteError> {
    let (Some(above), Ok(entries)) = (folder.parent(), fs::read_dir(folder)) else {
        return Ok(());
    };
    let names = entries
        .flatten()
        .map(|entry| PathBuf::from(entry.file_name()));
    let names: Vec<_> = names
        .filter(|name| name.extension() == Some("db".as_ref()))
        .collect();
    for name in &names {
        // A journal that outlived its database would be played into the new one.
        for journal in ["-wal", "-shm", "-journal"] {
            let mut path = above.join(name).into_os_string();
            path.push(journal);
            remove(Path::new(&path))?;
        }
    }
    for name in &names {
        StopPoint::DatabaseDue.reach();
        let old = above.join(name);
        fs::rename(folder.join(name), &old).map_err(WriteError::on(&old, "replaced"))?;
    }
    fs::remove_dir_all(folder).map_err(WriteError::on(folder, "removed"))
}

/// A folder for work in progress, beside what it is for; it goes when it is dropped.
pub struct Temporary {
    folder: tempfile::TempDir,
    /// Says that it is in use.
    _lock: Option<File>,
}

impl Temporary {
    /// Makes one in the `data/` of a project.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn folder(root: &Path) -> Result<Self, WriteError> {
        let data = root.join("data");
        create_folder(&data)?;
        let guard = clear(&data);
        let folder = Builder::new()
            .prefix(WAITING)
            .tempdir_in(&data)
            .map_err(WriteError::on(&data, "written to"))?;
        let lock = File::open(folder.path()).ok();
        let _ = lock.as_ref().map(File::lock);
        drop(guard);
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Flushes it and what is in it, and gives it a name of its own, under which it counts.
    ///
    /// # Errors
    /// When a file cannot be flushed or the folder above not be written to; it then goes.
    pub fn keep(self, path: &Path) -> Result<(), WriteError> {
        let keep = || {
            let flush = |path: &Path| File::open(path)?.sync_all();
            for entry in fs::read_dir(self.path())? {
                flush(&entry?.path())?;
            }
            flush(self.path())?;
            fs::rename(self.path(), path)?;
            flush(path.parent().unwrap_or(path))
        };
        keep().map_err(WriteError::on(path, "written"))
    }
}

/// Makes a folder and those above it.
///
/// # Errors
/// When that is not allowed.
pub fn create_folder(path: &Path) -> Result<(), WriteError> {
    fs::create_dir_all(path).map_err(WriteError::on(path, "made"))
}

/// Opens a file to lock or to append to, making it when there is none.
///
/// # Errors
/// When that is not allowed.
pub fn open_beside(path: &Path) -> Result<File, WriteError> {
    create_folder(path.parent().unwrap_or(Path::new(".")))?;
    File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(WriteError::on(path, "opened"))
}

/// Opens a file to add to its end, making it and its folder when there is none.
///
/// # Errors
/// When that is not allowed.
pub fn append(path: &Path) -> Result<File, WriteError> {
    create_folder(path.parent().unwrap_or(Path::new(".")))?;
    File::options()
        .append(true)
        .create(true)
        .open(path)
        .map_err(WriteError::on(path, "opened"))
}

/// A folder whose files are replaced many at a time.
pub struct Tree {
    root: PathBuf,
    staging: PathBuf,
}

impl Tree {
    /// Takes a folder, makes it when there is none, and clears away what an interrupted run left in waiting.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn open(root: &Path) -> Result<Self, WriteError> {
        let staging = root.join(STAGING);
        create_folder(root)?;
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(WriteError::on(&staging, "removed"))?;
        }
        create_folder(&staging)?;
        Ok(Self {
            root: root.into(),
            staging,
        })
    }

    /// Whether a run was killed while files of it waited in the folder.
    pub fn is_interrupted(root: &Path) -> bool {
        root.join(STAGING).exists()
    }

    /// Whether a path of the tree is that of a file in waiting.
    pub fn is_staged(path: &str) -> bool {
        path.starts_with(STAGING)
    }

    /// Writes a file in waiting: which one it is of a batch that [`Tree::publish`] gives their places. Several threads
    /// may do so at once.
    ///
    /// # Errors
    /// When the disk is full or the folder cannot be written to; nothing has taken its place.
    pub fn stage(
        &self,
        (batch, number): (usize, usize),
        path: &str,
        bytes: &[u8],
    ) -> Result<(), WriteError> {
        fs::write(self.waiting(batch, number), bytes)
            .map_err(WriteError::on(&self.root.join(path), "written"))
    }

    fn waiting(&self, batch: usize, number: usize) -> PathBuf {
        self.staging.join(format!("{batch}-{number}"))
    }

    /// Flushes what waits, all at once, and renames each file of a batch into its place.
    ///
    /// # Errors
    /// When a file cannot take its place; others may have.
    pub fn publish(&self, batch: usize, paths: &[&str]) -> Result<(), WriteError> {
        let flush = || rustix::fs::syncfs(File::open(&self.staging)?).map_err(io::Error::from);
        flush().map_err(WriteError::on(&self.staging, "flushed"))?;
        paths.par_iter().enumerate().try_for_each(|(number, path)| {
            let target = self.root.join(path);
            let waiting = self.waiting(batch, number);
            let renamed = match fs::rename(&waiting, &target) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    create_folder(target.parent().unwrap_or(&self.root))?;
                    fs::rename(&waiting, &target)
                }
                other => other,
            };
            renamed.map_err(WriteError::on(&target, "replaced"))?;
            StopPoint::SiteFileReplaced.reach();
            Ok(())
        })
    }

    /// Removes a file, and the folders that this empties.
    ///
    /// # Errors
    /// When that is not allowed. A file that is not there is no error.
    pub fn remove(&self, path: &str) -> Result<(), WriteError> {
        let target = self.root.join(path);
        remove(&target)?;
        let mut folder = target.parent();
        while let Some(path) = folder.filter(|path| *path != self.root) {
            if fs::remove_dir(path).is_err() {
                break;
            }
            folder = path.parent();
        }
        Ok(())
    }
}

impl Drop for Tree {
    /// What waits and was not published goes: an error leaves nothing behind, and gives its space back.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.staging);
    }
}

/// Readable by all: a web server often runs as somebody else.
fn permissions() -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o644)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_shows_what_is_published_only() {
        let folder = tempfile::tempdir().unwrap();
        let tree = Tree::open(folder.path()).unwrap();
        tree.stage((0, 0), "a/b.txt", b"new").unwrap();
        assert!(!folder.path().join("a/b.txt").exists());
        tree.publish(0, &["a/b.txt"]).unwrap();
        assert_eq!(fs::read(folder.path().join("a/b.txt")).unwrap(), b"new");
        tree.remove("a/b.txt").unwrap();
        drop(tree);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_waits_for_its_name_is_cleared_when_nobody_uses_it() {
        let folder = tempfile::tempdir().unwrap();
        let (dead, used) = (
            folder.path().join(".immostats-1"),
            folder.path().join(".immostats-2"),
        );
        fs::write(&dead, b"half").unwrap();
        fs::write(&used, b"half").unwrap();
        let user = File::open(&used).unwrap();
        user.lock().unwrap();
        write(&folder.path().join("x"), b"whole").unwrap();
        assert!(!dead.exists() && used.exists());
        drop(user);
        write(&folder.path().join("x"), b"whole").unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_dead_run_left_is_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let tree = Tree::open(folder.path()).unwrap();
        tree.stage((0, 0), "x", b"half").unwrap();
        std::mem::forget(tree);
        assert!(Tree::is_interrupted(folder.path()));
        drop(Tree::open(folder.path()).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
