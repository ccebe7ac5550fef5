//! What the database holds of the months and the territory of a file, for the gates.

use super::compare::{days, ranges};
use super::{Database, DbError};
use crate::base::kind::PropertyKind;
use crate::geo;
use crate::intake::dvf::{HeldSales, HeldYear, MAXIMUM_PRICE_M2, Scope};

impl Database {
    /// What is held of a scope.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn held_sales(&self, scope: &Scope) -> Result<HeldSales, DbError> {
        let mut count = self.connection.prepare(
            "SELECT count(*) FROM mutations WHERE annee = ? AND commune BETWEEN ? AND ? AND jour BETWEEN ? AND ?",
        )?;
        let mut sales = self.connection.prepare(
            "SELECT commune, type_local, prix_m2 FROM transactions
             WHERE annee = ? AND commune BETWEEN ? AND ? AND jour BETWEEN ? AND ? AND prix_m2 < ?",
        )?;
        let mut held = HeldSales {
            released: self.latest_release(scope)?,
            ..HeldSales::default()
        };
        let ranges = ranges(scope);
        for year in scope.months.years() {
            let (first, last) = days(scope, year);
            let mut of_year = HeldYear::default();
            for (from, to) in &ranges {
                let mutations =
                    count.query_row((year, from, to, first, last), |row| row.get::<_, i64>(0))?;
                of_year.mutations += mutations as u64;
                let mut rows = sales.query((year, from, to, first, last, MAXIMUM_PRICE_M2))?;
                while let Some(row) = rows.next()? {
                    of_year.sales += 1;
                    let commune = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                    let departement = geo::departement_of(commune);
                    if !held.prices.contains_key(departement) {
                        held.prices.insert(departement.to_owned(), Vec::new());
                    }
                    if row.get::<_, PropertyKind>(1)?.is_home()
                        && let Some(prices) = held.prices.get_mut(departement)
                    {
                        prices.push(row.get(2)?);
                    }
                }
            }
            if of_year.mutations > 0 {
                held.years.insert(year, of_year);
            }
        }
        Ok(held)
    }
}
