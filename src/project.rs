//! A project's folder: where things are in it, and who may write.

use std::fs::TryLockError;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

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

    pub fn database(&self) -> PathBuf {
        self.root.join("data/immostats.db")
    }

    pub fn versions(&self) -> PathBuf {
        self.root.join("data/versions.db")
    }

    /// Templates of the project's own, which stand in for the built-in ones; `None` when there are none.
    pub fn templates(&self) -> Option<PathBuf> {
        Some(self.root.join("templates")).filter(|path| path.is_dir())
    }

    pub fn site(&self) -> PathBuf {
        self.root.join("site")
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
        let since = jiff::Timestamp::now()
            .round(jiff::Unit::Second)
            .unwrap_or_default();
        let told = format!("process {}, {doing}, since {since}", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(told.as_bytes()))
            .map_err(failed)?;
        Ok(Lock { _file: file })
    }
}

/// What the holder of the lock wrote of itself, which may come a moment after the lock.
fn holder(file: &mut std::fs::File) -> String {
    let mut text = String::new();
    for _ in 0..10 {
        text.clear();
        if file.rewind().and_then(|()| file.read_to_string(&mut text)).is_ok() && !text.is_empty() {
            return text;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    "a process that has not said its name yet".into()
}
