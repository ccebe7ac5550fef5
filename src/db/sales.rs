//! Sales as columns: what the statistics are made of.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rusqlite::Connection;

use super::DbError;
use crate::base::kind::PropertyKind;
use crate::base::month::Month;
use crate::intake::dvf::{Mutation, NEW_HOME, Section};

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
    /// Built surface, m².
    pub surface: Vec<f64>,
    /// Whether it was sold before it was built ("Vente en l'état futur d'achèvement").
    pub new_home: Vec<bool>,
    /// Land sold with it, m²: each plot and culture once; 0 where there is none.
    pub land: Vec<f32>,
    /// The section of its parcel; unknown in rows of earlier programs until their file is imported again.
    pub section: Vec<Section>,
}

/// The sales of a commune in a year, by day and identity.
#[derive(Clone, Debug, PartialEq)]
pub struct CommuneSales {
    /// As in the files.
    pub code: String,
    /// Rows of the columns.
    pub rows: Range<usize>,
    /// Of the identities of the sales, and of what is known of them that their identities do not tell: sections and land.
    pub digest: [u8; 32],
}

impl SaleColumns {
    /// €/m².
    pub fn price_m2(&self, row: usize) -> f64 {
        self.price[row] / self.surface[row]
    }

    /// Whether the same is said of some rows as of those of others, in the columns that these have.
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
            && (self.section.is_empty()
                || self.new_home[rows()] == other.new_home[others()]
                    && self.land[rows()] == other.land[others()]
                    && self.section[rows()] == other.section[others()])
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
        self.new_home
            .extend_from_slice(&later.new_home[rows.clone()]);
        self.land.extend_from_slice(&later.land[rows.clone()]);
        self.section.extend_from_slice(&later.section[rows.clone()]);
    }

    /// The sales among a file's mutations, which come by commune, day and identity.
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
                    new_home: mutation.nature.is_new_home(),
                    land: mutation.land,
                    section: mutation.section,
                    id: &mutation.id,
                });
            }
        }
        columns.finish()
    }

    /// The sales among the rows of a year, of the communes between two codes.
    pub(super) fn of_rows(
        connection: &Connection,
        year: i16,
        [first, last]: [&str; 2],
    ) -> Result<Self, DbError> {
        let mut statement = connection.prepare_cached(
            "SELECT commune, jour / 100, type_local, pieces, prix, surface_reelle, id, nature = ?, surface_terrain, section
             FROM transactions WHERE annee = ? AND commune BETWEEN ? AND ? AND prix_m2 IS NOT NULL
             ORDER BY commune, jour, id",
        )?;
        // The natures of sales stand first in the table of natures, which counts from one.
        let new_home = NEW_HOME as i64 + 1;
        let mut rows = statement.query((new_home, year, first, last))?;
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
                new_home: row.get(7)?,
                land: row.get(8)?,
                section: row.get(9)?,
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
    new_home: bool,
    land: Option<f64>,
    section: Section,
    id: &'a [u8],
}

/// Columns that grow.
#[derive(Default)]
struct Builder {
    columns: SaleColumns,
    /// Of the identities of the last commune's sales.
    hasher: blake3::Hasher,
    /// Of the sections and the land of those whose section is known, with their identities.
    retold: Option<blake3::Hasher>,
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
        columns.new_home.push(sale.new_home);
        let land = sale.land.unwrap_or(0.0) as f32;
        columns.land.push(land);
        columns.section.push(sale.section);
        self.hasher.update(sale.id);
        if sale.section.is_known() {
            let retold = self.retold.get_or_insert_default();
            retold
                .update(sale.id)
                .update(&sale.section.bytes())
                .update(&land.to_le_bytes());
        }
    }

    fn close(&mut self) {
        if let Some(commune) = self.columns.communes.last_mut() {
            commune.rows.end = self.columns.kind.len();
            let mut digest = self.hasher.finalize();
            if let Some(retold) = self.retold.take() {
                self.hasher.update(retold.finalize().as_bytes());
                digest = self.hasher.finalize();
            }
            commune.digest = *digest.as_bytes();
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::intake::dvf::{Code, Nature};

    fn sale(id: u8, section: &[u8; 5], land: f64) -> Mutation {
        Mutation {
            id: [id; 16],
            number: 0,
            commune: Code::parse(b"83137").unwrap(),
            date: date(2024, 3, 29),
            nature: Nature(NEW_HOME as u8),
            price: Some(162_500.0),
            lines: 1,
            properties: 1,
            kind: Some(PropertyKind::House),
            surface: Some(65.0),
            rooms: 3,
            land: Some(land).filter(|&m2| m2 > 0.0),
            section: Section::from_bytes(*section),
            postal: None,
            position: None,
        }
    }

    fn digest(sales: &[Mutation]) -> [u8; 32] {
        SaleColumns::of(sales.iter()).communes[0].digest
    }

    #[test]
    fn a_digest_tells_sections_and_land_and_is_that_of_the_identities_without_sections() {
        let unknown = [sale(1, b"00000", 400.0), sale(2, b"00000", 0.0)];
        let identities = blake3::hash([[1; 16], [2; 16]].as_flattened());
        assert_eq!(digest(&unknown), *identities.as_bytes());
        let known = [sale(1, b"000AB", 400.0), sale(2, b"000AB", 0.0)];
        let others = [
            [sale(1, b"000AB", 400.0), sale(2, b"000AC", 0.0)],
            [sale(1, b"000AB", 400.0), sale(2, b"00000", 0.0)],
            [sale(1, b"000AB", 410.0), sale(2, b"000AB", 0.0)],
            unknown,
        ];
        for other in others {
            assert_ne!(digest(&known), digest(&other));
        }
    }

    #[test]
    fn columns_say_what_the_mutations_do() {
        let columns = SaleColumns::of([sale(1, b"000AB", 412.5), sale(2, b"0000A", 0.0)].iter());
        assert_eq!(columns.new_home, [true, true]);
        assert_eq!(columns.land, [412.5, 0.0]);
        let sections = columns.section.iter().map(Section::as_str);
        assert_eq!(sections.collect::<Vec<_>>(), ["000AB", "0000A"]);
    }
}
