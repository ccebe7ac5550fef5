//! The only place that writes files. A file is written beside, flushed and renamed: whoever reads it, and whatever
//! kills the process, finds the old bytes or the new ones. What is written or removed below a folder of the project has a
//! plain path, and no link on the way is followed.

#![allow(clippy::disallowed_methods)]

mod root;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::SystemTime;

use rayon::prelude::*;
use rustix::fs::OFlags;
use tempfile::Builder;
use thiserror::Error;

use root::Root;

use crate::base::stop::StopPoint;

/// Folder inside a tree where its files wait to be renamed. Its name keeps it out of what hosts publish.
const STAGING: &str = ".immostats-staging";

/// What the name of a file begins with until it has its own, and how many letters and digits follow.
const WAITING: &str = ".immostats-tmp-";
const WAITING_LETTERS: usize = 12;

/// When this process first wrote something.
static BEGUN: LazyLock<SystemTime> = LazyLock::new(SystemTime::now);

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
        let mut file = waiting_name()
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

/// The names of what waits for its own.
fn waiting_name() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(WAITING).rand_bytes(WAITING_LETTERS);
    builder
}

/// Whether a file or folder is one that waits for its name: by the name that it has meanwhile, for others may stand beside
/// it that begin alike.
fn is_waiting(entry: &fs::DirEntry) -> bool {
    let name = entry.file_name();
    let name = name.to_string_lossy();
    name.strip_prefix(WAITING).is_some_and(|letters| {
        letters.len() == WAITING_LETTERS && letters.bytes().all(|b| b.is_ascii_alphanumeric())
    }) && entry.file_type().is_ok_and(|kind| !kind.is_symlink())
}

/// Clears away what killed processes left in a folder before it had its name. What is in use is locked, what is younger than
/// this process may be about to be, and nobody clears the folder until the result is dropped. Where the file system has no
/// locks, all stays.
fn clear(folder: &Path) -> Option<File> {
    let begun = *BEGUN;
    let guard = File::open(folder).ok()?;
    guard.lock().ok()?;
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        let is_old = || entry.metadata()?.modified().map(|time| time < begun);
        if is_waiting(&entry)
            && is_old().is_ok_and(|is_old| is_old)
            && File::open(&path).is_ok_and(|file| file.try_lock().is_ok())
        {
            let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
        }
    }
    Some(guard)
}

/// Writes what a reader gives to a new file, in a folder that nobody reads yet.
///
/// # Errors
/// The errors of the reader, and when the file cannot be written.
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
        if is_waiting(&entry) {
            fs::remove_file(entry.path()).map_err(WriteError::on(&entry.path(), "removed"))?;
        }
    }
    Ok(())
}

/// Removes a file below a folder, by its plain path there. One that is not there is no error.
///
/// # Errors
/// When that is not allowed, or a link stands on the way.
pub fn remove(root: &Path, relative: impl AsRef<Path>) -> Result<(), WriteError> {
    let relative = relative.as_ref();
    let removed = Root::open(root).and_then(|root| root.spot(relative, false)?.remove());
    unless_missing(removed).map_err(WriteError::on(&root.join(relative), "removed"))
}

/// Success when something is not there.
fn unless_missing(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
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
            let path = Path::new(&path);
            unless_missing(fs::remove_file(path)).map_err(WriteError::on(path, "removed"))?;
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
        let folder = waiting_name()
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

/// Opens a file below a folder to read, to write and to lock it, making it and its folder when there is none.
///
/// # Errors
/// When that is not allowed, or a link stands there or on the way.
pub fn open_beside(root: &Path, relative: impl AsRef<Path>) -> Result<File, WriteError> {
    open_below(root, relative.as_ref(), OFlags::RDWR)
}

/// Opens a file below a folder to add to its end, making it and its folder when there is none.
///
/// # Errors
/// When that is not allowed, or a link stands there or on the way.
pub fn append(root: &Path, relative: impl AsRef<Path>) -> Result<File, WriteError> {
    open_below(root, relative.as_ref(), OFlags::WRONLY | OFlags::APPEND)
}

fn open_below(root: &Path, relative: &Path, how: OFlags) -> Result<File, WriteError> {
    create_folder(root)?;
    let opened =
        Root::open(root).and_then(|root| root.spot(relative, true)?.open(how | OFlags::CREATE));
    opened.map_err(WriteError::on(&root.join(relative), "opened"))
}

/// Makes sure that a file can be written below a folder, whose folders it makes, and gives its path.
///
/// # Errors
/// When the path is not plain or a link stands on the way.
pub fn below(root: &Path, relative: impl AsRef<Path>) -> Result<PathBuf, WriteError> {
    let relative = relative.as_ref();
    let path = root.join(relative);
    create_folder(root)?;
    let spot = Root::open(root).and_then(|root| root.spot(relative, true).map(drop));
    spot.map_err(WriteError::on(&path, "written"))?;
    Ok(path)
}

/// A folder whose files are replaced many at a time.
pub struct Tree {
    path: PathBuf,
    staging: PathBuf,
    root: Root,
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
            path: root.into(),
            staging,
            root: Root::open(root).map_err(WriteError::on(root, "opened"))?,
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
            .map_err(WriteError::on(&self.path.join(path), "written"))
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
            let waiting = Path::new(STAGING).join(format!("{batch}-{number}"));
            let replaced = || {
                let target = self.root.spot(Path::new(path), true)?;
                target.take_from(&self.root.spot(&waiting, false)?)
            };
            replaced().map_err(WriteError::on(&self.path.join(path), "replaced"))?;
            StopPoint::SiteFileReplaced.reach();
            Ok(())
        })
    }

    /// Removes a file, and the folders that this empties.
    ///
    /// # Errors
    /// When that is not allowed, or a link stands on the way. A file that is not there is no error.
    pub fn remove(&self, path: &str) -> Result<(), WriteError> {
        let removed = self
            .root
            .spot(Path::new(path), false)
            .and_then(|spot| spot.remove());
        unless_missing(removed).map_err(WriteError::on(&self.path.join(path), "removed"))?;
        let folders = Path::new(path).ancestors().skip(1);
        for folder in folders.filter(|folder| !folder.as_os_str().is_empty()) {
            let emptied = self
                .root
                .spot(folder, false)
                .and_then(|spot| spot.remove_folder());
            if emptied.is_err() {
                break;
            }
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
        let named = |name: &str| {
            let path = folder.path().join(name);
            let file = File::create(&path).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
            path
        };
        let dead = named(".immostats-tmp-0aZ9bcdefghi");
        let used = named(".immostats-tmp-0aZ9bcdefghj");
        // What others call alike is theirs.
        let alike = [
            ".immostats-2025",
            ".immostats-tmp-0aZ9bcdefgh",
            ".immostats-tmp-0aZ9bcdefg.i",
        ]
        .map(named);
        let young = folder.path().join(".immostats-tmp-0aZ9bcdefghk");
        let user = File::open(&used).unwrap();
        user.lock().unwrap();
        write(&folder.path().join("x"), b"whole").unwrap();
        fs::write(&young, b"half").unwrap();
        assert!(!dead.exists() && used.exists());
        drop(user);
        write(&folder.path().join("x"), b"whole").unwrap();
        assert!(!used.exists() && young.exists());
        assert!(alike.iter().all(|path| path.exists()));
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

    #[test]
    fn nothing_leaves_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let (root, outside) = (folder.path().join("site"), folder.path().join("outside"));
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("kept"), b"theirs").unwrap();
        let tree = Tree::open(&root).unwrap();
        let link = |name: &str, to: &Path| std::os::unix::fs::symlink(to, root.join(name)).unwrap();
        link("ville", &outside);
        link("lock", &outside.join("kept"));
        for (number, path) in [
            "../escaped",
            "/escaped",
            "a/../../escaped",
            "a//b",
            "",
            ".",
            "ville/index.html",
        ]
        .into_iter()
        .enumerate()
        {
            tree.stage((number, 0), path, b"new").unwrap();
            let error = tree.publish(number, &[path]).unwrap_err();
            assert_eq!(
                error.to_string().contains("is a link"),
                path.starts_with("ville"),
                "{error}"
            );
            assert!(tree.remove(path).is_err(), "{path}");
            assert!(append(&root, path).is_err(), "{path}");
            assert!(below(&root, path).is_err(), "{path}");
        }
        assert!(remove(&root, "../outside/kept").is_err());
        assert!(
            open_beside(&root, "lock")
                .unwrap_err()
                .to_string()
                .contains("is a link")
        );
        assert!(append(&root, "lock").is_err());
        // A link itself may be replaced and removed.
        tree.stage((9, 0), "lock", b"new").unwrap();
        tree.publish(9, &["lock"]).unwrap();
        assert_eq!(fs::read(root.join("lock")).unwrap(), b"new");
        tree.remove("ville").unwrap();
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
        assert_eq!(fs::read(outside.join("kept")).unwrap(), b"theirs");
        assert!(!folder.path().join("escaped").exists());
    }
}
