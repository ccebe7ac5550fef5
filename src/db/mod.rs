//! The SQLite database: every mutation, what was imported, the cached figures. No SQL of it stands anywhere else.
//!
//! It can be read with the `sqlite3` shell: `transactions` and the view `ventes`, the view `stats_cache`, `update_log`.

mod compare;
mod import;
mod in_force;
mod kept;
mod pool;
mod releases;
mod sales;
mod sources;
mod status;
mod store;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use thiserror::Error;

use crate::geo::GeoError;

pub use import::{Applied, Batch, YearChange};
pub use in_force::FileInForce;
pub use kept::SalesReader;
pub use releases::{CommuneChange, News, Release, ReleaseYear};
pub use sales::{CommuneSales, SaleColumns, digests};
pub(crate) use status::integrity;
pub use status::{LogEntry, Summary};
pub use store::{FiguresKey, FiguresReader, StoredFigures};

/// Migrations, in order; `user_version` counts those that a database has been through.
const MIGRATIONS: [&str; 3] = [
    include_str!("0001_initial.sql"),
    include_str!("0002_sources.sql"),
    include_str!("0003_releases.sql"),
];

/// "immo" in ASCII: the `file` command and other programs tell the database by it.
const APPLICATION_ID: i32 = 0x696d_6d6f;

/// Pages in the journal from which on a commit moves them into the database: SQLite's default.
const CHECKPOINT: i64 = 1_000;

/// Why the database cannot be used.
#[derive(Debug, Error)]
pub enum DbError {
    #[error("the database {} cannot be opened: {source}", path.display())]
    Open {
        path: PathBuf,
        source: rusqlite::Error,
    },
    #[error("the database {} was made by a newer immostats (schema {found}, this one knows {known}); update immostats", path.display())]
    Newer {
        path: PathBuf,
        found: usize,
        known: usize,
    },
    #[error("{} is not an immostats database", path.display())]
    Foreign { path: PathBuf },
    #[error("the database could not carry out the operation: {0}")]
    Sql(#[from] rusqlite::Error),
    #[error("the places of France in the database cannot be read or written: {0}")]
    Cog(std::io::Error),
    #[error("the places of France are not whole: {0}")]
    Places(Box<GeoError>),
    #[error(
        "the sales of département {departement} in {year} are damaged in the database; restore a saved state, or import its files into a new one"
    )]
    Columns { departement: String, year: i16 },
    #[error("columns of sales could not be compressed: {0}")]
    Compress(std::io::Error),
    #[error("the figures of {place} in the database are not what this immostats writes: {source}")]
    Figures {
        place: String,
        source: serde_json::Error,
    },
}

impl DbError {
    fn open(path: &Path, source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => Self::Foreign { path: path.into() },
            _ => Self::Open {
                path: path.into(),
                source,
            },
        }
    }
}

/// An open database.
pub struct Database {
    connection: Connection,
    /// Absent where it is in memory.
    path: Option<PathBuf>,
}

impl Database {
    /// Opens the database, makes it when it does not exist, and brings it to the present schema.
    ///
    /// # Errors
    /// When the file is not a database of ours, or is one of a newer version.
    pub fn open(path: &Path) -> Result<Self, DbError> {
        let failed = |source| DbError::open(path, source);
        let mut connection = Connection::open(path).map_err(failed)?;
        // Before anything is set: a database of somebody else's stays as it is.
        check(&connection, path)?;
        prepare(&connection).map_err(failed)?;
        migrate(&mut connection, path)?;
        Ok(Self {
            connection,
            path: Some(path.into()),
        })
    }

    /// Opens an existing database to read from, without leaving a trace beside it; `None` when there is none.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn open_read_only(path: &Path) -> Result<Option<Self>, DbError> {
        if !path.exists() {
            return Ok(None);
        }
        let failed = |source| DbError::open(path, source);
        let mut journal = path.as_os_str().to_owned();
        journal.push("-wal");
        // Where nobody writes there is no journal, and SQLite need not make one to read.
        let connection = if Path::new(&journal).exists() {
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        } else {
            let escaped = path
                .to_string_lossy()
                .replace('%', "%25")
                .replace('?', "%3f")
                .replace('#', "%23");
            Connection::open_with_flags(
                format!("file:{escaped}?immutable=1"),
                OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
            )
        }
        .map_err(failed)?;
        check(&connection, path)?;
        Ok(Some(Self {
            connection,
            path: Some(path.into()),
        }))
    }

    /// An empty database in memory, for a report on what an import would do where there is none yet.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn in_memory() -> Result<Self, DbError> {
        let mut connection = Connection::open_in_memory()?;
        migrate(&mut connection, Path::new(":memory:"))?;
        Ok(Self {
            connection,
            path: None,
        })
    }

    /// Leaves what is committed in the journal until [`Database::checkpoint`], or no longer.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn defer_checkpoints(&self, defer: bool) -> Result<(), DbError> {
        let pages = if defer { 0 } else { CHECKPOINT };
        Ok(self
            .connection
            .pragma_update(None, "wal_autocheckpoint", pages)?)
    }

    /// What moves what is in the journal into the database, on a thread of its own if need be: a connection like this
    /// one. `None` for a database in memory.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn checkpointer(&self) -> Result<Option<Self>, DbError> {
        self.path.as_deref().map(Self::open).transpose()
    }

    /// Moves what is in the journal into the database, as far as nobody is at work there.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn checkpoint(&self) -> Result<(), DbError> {
        let passive = "PRAGMA wal_checkpoint(PASSIVE)";
        Ok(self.connection.query_row(passive, [], |_| Ok(()))?)
    }

    /// How many migrations the database has been through: fewer than there are where it is open for reading only.
    fn schema(&self) -> Result<usize, DbError> {
        let version = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        let version = self
            .connection
            .query_row("PRAGMA user_version", [], version)?;
        Ok(version as usize)
    }

    fn state(&self, key: &str) -> Result<Option<String>, DbError> {
        use rusqlite::OptionalExtension;
        Ok(self
            .connection
            .query_row("SELECT value FROM state WHERE key = ?", [key], |row| {
                row.get(0)
            })
            .optional()?)
    }
}

/// What each connection needs. In WAL mode a transaction is whole or absent after a kill, and readers see the last one.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // 64 MiB, in KiB: the upper levels of the largest index.
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))
}

/// The schema's version, 0 for a new file.
fn check(connection: &Connection, path: &Path) -> Result<usize, DbError> {
    let failed = |source| DbError::open(path, source);
    let read = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let version = read("user_version").map_err(failed)?;
    let application = read("application_id").map_err(failed)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(failed)?;
    if tables > 0 && application != APPLICATION_ID {
        return Err(DbError::Foreign { path: path.into() });
    }
    let version = usize::try_from(version).unwrap_or(usize::MAX);
    if version > MIGRATIONS.len() {
        return Err(DbError::Newer {
            path: path.into(),
            found: version,
            known: MIGRATIONS.len(),
        });
    }
    Ok(version)
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), DbError> {
    let version = check(connection, path)?;
    if version == MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for migration in &MIGRATIONS[version..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i32)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()?;
    Ok(())
}

/// The time of a run, RFC 3339 in UTC, to the second.
pub fn now() -> String {
    crate::base::clock::now().to_string()
}
