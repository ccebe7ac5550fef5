//! Sales read from the database, from the columns that are kept or from the rows.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::pool::Connections;
use super::sales::{CommuneSales, SaleColumns};
use super::{Database, DbError, kept};
use crate::base::kind::PropertyKind;
use crate::base::month::Month;
use crate::geo;
use crate::intake::dvf::{MAXIMUM_PRICE_M2, NEW_HOME};

/// Reads kept columns, one département at a time, from any thread of a pool.
pub struct SalesReader(Connections);

impl SalesReader {
    /// The sales of a département, year after year.
    ///
    /// # Errors
    /// When SQLite fails, or they are damaged.
    pub fn departement(&self, departement: &str) -> Result<SaleColumns, DbError> {
        self.0
            .read(|database| kept::sales_of(&database.connection, departement))
    }
}

impl Database {
    /// What reads the columns; `None` for a database in memory, which is there for previews and has none.
    pub fn sales_reader(&self) -> Option<SalesReader> {
        Connections::to(self).map(SalesReader)
    }

    /// All sales by département, from the columns that are kept.
    ///
    /// # Errors
    /// When SQLite fails, or they are damaged.
    pub fn sales(&self) -> Result<BTreeMap<String, SaleColumns>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT DISTINCT departement FROM sales")?;
        let departements = statement.query_map([], |row| row.get(0))?;
        departements
            .map(|departement| {
                let departement: String = departement?;
                let sales = kept::sales_of(&self.connection, &departement)?;
                Ok((departement, sales))
            })
            .collect()
    }

    /// The communes of a département with their sales, year after year.
    ///
    /// # Errors
    /// When SQLite fails, or what is kept of them is damaged.
    pub fn communes_with_sales(&self, departement: &str) -> Result<Vec<CommuneSales>, DbError> {
        kept::communes_of(&self.connection, departement)
    }

    /// All sales by département, from their rows: the same as [`Database::sales`], by which it can be checked. The years
    /// are read at once, each by a connection of its own.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn sales_of_rows(&self) -> Result<BTreeMap<String, SaleColumns>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT min(annee), max(annee) FROM mutations")?;
        let (first, last): (Option<i16>, Option<i16>) =
            statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(BTreeMap::new());
        };
        let path = self.path.as_deref();
        let years = (first..=last).into_par_iter().map(|year| {
            // One in memory is there for previews, and has no sales.
            match path.map(Self::open_read_only).transpose()?.flatten() {
                Some(database) => SaleColumns::of_rows(&database.connection, year, ["0", "A"]),
                None => Ok(SaleColumns::default()),
            }
        });
        let mut all = BTreeMap::<String, SaleColumns>::new();
        for year in years.collect::<Result<Vec<_>, DbError>>()? {
            let parts = year
                .communes
                .chunk_by(|a, b| geo::departement_of(&a.code) == geo::departement_of(&b.code));
            for communes in parts {
                let departement = geo::departement_of(&communes[0].code);
                let known = all.entry(departement.to_owned()).or_default();
                known.append(&year, communes);
            }
        }
        Ok(all)
    }

    /// The covered months of each code: `FR`, départements, communes.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn coverage(&self) -> Result<BTreeMap<String, Vec<Month>>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT code, mois FROM coverage ORDER BY code, mois")?;
        let mut rows = statement.query([])?;
        let mut coverage = BTreeMap::<String, Vec<Month>>::new();
        while let Some(row) = rows.next()? {
            coverage.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(coverage)
    }

    /// Shows each sale of an old home of a kind to `see`, with its day, in the order of the rows. A home is new that is sold
    /// before it is built.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn each_old_home(
        &self,
        kind: PropertyKind,
        mut see: impl FnMut(DatedSale<'_>),
    ) -> Result<(), DbError> {
        let mut statement = self.connection.prepare(
            "SELECT commune, annee, jour, prix_m2 FROM transactions
             WHERE type_local = ? AND prix_m2 > 0 AND prix_m2 < ? AND nature <> ?",
        )?;
        // The natures of sales stand first in the table of natures, which counts from one.
        let new_home = NEW_HOME as i64 + 1;
        let mut rows = statement.query((kind, MAXIMUM_PRICE_M2, new_home))?;
        while let Some(row) = rows.next()? {
            let of_year: i16 = row.get(2)?;
            see(DatedSale {
                commune: row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?,
                month: Month::january(row.get(1)?) + (of_year / 100 - 1),
                day: (of_year % 100) as u8,
                price_m2: row.get(3)?,
            });
        }
        Ok(())
    }
}

/// A sale with its day.
#[derive(Clone, Copy, Debug)]
pub struct DatedSale<'a> {
    /// As in the files.
    pub commune: &'a str,
    /// The month of the deed.
    pub month: Month,
    /// The day of the month.
    pub day: u8,
    /// €/m².
    pub price_m2: f64,
}
