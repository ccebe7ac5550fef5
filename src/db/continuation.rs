//! A database that is about to take another's place, as a restored state does: what would be lost.

use std::path::Path;

use super::{Database, DbError};
use crate::base::sqlite::is_damage;

impl DbError {
    /// Whether the database is none that an immostats left, or no longer.
    pub(crate) fn is_damage(&self) -> bool {
        match self {
            Self::Open(error) => error.is_damage(),
            Self::Sql(error) => is_damage(error),
            _ => false,
        }
    }
}

impl Database {
    /// How many mutations another database lacks. None where it knows all imports of this one: what it lacks was then
    /// withdrawn since.
    ///
    /// # Errors
    /// When SQLite fails, or the other is no database of the present schema.
    pub(crate) fn mutations_unknown_to(&self, other: &Path) -> Result<u64, DbError> {
        let connection = &self.connection;
        connection.execute("ATTACH ? AS other", [other.to_string_lossy()])?;
        let number = |query: &str| connection.query_row(query, [], |row| row.get::<_, i64>(0));
        let imports = "SELECT batch_id, source_file, completed_at FROM";
        let mut unknown = number(&format!(
            "SELECT count(*) FROM ({imports} update_log WHERE status = 'done' EXCEPT {imports} other.update_log)"
        ))?;
        if unknown > 0 {
            unknown = number(
                "SELECT count(*) FROM mutations m WHERE NOT EXISTS
                 (SELECT 1 FROM other.mutations o
                  WHERE o.annee = m.annee AND o.commune = m.commune AND o.jour = m.jour AND o.id = m.id)",
            )?;
        }
        connection.execute("DETACH other", [])?;
        Ok(unknown as u64)
    }
}
