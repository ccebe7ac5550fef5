//! Lines into mutations.
//!
//! In a sound file the lines of a mutation follow each other, so each mutation is closed as soon as the next begins and
//! only mutations stay in memory. [`Grouper::finish`] says when that did not hold; the file is then read again with
//! [`Grouper::collecting`], which keeps all lines and sorts them.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};

use jiff::civil::Date;

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
}

/// The mutations of a file, as its lines come in.
pub struct Grouper {
    hasher: RandomState,
    natures: Vec<String>,
    rows: Vec<Row>,
    closed: HashSet<u64>,
    collecting: bool,
    scattered: bool,
    mutations: Vec<Mutation>,
}

/// More natures than this in one file: the column holds something else.
pub const MAXIMUM_NATURES: usize = 50;

impl Grouper {
    pub fn new(natures: &[&str]) -> Self {
        Self {
            hasher: RandomState::new(),
            natures: natures.iter().map(|n| (*n).to_owned()).collect(),
            rows: Vec::new(),
            closed: HashSet::new(),
            collecting: false,
            scattered: false,
            mutations: Vec::new(),
        }
    }

    /// Keeps all lines until the end: for files whose mutations are scattered.
    pub fn collecting(natures: &[&str]) -> Self {
        Self {
            collecting: true,
            ..Self::new(natures)
        }
    }

    /// Takes a line; `None` when the natures are too many to be natures.
    pub fn push(&mut self, head: &Head<'_>, line: Line) -> Option<()> {
        let nature = self.nature(head.nature)?;
        let previous = self.rows.last();
        let key = match head.number {
            Some(number) => {
                let mut hasher = self.hasher.build_hasher();
                hasher.write(number);
                hasher.finish()
            }
            // No number: a run of lines with the same date and price is a mutation.
            None => match previous {
                Some(row) if row.date == head.date && row.price == head.price => row.key,
                Some(row) => row.key + 1,
                None => self.mutations.len() as u64,
            },
        };
        if !self.collecting && previous.is_some_and(|row| row.key != key) {
            self.close();
            if head.number.is_some() && self.closed.contains(&key) {
                self.scattered = true;
            }
        }
        self.rows.push(Row {
            key,
            date: head.date,
            nature,
            price: head.price,
            line,
        });
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
        self.closed.insert(first.key);
        let terms = first.terms();
        if self.rows.iter().any(|row| row.terms() != terms) {
            self.rows.sort_by_key(Row::terms);
        }
        let mut lines = Vec::with_capacity(self.rows.len());
        for rows in self.rows.chunk_by(|a, b| a.terms() == b.terms()) {
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

    /// The mutations, sorted by commune, date and identity, with the names of their natures; `None` when the lines of
    /// some mutation were scattered and the file has to be read again, collecting.
    pub fn finish(mut self) -> Option<(Vec<Mutation>, Vec<String>)> {
        if self.scattered {
            return None;
        }
        if self.collecting {
            let mut rows = std::mem::take(&mut self.rows);
            rows.sort_by_key(|row| row.key);
            for group in rows.chunk_by(|a, b| a.key == b.key) {
                self.rows.extend_from_slice(group);
                self.close();
            }
        }
        self.close();
        let mut mutations = self.mutations;
        mutations.sort_unstable_by(|a, b| {
            (a.commune, a.date, a.id).cmp(&(b.commune, b.date, b.id))
        });
        number_occurrences(&mut mutations);
        Some((mutations, self.natures))
    }
}

/// Gives each further mutation of the same content an identity of its own.
fn number_occurrences(mutations: &mut [Mutation]) {
    let same = |a: &Mutation, b: &Mutation| {
        (a.commune, a.date, a.id) == (b.commune, b.date, b.id)
    };
    let mut repeated = false;
    for twins in mutations.chunk_by_mut(same) {
        let first = twins[0].id;
        for (occurrence, twin) in twins.iter_mut().enumerate().skip(1) {
            twin.mark_occurrence(first, occurrence as u32);
            repeated = true;
        }
    }
    if repeated {
        mutations.sort_unstable_by(|a, b| {
            (a.commune, a.date, a.id).cmp(&(b.commune, b.date, b.id))
        });
    }
}
