//! A project's folder: where things are in it, and who may write.

use std::fs::TryLockError;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use crate::base::clock;
use crate::base::month::Month;
use crate::base::stop::StopPoint;
use crate::config::FILE_NAME;
use crate::files::{self, WriteError};

/// Why the project cannot be worked on.
#[derive(Debug, Error)]
pub enum ProjectError {
    #[error("another immostats is at work on this project ({holder}); wait for it, or add --wait")]
    Busy { holder: String },
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("the lock {} cannot be taken: {source}", path.display())]
    Lock {
        path: PathBuf,
        source: std::io::Error,
    },
}

/// The folder that holds `immostats.toml`, `data/` and `site/`.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
}

/// Months of the journal that are kept.
const JOURNAL_MONTHS: i16 = 24;

/// Held by the one process that writes. The system lets go of it when the process ends, however it ends.
pub struct Lock {
    _file: std::fs::File,
}

impl Project {
    /// The project in a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the databases are; there from the first command that writes.
    pub fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    pub fn database(&self) -> PathBuf {
        self.root.join("data/immostats.db")
    }

    pub fn versions(&self) -> PathBuf {
        self.root.join("data/versions.db")
    }

    /// Where the files of the sources come to, a folder a source.
    pub fn downloads(&self) -> PathBuf {
        self.root.join("data/downloads")
    }

    /// Templates of the project's own, which stand in for the built-in ones; `None` when there are none.
    pub fn templates(&self) -> Option<PathBuf> {
        Some(self.root.join("templates")).filter(|path| path.is_dir())
    }

    pub fn site(&self) -> PathBuf {
        self.root.join("site")
    }

    /// The journal of a month.
    pub fn log(&self, month: Month) -> PathBuf {
        self.root.join("data/logs").join(format!("{month}.jsonl"))
    }

    /// Opens the journal of the present month to add to it, and drops those older than two years; `None` when
    /// this is no project or its folder cannot be written to, which the command itself will complain of.
    pub fn open_journal(&self) -> Option<std::fs::File> {
        if !self.root.join(FILE_NAME).exists() {
            return None;
        }
        let now = clock::now().to_zoned(jiff::tz::TimeZone::UTC);
        let month = Month::of(now.date());
        let path = self.log(month);
        let file = files::append(&path).ok()?;
        for entry in std::fs::read_dir(path.parent()?).ok()?.flatten() {
            let name = entry.file_name();
            let stem = Path::new(&name).file_stem().and_then(|stem| stem.to_str());
            let old = |stem: &str| stem.parse().is_ok_and(|of| month - JOURNAL_MONTHS > of);
            if stem.is_some_and(old) {
                files::remove(&entry.path()).ok()?;
            }
        }
        Some(file)
    }

    /// Makes sure that nobody else writes. `doing` is what others are told.
    ///
    /// # Errors
    /// When another process holds the lock and `wait` is false.
    pub fn lock(&self, doing: &str, wait: bool) -> Result<Lock, ProjectError> {
        let path = self.root.join("data/lock");
        let mut file = files::open_beside(&path)?;
        let failed = |source| ProjectError::Lock {
            path: path.clone(),
            source,
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if wait => {
                tracing::info!("waiting for {}", holder(&mut file));
                file.lock().map_err(failed)?;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(ProjectError::Busy {
                    holder: holder(&mut file),
                });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let since = crate::base::clock::now();
        let told = format!("process {}, {doing}, since {since}", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(told.as_bytes()))
            .map_err(failed)?;
        StopPoint::LockTaken.reach();
        Ok(Lock { _file: file })
    }
}

/// What the holder of the lock wrote of itself, which may come a moment after the lock.
fn holder(file: &mut std::fs::File) -> String {
    let mut text = String::new();
    for _ in 0..10 {
        text.clear();
        if file
            .rewind()
            .and_then(|()| file.read_to_string(&mut text))
            .is_ok()
            && !text.is_empty()
        {
            return text;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    "a process that has not said its name yet".into()
}
