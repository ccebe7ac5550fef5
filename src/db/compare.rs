//! What of a file's mutations the database holds already.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rusqlite::{Connection, Row};

use super::DbError;
use crate::base::kind::PropertyKind;
use crate::base::month::Month;
use crate::geo;
use crate::intake::dvf::{MAXIMUM_PRICE_M2, Mutation, SALE_NATURES, Scope, Section, Territory};

/// A mutation that the database holds and the file does not.
pub(super) struct Withdrawn {
    pub year: i16,
    pub commune: String,
    /// 100 times the month plus the day.
    pub day: i16,
    pub id: [u8; 16],
    /// The kind of property, where the method keeps the mutation.
    pub sale: Option<PropertyKind>,
}

/// What a comparison finds, by indexes into the file's mutations.
#[derive(Default)]
pub(super) struct FileDifference {
    /// Mutations and sales that the database holds of the scope, by year.
    pub before: BTreeMap<i16, (u64, u64)>,
    pub added: Vec<usize>,
    pub removed: Vec<Withdrawn>,
    /// Mutations of which the file knows better where they are, or how much land they have.
    pub relocated: Vec<usize>,
    /// Communes and years of sales among them whose section or land is told otherwise: what is kept of their sales changes.
    pub retold: BTreeSet<(String, i16)>,
    /// Years and départements of which the database knows more than the file: where a mutation is.
    pub richer: BTreeSet<(i16, String)>,
}

/// Walks through a file's mutations and the database's, both in the order of the key.
///
/// # Errors
/// When SQLite fails.
pub(super) fn compare(
    connection: &Connection,
    scope: &Scope,
    mutations: &[Mutation],
) -> Result<FileDifference, DbError> {
    let mut statement = connection.prepare(
        "SELECT commune, jour, id, postal, latitude_e6, longitude_e6,
                CASE WHEN nature <= ?6 AND prix / surface_reelle < ?7 THEN type_local END, surface_terrain, section
         FROM mutations
         WHERE annee = ?1 AND commune BETWEEN ?2 AND ?3 AND jour BETWEEN ?4 AND ?5
         ORDER BY commune, jour, id",
    )?;
    let mut difference = FileDifference::default();
    let mut new = mutations.iter().enumerate().peekable();
    for year in scope.months.years() {
        let mut before = (0, 0);
        let (first, last) = days(scope, year);
        for (from, to) in ranges(scope) {
            let natures = SALE_NATURES.len() as i64;
            let parameters = (year, &from, &to, first, last, natures, MAXIMUM_PRICE_M2);
            let mut rows = statement.query(parameters)?;
            while let Some(row) = rows.next()? {
                let stored = Stored::read(row)?;
                before.0 += 1;
                before.1 += u64::from(stored.sale.is_some());
                loop {
                    let order = new.peek().map_or(Ordering::Greater, |(_, mutation)| {
                        stored.order(year, mutation)
                    });
                    match order {
                        Ordering::Less => {
                            difference.added.extend(new.next().map(|(index, _)| index));
                        }
                        Ordering::Equal => {
                            if let Some((index, mutation)) = new.next() {
                                difference.meet(&stored, year, index, mutation);
                            }
                            break;
                        }
                        Ordering::Greater => {
                            difference.removed.push(stored.withdrawn(year));
                            break;
                        }
                    }
                }
            }
        }
        if before.0 > 0 {
            difference.before.insert(year, before);
        }
    }
    difference.added.extend(new.map(|(index, _)| index));
    Ok(difference)
}

impl FileDifference {
    /// Adds a mutation that both hold.
    fn meet(&mut self, stored: &Stored<'_>, year: i16, index: usize, mutation: &Mutation) {
        let retold = stored.is_retold(mutation);
        if retold || stored.is_relocated(mutation) {
            self.relocated.push(index);
        }
        if retold && stored.sale.is_some() {
            self.retold.insert((stored.commune.to_owned(), year));
        }
        if stored.is_richer(mutation) {
            let departement = geo::departement_of(stored.commune);
            self.richer.insert((year, departement.to_owned()));
        }
    }
}

/// A row of the database, as far as the comparison needs it.
struct Stored<'a> {
    commune: &'a str,
    day: i16,
    id: [u8; 16],
    postal: Option<u32>,
    position: Option<[i32; 2]>,
    sale: Option<PropertyKind>,
    land: Option<f64>,
    section: Section,
}

impl<'a> Stored<'a> {
    fn read(row: &'a Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            commune: row.get_ref(0)?.as_str()?,
            day: row.get(1)?,
            id: row.get(2)?,
            postal: row.get(3)?,
            position: match (row.get(4)?, row.get(5)?) {
                (Some(latitude), Some(longitude)) => Some([latitude, longitude]),
                _ => None,
            },
            sale: row.get(6)?,
            land: row.get(7)?,
            section: row.get(8)?,
        })
    }

    /// How a mutation of the file stands to this one of a year, in the order of the key.
    fn order(&self, year: i16, mutation: &Mutation) -> Ordering {
        mutation
            .date
            .year()
            .cmp(&year)
            .then_with(|| mutation.commune.bytes()[..].cmp(self.commune.as_bytes()))
            .then_with(|| day(mutation.date).cmp(&self.day))
            .then_with(|| mutation.id.cmp(&self.id))
    }

    /// Whether the file knows better where the mutation is. A file without coordinates takes none away.
    fn is_relocated(&self, mutation: &Mutation) -> bool {
        let (position, postal) = (position(mutation), postal(mutation));
        position.is_some() && self.position != position || postal.is_some() && self.postal != postal
    }

    /// Whether the file tells the section otherwise, or the land: neither makes a mutation another, for the prefix of a
    /// parcel changes when communes merge. A file without sections takes none away.
    fn is_retold(&self, mutation: &Mutation) -> bool {
        mutation.section.is_known() && self.section != mutation.section
            || self.land != mutation.land
    }

    /// Whether the database keeps a place that the file does not know.
    fn is_richer(&self, mutation: &Mutation) -> bool {
        self.position.is_some() && mutation.position.is_none()
            || self.section.is_known() && !mutation.section.is_known()
    }

    fn withdrawn(&self, year: i16) -> Withdrawn {
        Withdrawn {
            year,
            commune: self.commune.to_owned(),
            day: self.day,
            id: self.id,
            sale: self.sale,
        }
    }
}

/// The communes' codes of a scope, as ranges with both ends.
pub(super) fn ranges(scope: &Scope) -> Vec<(String, String)> {
    match &scope.territory {
        Territory::France => vec![("0".into(), "A".into())],
        Territory::Departements(codes) => codes
            .iter()
            .map(|code| (code.clone(), format!("{code}~")))
            .collect(),
        Territory::Commune(code) => vec![(code.as_str().into(), code.as_str().into())],
    }
}

/// The first and the last day of a scope in a year, as [`day`] has them; a month has 31 days at the most.
pub(super) fn days(scope: &Scope, year: i16) -> (i16, i16) {
    let month = |month: Month| (month - Month::january(year) + 1).clamp(0, 13) * 100;
    (month(scope.months.first), month(scope.months.last) + 31)
}

/// A day as the database has it: 100 times the month plus the day.
pub(super) fn day(date: Date) -> i16 {
    i16::from(date.month()) * 100 + i16::from(date.day())
}

/// Latitude and longitude of a mutation in millionths of a degree.
pub(super) fn position(mutation: &Mutation) -> Option<[i32; 2]> {
    let millionths = |degrees: f64| (degrees * 1e6).round() as i32;
    mutation.position.map(|position| position.map(millionths))
}

/// The postal code of a mutation as a number.
pub(super) fn postal(mutation: &Mutation) -> Option<u32> {
    let digits = str::from_utf8(mutation.postal.as_ref()?).ok()?;
    digits.parse().ok()
}
