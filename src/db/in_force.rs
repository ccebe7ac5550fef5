//! Which of the imported files are in force: for each territory and year the last one.

use serde::Serialize;

use super::{Database, DbError};
use crate::base::month::{Month, Months};
use crate::geo;
use crate::intake::dvf::Scope;

/// A file as far as it is the last one imported of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileInForce {
    /// The number of the batch, the same for all years of a file. It only holds in this database, so no page shows it.
    #[serde(skip)]
    pub batch_id: i64,
    /// The year for which the file is in force.
    pub year: i16,
    /// What it covers: `FR`, codes of départements, or that of a commune.
    pub territory: Vec<String>,
    /// First and last month that it covers of the year.
    pub months: Months,
    /// geo-DVF or DGFiP.
    pub format: String,
    /// Day on which the producer published it, where it is known.
    pub released: Option<String>,
    /// How its mutations were numbered, by [`crate::intake::dvf::Numbering::name`].
    pub numbering: String,
    /// Numbers that it had, where they had to be taken apart.
    pub numbers: Option<u64>,
    /// Mutations of the file in that year.
    pub mutations: u64,
    /// Lines, all years of the file together.
    pub lines: u64,
    /// Of these, lines whose commune has since become part of another.
    pub former_lines: u64,
    /// Lines that could not be read, and are not in `lines`.
    pub unreadable_lines: u64,
}

/// Whether a territory holds the whole of another, both as lists of codes.
pub(super) fn holds(territory: &[String], other: &[String]) -> bool {
    other.iter().all(|code| {
        territory.iter().any(|own| {
            own == "FR" || own == code || (code.len() == 5 && own == geo::departement_of(code))
        })
    })
}

/// The codes of a column `territory`.
pub(super) fn codes(territory: &str) -> Vec<String> {
    territory.split(',').map(str::to_owned).collect()
}

impl Database {
    /// The files in force, by year and territory. A file that holds the territory and the months of another takes its
    /// place.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn files_in_force(&self) -> Result<Vec<FileInForce>, DbError> {
        let mut files = Vec::<FileInForce>::new();
        let mut statement = self.connection.prepare(
            "SELECT territory, first_month, last_month, format, released, numbering, numbers, mutations, rows_imported,
                    rows_former, rows_unreadable, batch_id
             FROM update_log WHERE status IN ('done', 'unchanged') ORDER BY batch_id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let territory = codes(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
            let (first, last): (Month, Month) = (row.get(1)?, row.get(2)?);
            let covered = Months { first, last };
            for year in covered.years() {
                let months = covered.within(Months::of_year(year));
                files.retain(|old| {
                    old.year != year
                        || !(old.territory == territory
                            || (months.hold(old.months) && holds(&territory, &old.territory)))
                });
                files.push(FileInForce {
                    batch_id: row.get(11)?,
                    year,
                    territory: territory.clone(),
                    months,
                    format: row.get(3)?,
                    released: row.get(4)?,
                    numbering: row.get(5)?,
                    numbers: row.get::<_, Option<i64>>(6)?.map(|n| n as u64),
                    mutations: row.get::<_, i64>(7)? as u64,
                    lines: row.get::<_, i64>(8)? as u64,
                    former_lines: row.get::<_, i64>(9)? as u64,
                    unreadable_lines: row.get::<_, i64>(10)? as u64,
                });
            }
        }
        files.sort_by(|a, b| (a.year, &a.territory).cmp(&(b.year, &b.territory)));
        Ok(files)
    }

    /// Stands for all that pages tell of releases: of the files in force, and of the batches that changed something. It is
    /// quick to make, for a run that has nothing to do.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn releases_digest(&self) -> Result<blake3::Hash, DbError> {
        let mut statement = self.connection.prepare(
            "SELECT source_file, scope, released, mutations, transactions_added, transactions_removed
             FROM update_log WHERE status = 'done' AND released IS NOT NULL ORDER BY batch_id",
        )?;
        let batches = statement.query_map([], |row| {
            let texts: [String; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
            let counts: [i64; 3] = [row.get(3)?, row.get(4)?, row.get(5)?];
            Ok((texts, counts))
        })?;
        let batches = batches.collect::<Result<Vec<_>, _>>()?;
        let text = serde_json::to_vec(&(self.files_in_force()?, batches))?;
        Ok(blake3::hash(&text))
    }

    /// What a file of the months of a scope, or of a year before, is of, that holds its territory and more.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(super) fn wider_territory(&self, scope: &Scope) -> Result<Option<String>, DbError> {
        let mut statement = self.connection.prepare(
            "SELECT territory FROM update_log
             WHERE status IN ('done', 'unchanged') AND first_month <= ? AND last_month >= ?
             ORDER BY batch_id DESC",
        )?;
        let own: Vec<String> = scope.codes().into_iter().map(str::to_owned).collect();
        for months in [scope.months, scope.months.earlier(12)] {
            let mut rows = statement.query([months.last, months.first])?;
            while let Some(row) = rows.next()? {
                let territory: String = row.get(0)?;
                let known = codes(&territory);
                if holds(&known, &own) && !holds(&own, &known) {
                    return Ok(Some(territory));
                }
            }
        }
        Ok(None)
    }

    /// The day on which the newest file was published that was imported for some of the scope's territory and months;
    /// `None` where that is not known.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(super) fn latest_release(&self, scope: &Scope) -> Result<Option<String>, DbError> {
        let mut statement = self.connection.prepare(
            "SELECT released, territory FROM update_log
             WHERE status IN ('done', 'unchanged') AND released IS NOT NULL AND first_month <= ? AND last_month >= ?",
        )?;
        let mut rows = statement.query([scope.months.last, scope.months.first])?;
        let own: Vec<String> = scope.codes().into_iter().map(str::to_owned).collect();
        let mut latest = None;
        while let Some(row) = rows.next()? {
            let released: String = row.get(0)?;
            let territory = codes(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
            let meet = |code: &String| {
                let code = std::slice::from_ref(code);
                holds(&own, code) || holds(code, &own)
            };
            if territory.iter().any(meet) {
                latest = latest.max(Some(released));
            }
        }
        Ok(latest)
    }
}
