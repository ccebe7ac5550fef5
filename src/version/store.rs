//! The file of the version store, and the version that is live in it.

use std::path::Path;
use std::sync::OnceLock;

use rusqlite::{Connection, OptionalExtension, params};

use super::archive;
use super::error::VersionError;
use super::inputs::Inputs;
use super::manifest;
use crate::base::sqlite::{self, EarlierForm, Schema};

/// What `data/versions.db` is.
static SCHEMA: Schema = Schema {
    name: "version store",
    // "imvs" in ASCII.
    application_id: 0x696d_7673,
    migrations: &[
        include_str!("0001_initial.sql"),
        include_str!("0002_runs.sql"),
        include_str!("0003_published.sql"),
        include_str!("0004_purges.sql"),
        include_str!("0005_admin.sql"),
        include_str!("0006_operator_files.sql"),
        include_str!("0007_numbers.sql"),
        include_str!("0008_archive.sql"),
        include_str!("0009_archive_seal.sql"),
    ],
    views: || {
        vec![(
            "entries",
            "
-- Spans with a row for each path of each version.
SELECT v.id AS version, s.path, s.object
FROM versions v JOIN spans s ON v.id >= s.since AND (s.until IS NULL OR v.id < s.until)"
                .to_owned(),
        )]
    },
    // What a collection frees goes back to the file system without a copy of the whole.
    first: &[("auto_vacuum", "INCREMENTAL")],
    settings: &[],
    // Between commits of 21 November 2026; `tests/it/stores` holds one of each.
    earlier: &[
        EarlierForm {
            digest: "bd9450b972a3d391c4c201302290d0395f9c995b01df65ccc0af9e466ced5d41",
            scripts: &[
                include_str!("earlier_keys.sql"),
                include_str!("earlier_entries.sql"),
            ],
        },
        EarlierForm {
            digest: "bf60240232b6ecef18ec6223e33989be330d6ecb67b4d56e86c1a78a1c88e7f9",
            scripts: &[include_str!("earlier_entries.sql")],
        },
    ],
    derive: |connection| {
        manifest::seal_unsealed(connection)?;
        Ok(archive::seal_unsealed(connection)?)
    },
    shapes: OnceLock::new(),
};

/// The version that is live.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Its number in the store.
    pub id: i64,
    /// Its number for people, `2026.11.26.1`.
    pub number: String,
    /// What it was made from; `None` when only some pages were built.
    pub inputs: Option<Inputs>,
    /// It was brought back by a rollback.
    pub rolled_back: bool,
}

/// The version store.
pub struct Store {
    pub(super) connection: Connection,
}

impl Store {
    /// Opens the store, makes it when there is none, and brings it to the present schema.
    ///
    /// # Errors
    /// When the file is not a version store, or one that cannot be brought forward; it then is as it was.
    pub fn open(path: &Path) -> Result<Self, VersionError> {
        let connection = SCHEMA.open(path)?;
        Ok(Self { connection })
    }

    /// Never gives a number again that another store gave, nor one of its day before it.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn pass_over(&self, number: &str) -> Result<(), VersionError> {
        let parts = number.rsplit_once('.');
        let is_day = |day: &str| jiff::civil::Date::strptime("%Y.%m.%d", day).is_ok();
        let number = parts.and_then(|(day, last)| Some((day, last.parse::<u32>().ok()?)));
        let Some((day, last)) = number.filter(|(day, _)| is_day(day)) else {
            return Ok(());
        };
        self.connection.execute(
            "INSERT INTO numbers (day, last) VALUES (?, ?) ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
            params![day, last],
        )?;
        Ok(())
    }

    /// Opens a store to read from, without leaving a trace beside it; `None` when there is none, or nothing in it. One of
    /// an earlier immostats is brought to the present schema first.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_read_only(path: &Path) -> Result<Option<Self>, VersionError> {
        let connection = SCHEMA.open_read_only(path)?;
        Ok(connection.map(|connection| Self { connection }))
    }

    /// Copies it to a new file, as it is in this moment.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn copy_to(&self, path: &Path) -> Result<(), VersionError> {
        Ok(sqlite::copy(&self.connection, path)?)
    }

    /// What SQLite's own checks complain of.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn integrity(&self) -> Result<Vec<String>, VersionError> {
        Ok(sqlite::integrity(&self.connection)?)
    }

    /// The live version; `None` before the first build.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn head(&self) -> Result<Option<Head>, VersionError> {
        let row = self
            .connection
            .query_row(
                "SELECT v.id, v.number, v.inputs, h.action = 'rollback'
                 FROM history h JOIN versions v ON v.id = h.version ORDER BY h.id DESC LIMIT 1",
                [],
                |row| {
                    Ok((
                        row.get(0)?,
                        row.get(1)?,
                        row.get::<_, Option<String>>(2)?,
                        row.get(3)?,
                    ))
                },
            )
            .optional()?;
        row.map(|(id, number, inputs, rolled_back)| {
            Ok(Head {
                id,
                number,
                inputs: inputs.as_deref().map(serde_json::from_str).transpose()?,
                rolled_back,
            })
        })
        .transpose()
    }

    /// The inputs of the last build, live or rolled back since.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn last_built(&self) -> Result<Option<Inputs>, VersionError> {
        let Some(version) = self.last_build()? else {
            return Ok(None);
        };
        let inputs: Option<String> = self.connection.query_row(
            "SELECT inputs FROM versions WHERE id = ?",
            [version],
            |row| row.get(0),
        )?;
        Ok(inputs.as_deref().map(serde_json::from_str).transpose()?)
    }

    /// The version that was built last.
    pub(super) fn last_build(&self) -> Result<Option<i64>, VersionError> {
        Ok(self
            .connection
            .query_row(
                "SELECT version FROM history WHERE action = 'build' ORDER BY id DESC LIMIT 1",
                [],
                |row| row.get(0),
            )
            .optional()?)
    }
}
