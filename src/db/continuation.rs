//! A database that is about to take another's place, as a restored state does: what would be lost.

use std::path::Path;

use rusqlite::Connection;

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

/// What files of sources brought, and a question that gives what of it the other database lacks: ids of sources, and of contours
/// the territories. What was imported there later than here takes the place of what is here, where that is replaced as a whole.
const IMPORTED: [(&str, &str); 4] = [
    (
        "the indicators of",
        "SELECT e.source FROM editions e
         LEFT JOIN other.editions o USING (source, millesime, indicateur, periode)
         WHERE o.id IS NULL OR o.sceau != e.sceau AND (
             o.importe_le <= e.importe_le OR (SELECT count(*) FROM valeurs WHERE edition = e.id)
                                             > (SELECT count(*) FROM other.valeurs WHERE edition = o.id))
         UNION SELECT source FROM (SELECT source, cle FROM cles EXCEPT SELECT source, cle FROM other.cles)",
    ),
    (
        "the facts of",
        "SELECT source FROM (SELECT source, cle, jour FROM faits_zones z JOIN faits_jours j ON j.zone = z.id
                             EXCEPT SELECT source, cle, jour FROM other.faits_zones z JOIN other.faits_jours j ON j.zone = z.id)
         UNION SELECT f.source FROM faits_fichiers f LEFT JOIN other.faits_fichiers o USING (source, nom)
         WHERE o.id IS NULL OR o.empreinte != f.empreinte AND o.importe_le <= f.importe_le",
    ),
    (
        "the notes of",
        "SELECT s.source FROM sources_de_notes s LEFT JOIN other.sources_de_notes o USING (source)
         WHERE o.source IS NULL OR o.importe_le <= s.importe_le AND EXISTS (
             SELECT * FROM notes_locales WHERE source = s.source
             EXCEPT SELECT * FROM other.notes_locales)",
    ),
    (
        "the contours of",
        "SELECT territoire FROM contours EXCEPT SELECT territoire FROM other.contours",
    ),
];

impl Database {
    /// What another database lacks of this one, in words.
    ///
    /// # Errors
    /// When SQLite fails, or the other is no database of the present schema.
    pub(crate) fn unknown_to(&self, other: &Path) -> Result<Vec<String>, DbError> {
        let connection = &self.connection;
        connection.execute("ATTACH ? AS other", [other.to_string_lossy()])?;
        let mut unknown = Vec::new();
        let mutations = unknown_mutations(connection)?;
        if mutations > 0 {
            unknown.push(format!("mutations of the project ({mutations} of them)"));
        }
        for (what, question) in IMPORTED {
            let mut statement = connection.prepare(&format!("{question} ORDER BY 1"))?;
            let names = statement.query_map([], |row| row.get(0))?;
            let names = names.collect::<Result<Vec<String>, _>>()?;
            if !names.is_empty() {
                unknown.push(format!("{what} {}", names.join(", ")));
            }
        }
        connection.execute("DETACH other", [])?;
        Ok(unknown)
    }
}

/// How many mutations the attached database lacks. None where it knows all imports of this one: what it lacks was then withdrawn
/// since.
fn unknown_mutations(connection: &Connection) -> Result<i64, DbError> {
    let number = |query: &str| connection.query_row(query, [], |row| row.get(0));
    let imports = "SELECT batch_id, source_file, completed_at FROM";
    let unknown: i64 = number(&format!(
        "SELECT count(*) FROM ({imports} update_log WHERE status = 'done' EXCEPT {imports} other.update_log)"
    ))?;
    if unknown == 0 {
        return Ok(0);
    }
    Ok(number(
        "SELECT count(*) FROM mutations m WHERE NOT EXISTS
         (SELECT 1 FROM other.mutations o
          WHERE o.annee = m.annee AND o.commune = m.commune AND o.jour = m.jour AND o.id = m.id)",
    )?)
}
