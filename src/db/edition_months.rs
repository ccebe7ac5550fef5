//! How many sales each edition had in a month, and what the next one made of it: the deeds that are registered late.

use std::collections::BTreeMap;

use rusqlite::{Transaction, params};
use serde::Serialize;

use super::{Database, DbError};
use crate::base::kind::PropertyKind;
use crate::base::month::Month;
use crate::intake::dvf::{SalesFile, Territory};

/// A month as two editions have it: one whose newest months it was among, and a later one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthOfTwoEditions {
    /// A département, or the commune of a file of one commune.
    pub code: String,
    /// The month.
    pub month: Month,
    /// The last month of the earlier edition.
    pub end: Month,
    /// Sales of houses and flats in the earlier edition.
    pub before: u64,
    /// Sales of houses and flats in the latest edition that has the month.
    pub after: u64,
}

/// Of a batch, what tells its edition from others.
struct Edition {
    batch: i64,
    /// Day on which the producer published it, where it is known.
    released: Option<String>,
    last: Month,
}

impl Edition {
    /// Whether two batches are of two editions: those published on two days, and where that is not known, those of which one
    /// goes on where the other ends.
    fn is_other_than(&self, other: &Self) -> bool {
        match (&self.released, &other.released) {
            (Some(one), Some(two)) => one != two,
            _ => self.last != other.last,
        }
    }
}

impl Database {
    /// The months that were among the newest twelve of an edition and that a later edition has again.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn months_of_two_editions(&self) -> Result<Vec<MonthOfTwoEditions>, DbError> {
        let mut statement = self.connection.prepare(
            "SELECT code, mois, ventes, batch_id, released, last_month
             FROM edition_months JOIN update_log USING (batch_id) ORDER BY code, batch_id, mois",
        )?;
        let mut rows = statement.query([])?;
        let mut codes = BTreeMap::<String, Vec<(Edition, BTreeMap<Month, u64>)>>::new();
        while let Some(row) = rows.next()? {
            let batches = codes.entry(row.get(0)?).or_default();
            let batch = row.get(3)?;
            if batches.last().is_none_or(|(known, _)| known.batch != batch) {
                let edition = Edition {
                    batch,
                    released: row.get(4)?,
                    last: row.get(5)?,
                };
                batches.push((edition, BTreeMap::new()));
            }
            if let Some((_, months)) = batches.last_mut() {
                months.insert(row.get(1)?, row.get::<_, i64>(2)? as u64);
            }
        }
        let pairs = codes
            .into_iter()
            .flat_map(|(code, batches)| pairs(&code, &batches));
        Ok(pairs.collect())
    }
}

/// The months of a code's batches, which come in the order in which they were imported.
fn pairs(code: &str, batches: &[(Edition, BTreeMap<Month, u64>)]) -> Vec<MonthOfTwoEditions> {
    let mut pairs = Vec::new();
    for (number, (earlier, months)) in batches.iter().enumerate() {
        let (known, later) = (&batches[..number], &batches[number + 1..]);
        for (&month, &before) in months
            .iter()
            .filter(|(month, _)| earlier.last - **month < 12)
        {
            let holds = |(edition, months): &&(Edition, BTreeMap<Month, u64>)| {
                months.contains_key(&month) && edition.is_other_than(earlier)
            };
            let Some((edition, after)) = later.iter().rev().find(holds) else {
                continue;
            };
            // It ended the edition when no file of that edition, or of one before, went on after it.
            let next = later
                .iter()
                .find(holds)
                .map_or(i64::MAX, |(next, _)| next.batch);
            let between = later.iter().take_while(|(other, _)| other.batch < next);
            let goes_on = known.iter().chain(between).any(|(other, _)| {
                let of_next = other.released.is_some() && other.released == edition.released;
                other.last > earlier.last && !of_next
            });
            if !goes_on {
                pairs.push(MonthOfTwoEditions {
                    code: code.to_owned(),
                    month,
                    end: earlier.last,
                    before,
                    after: after[&month],
                });
            }
        }
    }
    pairs
}

/// Notes the sales of each month of a file.
pub(super) fn keep_months(
    transaction: &Transaction<'_>,
    batch_id: i64,
    file: &SalesFile,
) -> Result<(), DbError> {
    let scope = &file.scope;
    let mut counts = BTreeMap::<(&str, Month), i64>::new();
    for mutation in &file.content.mutations {
        let code = match &scope.territory {
            Territory::Commune(commune) => commune.as_str(),
            _ => mutation.commune.departement(),
        };
        let month = Month::of(mutation.date);
        // New homes come in over years, whatever edition it is: that is told apart.
        let sold = mutation.exclusion().is_none()
            && mutation.kind.is_some_and(PropertyKind::is_home)
            && !mutation.nature.is_new_home();
        if scope.months.contains(month) {
            *counts.entry((code, month)).or_default() += i64::from(sold);
        }
    }
    let mut keep = transaction.prepare("INSERT INTO edition_months VALUES (?, ?, ?, ?)")?;
    for ((code, month), sold) in counts {
        keep.execute(params![batch_id, code, month, sold])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Files = [(
        &'static str,
        Option<&'static str>,
        &'static [(&'static str, u64)],
    )];

    /// Batches by their last months and days of publication, with the sales of months; what is told of late ones.
    fn told(files: &Files) -> Vec<(String, String, u64, u64)> {
        let batches: Vec<_> = (1..)
            .zip(files)
            .map(|(batch, (last, released, months))| {
                let edition = Edition {
                    batch,
                    released: released.map(str::to_owned),
                    last: last.parse().unwrap(),
                };
                let months = months.iter().map(|(month, n)| (month.parse().unwrap(), *n));
                (edition, months.collect())
            })
            .collect();
        let pairs = pairs("83", &batches).into_iter();
        let pair = |pair: MonthOfTwoEditions| {
            (
                pair.month.to_string(),
                pair.end.to_string(),
                pair.before,
                pair.after,
            )
        };
        pairs.map(pair).collect()
    }

    fn june_2024(before: u64, after: u64) -> Vec<(String, String, u64, u64)> {
        vec![("2024-06".into(), "2024-06".into(), before, after)]
    }

    #[test]
    fn what_an_april_edition_adds_to_the_end_of_october_s_came_late() {
        let files: &Files = &[
            ("2023-12", None, &[("2023-12", 90)]),
            ("2024-06", None, &[("2024-06", 40)]),
            ("2023-12", None, &[("2023-12", 91)]),
            ("2024-12", None, &[("2024-06", 80), ("2024-12", 70)]),
            // Not the first one that has it, but the latest.
            ("2024-12", Some("2025-10-20"), &[("2024-06", 82)]),
        ];
        assert_eq!(told(files), june_2024(40, 82));
    }

    #[test]
    fn the_same_edition_again_says_nothing() {
        let day = Some("2024-10-20");
        let files: &Files = &[
            ("2024-06", day, &[("2024-06", 40)]),
            ("2024-06", day, &[("2024-06", 41)]),
        ];
        assert_eq!(told(files), []);
        let files: &Files = &[
            ("2024-06", None, &[("2024-06", 40)]),
            ("2024-06", None, &[("2024-06", 40)]),
        ];
        assert_eq!(told(files), []);
    }

    /// The year before the last one of an edition is not its end, in whatever order its files come.
    #[test]
    fn a_year_in_the_middle_of_an_edition_is_not_its_end() {
        let october = Some("2024-10-20");
        let april = Some("2025-04-20");
        let newest_first: &Files = &[
            ("2024-06", october, &[("2024-06", 40)]),
            ("2023-12", october, &[("2023-12", 90)]),
            ("2024-12", april, &[("2024-06", 80)]),
            ("2023-12", april, &[("2023-12", 95)]),
        ];
        assert_eq!(told(newest_first), june_2024(40, 80));
        let oldest_first: &Files = &[
            ("2023-12", october, &[("2023-12", 90)]),
            ("2024-06", october, &[("2024-06", 40)]),
            ("2023-12", april, &[("2023-12", 95)]),
            ("2024-12", april, &[("2024-06", 80)]),
        ];
        assert_eq!(told(oldest_first), june_2024(40, 80));
        // An October edition after it has a file of the new year, which comes before that of the year that was the end.
        let next: &Files = &[
            ("2024-12", april, &[("2024-12", 70)]),
            ("2025-06", Some("2025-10-20"), &[("2025-06", 30)]),
            ("2024-12", Some("2025-10-20"), &[("2024-12", 71)]),
        ];
        assert_eq!(told(next), [("2024-12".into(), "2024-12".into(), 70, 71)]);
    }
}
