//! Sales as columns: what the statistics are made of. The columns of each département and year are kept beside the rows
//! that they come from, so that a few changed sales do not take a reading of all.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rayon::prelude::*;
use rusqlite::{Connection, Row, params};
use zstd::bulk::{Compressor, Decompressor};

use super::{Database, DbError};
use crate::dvf::{Months, Mutation};

/// Level of zstd at which columns are kept: more would take longer than it saves.
const LEVEL: i32 = 1;

/// Sales of one property with a price and a surface, of the natures that the method keeps: columns of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaleColumns {
    /// Which rows are whose. A commune stands once a year.
    pub communes: Vec<CommuneSales>,
    /// The month's number, as in [`Months`].
    pub month: Vec<i16>,
    /// 1 maison, 2 appartement, 4 local.
    pub kind: Vec<u8>,
    pub rooms: Vec<u8>,
    /// €.
    pub price: Vec<f64>,
    /// m².
    pub surface: Vec<f64>,
}

/// The sales of a commune in a year, by day and identity.
#[derive(Clone, Debug, PartialEq)]
pub struct CommuneSales {
    /// As in the files.
    pub code: String,
    /// Rows of the columns.
    pub rows: Range<usize>,
    /// Of the identities of the sales.
    pub digest: [u8; 32],
}

impl SaleColumns {
    /// €/m².
    pub fn price_m2(&self, row: usize) -> f64 {
        self.price[row] / self.surface[row]
    }

    /// The rows of each commune.
    pub fn by_commune(&self) -> HashMap<&str, Vec<Range<usize>>> {
        let mut rows = HashMap::<&str, Vec<_>>::new();
        for commune in &self.communes {
            let known = rows.entry(&commune.code).or_default();
            known.push(commune.rows.clone());
        }
        rows
    }

    /// Digests of the identities of the sales of communes, of those that have any.
    pub fn digests(&self, wanted: impl Fn(&str) -> bool) -> BTreeMap<String, [u8; 32]> {
        let mut digests = BTreeMap::<String, [u8; 32]>::new();
        for commune in self.communes.iter().filter(|c| wanted(&c.code)) {
            digests
                .entry(commune.code.clone())
                .and_modify(|earlier| {
                    let mut hasher = blake3::Hasher::new();
                    hasher.update(earlier).update(&commune.digest);
                    *earlier = *hasher.finalize().as_bytes();
                })
                .or_insert(commune.digest);
        }
        digests
    }

    /// Adds those of a later year.
    fn append(&mut self, later: Self) {
        let before = self.kind.len();
        let moved = |commune: CommuneSales| CommuneSales {
            rows: commune.rows.start + before..commune.rows.end + before,
            ..commune
        };
        self.communes.extend(later.communes.into_iter().map(moved));
        self.month.extend(later.month);
        self.kind.extend(later.kind);
        self.rooms.extend(later.rooms);
        self.price.extend(later.price);
        self.surface.extend(later.surface);
    }

    /// Those of a file's mutations, which come by commune, day and identity.
    pub(super) fn of<'a>(mutations: impl Iterator<Item = &'a Mutation>) -> Self {
        let mut columns = Builder::default();
        for mutation in mutations {
            if let (Some(_), Some(kind), Some(price), Some(surface)) = (
                mutation.price_m2().filter(|_| mutation.nature.is_sale()),
                mutation.kind,
                mutation.price,
                mutation.surface,
            ) {
                columns.push(Sale {
                    commune: mutation.commune.as_str(),
                    month: Months::of(mutation.date) as i16,
                    kind,
                    rooms: mutation.rooms.min(255) as u8,
                    price,
                    surface,
                    id: &mutation.id,
                });
            }
        }
        columns.finish()
    }

    /// Those of the rows of a year, of the communes between two codes.
    pub(super) fn of_rows(
        connection: &Connection,
        year: i16,
        [first, last]: [&str; 2],
    ) -> Result<Self, DbError> {
        let mut statement = connection.prepare_cached(
            "SELECT commune, jour / 100, type_local, pieces, prix, surface_reelle, id
             FROM transactions WHERE annee = ? AND commune BETWEEN ? AND ? AND prix_m2 IS NOT NULL
             ORDER BY commune, jour, id",
        )?;
        let mut rows = statement.query((year, first, last))?;
        let mut columns = Builder::default();
        while let Some(row) = rows.next()? {
            columns.push(Sale {
                commune: row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?,
                month: year * 12 + row.get::<_, i16>(1)? - 1,
                kind: row.get(2)?,
                rooms: row.get::<_, u16>(3)?.min(255) as u8,
                price: row.get(4)?,
                surface: row.get(5)?,
                id: row.get_ref(6)?.as_blob().map_err(rusqlite::Error::from)?,
            });
        }
        Ok(columns.finish())
    }
}

/// A sale on its way into columns.
struct Sale<'a> {
    commune: &'a str,
    month: i16,
    kind: u8,
    rooms: u8,
    price: f64,
    surface: f64,
    id: &'a [u8],
}

/// Columns that grow.
#[derive(Default)]
struct Builder {
    columns: SaleColumns,
    /// Of the identities of the last commune's sales.
    hasher: blake3::Hasher,
}

impl Builder {
    fn push(&mut self, sale: Sale<'_>) {
        let columns = &mut self.columns;
        let row = columns.kind.len();
        let known = columns.communes.last();
        if known.is_none_or(|commune| commune.code != sale.commune) {
            self.close();
            self.columns.communes.push(CommuneSales {
                code: sale.commune.to_owned(),
                rows: row..row,
                digest: [0; 32],
            });
        }
        let columns = &mut self.columns;
        columns.month.push(sale.month);
        columns.kind.push(sale.kind);
        columns.rooms.push(sale.rooms);
        columns.price.push(sale.price);
        columns.surface.push(sale.surface);
        self.hasher.update(sale.id);
    }

    fn close(&mut self) {
        if let Some(commune) = self.columns.communes.last_mut() {
            commune.rows.end = self.columns.kind.len();
            commune.digest = *self.hasher.finalize().as_bytes();
            self.hasher.reset();
        }
    }

    fn finish(mut self) -> SaleColumns {
        self.close();
        self.columns
    }
}

/// The columns of a département and year as they are kept.
pub(super) struct Kept {
    year: i16,
    departement: String,
    /// Communes and their number of sales.
    communes: Vec<(String, usize)>,
    /// 32 bytes of each commune.
    digests: Vec<u8>,
    /// Months of the year, kinds, rooms, prices, surfaces; each a zstd frame.
    columns: [Vec<u8>; 5],
}

/// What packs columns, for one thread.
pub(super) fn packer() -> Result<Compressor<'static>, DbError> {
    Compressor::new(LEVEL).map_err(DbError::Compress)
}

/// Room for the columns of a département and year.
struct Room<'a> {
    month: &'a mut [i16],
    kind: &'a mut [u8],
    rooms: &'a mut [u8],
    price: &'a mut [f64],
    surface: &'a mut [f64],
}

impl Kept {
    /// Packs columns.
    pub fn of(
        sales: &SaleColumns,
        departement: &str,
        year: i16,
        zstd: &mut Compressor<'_>,
    ) -> Result<Self, DbError> {
        let communes = sales.communes.iter();
        let month = |&month: &i16| (i32::from(month) - i32::from(year) * 12 + 1) as u8;
        let months: Vec<u8> = sales.month.iter().map(month).collect();
        let numbers = |values: &[f64]| -> Vec<u8> {
            values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect()
        };
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
                pack(&sales.kind)?,
                pack(&sales.rooms)?,
                pack(&numbers(&sales.price))?,
                pack(&numbers(&sales.surface))?,
            ],
        })
    }

    /// Writes the row, in the place of the one that was there; there is none of no sales.
    pub fn store(&self, connection: &Connection) -> Result<(), DbError> {
        if self.communes.is_empty() {
            connection
                .prepare_cached("DELETE FROM sales WHERE annee = ? AND departement = ?")?
                .execute(params![self.year, self.departement])?;
            return Ok(());
        }
        let communes = serde_json::to_string(&self.communes)
            .map_err(|error| DbError::Compress(error.into()))?;
        let [months, kinds, rooms, prices, surfaces] = &self.columns;
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO sales (annee, departement, communes, digests, mois, type_local, pieces, prix,
                     surface_reelle)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                self.year,
                self.departement,
                communes,
                self.digests,
                months,
                kinds,
                rooms,
                prices,
                surfaces
            ])?;
        Ok(())
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let communes = row.get_ref(2)?.as_str()?;
        Ok(Self {
            year: row.get(0)?,
            departement: row.get(1)?,
            // Of what cannot be read nothing is left, which its columns do not fit.
            communes: serde_json::from_str(communes).unwrap_or_default(),
            digests: row.get(3)?,
            columns: [
                row.get(4)?,
                row.get(5)?,
                row.get(6)?,
                row.get(7)?,
                row.get(8)?,
            ],
        })
    }

    /// The communes, whose rows follow those of the ones before.
    fn communes(&self, mut before: usize) -> impl Iterator<Item = CommuneSales> {
        let (digests, _) = self.digests.as_chunks::<32>();
        let communes = self.communes.iter().zip(digests);
        communes.map(move |((code, count), &digest)| {
            let rows = before..before + count;
            before = rows.end;
            let code = code.clone();
            CommuneSales { code, rows, digest }
        })
    }

    /// Unpacks the columns; `None` when they are not what was stored.
    fn unpack(&self, zstd: &mut Decompressor<'_>, room: Room<'_>) -> Option<()> {
        let count = room.kind.len();
        let mut bytes = |column: usize, width: usize| {
            let bytes = zstd.decompress(&self.columns[column], count * width).ok()?;
            (bytes.len() == count * width).then_some(bytes)
        };
        for (month, of_year) in room.month.iter_mut().zip(bytes(0, 1)?) {
            *month = self.year * 12 + i16::from(of_year) - 1;
        }
        room.kind.copy_from_slice(&bytes(1, 1)?);
        room.rooms.copy_from_slice(&bytes(2, 1)?);
        for (column, numbers) in [(3, room.price), (4, room.surface)] {
            let bytes = bytes(column, 8)?;
            for (number, &bytes) in numbers.iter_mut().zip(bytes.as_chunks::<8>().0) {
                *number = f64::from_le_bytes(bytes);
            }
        }
        Some(())
    }
}

impl Database {
    /// All sales, from the columns that are kept.
    ///
    /// # Errors
    /// When SQLite fails, or they are damaged.
    pub fn sales(&self) -> Result<SaleColumns, DbError> {
        let mut statement = self.connection.prepare(
            "SELECT annee, departement, communes, digests, mois, type_local, pieces, prix, surface_reelle
             FROM sales ORDER BY annee, departement",
        )?;
        let kept = statement.query_map([], Kept::read)?;
        let kept = kept.collect::<Result<Vec<_>, _>>()?;
        let mut all = SaleColumns::default();
        let mut ends = vec![0];
        for kept in &kept {
            let before = ends[ends.len() - 1];
            all.communes.extend(kept.communes(before));
            ends.push(all.communes.last().map_or(0, |last| last.rows.end));
        }
        let count = ends[ends.len() - 1];
        all.month = vec![0; count];
        all.kind = vec![0; count];
        all.rooms = vec![0; count];
        all.price = vec![0.0; count];
        all.surface = vec![0.0; count];
        let mut month = all.month.as_mut_slice();
        let mut kind = all.kind.as_mut_slice();
        let mut rooms = all.rooms.as_mut_slice();
        let mut price = all.price.as_mut_slice();
        let mut surface = all.surface.as_mut_slice();
        let parts: Vec<_> = kept
            .into_iter()
            .zip(ends.windows(2))
            .map(|(kept, ends)| {
                let count = ends[1] - ends[0];
                let room = Room {
                    month: month.split_off_mut(..count).unwrap_or_default(),
                    kind: kind.split_off_mut(..count).unwrap_or_default(),
                    rooms: rooms.split_off_mut(..count).unwrap_or_default(),
                    price: price.split_off_mut(..count).unwrap_or_default(),
                    surface: surface.split_off_mut(..count).unwrap_or_default(),
                };
                (kept, room)
            })
            .collect();
        parts.into_par_iter().try_for_each_init(
            || Decompressor::new().ok(),
            |zstd, (kept, room)| {
                let unpacked = zstd.as_mut().and_then(|zstd| kept.unpack(zstd, room));
                unpacked.ok_or(DbError::Columns {
                    departement: kept.departement,
                    year: kept.year,
                })
            },
        )?;
        Ok(all)
    }

    /// All sales, from their rows: the same as [`Database::sales`], by which it can be checked. The years are read at
    /// once, each by a connection of its own.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn sales_of_rows(&self) -> Result<SaleColumns, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT min(annee), max(annee) FROM mutations")?;
        let (first, last): (Option<i16>, Option<i16>) =
            statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(SaleColumns::default());
        };
        let path = self.path.as_deref();
        let years = (first..=last).into_par_iter().map(|year| {
            // One in memory is there for previews, and has no sales.
            match path.map(Self::open_read_only).transpose()?.flatten() {
                Some(database) => SaleColumns::of_rows(&database.connection, year, ["0", "A"]),
                None => Ok(SaleColumns::default()),
            }
        });
        let mut all = SaleColumns::default();
        for year in years.collect::<Result<Vec<_>, DbError>>()? {
            all.append(year);
        }
        Ok(all)
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
