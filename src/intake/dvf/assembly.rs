//! The chunks of a file, put together in their order, so that it does not matter where they were cut.
//!
//! [`Assembly::finish`] says whether the file was read the right way. The lines of its mutations may turn out not to follow
//! each other; and a file of Etalab's new chain is told by what it cannot hide: its numbers span several départements; or
//! its lines are sorted by date and price, the number changes exactly where date or price does, and more numbers span
//! several communes than deeds do, or there are too many of them for none to share its day and price with another. The order
//! alone proves nothing, for people sort files. Or somebody numbered the lines. The file is then read again.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::content::Numbering;
use super::group::{ClosedMutations, Grouping, LineOrder, Row};
use super::mutation::{Mutation, SALE_NATURES};
use super::parsed::ParsedChunk;

/// What [`Assembly::finish`] comes to.
pub(super) enum Assembled {
    /// The file has to be read again, this way.
    Again(Grouping),
    Done {
        /// Sorted by year, commune, date and identity.
        mutations: Vec<Mutation>,
        /// Names of the natures.
        natures: Vec<String>,
        numbering: Numbering,
        /// See [`super::DvfContent::numbers_are_certain`].
        numbers_are_certain: bool,
    },
}

/// Fewer numbers than this may be in the new chain's order by chance.
const FEWEST_NUMBERS: u64 = 50;

/// Numbers that span several départements, in per cent, from which on they cannot be mutations. In sound files a few
/// in ten thousand do; in the new chain's, a third.
const SPANNING_SHARE: u64 = 5;

/// Numbers that span several communes, in per cent, from which on they cannot be mutations of a file that is sorted. In sound files of a département 0.3 to 0.4 %
/// do (Val-d'Oise 2021 to 2025, Rhône 2018); the same files numbered as the new chain does it have 3.9 to 8.3 %.
const SPANNING_COMMUNES_SHARE: f64 = 1.5;

/// Numbers from which on a sorted file of one commune, too, is one of the new chain: two of so many mutations share a day and
/// a price. In sound files of communes with more than 500 mutations 0.8 to 2.2 % do, and none is without (Val-d'Oise 2021
/// to 2025, Toulon 2023 to 2025); a file with fewer may be one that somebody sorted.
const FEWEST_WITHOUT_TWINS: u64 = 1_000;

/// The mutations of a file, as its chunks come in.
pub(super) struct Assembly {
    grouping: Grouping,
    natures: Vec<String>,
    closed: ClosedMutations,
    /// Lines of the last mutation, or all where they are kept.
    rows: Vec<Row>,
    order: LineOrder,
}

impl Assembly {
    /// Starts with the natures that have a fixed place.
    pub(super) fn new(grouping: Grouping) -> Self {
        Self {
            grouping,
            natures: SALE_NATURES.map(str::to_owned).into(),
            closed: ClosedMutations::default(),
            rows: Vec::new(),
            order: LineOrder::default(),
        }
    }

    /// The natures of all chunks so far, by first appearance.
    pub(super) fn natures(&self) -> &[String] {
        &self.natures
    }

    /// Whether a chunk that was read knowing fewer natures numbers its own as if it had known all.
    pub(super) fn agrees(&self, chunk: &ParsedChunk) -> bool {
        self.natures.starts_with(&chunk.natures) || chunk.natures.starts_with(&self.natures)
    }

    /// Adds the next chunk of the file, of which a share was read, from 0 to 1.
    pub(super) fn join(&mut self, chunk: ParsedChunk, share: f64) {
        if chunk.natures.len() > self.natures.len() {
            self.natures = chunk.natures;
        }
        self.order.join(&chunk.order);
        if !chunk.first.is_empty() {
            self.extend(&chunk.first);
            self.close();
            self.closed.join(chunk.closed, share);
        }
        self.extend(&chunk.last);
    }

    /// Adds lines of one key, or of any where all are kept.
    fn extend(&mut self, rows: &[Row]) {
        if let (Some(last), Some(next)) = (self.rows.last(), rows.first())
            && last.key != next.key
            && !self.grouping.keeps_all_lines
        {
            self.close();
        }
        self.rows.extend_from_slice(rows);
    }

    fn close(&mut self) {
        self.closed
            .close(&mut self.rows, &self.natures, self.grouping.splits_numbers);
    }

    /// Closes the last mutation, and says whether the file was read the right way. `numbered` says whether its format
    /// numbers the mutations.
    pub(super) fn finish(mut self, numbered: bool) -> Assembled {
        let numbered = numbered && !self.grouping.ignores_numbers;
        if self.grouping.keeps_all_lines {
            let mut rows = std::mem::take(&mut self.rows);
            rows.sort_by_key(|row| row.key);
            for group in rows.chunk_by(|a, b| a.key == b.key) {
                self.rows.extend_from_slice(group);
                self.close();
            }
        }
        self.close();
        let right = if numbered && self.order.numbers_lines() {
            Grouping {
                ignores_numbers: true,
                ..Grouping::default()
            }
        } else {
            Grouping {
                keeps_all_lines: self.grouping.keeps_all_lines
                    || (numbered && self.closed.are_scattered()),
                splits_numbers: self.grouping.splits_numbers
                    || (numbered && self.numbers_are_merged()),
                ..self.grouping
            }
        };
        if right != self.grouping {
            return Assembled::Again(right);
        }
        let numbers = self.closed.numbers();
        let mut mutations = self.closed.into_mutations();
        mutations.par_sort_unstable_by(in_order);
        number_occurrences(&mut mutations);
        Assembled::Done {
            mutations,
            natures: self.natures,
            numbers_are_certain: numbered
                && !self.grouping.splits_numbers
                && !self.order.is_of_new_chain(),
            numbering: match numbered {
                false => Numbering::Runs,
                true if self.grouping.splits_numbers => Numbering::Regrouped { numbers },
                true => Numbering::Sound,
            },
        }
    }

    /// Whether one number stands for all sales of a day at a price.
    fn numbers_are_merged(&self) -> bool {
        let numbers = self.closed.numbers();
        let communes = self.closed.spanning_communes() as f64 * 100.0 / numbers as f64;
        numbers >= FEWEST_NUMBERS
            && (self.order.is_of_new_chain()
                && (communes > SPANNING_COMMUNES_SHARE || numbers >= FEWEST_WITHOUT_TWINS)
                || self.closed.spanning() * 100 > numbers * SPANNING_SHARE)
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
