//! Sales as columns: what the statistics are made of.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rusqlite::Connection;

use super::DbError;
use crate::base::kind::PropertyKind;
use crate::base::month::Month;
use crate::intake::dvf::Mutation;

/// Sales of one property with a price and a surface, of the natures that the method keeps: columns of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaleColumns {
    /// Which rows belong to which commune; a commune has one entry a year.
    pub communes: Vec<CommuneSales>,
    /// The month of the deed of each sale.
    pub month: Vec<Month>,
    /// Houses, flats and business premises.
    pub kind: Vec<PropertyKind>,
    /// Main rooms of each sale's property.
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

    /// Whether the same is said of some rows as of those of others.
    pub(super) fn says_the_same(
        &self,
        rows: &Range<usize>,
        other: &Self,
        others: &Range<usize>,
    ) -> bool {
        let (rows, others) = (|| rows.clone(), || others.clone());
        self.month[rows()] == other.month[others()]
            && self.kind[rows()] == other.kind[others()]
            && self.rooms[rows()] == other.rooms[others()]
            && self.price[rows()] == other.price[others()]
            && self.surface[rows()] == other.surface[others()]
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

    /// Adds the sales of some communes of a later year, which stand there one after another.
    pub(super) fn append(&mut self, later: &Self, communes: &[CommuneSales]) {
        let (Some(first), Some(last)) = (communes.first(), communes.last()) else {
            return;
        };
        let (before, rows) = (self.kind.len(), first.rows.start..last.rows.end);
        let moved = |row: usize| row - rows.start + before;
        let communes = communes.iter().map(|commune| CommuneSales {
            rows: moved(commune.rows.start)..moved(commune.rows.end),
            ..commune.clone()
        });
        self.communes.extend(communes);
        self.month.extend_from_slice(&later.month[rows.clone()]);
        self.kind.extend_from_slice(&later.kind[rows.clone()]);
        self.rooms.extend_from_slice(&later.rooms[rows.clone()]);
        self.price.extend_from_slice(&later.price[rows.clone()]);
        self.surface.extend_from_slice(&later.surface[rows.clone()]);
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
                    month: Month::of(mutation.date),
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
                month: Month::january(year) + (row.get::<_, i16>(1)? - 1),
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
    month: Month,
    kind: PropertyKind,
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

/// The digest of each commune's sales from those of its years, which come one after another.
pub fn digests<'a>(
    communes: impl IntoIterator<Item = &'a CommuneSales>,
) -> BTreeMap<String, [u8; 32]> {
    let mut digests = BTreeMap::<String, [u8; 32]>::new();
    for commune in communes {
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
