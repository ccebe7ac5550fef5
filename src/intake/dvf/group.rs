//! Lines into mutations.
//!
//! In a sound file the lines of a mutation follow each other, so each mutation is closed as soon as the next begins and
//! only mutations stay in memory. [`Whole::finish`] says when that did not hold; the file is then read again, all lines
//! kept and sorted ([`Way::collect`]).
//!
//! The files that Etalab's new chain makes since 2026 are sorted by date and price over the whole country before they
//! are numbered, so that all sales of one day at one price share a number. Such a file is told by what it cannot hide:
//! its lines are in that order and the number changes exactly where date or price does, or its numbers span several
//! départements. It is read again, each number split by commune, section and
//! disposition ([`Way::regroup`]).
//!
//! What is known of the parts of a file is put together in their order, so that it does not matter where they were cut.

use std::cmp::Ordering;

use jiff::civil::Date;
use rayon::prelude::*;

use super::field::Code;
use super::mutation::{Line, Mutation, Nature, SALE_NATURES};
use super::part::Part;

/// A line with what it says of its mutation.
#[derive(Clone, Copy)]
pub struct Row {
    /// Hash of the mutation's number, or of date and price where the format has none.
    pub key: u64,
    pub date: Date,
    pub nature: Nature,
    pub price: Option<f64>,
    pub line: Line,
}

impl Row {
    fn terms(&self) -> (Date, u64, Nature) {
        (
            self.date,
            self.price.map_or(u64::MAX, f64::to_bits),
            self.nature,
        )
    }

    /// Commune, section with its prefix, disposition.
    fn place(&self) -> (Code, [u8; 5], u16) {
        let mut section = [0; 5];
        section.copy_from_slice(&self.line.parcel[..5]);
        (self.line.commune, section, self.line.disposition)
    }
}

/// What the numbers of a file turned out to be worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// The format has none: a mutation is a run of lines with the same date and price.
    Runs,
    /// One number a mutation.
    Sound,
    /// One number for all sales of a day at a price: split by commune, section and disposition.
    Regrouped {
        /// Numbers in the file.
        numbers: u64,
    },
}

impl Numbering {
    /// The name used in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Sound => "sound",
            Self::Regrouped { .. } => "regrouped",
        }
    }

    /// How many numbers the file had, where they had to be taken apart.
    pub fn numbers(self) -> Option<u64> {
        match self {
            Self::Regrouped { numbers } => Some(numbers),
            Self::Runs | Self::Sound => None,
        }
    }
}

/// How the lines of a file are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// Keep all lines until the end: the lines of a mutation do not follow each other.
    pub collect: bool,
    /// Split each number by commune, section and disposition.
    pub regroup: bool,
}

/// What [`Whole::finish`] comes to.
pub enum Outcome {
    /// The file has to be read again, this way.
    Again(Way),
    Done {
        /// Sorted by year, commune, date and identity.
        mutations: Vec<Mutation>,
        /// Names of the natures.
        natures: Vec<String>,
        numbering: Numbering,
    },
}

/// Fewer numbers than this may be in the new chain's order by chance.
const FEWEST_NUMBERS: u64 = 50;

/// Numbers that span several départements, in per cent, from which on they cannot be mutations. In sound files a few
/// in ten thousand do; in the new chain's, a third.
const SPANNING_SHARE: u64 = 5;

/// In what order the lines of a file, or of a part of it, stand.
pub struct Order {
    /// Dates and prices never decrease.
    sorted: bool,
    /// The number changes exactly where date or price does.
    by_change: bool,
    /// Key, date and price of the first and the last line.
    ends: Option<[(u64, Date, f64); 2]>,
}

impl Default for Order {
    fn default() -> Self {
        Self {
            sorted: true,
            by_change: true,
            ends: None,
        }
    }
}

impl Order {
    /// Adds a line.
    pub fn see(&mut self, row: &Row) {
        // Lines without a price stand anywhere and are numbered one by one.
        if let Some(price) = row.price {
            let line = (row.key, row.date, price);
            self.join(&Self {
                ends: Some([line, line]),
                ..Self::default()
            });
        }
    }

    /// Adds lines that follow.
    fn join(&mut self, next: &Self) {
        self.sorted &= next.sorted;
        self.by_change &= next.by_change;
        self.ends = match (self.ends, next.ends) {
            (Some([first, a]), Some([b, last])) => {
                self.sorted &= (a.1, a.2) <= (b.1, b.2);
                self.by_change &= (a.0 == b.0) == ((a.1, a.2) == (b.1, b.2));
                Some([first, last])
            }
            (before, after) => before.or(after),
        };
    }
}

/// Mutations that no further line will join.
#[derive(Default)]
pub struct Closed {
    mutations: Vec<Mutation>,
    /// The key of each number that was closed, as often as it was.
    keys: Vec<u64>,
    /// Those that span several départements.
    spanning: u64,
}

impl Closed {
    /// Turns lines of one key into a mutation, or several where date, price or nature differ; no line is left.
    pub fn close(&mut self, rows: &mut Vec<Row>, natures: &[String], regroup: bool) {
        let Some(first) = rows.first() else {
            return;
        };
        self.keys.push(first.key);
        let departement = first.line.commune.departement();
        let spans = |row: &Row| row.line.commune.departement() != departement;
        self.spanning += u64::from(rows.iter().any(spans));
        let terms = |row: &Row| (row.terms(), regroup.then(|| row.place()));
        let of_first = terms(first);
        if rows.iter().any(|row| terms(row) != of_first) {
            rows.sort_by_key(terms);
        }
        for rows in rows.chunk_by(|a, b| terms(a) == terms(b)) {
            let Row {
                date,
                nature,
                price,
                ..
            } = rows[0];
            let name = &natures[usize::from(nature.0)];
            let lines = rows.iter().map(|row| &row.line);
            self.mutations
                .push(Mutation::from_lines(date, (nature, name), price, lines));
        }
        rows.clear();
    }

    /// Adds those that follow, when a share of the file was read, from 0 to 1. Room is made for the rest of it: memory
    /// that doubles by and by is copied and cleared several times over, a fifth of the time of a national file.
    fn join(&mut self, next: Self, share: f64) {
        let known = self.mutations.len() + next.mutations.len();
        if known > self.mutations.capacity() {
            let expected = known as f64 * 1.1 / share;
            self.mutations
                .reserve(expected as usize - self.mutations.len());
        }
        self.mutations.extend(next.mutations);
        self.keys.extend(next.keys);
        self.spanning += next.spanning;
    }

    /// Whether some number was closed more than once.
    fn scattered(&mut self) -> bool {
        self.keys.par_sort_unstable();
        self.keys.windows(2).any(|keys| keys[0] == keys[1])
    }
}

/// The mutations of a file, as its parts come in.
pub struct Whole {
    way: Way,
    natures: Vec<String>,
    closed: Closed,
    /// Lines of the last mutation, or all where they are collected.
    rows: Vec<Row>,
    order: Order,
}

impl Whole {
    /// Starts with the natures that have a fixed place.
    pub fn new(way: Way) -> Self {
        Self {
            way,
            natures: SALE_NATURES.map(str::to_owned).into(),
            closed: Closed::default(),
            rows: Vec::new(),
            order: Order::default(),
        }
    }

    /// The natures of all parts so far, by first appearance.
    pub fn natures(&self) -> &[String] {
        &self.natures
    }

    /// Whether a part that was read knowing fewer natures numbers its own as if it had known all.
    pub fn agrees(&self, part: &Part) -> bool {
        self.natures.starts_with(&part.natures) || part.natures.starts_with(&self.natures)
    }

    /// Adds the next part of the file, of which a share was read, from 0 to 1.
    pub fn join(&mut self, part: Part, share: f64) {
        if part.natures.len() > self.natures.len() {
            self.natures = part.natures;
        }
        self.order.join(&part.order);
        if !part.first.is_empty() {
            self.extend(&part.first);
            self.close();
            self.closed.join(part.closed, share);
        }
        self.extend(&part.last);
    }

    /// Adds lines of one key, or of any where they are collected.
    fn extend(&mut self, rows: &[Row]) {
        if let (Some(last), Some(next)) = (self.rows.last(), rows.first())
            && last.key != next.key
            && !self.way.collect
        {
            self.close();
        }
        self.rows.extend_from_slice(rows);
    }

    fn close(&mut self) {
        self.closed
            .close(&mut self.rows, &self.natures, self.way.regroup);
    }

    /// Closes the last mutation, and says whether the file was read the right way. `numbered` says whether its format
    /// numbers the mutations.
    pub fn finish(mut self, numbered: bool) -> Outcome {
        if self.way.collect {
            let mut rows = std::mem::take(&mut self.rows);
            rows.sort_by_key(|row| row.key);
            for group in rows.chunk_by(|a, b| a.key == b.key) {
                self.rows.extend_from_slice(group);
                self.close();
            }
        }
        self.close();
        let right = Way {
            collect: self.way.collect || (numbered && self.closed.scattered()),
            regroup: self.way.regroup || (numbered && self.merged()),
        };
        if right != self.way {
            return Outcome::Again(right);
        }
        let numbers = self.closed.keys.len() as u64;
        let mut mutations = self.closed.mutations;
        mutations.par_sort_unstable_by(in_order);
        number_occurrences(&mut mutations);
        Outcome::Done {
            mutations,
            natures: self.natures,
            numbering: match numbered {
                false => Numbering::Runs,
                true if self.way.regroup => Numbering::Regrouped { numbers },
                true => Numbering::Sound,
            },
        }
    }

    /// Whether the numbers are those of the new chain.
    fn merged(&self) -> bool {
        let numbers = self.closed.keys.len() as u64;
        numbers >= FEWEST_NUMBERS
            && ((self.order.sorted && self.order.by_change)
                || self.closed.spanning * 100 > numbers * SPANNING_SHARE)
    }
}

/// The order of the database's key.
fn in_order(a: &Mutation, b: &Mutation) -> Ordering {
    // Year, commune, month and day as one number: this is compared millions of times.
    let key = |mutation: &Mutation| {
        let (date, mut key) = (mutation.date, [0; 8]);
        key[0] = (date.year() - 1900) as u8;
        key[1..6].copy_from_slice(&mutation.commune.bytes());
        key[6..].copy_from_slice(&[date.month() as u8, date.day() as u8]);
        u64::from_be_bytes(key)
    };
    key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
}

/// Gives each further mutation of the same content an identity of its own.
fn number_occurrences(mutations: &mut [Mutation]) {
    let mut repeated = false;
    for twins in mutations.chunk_by_mut(|a, b| in_order(a, b).is_eq()) {
        let first = twins[0].id;
        for (occurrence, twin) in twins.iter_mut().enumerate().skip(1) {
            twin.mark_occurrence(first, occurrence as u32);
            repeated = true;
        }
    }
    if repeated {
        mutations.sort_unstable_by(in_order);
    }
}
