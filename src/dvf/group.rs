//! Lines into mutations.
//!
//! In a sound file the lines of a mutation follow each other, so each mutation is closed as soon as the next begins and
//! only mutations stay in memory. [`Grouper::finish`] says when that did not hold; the file is then read again, all lines
//! kept and sorted ([`Way::collect`]).
//!
//! The files that Etalab's new chain makes since 2026 are sorted by date and price over the whole country before they
//! are numbered, so that all sales of one day at one price share a number. Such a file is told by what it cannot hide:
//! its lines are in that order and the number changes exactly where date or price does, or its numbers span several
//! départements. It is read again, each number split by commune, section and
//! disposition ([`Way::regroup`]).

use std::cmp::Ordering;
use std::hash::{BuildHasher, Hasher, RandomState};

use jiff::civil::Date;
use rayon::prelude::*;

use super::field::Code;
use super::format::Head;
use super::mutation::{Line, Mutation, Nature};

/// A line with what it says of its mutation.
#[derive(Clone, Copy)]
struct Row {
    /// Hash of the mutation's number, or the count of runs where the format has none.
    key: u64,
    date: Date,
    nature: Nature,
    price: Option<f64>,
    line: Line,
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

/// What [`Grouper::finish`] comes to.
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

/// The traits that give the new chain away.
struct Traits {
    /// Dates and prices never decrease.
    sorted: bool,
    /// The number changes exactly where date or price does.
    by_change: bool,
    last: Option<(u64, Date, f64)>,
    numbers: u64,
    spanning: u64,
}

impl Traits {
    fn see(&mut self, row: &Row) {
        // Lines without a price stand anywhere and are numbered one by one.
        let Some(price) = row.price else { return };
        if let Some((key, date, before)) = self.last {
            self.sorted &= (date, before) <= (row.date, price);
            self.by_change &= (key == row.key) == ((date, before) == (row.date, price));
        }
        self.last = Some((row.key, row.date, price));
    }

    fn close(&mut self, rows: &[Row]) {
        self.numbers += 1;
        let first = &rows[0].line.commune;
        let spans = rows
            .iter()
            .any(|row| row.line.commune.departement() != first.departement());
        self.spanning += u64::from(spans);
    }

    fn merged(&self) -> bool {
        self.numbers >= FEWEST_NUMBERS
            && ((self.sorted && self.by_change)
                || self.spanning * 100 > self.numbers * SPANNING_SHARE)
    }
}

/// The mutations of a file, as its lines come in.
pub struct Grouper {
    hasher: RandomState,
    natures: Vec<String>,
    rows: Vec<Row>,
    /// The number of the last line, and its hash.
    number: (Vec<u8>, u64),
    /// The keys of the mutations that were closed, one each time.
    closed: Vec<u64>,
    way: Way,
    numbered: bool,
    traits: Traits,
    mutations: Vec<Mutation>,
}

/// More natures than this in one file: the column holds something else.
pub const MAXIMUM_NATURES: usize = 50;

impl Grouper {
    /// Starts with the natures that have a fixed place.
    pub fn new(natures: &[&str], way: Way) -> Self {
        Self {
            hasher: RandomState::new(),
            natures: natures.iter().map(|n| (*n).to_owned()).collect(),
            rows: Vec::new(),
            number: (Vec::new(), 0),
            closed: Vec::new(),
            way,
            numbered: false,
            traits: Traits {
                sorted: true,
                by_change: true,
                last: None,
                numbers: 0,
                spanning: 0,
            },
            mutations: Vec::new(),
        }
    }

    /// Takes a line; `None` when the natures are too many to be natures.
    pub fn push(&mut self, head: &Head<'_>, line: Line) -> Option<()> {
        let nature = self.nature(head.nature)?;
        let previous = self.rows.last();
        let key = match head.number {
            Some(number) => {
                if self.number.0 != number {
                    let mut hasher = self.hasher.build_hasher();
                    hasher.write(number);
                    self.number.0.clear();
                    self.number.0.extend_from_slice(number);
                    self.number.1 = hasher.finish();
                }
                self.number.1
            }
            // No number: a run of lines with the same date and price is a mutation.
            None => match previous {
                Some(row) if row.date == head.date && row.price == head.price => row.key,
                Some(row) => row.key + 1,
                None => self.mutations.len() as u64,
            },
        };
        self.numbered = head.number.is_some();
        if !self.way.collect && previous.is_some_and(|row| row.key != key) {
            self.close();
        }
        let row = Row {
            key,
            date: head.date,
            nature,
            price: head.price,
            line,
        };
        self.traits.see(&row);
        self.rows.push(row);
        Some(())
    }

    fn nature(&mut self, text: &[u8]) -> Option<Nature> {
        let known = self.natures.iter().position(|n| n.as_bytes() == text);
        let place = known.unwrap_or_else(|| {
            // A typographic apostrophe is the same word.
            let text = String::from_utf8_lossy(text).replace('’', "'");
            self.natures
                .iter()
                .position(|n| *n == text)
                .unwrap_or_else(|| {
                    self.natures.push(text);
                    self.natures.len() - 1
                })
        });
        (place < MAXIMUM_NATURES).then_some(Nature(place as u8))
    }

    /// Turns the waiting lines, all of one key, into a mutation, or several where date, price or nature differ.
    fn close(&mut self) {
        let Some(first) = self.rows.first() else {
            return;
        };
        self.closed.push(first.key);
        self.traits.close(&self.rows);
        let regroup = self.way.regroup;
        let terms = |row: &Row| (row.terms(), regroup.then(|| row.place()));
        let of_first = terms(first);
        if self.rows.iter().any(|row| terms(row) != of_first) {
            self.rows.sort_by_key(terms);
        }
        let mut lines = Vec::with_capacity(self.rows.len());
        for rows in self.rows.chunk_by(|a, b| terms(a) == terms(b)) {
            lines.clear();
            lines.extend(rows.iter().map(|row| row.line));
            let Row {
                date,
                nature,
                price,
                ..
            } = rows[0];
            let name = &self.natures[usize::from(nature.0)];
            self.mutations
                .push(Mutation::from_lines(date, (nature, name), price, &lines));
        }
        self.rows.clear();
    }

    /// Closes the last mutation, and says whether the file was read the right way.
    pub fn finish(mut self) -> Outcome {
        if self.way.collect {
            let mut rows = std::mem::take(&mut self.rows);
            rows.sort_by_key(|row| row.key);
            for group in rows.chunk_by(|a, b| a.key == b.key) {
                self.rows.extend_from_slice(group);
                self.close();
            }
        }
        self.close();
        self.closed.sort_unstable();
        let scattered = self.numbered && self.closed.windows(2).any(|keys| keys[0] == keys[1]);
        let right = Way {
            collect: self.way.collect || scattered,
            regroup: self.way.regroup || (self.numbered && self.traits.merged()),
        };
        if right != self.way {
            return Outcome::Again(right);
        }
        self.mutations.par_sort_unstable_by(in_order);
        number_occurrences(&mut self.mutations);
        Outcome::Done {
            mutations: self.mutations,
            natures: self.natures,
            numbering: match self.numbered {
                false => Numbering::Runs,
                true if self.way.regroup => Numbering::Regrouped {
                    numbers: self.traits.numbers,
                },
                true => Numbering::Sound,
            },
        }
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
