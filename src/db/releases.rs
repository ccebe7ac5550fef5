//! What each release changed, by year, by commune.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{Database, DbError};
use crate::base::month::Month;

/// A batch that changed something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Release {
    /// The number of the batch, higher for later imports.
    pub batch_id: i64,
    /// The name of the file that was imported.
    pub source_file: String,
    /// The territory and the months that the file replaced, in words.
    pub scope: String,
    /// Day on which the producer published it, where it is known.
    pub released: Option<String>,
    /// How its mutations were numbered, by [`crate::intake::dvf::Numbering::name`].
    pub numbering: Option<String>,
    /// When the import ended, RFC 3339, UTC.
    pub imported_at: String,
    /// The years in which it changed sales, in ascending order.
    pub years: Vec<ReleaseYear>,
}

/// Sales of a year that a release changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReleaseYear {
    /// The calendar year of the sales.
    pub year: i16,
    /// Sales that the release brought.
    pub added: u64,
    /// Sales that the release no longer holds.
    pub withdrawn: u64,
    /// Sales whose price or surface the release changed; they are in neither of the other counts.
    pub corrected: u64,
}

/// Changes of one commune (as in the files) and year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommuneChange {
    /// The number of the batch that made the change.
    pub batch_id: i64,
    /// Day on which the producer published the file, where it is known.
    pub released: Option<String>,
    /// The INSEE code that the file gives, even if it has since become a former code.
    pub commune: String,
    /// The calendar year of the sales.
    pub year: i16,
    /// Sales that the batch brought.
    pub added: u64,
    /// Sales that the batch took away.
    pub withdrawn: u64,
    /// Sales whose price or surface the batch changed; they are in neither of the other counts.
    pub corrected: u64,
}

/// What the latest release that touched a commune changed there, in years that were covered before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Month in which the producer published it.
    pub month: Month,
    /// In no order; a year is there once a batch that changed it.
    pub years: Vec<ReleaseYear>,
}

impl Database {
    /// The batches that changed something, the last first.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn releases(&self) -> Result<Vec<Release>, DbError> {
        let mut statement = self.connection.prepare(
            "SELECT u.batch_id, u.source_file, u.scope, u.released, u.numbering, u.completed_at, c.annee,
                    sum(c.ventes_ajoutees), sum(c.ventes_retirees), sum(c.ventes_corrigees)
             FROM update_log u JOIN changes c USING (batch_id)
             GROUP BY u.batch_id, c.annee ORDER BY u.batch_id DESC, c.annee",
        )?;
        let mut rows = statement.query([])?;
        let mut releases = Vec::<Release>::new();
        while let Some(row) = rows.next()? {
            let batch_id = row.get(0)?;
            if releases
                .last()
                .is_none_or(|release| release.batch_id != batch_id)
            {
                releases.push(Release {
                    batch_id,
                    source_file: row.get(1)?,
                    scope: row.get(2)?,
                    released: row.get(3)?,
                    numbering: row.get(4)?,
                    imported_at: row.get(5)?,
                    years: Vec::new(),
                });
            }
            let year = ReleaseYear {
                year: row.get(6)?,
                added: row.get::<_, i64>(7)? as u64,
                withdrawn: row.get::<_, i64>(8)? as u64,
                corrected: row.get::<_, i64>(9)? as u64,
            };
            if let Some(release) = releases.last_mut() {
                release.years.push(year);
            }
        }
        Ok(releases)
    }

    /// Every change, by batch, commune and year.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn commune_changes(&self) -> Result<Vec<CommuneChange>, DbError> {
        let mut statement = self.connection.prepare(
            "SELECT batch_id, released, commune, annee, ventes_ajoutees, ventes_retirees, ventes_corrigees
             FROM changes JOIN update_log USING (batch_id) ORDER BY batch_id, commune, annee",
        )?;
        Ok(statement
            .query_map([], |row| {
                Ok(CommuneChange {
                    batch_id: row.get(0)?,
                    released: row.get(1)?,
                    commune: row.get(2)?,
                    year: row.get(3)?,
                    added: row.get::<_, i64>(4)? as u64,
                    withdrawn: row.get::<_, i64>(5)? as u64,
                    corrected: row.get::<_, i64>(6)? as u64,
                })
            })?
            .collect::<Result<_, _>>()?)
    }

    /// For each commune (as in the files), what the latest dated release that touched it changed. The files that came out
    /// in a month are one release. A year of which a release brought months for the first time is left out: that its
    /// sales are new goes without saying.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn news(&self) -> Result<BTreeMap<String, News>, DbError> {
        let mut news = BTreeMap::<String, News>::new();
        let mut opened = HashMap::<(String, Month), Vec<i16>>::new();
        let mut statement = self.connection.prepare(
            "SELECT DISTINCT territory, substr(released, 1, 7), CAST(substr(mois, 1, 4) AS INTEGER)
             FROM coverage JOIN update_log USING (batch_id) WHERE released IS NOT NULL",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let release = (row.get(0)?, row.get(1)?);
            opened.entry(release).or_default().push(row.get(2)?);
        }
        let mut batches = self.connection.prepare(
            "SELECT batch_id, territory, substr(released, 1, 7) AS month FROM update_log
             WHERE status = 'done' AND released IS NOT NULL ORDER BY month DESC",
        )?;
        let mut changes = self.connection.prepare(
            "SELECT commune, annee, ventes_ajoutees, ventes_retirees, ventes_corrigees FROM changes
             WHERE batch_id = ? AND ventes_ajoutees + ventes_retirees + ventes_corrigees > 0",
        )?;
        let mut batches = batches.query([])?;
        while let Some(batch) = batches.next()? {
            let release = (batch.get(1)?, batch.get(2)?);
            let opened = opened.get(&release).map_or(&[][..], Vec::as_slice);
            let month = release.1;
            let mut rows = changes.query([batch.get::<_, i64>(0)?])?;
            while let Some(row) = rows.next()? {
                let year = ReleaseYear {
                    year: row.get(1)?,
                    added: row.get::<_, i64>(2)? as u64,
                    withdrawn: row.get::<_, i64>(3)? as u64,
                    corrected: row.get::<_, i64>(4)? as u64,
                };
                if opened.contains(&year.year) {
                    continue;
                }
                let commune = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                match news.get_mut(commune) {
                    None => {
                        let years = vec![year];
                        news.insert(commune.to_owned(), News { month, years });
                    }
                    // The later releases come first.
                    Some(latest) if latest.month == month => latest.years.push(year),
                    Some(_) => {}
                }
            }
        }
        Ok(news)
    }
}
