//! What earlier files claimed to cover, and what of it goes when their next edition comes.
//!
//! A file with a slip in its dates, or with too wide a scope given by hand, claimed months of which it knew next to nothing,
//! and its next edition claims less. What that one leaves over stays where it is filled, as the half-year does that drops
//! out of the official files after five years; where it is not, the claim goes with the stray mutations.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction, params};

use super::DbError;
use super::compare::{Withdrawn, compare, days, ranges};
use super::in_force::{codes, holds};
use crate::base::month::{Month, Months};
use crate::intake::dvf::{DvfContent, GivenScope, Scope, Territory, filled_span};

/// What a batch claimed and is not true.
pub(super) struct WithdrawnClaim {
    batch_id: i64,
    territory: Territory,
    /// The months that it keeps.
    kept: Months,
    /// The months that it loses.
    pub(super) lost: Vec<Months>,
}

/// The claims that go when a file is imported.
///
/// # Errors
/// When SQLite fails.
pub(super) fn withdrawn_claims(
    connection: &Connection,
    scope: &Scope,
    content: &DvfContent,
) -> Result<Vec<WithdrawnClaim>, DbError> {
    let own: Vec<String> = scope.codes().into_iter().map(str::to_owned).collect();
    let mut statement = connection.prepare(
        "SELECT batch_id, territory, first_month, last_month FROM update_log
         WHERE status IN ('done', 'unchanged') AND first_month <= ?2 AND last_month >= ?1
             AND (first_month < ?1 OR last_month > ?2)",
    )?;
    let mut rows = statement.query([scope.months.first, scope.months.last])?;
    let mut claims = Vec::new();
    while let Some(row) = rows.next()? {
        let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let (first, last) = (row.get(2)?, row.get(3)?);
        let claimed = Months { first, last };
        let Some(GivenScope { territory, .. }) =
            text.parse().ok().filter(|_| holds(&own, &codes(text)))
        else {
            continue;
        };
        let mut counts = BTreeMap::<Month, u64>::new();
        let of_file = content.mutations.iter();
        for mutation in of_file.filter(|mutation| territory.contains(mutation.commune)) {
            *counts.entry(Month::of(mutation.date)).or_default() += 1;
        }
        let left = claimed.without(scope.months);
        for months in left {
            let territory = territory.clone();
            count(connection, &Scope { territory, months }, &mut counts)?;
        }
        let Some(filled) = filled_span(&counts).filter(|filled| filled.meet(scope.months)) else {
            continue;
        };
        let kept = claimed.within(filled);
        let lost: Vec<_> = claimed.without(filled).collect();
        if !lost.is_empty() && claimed.meet(filled) {
            claims.push(WithdrawnClaim {
                batch_id: row.get(0)?,
                territory,
                kept,
                lost,
            });
        }
    }
    Ok(claims)
}

/// Counts what the database holds of a scope, by month.
fn count(
    connection: &Connection,
    scope: &Scope,
    counts: &mut BTreeMap<Month, u64>,
) -> Result<(), DbError> {
    let mut statement = connection.prepare_cached(
        "SELECT jour / 100, count(*) FROM mutations
         WHERE annee = ? AND commune BETWEEN ? AND ? AND jour BETWEEN ? AND ? GROUP BY 1",
    )?;
    for year in scope.months.years() {
        let (first, last) = days(scope, year);
        for (from, to) in ranges(scope) {
            let mut rows = statement.query((year, from, to, first, last))?;
            while let Some(row) = rows.next()? {
                let month = Month::january(year) + (row.get::<_, i16>(0)? - 1);
                *counts.entry(month).or_default() += row.get::<_, i64>(1)? as u64;
            }
        }
    }
    Ok(())
}

impl WithdrawnClaim {
    /// The mutations that the database holds of what is lost, outside of the scope of the file that is imported.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(super) fn mutations(
        &self,
        connection: &Connection,
        scope: &Scope,
    ) -> Result<Vec<Withdrawn>, DbError> {
        let mut mutations = Vec::new();
        let lost = self.lost.iter().flat_map(|lost| lost.without(scope.months));
        for months in lost {
            let territory = self.territory.clone();
            mutations.extend(compare(connection, &Scope { territory, months }, &[])?.removed);
        }
        Ok(mutations)
    }

    /// Takes the claim back.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(super) fn withdraw(&self, transaction: &Transaction<'_>) -> Result<(), DbError> {
        let Months { first, last } = self.kept;
        transaction.execute(
            "UPDATE update_log SET first_month = ?, last_month = ? WHERE batch_id = ?",
            params![first, last, self.batch_id],
        )?;
        for lost in &self.lost {
            for code in self.territory.codes() {
                transaction.execute(
                    "DELETE FROM coverage WHERE code = ? AND mois BETWEEN ? AND ?",
                    params![code, lost.first, lost.last],
                )?;
            }
        }
        Ok(())
    }
}
