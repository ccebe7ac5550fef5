//! A store that is about to take another's place, as a restored state does: what would be lost, and what goes on.

use std::path::Path;

use super::error::VersionError;
use super::live::check_seal;
use super::manifest::hashes;
use super::store::Store;
use crate::base::sqlite::is_damage;

impl VersionError {
    /// Whether the store is none that an immostats left, or no longer.
    pub(crate) fn is_damage(&self) -> bool {
        match self {
            Self::Open(error) => error.is_damage(),
            Self::Sql(error) => is_damage(error),
            _ => false,
        }
    }
}

impl Store {
    /// Proves that the history and the list of each version's files are those that were written.
    ///
    /// # Errors
    /// When one is not, or SQLite fails.
    pub(crate) fn check_records(&self) -> Result<(), VersionError> {
        check_seal(&self.connection)?;
        for version in self.versions()? {
            hashes(&self.connection, version.id)?;
        }
        Ok(())
    }

    /// The versions that another store never had, by their numbers. A version that the other dropped stands in its
    /// records of runs.
    ///
    /// # Errors
    /// When SQLite fails, or the other is no store of the present schema.
    pub(crate) fn versions_unknown_to(&self, other: &Path) -> Result<Vec<String>, VersionError> {
        let connection = &self.connection;
        connection.execute("ATTACH ? AS other", [other.to_string_lossy()])?;
        let mut statement = connection.prepare(
            "SELECT number FROM versions v
             WHERE NOT EXISTS (SELECT 1 FROM other.versions o WHERE o.number = v.number AND o.digest IS v.digest)
               AND NOT EXISTS (SELECT 1 FROM runs r JOIN other.runs o USING (id, started_at, completed_at, command, version)
                               WHERE r.version = v.number)
             ORDER BY id",
        )?;
        let unknown = statement.query_map([], |row| row.get(0))?;
        let unknown = unknown.collect::<Result<_, _>>()?;
        drop(statement);
        connection.execute("DETACH other", [])?;
        Ok(unknown)
    }
}

/// Tells a store that is about to take another's place what only the other knows of the world: which files of `site/` are
/// ours, which numbers were given, and what a CDN was told last and has still to forget.
///
/// # Errors
/// When one of them is no store, or SQLite fails.
pub fn inherit(new: &Path, old: &Path) -> Result<(), VersionError> {
    // Brings it to the present schema, so that the tables are the same.
    drop(Store::open(old)?);
    let connection = Store::open(new)?.connection;
    connection.execute("ATTACH ? AS old", [old.to_string_lossy()])?;
    connection.execute_batch(
        "BEGIN;
         INSERT OR REPLACE INTO checkout (path, hash, size, modified)
         SELECT path, hash, size, modified FROM old.checkout;
         INSERT INTO numbers (day, last) SELECT day, last FROM old.numbers WHERE true
         ON CONFLICT DO UPDATE SET last = max(last, excluded.last);
         INSERT INTO purges (planned_at, completed_at, cdn, since, version, run_files)
         SELECT planned_at, completed_at, cdn, since, version, run_files FROM old.purges ORDER BY id DESC LIMIT 1;
         INSERT INTO unpurged (address) SELECT address FROM old.unpurged WHERE true ON CONFLICT DO NOTHING;
         COMMIT;",
    )?;
    Ok(())
}
