//! The open database and its schema.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rusqlite::{Connection, OptionalExtension};

use super::{DbError, keep, seals, views};
use crate::base::sqlite::{self, EarlierForm, Schema};

/// What `data/immostats.db` is.
static SCHEMA: Schema = Schema {
    name: "database",
    // "immo" in ASCII.
    application_id: 0x696d_6d6f,
    migrations: &[
        include_str!("0001_initial.sql"),
        include_str!("0002_sources.sql"),
        include_str!("0003_releases.sql"),
        include_str!("0004_stray_dates.sql"),
        include_str!("0005_best_editions.sql"),
        include_str!("0006_columns.sql"),
        include_str!("0007_edition_months.sql"),
        include_str!("0008_models.sql"),
        include_str!("0009_contours.sql"),
        include_str!("0010_indicators.sql"),
        include_str!("0011_facts.sql"),
        include_str!("0012_place_keys.sql"),
        include_str!("0013_local_notes.sql"),
        include_str!("0014_edition_medians.sql"),
        include_str!("0015_act_parts.sql"),
        include_str!("0016_seals.sql"),
    ],
    views: views::views,
    first: &[],
    settings: &[("temp_store", "MEMORY")],
    // Between commits of 21 November 2026; `tests/it/stores` holds one of each.
    earlier: &[
        EarlierForm {
            digest: "19cd3c9dad8505c5cbe7dca5b1bae79c66e4bb31daa4523a8cdc5eee199b73d8",
            scripts: &[
                include_str!("earlier_log.sql"),
                include_str!("earlier_transactions.sql"),
            ],
        },
        EarlierForm {
            digest: "6b135e605612b3c8447d7d2b967771708565d09025fcdbe568599b64f8426a7f",
            scripts: &[include_str!("earlier_transactions.sql")],
        },
        EarlierForm {
            digest: "23e8acf5373ff369ac0cacb6dc78544194c19d79f3477903b43566ae8a2f4833",
            scripts: &[include_str!("earlier_transactions.sql")],
        },
        EarlierForm {
            digest: "eb385d16f77f3badd26f039dc47ac89f905c3c02d66b6d1d33fd06d877286696",
            scripts: &[include_str!("earlier_transactions.sql")],
        },
    ],
    derive: |connection| {
        keep::keep_missing(connection)?;
        Ok(seals::seal_all(connection)?)
    },
    shapes: OnceLock::new(),
};

/// Pages in the journal from which on a commit moves them into the database: SQLite's default.
const CHECKPOINT: i64 = 1_000;

/// An open database.
pub struct Database {
    pub(super) connection: Connection,
    /// Absent where it is in memory.
    pub(super) path: Option<PathBuf>,
}

impl Database {
    /// Opens the database, makes it when it does not exist, and brings it to the present schema.
    ///
    /// # Errors
    /// When the file is not a database of ours, or one that cannot be brought forward; it then is as it was.
    pub fn open(path: &Path) -> Result<Self, DbError> {
        Ok(Self {
            connection: SCHEMA.open(path)?,
            path: Some(path.into()),
        })
    }

    /// Opens an existing database to read from, without leaving a trace beside it; `None` when there is none. One of an
    /// earlier immostats is brought to the present schema first.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn open_read_only(path: &Path) -> Result<Option<Self>, DbError> {
        let connection = SCHEMA.open_read_only(path)?;
        Ok(connection.map(|connection| Self {
            connection,
            path: Some(path.into()),
        }))
    }

    /// An empty database in memory, for a report on what an import would do where there is none yet.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn in_memory() -> Result<Self, DbError> {
        Ok(Self {
            connection: SCHEMA.in_memory()?,
            path: None,
        })
    }

    /// Copies it to a new file, as it is in this moment.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn copy_to(&self, path: &Path) -> Result<(), DbError> {
        Ok(sqlite::copy(&self.connection, path)?)
    }

    /// Switches SQLite's automatic checkpoints off, or on again. While they are off, what is committed stays in the journal
    /// until [`Database::checkpoint`] moves it into the database.
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

    pub(super) fn state(&self, key: &str) -> Result<Option<String>, DbError> {
        Ok(self
            .connection
            .query_row("SELECT value FROM state WHERE key = ?", [key], |row| {
                row.get(0)
            })
            .optional()?)
    }

    /// Sets the value of a key of the state, in whatever transaction the connection is.
    pub(super) fn set_state(
        connection: &Connection,
        key: &str,
        value: &str,
    ) -> rusqlite::Result<usize> {
        let sql = "INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)";
        connection.execute(sql, [key, value])
    }
}
