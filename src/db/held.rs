//! What the database holds of that which a file would take the place of, for the gates.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::compare::{days, ranges};
use super::{Database, DbError};
use crate::base::month::{HalfYear, Month, Months};
use crate::intake::DataInUse;
use crate::intake::dvf::{
    CellKey, CellMutation, Cells, CellsBuilder, HeldSales, MAXIMUM_PRICE_M2, SalesCell, SalesFile,
    Scope, Territory,
};
use crate::intake::table::HeldSeries;

/// Mutations of a half-year beside those that are known, in hundredths, from which what is known may have lacked much.
const GROWN: u64 = 130;

impl DataInUse for Database {
    type Error = DbError;

    fn held_sales(&self, file: &SalesFile) -> Result<HeldSales, DbError> {
        let scope = &file.scope;
        let same = self.cells(scope, 0)?;
        let same_covered = self.covered(scope, &same, 0)?;
        let has_grown = |key: &CellKey| {
            let count = |cells: &Cells| cells.0.get(key).map_or(0, SalesCell::mutations);
            count(&file.cells) > count(&same) * GROWN / 100
        };
        let is_told = |key: &CellKey| same_covered.contains(key) && !has_grown(key);
        let is_known = |half: HalfYear| {
            let mut of_half = same.0.keys().filter(|key| key.1 == half).peekable();
            of_half.peek().is_some() && of_half.all(is_told)
        };
        let mut year_before = Cells::default();
        // Millions of rows need not be read once more where the months themselves are known.
        if !scope.months.half_years().all(is_known) {
            year_before = self.cells(scope, YEAR)?;
            year_before.0.retain(|key, _| !is_told(key));
        }
        Ok(HeldSales {
            before_covered: self.covered(scope, &year_before, YEAR)?,
            same,
            same_covered,
            year_before,
            best: self.best_editions(scope)?,
            first_medians: self.first_medians(scope)?,
            wider: self.wider_territory(scope)?,
            beyond: self.beyond(scope)?,
            released: self.latest_release(scope)?,
        })
    }

    fn held_indicators(&self, source: &str) -> Result<HeldSeries, DbError> {
        let editions = self.indicator_editions()?.into_iter();
        let own = editions.filter(|edition| edition.source == source);
        // The newest come last.
        let newest: BTreeMap<_, _> = own
            .map(|edition| (edition.indicator.clone(), edition))
            .collect();
        let told = newest.into_iter().map(|(indicator, edition)| {
            let values = self.indicator_values(&edition)?.into_iter();
            let told = values.filter(|(_, reading)| reading.is_told());
            Ok((indicator, told.collect()))
        });
        told.collect()
    }
}

impl Database {
    /// The mutations of a scope so many months earlier, by département and the half-year of the scope.
    fn cells(&self, scope: &Scope, earlier: i16) -> Result<Cells, DbError> {
        let scope = Scope {
            territory: scope.territory.clone(),
            months: scope.months.earlier(earlier),
        };
        let mut natures = self.connection.prepare("SELECT id, libelle FROM natures")?;
        let natures = natures.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let natures = natures.collect::<Result<HashMap<i64, String>, _>>()?;
        // What stands in the files of two communes is one mutation of what holds both.
        let once = match scope.territory {
            Territory::Commune(_) => "",
            _ => {
                "AND (annee, commune, jour, id) NOT IN (SELECT annee, commune, jour, id FROM act_parts WHERE suite = 1)"
            }
        };
        let mut statement = self.connection.prepare(&format!(
            "SELECT commune, jour / 100, nature, CASE WHEN prix_m2 < ? THEN type_local END, prix_m2 FROM transactions
             WHERE annee = ? AND commune BETWEEN ? AND ? AND jour BETWEEN ? AND ? {once}"
        ))?;
        let mut cells = CellsBuilder::default();
        for year in scope.months.years() {
            let (first, last) = days(&scope, year);
            for (from, to) in ranges(&scope) {
                let mut rows = statement.query((MAXIMUM_PRICE_M2, year, from, to, first, last))?;
                while let Some(row) = rows.next()? {
                    let commune = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                    let month = Month::january(year) + (row.get::<_, i16>(1)? - 1) + earlier;
                    let mutation = CellMutation {
                        commune,
                        month,
                        nature: natures.get(&row.get(2)?).map_or("", String::as_str),
                        sale: match row.get(3)? {
                            Some(kind) => Some((kind, row.get(4)?)),
                            None => None,
                        },
                    };
                    cells.add(HalfYear::of(month), mutation);
                }
            }
        }
        Ok(cells.finish())
    }

    /// The cells of which all months, so many months earlier, and the whole territory are covered.
    fn covered(
        &self,
        scope: &Scope,
        cells: &Cells,
        earlier: i16,
    ) -> Result<BTreeSet<CellKey>, DbError> {
        let mut statement = self.connection.prepare(
            "SELECT count(DISTINCT mois) FROM coverage WHERE code IN ('FR', ?, ?) AND mois BETWEEN ? AND ?",
        )?;
        let mut covered = BTreeSet::new();
        for key in cells.0.keys() {
            let commune = match &scope.territory {
                Territory::Commune(commune) => commune.as_str(),
                _ => "",
            };
            let months = scope.months.within(key.1.months()).earlier(earlier);
            let known: i64 = statement
                .query_row((&key.0, commune, months.first, months.last), |row| {
                    row.get(0)
                })?;
            if known as usize == months.count() {
                covered.insert(key.clone());
            }
        }
        Ok(covered)
    }

    /// Mutations of the half-years in which a scope begins and ends, in the months of these outside of it.
    fn beyond(&self, scope: &Scope) -> Result<u64, DbError> {
        let Months { first, last } = scope.months;
        let whole = Months {
            first: HalfYear::of(first).months().first,
            last: HalfYear::of(last).months().last,
        };
        let mut count = 0;
        for months in whole.without(scope.months) {
            let rest = Scope {
                territory: scope.territory.clone(),
                months,
            };
            count += self
                .cells(&rest, 0)?
                .0
                .values()
                .map(SalesCell::mutations)
                .sum::<u64>();
        }
        Ok(count)
    }
}

/// Months of a year.
const YEAR: i16 = 12;
