//! What the store holds before a build: what the build is compared with, and what it need not make again.

use super::error::VersionError;
use super::manifest::StoredPath;
use super::objects::Hash;
use super::store::Store;

/// What the store holds, path by path.
pub struct Baseline {
    /// In the order of the paths.
    pub(super) pages: Vec<StoredPath>,
}

impl Store {
    /// What the store holds, for a build to start from.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn baseline(&self) -> Result<Baseline, VersionError> {
        let head = self.head()?.map(|head| head.id);
        let mut statement = self.connection.prepare(
            "SELECT p.id, p.path, o.id, o.hash, last.object, r.key, r.object
             FROM paths p
             LEFT JOIN spans live ON live.path = p.id AND live.since <= ?1 AND (live.until IS NULL OR live.until > ?1)
             LEFT JOIN objects o ON o.id = live.object
             LEFT JOIN spans last ON last.path = p.id AND last.until IS NULL
             LEFT JOIN rendered r ON r.path = p.id
             ORDER BY p.path",
        )?;
        let pages = statement.query_map([head], |row| {
            let live: (Option<i64>, Option<Hash>) = (row.get(2)?, row.get(3)?);
            let made: (Option<Hash>, Option<i64>) = (row.get(5)?, row.get(6)?);
            Ok(StoredPath {
                id: row.get(0)?,
                path: row.get(1)?,
                live: live.0.zip(live.1),
                last: row.get(4)?,
                made: made.0.zip(made.1),
            })
        })?;
        let pages = pages.collect::<Result<_, _>>()?;
        Ok(Baseline { pages })
    }
}
