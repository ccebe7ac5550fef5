//! Acts over several communes in files of one commune each.
//!
//! Each file holds its part of such an act with the price of the whole: a house here and a flat there would be two sales at the
//! price of both. The parts of files of communes are kept with the numbers of their acts; where those of one act have several
//! properties together, none of them is a sale, as in the file of their département. Files of départements have parts, too, a
//! few in ten thousand; they are taken as they are.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::DbError;
use super::compare::{FileDifference, day};
use super::keep::keep_rows;
use crate::base::kind::PropertyKind;
use crate::geo;
use crate::intake::dvf::{MAXIMUM_PRICE_M2, Numbering, SALE_NATURES, SalesFile, Territory};

/// Sales that are none any more, or are again, by year and commune.
pub(super) type Settled = BTreeMap<(i16, String), SettledSales>;

/// Sales of a commune in a year that are none any more, or are again, because of what other files hold of their acts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SettledSales {
    /// None any more, of those that the same import added.
    pub added: u64,
    /// None any more, of those that were there before.
    pub lost: u64,
    /// Sales again.
    pub regained: u64,
}

impl SettledSales {
    pub(super) fn count(&self) -> u64 {
        self.added + self.lost + self.regained
    }
}

/// A part of an act, and how its mutation stands in the database.
struct ActPart {
    commune: String,
    day: i16,
    id: [u8; 16],
    is_certain: bool,
    properties: u32,
    kind: Option<PropertyKind>,
    surface: Option<f64>,
    rooms: Option<u16>,
    price: f64,
    nature: i64,
    follows: bool,
    /// Properties of the whole act, as far as they were known.
    shown: u32,
    batch_id: i64,
}

impl ActPart {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            commune: row.get(0)?,
            day: row.get(1)?,
            id: row.get(2)?,
            is_certain: row.get(3)?,
            properties: row.get(4)?,
            kind: row.get(5)?,
            surface: row.get(6)?,
            rooms: row.get(7)?,
            price: row.get(8)?,
            nature: row.get(9)?,
            follows: row.get(10)?,
            shown: row.get(11)?,
            batch_id: row.get(12)?,
        })
    }

    /// Whether both are of what is one mutation in a file of a larger place.
    fn is_of_one_mutation(&self, other: &Self) -> bool {
        let terms = |part: &Self| (part.day, part.price.to_bits(), part.nature);
        terms(self) == terms(other)
    }

    /// Whether the part is a sale where it is all of its act. The natures of sales stand first in the table of natures.
    fn is_sale_alone(&self) -> bool {
        let surface = self.surface.filter(|_| self.properties == 1);
        self.nature <= SALE_NATURES.len() as i64
            && surface.is_some_and(|m2| self.price / m2 < MAXIMUM_PRICE_M2)
    }
}

/// Keeps the parts of a file that was written, and counts the properties of the acts that they and the ones that went belong to.
/// Gives the sales that this changes, by year and commune.
///
/// # Errors
/// When SQLite fails.
pub(super) fn settle(
    transaction: &Transaction<'_>,
    batch_id: i64,
    file: &SalesFile,
    difference: &FileDifference,
) -> Result<Settled, DbError> {
    let mut numbers = withdrawn(transaction, difference)?;
    numbers.extend(keep(transaction, file)?);
    let mut settled = Settled::new();
    for (year, number) in numbers {
        let parts = parts(transaction, year, number)?;
        for part in &parts {
            let same = || parts.iter().filter(|other| other.is_of_one_mutation(part));
            let is_joint = same().any(|other| other.commune != part.commune)
                && same().any(|other| other.is_certain);
            let follows = is_joint && same().any(|other| other.commune < part.commune);
            if follows != part.follows {
                follow(transaction, year, part, follows)?;
            }
            let properties = if is_joint && part.properties > 0 {
                same().map(|other| other.properties).sum()
            } else {
                part.properties
            };
            if properties == part.shown {
                continue;
            }
            show(transaction, year, part, properties)?;
            if part.is_sale_alone() {
                let key = (year, part.commune.clone());
                let sales = settled.entry(key).or_default();
                if properties == 1 {
                    sales.regained += 1;
                } else if part.shown == 1 && part.batch_id == batch_id {
                    sales.added += 1;
                } else if part.shown == 1 {
                    sales.lost += 1;
                }
            }
        }
    }
    let places = settled.keys();
    let places = places.map(|(year, commune)| (*year, geo::departement_of(commune)));
    keep_rows(transaction, places.collect::<BTreeSet<_>>())?;
    Ok(settled)
}

/// Takes out the parts of mutations that went, and gives the years and numbers of their acts.
fn withdrawn(
    transaction: &Transaction<'_>,
    difference: &FileDifference,
) -> Result<BTreeSet<(i16, i64)>, DbError> {
    let mut delete = transaction.prepare(
        "DELETE FROM act_parts WHERE annee = ? AND commune = ? AND jour = ? AND id = ? RETURNING annee, numero",
    )?;
    let mut numbers = BTreeSet::new();
    for gone in &difference.removed {
        let key = params![gone.year, gone.commune, gone.day, gone.id];
        numbers.extend(
            delete
                .query_row(key, |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?,
        );
    }
    Ok(numbers)
}

/// Keeps the parts of a file of one commune, and gives the years and numbers of their acts, those that they had before among
/// them: each edition numbers anew.
fn keep(transaction: &Transaction<'_>, file: &SalesFile) -> Result<BTreeSet<(i16, i64)>, DbError> {
    let content = &file.content;
    let mut numbers = BTreeSet::new();
    if !matches!(file.scope.territory, Territory::Commune(_))
        || content.numbering != Numbering::Sound
    {
        return Ok(numbers);
    }
    let mut find = transaction.prepare(
        "SELECT numero FROM act_parts WHERE annee = ? AND commune = ? AND jour = ? AND id = ?",
    )?;
    let mut insert = transaction
        .prepare(
            "INSERT INTO act_parts (annee, commune, jour, id, numero, certain, biens, type_local, surface_reelle, pieces)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET numero = excluded.numero, certain = excluded.certain",
        )?;
    for part in &content.mutations {
        let year = part.date.year();
        let (commune, day) = (part.commune.as_str(), day(part.date));
        let before = find
            .query_row(params![year, commune, day, part.id], |row| row.get(0))
            .optional()?;
        let number = part.number.cast_signed();
        numbers.extend(before.map(|before| (year, before)));
        numbers.insert((year, number));
        insert.execute(params![
            year,
            commune,
            day,
            part.id,
            number,
            content.numbers_are_certain,
            part.properties,
            part.kind,
            part.surface,
            part.kind.map(|_| part.rooms),
        ])?;
    }
    Ok(numbers)
}

/// The parts that are kept of an act.
fn parts(connection: &Connection, year: i16, number: i64) -> Result<Vec<ActPart>, DbError> {
    let mut statement = connection.prepare_cached(
        "SELECT p.commune, p.jour, p.id, p.certain, p.biens, p.type_local, p.surface_reelle, p.pieces,
                m.prix, m.nature, p.suite, m.biens, m.batch_id
         FROM act_parts p INDEXED BY act_parts_by_number
         CROSS JOIN mutations m USING (annee, commune, jour, id)
         WHERE p.annee = ? AND p.numero = ? AND m.prix IS NOT NULL",
    )?;
    let parts = statement.query_map((year, number), ActPart::read)?;
    Ok(parts.collect::<Result<_, _>>()?)
}

/// Has a part say whether another stands before it.
fn follow(
    transaction: &Transaction<'_>,
    year: i16,
    part: &ActPart,
    follows: bool,
) -> Result<(), DbError> {
    transaction
        .prepare_cached(
            "UPDATE act_parts SET suite = ? WHERE annee = ? AND commune = ? AND jour = ? AND id = ?",
        )?
        .execute(params![follows, year, part.commune, part.day, part.id])?;
    Ok(())
}

/// Has a mutation say how many properties its act has.
fn show(
    transaction: &Transaction<'_>,
    year: i16,
    part: &ActPart,
    properties: u32,
) -> Result<(), DbError> {
    let is_only = properties == 1;
    transaction
        .prepare_cached(
            "UPDATE mutations SET biens = ?, type_local = ?, surface_reelle = ?, pieces = ?
             WHERE annee = ? AND commune = ? AND jour = ? AND id = ?",
        )?
        .execute(params![
            properties,
            part.kind.filter(|_| is_only),
            part.surface.filter(|_| is_only),
            part.rooms.filter(|_| is_only),
            year,
            part.commune,
            part.day,
            part.id,
        ])?;
    Ok(())
}
