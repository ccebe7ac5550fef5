//! A project's folder: where things are in it, and who may write.

use std::fs::TryLockError;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use crate::base::stop::StopPoint;
use crate::config::{Config, ConfigError, ConfigFile};
use crate::db::{Database, DbError};
use crate::deploy::Services;
use crate::files::{self, WriteError};
use crate::version::{Store, VersionError};

/// Why the project cannot be worked on.
#[derive(Debug, Error)]
pub enum ProjectError {
    /// Another process holds the lock; what it wrote of itself.
    #[error("another immostats is at work on this project ({holder}); wait for it, or add --wait")]
    Busy {
        /// Its number, what it does and since when.
        holder: String,
    },
    /// The folder cannot be written to.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The system gives no lock.
    #[error("the lock {} cannot be taken: {source}", path.display())]
    Lock {
        /// The lock's file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Nothing was built yet.
    #[error("there is no version yet in {}; run `immostats build`", root.display())]
    NoVersion {
        /// The project's folder.
        root: PathBuf,
    },
    /// Nothing was imported yet.
    #[error("there is no database yet; import a file of sales first")]
    NoDatabase,
    /// The version store cannot be opened.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// The database cannot be opened.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// The folder that holds `immostats.toml`, `data/` and `site/`. Only use cases open its databases and take its lock.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
    wait: bool,
}

/// Held by the one process that writes. The system lets go of it when the process ends, however it ends.
pub(super) struct Lock {
    _file: std::fs::File,
}

impl Project {
    /// The project in a folder. `wait` says whether its lock is waited for while another process holds it.
    pub fn new(root: impl Into<PathBuf>, wait: bool) -> Self {
        Self {
            root: root.into(),
            wait,
        }
    }

    /// A project in a folder of this one.
    pub fn within(&self, folder: &str) -> Self {
        Self::new(self.root.join(folder), self.wait)
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the databases are; there from the first command that writes.
    pub fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// The database of sales.
    pub(super) fn database(&self) -> PathBuf {
        self.in_force("immostats.db")
    }

    /// The version store.
    pub(super) fn versions(&self) -> PathBuf {
        self.in_force("versions.db")
    }

    /// Where a database is: in `data/`, or still in the folder that a restoration left.
    fn in_force(&self, name: &str) -> PathBuf {
        let restored = self.restored().join(name);
        match restored.exists() {
            true => restored,
            false => self.data().join(name),
        }
    }

    /// The folder of restored databases. From the moment that it has this name they are those of the project, both at
    /// once; whoever takes the lock next moves them to their places.
    pub(super) fn restored(&self) -> PathBuf {
        self.data().join("restored")
    }

    /// Where the files of the sources come to, a folder a source.
    pub fn downloads(&self) -> PathBuf {
        self.root.join("data/downloads")
    }

    /// Templates of the project's own, which stand in for the built-in ones; `None` when there are none.
    pub fn templates(&self) -> Option<PathBuf> {
        Some(self.root.join("templates")).filter(|path| path.is_dir())
    }

    /// The site, which is a checkout of the live version.
    pub fn site(&self) -> PathBuf {
        self.root.join("site")
    }

    /// The project's settings, those of its services looked at too.
    ///
    /// # Errors
    /// When this is no project, or its settings cannot be used.
    pub fn config(&self) -> Result<Config, ConfigError> {
        self.settings().map(|(config, _)| config)
    }

    /// The project's settings, and those of the services around it.
    ///
    /// # Errors
    /// When this is no project, or its settings cannot be used.
    pub fn settings(&self) -> Result<(Config, Services), ConfigError> {
        let file = ConfigFile::open(&self.root)?;
        let (config, services) = (Config::read(&file)?, Services::read(&file)?);
        file.parse(|_| services.deploy.accept(&config))?;
        Ok((config, services))
    }

    /// The version store to read from, which has to hold a version.
    ///
    /// # Errors
    /// When it holds none, or cannot be opened.
    pub(super) fn store(&self) -> Result<Store, ProjectError> {
        match Store::open_read_only(&self.versions())? {
            Some(store) if store.head()?.is_some() => Ok(store),
            _ => Err(ProjectError::NoVersion {
                root: self.root.clone(),
            }),
        }
    }

    /// The version store to write to, which has to hold a version.
    ///
    /// # Errors
    /// As [`Project::store`].
    pub(super) fn store_to_write(&self) -> Result<Store, ProjectError> {
        drop(self.store()?);
        Ok(Store::open(&self.versions())?)
    }

    /// Makes sure that nobody else writes, as [`Project::lock`], where there is a version. A folder without one, which
    /// may be none of ours, stays as it is.
    ///
    /// # Errors
    /// As [`Project::lock`], and when there is no version.
    pub(super) fn lock_with_store(&self, doing: &str) -> Result<(Lock, Store), ProjectError> {
        drop(self.store()?);
        let lock = self.lock(doing)?;
        Ok((lock, self.store_to_write()?))
    }

    /// The database of sales, to read from; it has to be there.
    ///
    /// # Errors
    /// When there is none, or it cannot be opened.
    pub(super) fn sales(&self) -> Result<Database, ProjectError> {
        Database::open_read_only(&self.database())?.ok_or(ProjectError::NoDatabase)
    }

    /// The database of sales, to read from; an empty one where there is none.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(super) fn sales_or_none(&self) -> Result<Database, DbError> {
        Database::open_read_only(&self.database())?.map_or_else(Database::in_memory, Ok)
    }

    /// Makes sure that nobody else writes. `doing` is what others are told.
    ///
    /// # Errors
    /// When another process holds the lock and this one is not to wait for it.
    pub(super) fn lock(&self, doing: &str) -> Result<Lock, ProjectError> {
        let data = self.root.join("data");
        let path = data.join("lock");
        let mut file = files::open_beside(&data, "lock")?;
        let failed = |source| ProjectError::Lock {
            path: path.clone(),
            source,
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if self.wait => {
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
        files::replace_databases(&self.restored())?;
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
