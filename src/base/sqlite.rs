//! The one way into an SQLite file of ours: what it is is told by the tables that stand in it, it is brought to the
//! present schema in one transaction, and a file that cannot be is refused and stays byte for byte as it was.

mod forward;
mod shape;
#[cfg(test)]
mod tests;
mod whole;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use thiserror::Error;

pub use shape::Shape;
pub use whole::{copy, integrity};

/// How long a connection waits for another one that writes.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection is used by one thread at a time, as its type sees to: it need not lock itself at each value that is read.
const ONE_THREAD: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX;

/// What stands in the way of bringing a file forward.
pub type MigrationError = Box<dyn Error + Send + Sync>;

/// A kind of SQLite file: what tells it from others, and everything that makes one.
pub struct Schema {
    /// What messages call it, after "immostats": `database`.
    pub name: &'static str,
    /// SQLite's `application_id`, by which other programs tell the file.
    pub application_id: i32,
    /// What a new file goes through, in order. A migration that has landed never changes: another follows it.
    pub migrations: &'static [&'static str],
    /// Its views, by their names. They hold nothing, so each opening makes anew those that read otherwise, and no
    /// migration has to.
    pub views: fn() -> Vec<(&'static str, String)>,
    /// Pragmas to be set before a new file gets its first table.
    pub first: &'static [(&'static str, &'static str)],
    /// Pragmas of each connection that may write, besides those that every store has.
    pub settings: &'static [(&'static str, &'static str)],
    /// Forms that the first migration had before it was frozen.
    pub earlier: &'static [EarlierForm],
    /// Makes what follows from the rest, after a file was brought forward without it; what is there already stays.
    pub derive: fn(&Connection) -> Result<(), MigrationError>,
    /// The tables after each of the migrations, once they have been asked for.
    pub shapes: OnceLock<Vec<Shape>>,
}

/// A form that a store's first migration had. Its tables are renamed, today's are made, `scripts` fill those whose
/// content moved, and each table that has a namesake takes over the columns that both have.
pub struct EarlierForm {
    /// The digest of the shape of its tables, those of later migrations apart.
    pub digest: &'static str,
    /// SQL from tables named `earlier_…` into today's. A table that it drops is not taken over.
    pub scripts: &'static [&'static str],
}

/// Why a file cannot be used. The file is left as it was.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The file is no SQLite database, or one of another program.
    #[error(
        "{} is not an immostats {name}; move it away, or put a saved one in its place with `immostats state restore`",
        path.display()
    )]
    Foreign {
        /// What the store is called in messages.
        name: &'static str,
        /// The file that was to be opened.
        path: PathBuf,
    },
    /// The schema has migrations that this program does not know.
    #[error(
        "the {name} {} was made by a newer immostats (schema {found}, this one knows {known}); update immostats",
        path.display()
    )]
    Newer {
        /// What the store is called in messages.
        name: &'static str,
        /// The file that was to be opened.
        path: PathBuf,
        /// How many migrations the file has been through.
        found: i32,
        /// How many migrations this program knows.
        known: usize,
    },
    /// The file says that an immostats made it, but its tables are of no form that one had, or it is corrupt.
    #[error(
        "the tables of the {name} {} are none that an immostats made; put a saved one in its place with `immostats state restore`, or move it away and begin anew",
        path.display()
    )]
    Unknown {
        /// What the store is called in messages.
        name: &'static str,
        /// The file that was to be opened.
        path: PathBuf,
    },
    /// A migration failed and was undone.
    #[error(
        "the {name} {} was made by an earlier immostats and cannot be brought forward: {source}; put a saved one in its place with `immostats state restore`, or move it away and begin anew",
        path.display()
    )]
    Migration {
        /// What the store is called in messages.
        name: &'static str,
        /// The file that was to be opened.
        path: PathBuf,
        /// The step that failed, and why.
        source: MigrationError,
    },
    /// SQLite could not open the file or read its schema.
    #[error("the {name} {} cannot be opened: {source}", path.display())]
    Sql {
        /// What the store is called in messages.
        name: &'static str,
        /// The file that was to be opened.
        path: PathBuf,
        /// SQLite's own report.
        source: rusqlite::Error,
    },
}

/// Whether SQLite says that a file is damaged, or none of its own.
pub fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(
        error.sqlite_error_code(),
        Some(DatabaseCorrupt | NotADatabase)
    )
}

impl OpenError {
    /// Whether the file is none that an immostats left, or no longer.
    pub fn is_damage(&self) -> bool {
        !matches!(self, Self::Newer { .. } | Self::Sql { .. })
    }

    /// Why a store cannot be used, without a word of where it is or what to put in its place.
    pub fn reason(&self) -> String {
        match self {
            Self::Foreign { name, .. } | Self::Unknown { name, .. } => {
                format!("its {name} is none that an immostats made")
            }
            Self::Newer {
                name, found, known, ..
            } => format!(
                "its {name} was made by a newer immostats (schema {found}, this one knows {known}); update immostats"
            ),
            Self::Migration { name, source, .. } => {
                format!("its {name} cannot be brought forward: {source}")
            }
            Self::Sql { name, source, .. } => format!("its {name} cannot be opened: {source}"),
        }
    }
}

/// How a file stands to the present schema.
#[derive(Clone, Copy)]
enum State {
    /// There is no table in it.
    New,
    /// It has been through this many of the migrations.
    Migrated(usize),
    /// It has been through this many, but the first of them had an earlier form, which is that with this number in the list.
    Earlier(usize, usize),
}

impl Schema {
    /// Opens a file to read and write, makes it when it does not exist, and brings it to the present schema.
    ///
    /// # Errors
    /// When the file is none of ours, of a newer program, or cannot be brought forward; it then is as it was.
    pub fn open(&self, path: &Path) -> Result<Connection, OpenError> {
        let state = match self.look(path)? {
            Some((_, state)) => state,
            None => State::New,
        };
        let failed = |source| self.failed(path, source);
        let mut connection = Connection::open(path).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        let new = matches!(state, State::New);
        if new {
            // The first table fixes some of them; a file with tables is not written to before it is brought forward.
            set(&connection, self.first).map_err(failed)?;
            self.settle(&connection).map_err(failed)?;
        }
        if !self.is_present(&connection, state).map_err(failed)? {
            self.migrate(&mut connection, path)?;
        }
        if !new {
            self.settle(&connection).map_err(failed)?;
        }
        Ok(connection)
    }

    /// Opens a file to read from, without leaving a trace beside it; `None` when there is none, or it is empty. One of an
    /// earlier schema is brought forward first, as by every command of a new program.
    ///
    /// # Errors
    /// As [`Schema::open`].
    pub fn open_read_only(&self, path: &Path) -> Result<Option<Connection>, OpenError> {
        match self.look(path)? {
            None => Ok(None),
            // Who made it was stopped before it held anything.
            Some((_, State::New)) => {
                tracing::warn!(
                    "the {} {} is empty: the command that made it was stopped before it wrote anything",
                    self.name,
                    path.display()
                );
                Ok(None)
            }
            Some((connection, State::Migrated(steps))) if steps == self.migrations.len() => {
                self.beside_writers(path, connection).map(Some)
            }
            Some((connection, _)) => {
                drop(connection);
                drop(self.open(path)?);
                let looked = self.look(path)?;
                looked
                    .map(|(connection, _)| self.beside_writers(path, connection))
                    .transpose()
            }
        }
    }

    /// An empty store in memory.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn in_memory(&self) -> Result<Connection, OpenError> {
        let path = Path::new(":memory:");
        let memory = Connection::open_in_memory();
        let mut connection = memory.map_err(|source| self.failed(path, source))?;
        self.migrate(&mut connection, path)?;
        Ok(connection)
    }

    /// A connection that may be read from while others write; `looked` is the one that looked at the file, and takes for granted
    /// that nobody does where there was no journal. Where the file or its folder may not be written to, it is all there is.
    fn beside_writers(&self, path: &Path, looked: Connection) -> Result<Connection, OpenError> {
        if journal(path).exists() {
            return Ok(looked);
        }
        // The last connection that may write removes the journal when it is closed: one that may only read would leave it.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | ONE_THREAD;
        let Ok(connection) = Connection::open_with_flags(path, flags) else {
            return Ok(looked);
        };
        let failed = |source| self.failed(path, source);
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        connection
            .pragma_update(None, "query_only", true)
            .map_err(failed)?;
        let is_shared = !connection.is_readonly("main").map_err(failed)?
            && connection
                .query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
                .is_ok();
        Ok(if is_shared { connection } else { looked })
    }

    /// Tells how a file stands to the present schema, and leaves no trace of having read it.
    fn look(&self, path: &Path) -> Result<Option<(Connection, State)>, OpenError> {
        if !path.exists() {
            return Ok(None);
        }
        let failed = |source| self.failed(path, source);
        // Where nobody writes there is no journal, and SQLite need not make one to read.
        let connection = if journal(path).exists() {
            open_with_journal(path)
        } else {
            let escaped = path
                .to_string_lossy()
                .replace('%', "%25")
                .replace('?', "%3f")
                .replace('#', "%23");
            Connection::open_with_flags(
                format!("file:{escaped}?immutable=1"),
                OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | ONE_THREAD,
            )
        }
        .map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        let state = self.recognise(&connection, path)?;
        Ok(Some((connection, state)))
    }

    /// Tells how a file stands to the present schema by the tables in it. What its `user_version` says counts only where
    /// it is higher than any that this program knows.
    fn recognise(&self, connection: &Connection, path: &Path) -> Result<State, OpenError> {
        let failed = |source| self.failed(path, source);
        let name = self.name;
        let number = |query| connection.query_row(query, [], |row| row.get::<_, i32>(0));
        let tables = number("SELECT count(*) FROM sqlite_schema").map_err(failed)?;
        let application = number("PRAGMA application_id").map_err(failed)?;
        let found = number("PRAGMA user_version").map_err(failed)?;
        if application != self.application_id && (tables > 0 || application != 0) {
            let path = path.into();
            return Err(OpenError::Foreign { name, path });
        }
        let known = self.migrations.len();
        if usize::try_from(found).is_ok_and(|found| found > known) {
            let path = path.into();
            return Err(OpenError::Newer {
                name,
                path,
                found,
                known,
            });
        }
        if tables == 0 {
            return Ok(State::New);
        }
        let shape = Shape::read(connection).map_err(failed)?;
        let state = self.state_of(&shape).map_err(failed)?;
        state.ok_or_else(|| OpenError::Unknown {
            name,
            path: path.into(),
        })
    }

    /// The state of a file with such tables; `None` when no program made them.
    fn state_of(&self, shape: &Shape) -> rusqlite::Result<Option<State>> {
        let shapes = self.shapes()?;
        if let Some(last) = shapes.iter().rposition(|known| shape.holds(known)) {
            return Ok(Some(State::Migrated(last + 1)));
        }
        // What the later migrations brought is the same whatever the form of the first.
        let mut first = shape.clone();
        let mut steps = 1;
        for pair in shapes.windows(2) {
            if !first.take(&pair[0], &pair[1]) {
                break;
            }
            steps += 1;
        }
        let digest = first.digest();
        let form = self.earlier.iter().position(|form| form.digest == digest);
        Ok(form.map(|form| State::Earlier(steps, form)))
    }

    /// The tables after each of the migrations.
    fn shapes(&self) -> rusqlite::Result<&[Shape]> {
        if let Some(shapes) = self.shapes.get() {
            return Ok(shapes);
        }
        let connection = Connection::open_in_memory()?;
        let shapes = self.migrations.iter().map(|migration| {
            connection.execute_batch(migration)?;
            Shape::read(&connection)
        });
        let shapes = shapes.collect::<Result<_, _>>()?;
        Ok(self.shapes.get_or_init(|| shapes))
    }

    /// Sets what each connection needs. In WAL mode a transaction is whole or absent after a kill, and readers see the
    /// last one.
    fn settle(&self, connection: &Connection) -> rusqlite::Result<()> {
        set(
            connection,
            &[
                ("journal_mode", "WAL"),
                ("synchronous", "NORMAL"),
                ("foreign_keys", "ON"),
                // 64 MiB, in KiB: the upper levels of the largest index.
                ("cache_size", "-65536"),
            ],
        )?;
        set(connection, self.settings)
    }

    fn failed(&self, path: &Path, source: rusqlite::Error) -> OpenError {
        let (name, path) = (self.name, path.to_owned());
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => OpenError::Foreign { name, path },
            Some(rusqlite::ErrorCode::DatabaseCorrupt) => OpenError::Unknown { name, path },
            _ => OpenError::Sql { name, path, source },
        }
    }
}

/// Where the journal of a file stands while there is one.
fn journal(path: &Path) -> PathBuf {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-wal");
    journal.into()
}

/// Opens a file with a journal to read from. Who reads a journal shares an index of it with who writes, in a file beside it;
/// where that file is not there and cannot be made, for want of a permission or on a medium that takes nothing, nobody writes
/// either: SQLite then keeps the index in memory, as it does for who has a database to itself, and no lock is taken.
fn open_with_journal(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | ONE_THREAD;
    let connection = Connection::open_with_flags(path, flags)?;
    match connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())) {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen) => {
            let alone = Connection::open_with_flags_and_vfs(path, flags, c"unix-none")?;
            alone.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            Ok(alone)
        }
        // Whatever else is wrong with it is told by who reads it.
        _ => Ok(connection),
    }
}

fn set(connection: &Connection, pragmas: &[(&str, &str)]) -> rusqlite::Result<()> {
    let mut pragmas = pragmas.iter();
    pragmas.try_for_each(|(name, value)| connection.pragma_update(None, name, value))
}
