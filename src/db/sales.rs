//! Sales out of the database, as columns.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rusqlite::{Connection, params};

use super::{Database, DbError};
use crate::dvf::{MAXIMUM_PRICE_M2, Months};

/// Sales that the method keeps, as columns of one length.
#[derive(Clone, Debug, Default)]
pub struct SaleColumns {
    /// The communes' codes as in the files; [`SaleColumns::commune`] points into it. A commune stands once a year.
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
    /// Of the identities of each commune's sales.
    pub digests: BTreeMap<String, [u8; 32]>,
}

impl SaleColumns {
    /// Adds the sales of a later year.
    fn append(&mut self, mut later: Self) {
        let known = self.communes.len() as u32;
        self.communes.append(&mut later.communes);
        self.commune
            .extend(later.commune.iter().map(|commune| commune + known));
        self.month.append(&mut later.month);
        self.kind.append(&mut later.kind);
        self.rooms.append(&mut later.rooms);
        self.price.append(&mut later.price);
        self.surface.append(&mut later.surface);
        self.price_m2.append(&mut later.price_m2);
        for (commune, digest) in later.digests {
            self.digests
                .entry(commune)
                .and_modify(|earlier| {
                    let mut hasher = blake3::Hasher::new();
                    hasher.update(earlier).update(&digest);
                    *earlier = *hasher.finalize().as_bytes();
                })
                .or_insert(digest);
        }
    }
}

impl Database {
    /// All sales.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn sales(&self) -> Result<SaleColumns, DbError> {
        self.read_sales(MAXIMUM_PRICE_M2)
    }

    /// As [`Database::sales`], without the bound on the price per m²: the official whole-period file has none.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn unbounded_sales(&self) -> Result<SaleColumns, DbError> {
        self.read_sales(f64::INFINITY)
    }

    /// Reads the years at once, each by a connection of its own.
    fn read_sales(&self, bound: f64) -> Result<SaleColumns, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT min(annee), max(annee) FROM transactions")?;
        let (first, last): (Option<i32>, Option<i32>) =
            statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(SaleColumns::default());
        };
        let path = self.path.as_deref();
        let years = (first..=last).into_par_iter().map(|year| {
            // One in memory is there for previews, and has no sales.
            let Some(database) = path.map(Self::open_read_only).transpose()?.flatten() else {
                return Ok(SaleColumns::default());
            };
            read_year(&database.connection, year, bound)
        });
        let mut years = years.collect::<Result<Vec<_>, _>>()?.into_iter();
        let mut sales = years.next().unwrap_or_default();
        years.for_each(|year| sales.append(year));
        Ok(sales)
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

fn read_year(connection: &Connection, year: i32, bound: f64) -> Result<SaleColumns, DbError> {
    let mut statement = connection.prepare(
        "SELECT commune, CAST(substr(date_mutation, 6, 2) AS INTEGER), type_local, pieces, prix, surface_reelle,
                prix_m2, id
         FROM transactions WHERE annee = ? AND prix_m2 < ? ORDER BY commune, date_mutation, id",
    )?;
    let mut rows = statement.query(params![year, bound])?;
    let mut sales = SaleColumns::default();
    let mut hasher = blake3::Hasher::new();
    while let Some(row) = rows.next()? {
        let commune = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        if sales.communes.last().is_none_or(|last| last != commune) {
            if let Some(before) = sales.communes.last() {
                let digest = *hasher.finalize().as_bytes();
                sales.digests.insert(before.clone(), digest);
                hasher.reset();
            }
            sales.communes.push(commune.to_owned());
        }
        sales.commune.push(sales.communes.len() as u32 - 1);
        sales.month.push(year * 12 + row.get::<_, i32>(1)? - 1);
        sales.kind.push(row.get(2)?);
        sales.rooms.push(row.get::<_, u16>(3)?.min(255) as u8);
        sales.price.push(row.get(4)?);
        sales.surface.push(row.get(5)?);
        sales.price_m2.push(row.get(6)?);
        hasher.update(row.get_ref(7)?.as_blob().map_err(rusqlite::Error::from)?);
    }
    if let Some(before) = sales.communes.last() {
        let digest = *hasher.finalize().as_bytes();
        sales.digests.insert(before.clone(), digest);
    }
    Ok(sales)
}
