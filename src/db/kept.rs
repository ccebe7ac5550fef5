//! Columns of sales as they are kept beside the rows that they come from, by département and year: a few changed sales do
//! not take a reading of all.

use std::array;
use std::collections::HashMap;
use std::io::ErrorKind;
use std::ops::Range;

use itertools::Itertools;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};
use zstd::bulk::{Compressor, Decompressor};

use super::DbError;
use super::sales::{CommuneSales, SaleColumns};
use crate::base::kind::PropertyKind;
use crate::base::month::Month;
use crate::intake::dvf::Section;

/// Rows of the table, to be followed by which.
const SELECT: &str = "SELECT annee, communes, digests, mois, type_local, pieces, prix, surface_reelle, neuf, surface_terrain,
     section FROM sales";

/// Places of the columns in [`SELECT`], and of those that rows of earlier programs have.
const COLUMNS: Range<usize> = 3..11;
const EARLIER_COLUMNS: Range<usize> = 3..8;

/// Characters of a section.
const SECTION: usize = 5;

/// Level of zstd at which columns are kept: more would take longer than it saves.
const LEVEL: i32 = 1;

/// The columns of a département and year as they are kept.
pub(super) struct StoredSales {
    year: i16,
    departement: String,
    /// Communes and their number of sales.
    communes: Vec<(String, usize)>,
    /// 32 bytes of each commune.
    digests: Vec<u8>,
    /// Months of the year, kinds, rooms, prices, surfaces, new homes, land, sections; each a zstd frame.
    columns: [Vec<u8>; 8],
}

/// What packs columns, for one thread.
pub(super) fn packer() -> Result<Compressor<'static>, DbError> {
    Compressor::new(LEVEL).map_err(DbError::Compress)
}

/// What packs or unpacks columns, where a thread could make it.
///
/// # Errors
/// When zstd failed.
pub(super) fn ready<Z, E>(zstd: &mut Result<Z, E>) -> Result<&mut Z, DbError> {
    let zstd = zstd.as_mut();
    zstd.map_err(|_| DbError::Compress(ErrorKind::Other.into()))
}

impl StoredSales {
    /// Packs columns.
    ///
    /// # Errors
    /// When zstd fails.
    pub(super) fn of(
        sales: &SaleColumns,
        departement: &str,
        year: i16,
        zstd: &mut Compressor<'_>,
    ) -> Result<Self, DbError> {
        let communes = sales.communes.iter();
        let months: Vec<u8> = sales.month.iter().map(|month| month.of_year()).collect();
        let kinds: Vec<u8> = sales.kind.iter().map(|kind| kind.code()).collect();
        let numbers = |values: &[f64]| -> Vec<u8> {
            values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect()
        };
        let new_homes: Vec<u8> = sales.new_home.iter().map(|&new| new.into()).collect();
        let land = sales.land.iter().flat_map(|m2| m2.to_le_bytes());
        let land: Vec<u8> = land.collect();
        // The same character of all sections one after another packs best: prefixes are mostly 000.
        let sections = (0..SECTION).flat_map(|place| {
            let sections = sales.section.iter();
            sections.map(move |section| section.bytes()[place])
        });
        let sections: Vec<u8> = sections.collect();
        let mut pack = |bytes: &[u8]| zstd.compress(bytes).map_err(DbError::Compress);
        Ok(Self {
            year,
            departement: departement.to_owned(),
            communes: communes
                .map(|commune| (commune.code.clone(), commune.rows.len()))
                .collect(),
            digests: sales.communes.iter().flat_map(|c| c.digest).collect(),
            columns: [
                pack(&months)?,
                pack(&kinds)?,
                pack(&sales.rooms)?,
                pack(&numbers(&sales.price))?,
                pack(&numbers(&sales.surface))?,
                pack(&new_homes)?,
                pack(&land)?,
                pack(&sections)?,
            ],
        })
    }

    /// Writes the row, in the place of the one that was there; there is none of no sales.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(super) fn store(&self, connection: &Connection) -> Result<(), DbError> {
        if self.communes.is_empty() {
            connection
                .prepare_cached("DELETE FROM sales WHERE annee = ? AND departement = ?")?
                .execute(params![self.year, self.departement])?;
            return Ok(());
        }
        let communes = serde_json::to_string(&self.communes)
            .map_err(|error| DbError::Compress(error.into()))?;
        let [
            months,
            kinds,
            rooms,
            prices,
            surfaces,
            new_homes,
            land,
            sections,
        ] = &self.columns;
        let parts = [communes.as_bytes(), &self.digests];
        let parts = parts
            .into_iter()
            .chain(self.columns.iter().map(Vec::as_slice));
        let seal = seal(self.year, &self.departement, parts);
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO sales (annee, departement, communes, digests, mois, type_local, pieces, prix,
                     surface_reelle, neuf, surface_terrain, section)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                self.year,
                self.departement,
                communes,
                [&self.digests, seal.as_bytes().as_slice()].concat(),
                months,
                kinds,
                rooms,
                prices,
                surfaces,
                new_homes,
                land,
                sections
            ])?;
        Ok(())
    }
}

/// The columns that are kept of a département and year, without those that rows of earlier programs lack; `None` where
/// there are none, or they are damaged.
pub(super) fn kept(
    connection: &Connection,
    year: i16,
    departement: &str,
) -> Result<Option<SaleColumns>, DbError> {
    let mut zstd = Decompressor::new().map_err(DbError::Compress)?;
    let mut statement =
        connection.prepare_cached(&format!("{SELECT} WHERE annee = ? AND departement = ?"))?;
    let mut rows = statement.query(params![year, departement])?;
    Ok(rows.next()?.and_then(|row| {
        let mut sales = SaleColumns::default();
        communes(row, departement, &mut sales)?;
        let places = if is_whole(row) {
            COLUMNS
        } else {
            EARLIER_COLUMNS
        };
        columns(row, places, &mut zstd, &mut Vec::new(), &mut sales)?;
        Some(sales)
    }))
}

/// Rows of a commune that has the same sales as before say the same of them as before.
///
/// # Errors
/// When they do not.
pub(super) fn unaltered(before: &SaleColumns, now: &SaleColumns, year: i16) -> Result<(), DbError> {
    let present = now.communes.iter().map(|commune| (&commune.code, commune));
    let present: HashMap<_, _> = present.collect();
    let altered = before.communes.iter().find(|old| {
        let same = present
            .get(&old.code)
            .filter(|new| new.digest == old.digest);
        same.is_some_and(|new| !before.says_the_same(&old.rows, now, &new.rows))
    });
    altered.map_or(Ok(()), |old| {
        Err(DbError::AlteredSales {
            commune: old.code.clone(),
            year,
        })
    })
}

/// Rows say the same of all communes as what was kept of them; both are by commune.
///
/// # Errors
/// When they do not.
pub(super) fn same_sales(kept: &SaleColumns, rows: &SaleColumns, year: i16) -> Result<(), DbError> {
    let mut communes = kept.communes.iter().zip_longest(&rows.communes);
    let altered = communes.find(|pair| match pair.as_ref().both() {
        Some((old, new)) => {
            old.code != new.code
                || old.digest != new.digest
                || !kept.says_the_same(&old.rows, rows, &new.rows)
        }
        None => true,
    });
    altered.map_or(Ok(()), |pair| {
        Err(DbError::AlteredSales {
            commune: pair.into_left().code.clone(),
            year,
        })
    })
}

/// Stands for a row of the table.
fn seal<'a>(
    year: i16,
    departement: &'a str,
    parts: impl IntoIterator<Item = &'a [u8]>,
) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&year.to_le_bytes());
    for part in std::iter::once(departement.as_bytes()).chain(parts) {
        hasher
            .update(&(part.len() as u64).to_le_bytes())
            .update(part);
    }
    hasher.finalize()
}

/// The sales of a département, year after year, as they are kept.
pub(super) fn sales_of(connection: &Connection, departement: &str) -> Result<SaleColumns, DbError> {
    let mut zstd = Decompressor::new().map_err(DbError::Compress)?;
    let mut bytes = Vec::new();
    let mut all = SaleColumns::default();
    each_year(connection, departement, |row| {
        communes(row, departement, &mut all)?;
        columns(row, COLUMNS, &mut zstd, &mut bytes, &mut all)
    })?;
    Ok(all)
}

/// The communes of a département with their sales, year after year, as they are kept.
pub(super) fn communes_of(
    connection: &Connection,
    departement: &str,
) -> Result<Vec<CommuneSales>, DbError> {
    let mut all = SaleColumns::default();
    each_year(connection, departement, |row| {
        communes(row, departement, &mut all)
    })?;
    Ok(all.communes)
}

/// Hands out what is kept of each year of a département; `None` comes back of what is not as it was stored.
fn each_year(
    connection: &Connection,
    departement: &str,
    mut read: impl FnMut(&Row<'_>) -> Option<()>,
) -> Result<(), DbError> {
    // The key begins with the year: all of it is looked through, which is one small index.
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE rowid IN (SELECT rowid FROM sales WHERE departement = ?) ORDER BY annee"
    ))?;
    let mut rows = statement.query([departement])?;
    while let Some(row) = rows.next()? {
        let year = row.get(0)?;
        read(row).ok_or_else(|| DbError::Columns {
            departement: departement.to_owned(),
            year,
        })?;
    }
    Ok(())
}

/// Adds the communes of a row of the table, whose sales follow those of the ones before; `None` when the row is not as it
/// was stored.
fn communes(row: &Row<'_>, departement: &str, all: &mut SaleColumns) -> Option<()> {
    let year = row.get(0).ok()?;
    let text = row.get_ref(1).ok()?.as_str().ok()?;
    let communes: Vec<(String, usize)> = serde_json::from_str(text).ok()?;
    let digests = row.get_ref(2).ok()?.as_blob().ok()?;
    // Rows of earlier programs have no seal.
    let (digests, sealed) = digests.split_at_checked(communes.len() * 32)?;
    if !sealed.is_empty() {
        let columns = if is_whole(row) {
            COLUMNS
        } else {
            EARLIER_COLUMNS
        };
        let columns = columns.map(|column| row.get_ref(column).ok()?.as_blob().ok());
        let columns = columns.collect::<Option<Vec<_>>>()?;
        let parts = [text.as_bytes(), digests].into_iter().chain(columns);
        if seal(year, departement, parts).as_bytes() != sealed {
            return None;
        }
    }
    let (digests, _) = digests.as_chunks::<32>();
    let mut before = all.communes.last().map_or(0, |last| last.rows.end);
    for ((code, count), &digest) in communes.into_iter().zip(digests) {
        let rows = before..before + count;
        before = rows.end;
        all.communes.push(CommuneSales { code, rows, digest });
    }
    Some(())
}

/// Whether a row of the table has all columns.
fn is_whole(row: &Row<'_>) -> bool {
    row.get_ref(EARLIER_COLUMNS.end)
        .is_ok_and(|column| column != ValueRef::Null)
}

/// Adds some columns of a row of the table, whose communes stand there already; `bytes` is room to unpack them in.
fn columns(
    row: &Row<'_>,
    places: Range<usize>,
    zstd: &mut Decompressor<'_>,
    bytes: &mut Vec<u8>,
    all: &mut SaleColumns,
) -> Option<()> {
    let count = all.communes.last()?.rows.end - all.kind.len();
    let year: i16 = row.get(0).ok()?;
    let month = |&of_year: &u8| Month::january(year) + (i16::from(of_year) - 1);
    for column in places {
        let width = match column {
            6 | 7 => 8,
            9 => 4,
            10 => SECTION,
            _ => 1,
        };
        let packed = row.get_ref(column).ok()?.as_blob().ok()?;
        bytes.clear();
        bytes.reserve(count * width);
        zstd.decompress_to_buffer(packed, bytes).ok()?;
        if bytes.len() != count * width {
            return None;
        }
        match column {
            3 => all.month.extend(bytes.iter().map(month)),
            4 => {
                for &code in &*bytes {
                    all.kind.push(PropertyKind::from_code(code)?);
                }
            }
            5 => all.rooms.extend_from_slice(bytes),
            6 => numbers(bytes, &mut all.price),
            7 => numbers(bytes, &mut all.surface),
            8 => all.new_home.extend(bytes.iter().map(|&new| new == 1)),
            9 => {
                let (values, _) = bytes.as_chunks::<4>();
                all.land
                    .extend(values.iter().map(|&m2| f32::from_le_bytes(m2)));
            }
            _ => {
                let section = |row| array::from_fn(|place| bytes[place * count + row]);
                all.section
                    .extend((0..count).map(|row| Section::from_bytes(section(row))));
            }
        }
    }
    Some(())
}

fn numbers(bytes: &[u8], column: &mut Vec<f64>) {
    let (values, _) = bytes.as_chunks::<8>();
    column.extend(values.iter().map(|&value| f64::from_le_bytes(value)));
}
