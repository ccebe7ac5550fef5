//! The way to a file below a folder, on which no link is followed.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags};
use rustix::io::Errno;

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC);

/// A folder below which paths are plain: names that follow each other, none of them empty, `.` or `..`, and none of them a
/// link. The folder itself may be one, for whoever named it meant where it leads.
pub(super) struct Root(OwnedFd);

/// A file's folder below a root, and its name there.
pub(super) struct Spot<'p> {
    pub folder: OwnedFd,
    pub name: &'p OsStr,
}

impl Root {
    /// # Errors
    /// When there is no such folder.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        // An empty path is the folder that the process is in.
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        Ok(Self(rustix::fs::open(path, FOLDER, Mode::empty())?))
    }

    /// Where a file is to be; `makes` says whether the folders on the way are made.
    ///
    /// # Errors
    /// When the path is not plain, a link stands on the way, or a folder is missing.
    pub(super) fn spot<'p>(&self, relative: &'p Path, makes: bool) -> io::Result<Spot<'p>> {
        let mut names: Vec<_> = relative
            .as_os_str()
            .as_bytes()
            .split(|&b| b == b'/')
            .collect();
        let is_plain = |name: &&[u8]| !matches!(*name, b"" | b"." | b"..") && !name.contains(&0);
        if !names.iter().all(is_plain) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the path is not one of plain names below its folder",
            ));
        }
        let name = OsStr::from_bytes(names.pop().unwrap_or_default());
        let mut folder = self.0.try_clone()?;
        for step in names {
            folder = enter(&folder, OsStr::from_bytes(step), makes)?;
        }
        Ok(Spot { folder, name })
    }
}

impl Spot<'_> {
    /// Opens the file, which is no link.
    ///
    /// # Errors
    /// When that is not allowed, or a link stands there.
    pub(super) fn open(&self, how: OFlags) -> io::Result<File> {
        let how = how | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(0o644);
        match rustix::fs::openat(&self.folder, self.name, how, mode) {
            Ok(file) => Ok(file.into()),
            Err(error) => Err(unless_link(&self.folder, self.name, error)),
        }
    }

    /// Removes the file; a link goes, and what it leads to stays.
    ///
    /// # Errors
    /// When that is not allowed.
    pub(super) fn remove(&self) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(
            &self.folder,
            self.name,
            AtFlags::empty(),
        )?)
    }

    /// Removes the folder of this name, if it is empty.
    ///
    /// # Errors
    /// When it is not.
    pub(super) fn remove_folder(&self) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(
            &self.folder,
            self.name,
            AtFlags::REMOVEDIR,
        )?)
    }

    /// Gives a file of another folder this place.
    ///
    /// # Errors
    /// When that is not allowed.
    pub(super) fn take_from(&self, other: &Spot<'_>) -> io::Result<()> {
        Ok(rustix::fs::renameat(
            &other.folder,
            other.name,
            &self.folder,
            self.name,
        )?)
    }
}

/// Opens a folder of a folder, and makes it if it is to.
fn enter(folder: &OwnedFd, name: &OsStr, makes: bool) -> io::Result<OwnedFd> {
    let open = || rustix::fs::openat(folder, name, FOLDER | OFlags::NOFOLLOW, Mode::empty());
    let opened = match open() {
        Err(Errno::NOENT) if makes => {
            match rustix::fs::mkdirat(folder, name, Mode::from_raw_mode(0o777)) {
                Ok(()) | Err(Errno::EXIST) => open(),
                Err(error) => Err(error),
            }
        }
        other => other,
    };
    opened.map_err(|error| unless_link(folder, name, error))
}

/// What stands in the way of a name, when it is a link.
fn unless_link(folder: impl AsFd, name: &OsStr, error: Errno) -> io::Error {
    let found = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW);
    let is_link = |mode| rustix::fs::FileType::from_raw_mode(mode).is_symlink();
    if found.is_ok_and(|found| is_link(found.st_mode)) {
        return io::Error::other(format!(
            "{} is a link, and links are not followed; remove it, or put what it leads to in its place",
            name.display()
        ));
    }
    error.into()
}
