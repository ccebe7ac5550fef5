//! Connections to read by from many threads.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::{Database, DbError};

/// Connections to one database, one for each thread of the pool that asks.
pub(super) struct Connections {
    path: PathBuf,
    connections: Vec<Mutex<Option<Database>>>,
}

impl Connections {
    /// To the file of a database; `None` for one in memory.
    pub(super) fn to(database: &Database) -> Option<Self> {
        let threads = rayon::current_num_threads();
        Some(Self {
            path: database.path.clone()?,
            connections: (0..threads).map(|_| Mutex::default()).collect(),
        })
    }

    /// What is read by the connection of this thread.
    ///
    /// # Errors
    /// When the database cannot be opened, and those of `read`.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Database) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let thread = rayon::current_thread_index().unwrap_or(0);
        let mut connection = self.connections[thread % self.connections.len()]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if connection.is_none() {
            *connection = Database::open_read_only(&self.path)?;
        }
        let Some(database) = &*connection else {
            return Err(rusqlite::Error::QueryReturnedNoRows.into());
        };
        read(database)
    }
}
