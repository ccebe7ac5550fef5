//! Sales out of the database, as columns.

use std::collections::BTreeMap;

use rusqlite::params;

use super::{Database, DbError};
use crate::dvf::Months;

/// Sales that the method keeps, as columns of one length.
#[derive(Clone, Debug, Default)]
pub struct SaleColumns {
    /// The communes' codes as in the files; [`SaleColumns::commune`] points into it.
    pub communes: Vec<String>,
    pub commune: Vec<u32>,
    /// The month's number, as in [`Months`].
    pub month: Vec<i32>,
    /// 1 maison, 2 appartement, 4 local.
    pub kind: Vec<u8>,
    pub rooms: Vec<u8>,
    /// €.
    pub price: Vec<f64>,
    /// m².
    pub surface: Vec<f64>,
    /// €/m².
    pub price_m2: Vec<f64>,
}

impl Database {
    /// Hands each sale's identity of the communes in `codes` to `each`, in the order of the key.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn sale_ids(&self, commune: &str, mut each: impl FnMut(&[u8])) -> Result<(), DbError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM transactions WHERE commune = ? AND prix_m2 < 100000 ORDER BY date_mutation, id",
        )?;
        let mut rows = statement.query([commune])?;
        while let Some(row) = rows.next()? {
            each(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
        }
        Ok(())
    }

    /// The sales of the communes between two codes, both included.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn sales(&self, from: &str, to: &str, into: &mut SaleColumns) -> Result<(), DbError> {
        self.read_sales(from, to, 100_000.0, into)
    }

    /// As [`Database::sales`], without the bound on the price per m²: the official whole-period file has none.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn unbounded_sales(&self) -> Result<SaleColumns, DbError> {
        let mut sales = SaleColumns::default();
        self.read_sales("0", "A", f64::INFINITY, &mut sales)?;
        Ok(sales)
    }

    fn read_sales(
        &self,
        from: &str,
        to: &str,
        bound: f64,
        into: &mut SaleColumns,
    ) -> Result<(), DbError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT commune, date_mutation, type_local, pieces, prix, surface_reelle, prix_m2 FROM transactions
             WHERE commune BETWEEN ? AND ? AND prix_m2 < ? ORDER BY commune, date_mutation, id",
        )?;
        let mut rows = statement.query(params![from, to, bound])?;
        while let Some(row) = rows.next()? {
            let commune = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            if into.communes.last().is_none_or(|last| last != commune) {
                into.communes.push(commune.to_owned());
            }
            let date = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            into.commune.push(into.communes.len() as u32 - 1);
            into.month
                .push(Months::parse(&date[..7]).unwrap_or_default());
            into.kind.push(row.get(2)?);
            into.rooms.push(row.get::<_, u16>(3)?.min(255) as u8);
            into.price.push(row.get(4)?);
            into.surface.push(row.get(5)?);
            into.price_m2.push(row.get(6)?);
        }
        Ok(())
    }

    /// The covered months of each code: `FR`, départements, communes.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn coverage(&self) -> Result<BTreeMap<String, Vec<i32>>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT code, mois FROM coverage ORDER BY code, mois")?;
        let mut rows = statement.query([])?;
        let mut coverage = BTreeMap::<String, Vec<i32>>::new();
        while let Some(row) = rows.next()? {
            let month = Months::parse(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
            coverage.entry(row.get(0)?).or_default().extend(month);
        }
        Ok(coverage)
    }
}
