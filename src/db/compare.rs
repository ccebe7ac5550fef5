//! What of a file's mutations the database holds already.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::civil::Date;
use rusqlite::{Connection, Row};

use super::DbError;
use crate::dvf::{Content, Months, Mutation, Scope, Territory};

/// A mutation that the database holds and the file does not.
pub struct Withdrawn {
    pub year: i16,
    pub commune: String,
    pub date: String,
    pub id: [u8; 16],
    /// The kind of property, where the method keeps the mutation.
    pub sale: Option<u8>,
}

/// What a comparison finds, by indexes into the file's mutations.
#[derive(Default)]
pub struct Difference {
    /// Mutations and sales that the database holds of the scope, by year.
    pub before: BTreeMap<i16, (u64, u64)>,
    pub added: Vec<usize>,
    pub removed: Vec<Withdrawn>,
    pub relocated: Vec<usize>,
}

/// Walks through the file's mutations and the database's, both in the order of the key.
pub fn compare(
    connection: &Connection,
    scope: &Scope,
    content: &Content,
) -> Result<Difference, DbError> {
    let [first, last] = days(scope);
    let mut statement = connection.prepare(
        "SELECT commune, date_mutation, id, code_postal, lat, lon, CASE WHEN prix_m2 < 100000 THEN type_local END
         FROM transactions
         WHERE annee = ? AND commune BETWEEN ? AND ? AND date_mutation BETWEEN ? AND ?
         ORDER BY commune, date_mutation, id",
    )?;
    let mut difference = Difference::default();
    let mut new = content.mutations.iter().enumerate().peekable();
    for year in years(scope) {
        let before = difference.before.entry(year).or_default();
        for (from, to) in ranges(scope) {
            let mut rows = statement.query((year, &from, &to, &first, &last))?;
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
                            if let Some((index, mutation)) = new.next()
                                && stored.is_relocated(mutation)
                            {
                                difference.relocated.push(index);
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
    }
    difference.before.retain(|_, before| before.0 > 0);
    difference.added.extend(new.map(|(index, _)| index));
    Ok(difference)
}

/// A row of the database, as far as the comparison needs it.
struct Stored<'a> {
    commune: &'a str,
    date: &'a str,
    id: [u8; 16],
    postal: Option<&'a str>,
    position: (Option<f64>, Option<f64>),
    sale: Option<u8>,
}

impl<'a> Stored<'a> {
    fn read(row: &'a Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            commune: row.get_ref(0)?.as_str()?,
            date: row.get_ref(1)?.as_str()?,
            id: row.get(2)?,
            postal: row.get_ref(3)?.as_str_or_null()?,
            position: (row.get(4)?, row.get(5)?),
            sale: row.get(6)?,
        })
    }

    /// How a mutation of the file stands to this one of a year, in the order of the key.
    fn order(&self, year: i16, mutation: &Mutation) -> Ordering {
        mutation
            .date
            .year()
            .cmp(&year)
            .then_with(|| mutation.commune.bytes()[..].cmp(self.commune.as_bytes()))
            .then_with(|| iso(mutation.date)[..].cmp(self.date.as_bytes()))
            .then_with(|| mutation.id.cmp(&self.id))
    }

    /// Whether the file knows better where the mutation is. A file without coordinates takes none away.
    fn is_relocated(&self, mutation: &Mutation) -> bool {
        let moved = mutation
            .position
            .is_some_and(|[lat, lon]| self.position != (Some(lat), Some(lon)));
        let known = postal(mutation);
        moved || known.is_some() && self.postal != known
    }

    fn withdrawn(&self, year: i16) -> Withdrawn {
        Withdrawn {
            year,
            commune: self.commune.to_owned(),
            date: self.date.to_owned(),
            id: self.id,
            sale: self.sale,
        }
    }
}

/// The years of a scope.
pub fn years(scope: &Scope) -> RangeInclusive<i16> {
    let year = |month: i32| month.div_euclid(12) as i16;
    year(scope.months.first)..=year(scope.months.last)
}

/// The communes' codes of a scope, as ranges with both ends.
pub fn ranges(scope: &Scope) -> Vec<(String, String)> {
    match &scope.territory {
        Territory::France => vec![("0".into(), "A".into())],
        Territory::Departements(codes) => codes
            .iter()
            .map(|code| (code.clone(), format!("{code}~")))
            .collect(),
        Territory::Commune(code) => vec![(code.as_str().into(), code.as_str().into())],
    }
}

/// The first and the last day of a scope; a month has 31 days at the most.
pub fn days(scope: &Scope) -> [String; 2] {
    [
        format!("{}-01", Months::name(scope.months.first)),
        format!("{}-31", Months::name(scope.months.last)),
    ]
}

/// A date as the database has it, `2024-01-31`: many times faster than by the formatting machinery, once a mutation.
pub fn iso(date: Date) -> [u8; 10] {
    let mut text = *b"0000-00-00";
    let mut put = |end: usize, mut number: u16| {
        let mut place = end;
        while number > 0 {
            place -= 1;
            text[place] = b'0' + (number % 10) as u8;
            number /= 10;
        }
    };
    put(4, date.year().unsigned_abs());
    put(7, date.month().unsigned_abs().into());
    put(10, date.day().unsigned_abs().into());
    text
}

/// The postal code of a mutation as text.
pub fn postal(mutation: &Mutation) -> Option<&str> {
    mutation
        .postal
        .as_ref()
        .map(|digits| str::from_utf8(digits).unwrap_or_default())
}
