//! Lines into mutations.
//!
//! In a sound file the lines of a mutation follow each other, so each mutation is closed as soon as the next begins and
//! only mutations stay in memory. Where that does not hold, all lines are kept and sorted by their number.
//!
//! The files that Etalab's new chain makes since 2026 are sorted by date and price over the whole country before they
//! are numbered, so that all sales of one day at one price share a number: each number is then split by commune, section
//! and disposition.

use jiff::civil::Date;
use rayon::prelude::*;

use super::mutation::{Line, Mutation, Nature};
use super::parse::Code;

/// A line with what it says of its mutation.
#[derive(Clone, Copy)]
pub(super) struct Row {
    /// What stands for the mutation's number, or the hash of date and price where the format has none.
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
    fn split_key(&self) -> (Code, [u8; 5], u16) {
        let mut section = [0; 5];
        section.copy_from_slice(&self.line.parcel[..5]);
        (self.line.commune, section, self.line.disposition)
    }
}

/// How the lines of a file are put together into mutations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Grouping {
    /// Keep all lines until the end of the file: the lines of a mutation do not follow each other.
    pub keeps_all_lines: bool,
    /// Split each number by commune, section and disposition.
    pub splits_numbers: bool,
    /// Take lines of one date and one price that follow each other for a mutation, whatever their numbers.
    pub ignores_numbers: bool,
}

/// In what order the lines of a file, or of a part of it, stand.
pub(super) struct LineOrder {
    /// Dates and prices never decrease.
    sorted: bool,
    /// The number changes exactly where date or price does.
    by_change: bool,
    /// Lines with a price.
    lines: u64,
    /// Lines among them that are of the commune, the date and the price of the line before, under another number.
    repeated: u64,
    /// Key, date, price and commune of the first and the last line.
    ends: Option<[(u64, Date, f64, Code); 2]>,
}

impl Default for LineOrder {
    fn default() -> Self {
        Self {
            sorted: true,
            by_change: true,
            lines: 0,
            repeated: 0,
            ends: None,
        }
    }
}

impl LineOrder {
    /// Whether it is that of Etalab's new chain: lines sorted by date and price, numbered where one of them changes.
    pub(super) fn is_of_new_chain(&self) -> bool {
        self.sorted && self.by_change
    }

    /// Whether the numbers are those of lines and of no mutations. In sound files some 2 % of the lines are of the day and the
    /// price of another mutation of their commune (Val-d'Oise 2021 to 2025, Toulon 2023 to 2025), and few of them follow it;
    /// in a file that numbers its lines two of three do.
    pub(super) fn numbers_lines(&self) -> bool {
        const FEWEST: u64 = 50;
        const SHARE: u64 = 20;
        self.lines >= FEWEST && self.repeated * 100 > self.lines * SHARE
    }

    /// Adds a line.
    pub(super) fn see(&mut self, row: &Row) {
        // Lines without a price stand anywhere and are numbered one by one.
        if let Some(price) = row.price {
            let line = (row.key, row.date, price, row.line.commune);
            self.join(&Self {
                lines: 1,
                ends: Some([line, line]),
                ..Self::default()
            });
        }
    }

    /// Adds lines that follow.
    pub(super) fn join(&mut self, next: &Self) {
        self.sorted &= next.sorted;
        self.by_change &= next.by_change;
        self.lines += next.lines;
        self.repeated += next.repeated;
        self.ends = match (self.ends, next.ends) {
            (Some([first, a]), Some([b, last])) => {
                self.sorted &= (a.1, a.2) <= (b.1, b.2);
                self.by_change &= (a.0 == b.0) == ((a.1, a.2) == (b.1, b.2));
                self.repeated += u64::from(a.0 != b.0 && (a.1, a.2, a.3) == (b.1, b.2, b.3));
                Some([first, last])
            }
            (before, after) => before.or(after),
        };
    }
}

/// Mutations that no further line will join.
#[derive(Default)]
pub(super) struct ClosedMutations {
    mutations: Vec<Mutation>,
    /// The key of each number that was closed, as often as it was.
    keys: Vec<u64>,
    /// Numbers that span several départements.
    spanning: u64,
    /// Numbers that span several communes.
    spanning_communes: u64,
}

impl ClosedMutations {
    /// Turns lines of one key into a mutation, or several where date, price or nature differ; no line is left.
    pub(super) fn close(&mut self, rows: &mut Vec<Row>, natures: &[String], splits_numbers: bool) {
        let Some(first) = rows.first() else {
            return;
        };
        self.keys.push(first.key);
        let commune = first.line.commune;
        let mut elsewhere = rows.iter().map(|row| row.line.commune);
        if elsewhere.any(|other| other != commune) {
            self.spanning_communes += 1;
            let departement = commune.departement();
            let spans = |row: &Row| row.line.commune.departement() != departement;
            self.spanning += u64::from(rows.iter().any(spans));
        }
        let terms = |row: &Row| (row.terms(), splits_numbers.then(|| row.split_key()));
        let of_first = terms(first);
        if rows.iter().any(|row| terms(row) != of_first) {
            rows.sort_by_key(terms);
        }
        for rows in rows.chunk_by(|a, b| terms(a) == terms(b)) {
            let Row {
                key,
                date,
                nature,
                price,
                ..
            } = rows[0];
            let name = &natures[usize::from(nature.0)];
            let lines = rows.iter().map(|row| &row.line);
            self.mutations.push(Mutation::from_lines(
                date,
                (nature, name),
                price,
                lines,
                key,
            ));
        }
        rows.clear();
    }

    /// Adds those that follow, when a share of the file was read, from 0 to 1. Room is made for the rest of it: memory
    /// that doubles step by step is copied and cleared several times over, a fifth of the time of a national file.
    pub(super) fn join(&mut self, next: Self, share: f64) {
        let known = self.mutations.len() + next.mutations.len();
        if known > self.mutations.capacity() {
            let expected = known as f64 * 1.1 / share;
            self.mutations
                .reserve(expected as usize - self.mutations.len());
        }
        self.mutations.extend(next.mutations);
        self.keys.extend(next.keys);
        self.spanning += next.spanning;
        self.spanning_communes += next.spanning_communes;
    }

    /// How many numbers were closed.
    pub(super) fn numbers(&self) -> u64 {
        self.keys.len() as u64
    }

    /// How many of the numbers span several départements.
    pub(super) fn spanning(&self) -> u64 {
        self.spanning
    }

    /// How many of the numbers span several communes.
    pub(super) fn spanning_communes(&self) -> u64 {
        self.spanning_communes
    }

    /// All of them, in the order of the file.
    pub(super) fn into_mutations(self) -> Vec<Mutation> {
        self.mutations
    }

    /// Whether some number was closed more than once: the lines of a mutation do not follow each other.
    pub(super) fn are_scattered(&mut self) -> bool {
        self.keys.par_sort_unstable();
        self.keys.windows(2).any(|keys| keys[0] == keys[1])
    }
}
