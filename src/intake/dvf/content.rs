//! What a file of sales holds: its format, its mutations, its counts.

use std::collections::BTreeMap;

use super::format::{Field, Format};
use super::mutation::{Exclusion, Mutation};
use super::nature::NATURES;
use super::parse::Code;
use super::section::Section;
use crate::base::kind::PropertyKind;

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

/// What a file of sales holds.
#[derive(Debug, PartialEq)]
pub struct DvfContent {
    /// The layout of the file: geo-DVF or that of the DGFiP.
    pub format: Format,
    /// The mutations, sorted by year, commune, date and identity.
    pub mutations: Vec<Mutation>,
    /// Names of the natures, by [`super::Nature`].
    pub natures: Vec<String>,
    /// Whether lines of one mutation stood apart, with lines of others between them.
    pub scattered: bool,
    /// What the file's mutation numbers are worth, which decides how lines were grouped.
    pub numbering: Numbering,
    /// Whether each number is one act's for certain. A small file whose lines stand in the order of the new chain's may be
    /// one of them, in which all sales of a day at one price share a number.
    pub numbers_are_certain: bool,
    /// How many lines could not be read.
    pub unreadable: u64,
    /// Messages on the first few unreadable lines, each with its line number.
    pub reasons: Vec<String>,
    /// Columns with values that no figure needs and that could not be read, and how many: coordinates, postal codes, texts
    /// in another encoding. They were left empty.
    pub left_empty: Vec<(String, u64)>,
    /// Columns that no official file has: nothing is read of them.
    pub unknown_columns: Vec<String>,
    /// Lines by the commune that they name and the one of today that their parcel lies in, for which they count: communes
    /// that have separated since, but where the codes of the file are wrong.
    pub separated: BTreeMap<(Code, Code), u64>,
}

/// What a year of a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearCounts {
    /// Lines of the file whose date falls in the year.
    pub lines: u64,
    /// Mutations of the year, whether the method keeps them or not.
    pub mutations: u64,
    /// Mutations that the method keeps.
    pub sales: u64,
    /// Mutations that it leaves out, by [`Exclusion`].
    pub excluded: [u64; Exclusion::ALL.len()],
}

impl DvfContent {
    /// Counts by year.
    pub fn years(&self) -> BTreeMap<i16, YearCounts> {
        let mut years = BTreeMap::<i16, YearCounts>::new();
        for mutation in &self.mutations {
            let year = years.entry(mutation.date.year()).or_default();
            year.lines += u64::from(mutation.lines);
            year.mutations += 1;
            match mutation.exclusion() {
                None => year.sales += 1,
                Some(reason) => year.excluded[reason as usize] += 1,
            }
        }
        years
    }

    /// Takes out of a file of one commune what lies in others that have separated from it: it is in their files too, once
    /// these are made, and this file would not replace it. Gives the part of `separated` that is left out.
    pub(super) fn leave_out_separated(&mut self, own: Code) -> Vec<((Code, Code), u64)> {
        let gone: Vec<_> = self
            .separated
            .extract_if(.., |(named, _), _| *named == own)
            .collect();
        self.mutations.retain(|mutation| {
            gone.iter()
                .all(|((_, today), _)| *today != mutation.commune)
        });
        gone
    }

    /// Natures that are none of those the files are known to have, and their mutations, the most frequent first.
    pub fn unknown_natures(&self) -> Vec<(&str, u64)> {
        let mut counts = vec![0; self.natures.len()];
        for mutation in &self.mutations {
            counts[usize::from(mutation.nature.0)] += 1;
        }
        let names = self.natures.iter().map(String::as_str).zip(counts);
        let mut unknown: Vec<_> = names
            .filter(|(name, count)| *count > 0 && !NATURES.contains(name))
            .collect();
        unknown.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        unknown
    }

    /// Columns that figures need and that hold nothing in the lines of any of a hundred sold homes or more: rooms, land, parcels.
    pub fn empty_columns(&self) -> Vec<&'static str> {
        const FEWEST: usize = 100;
        let sold = |kinds: &'static [PropertyKind]| {
            let of_kinds = move |m: &&Mutation| m.kind.is_some_and(|kind| kinds.contains(&kind));
            self.mutations.iter().filter(of_kinds)
        };
        let homes = &[PropertyKind::House, PropertyKind::Flat];
        let is_empty = |kinds, holds: fn(&Mutation) -> bool| {
            sold(kinds).nth(FEWEST - 1).is_some() && !sold(kinds).any(holds)
        };
        let columns = [
            (Field::Rooms, is_empty(homes, |home| home.rooms > 0)),
            (
                Field::Land,
                is_empty(&homes[..1], |house| house.land.is_some()),
            ),
            (
                Field::Plan,
                is_empty(homes, |home| home.section != Section::UNKNOWN),
            ),
        ];
        let empty = columns.into_iter().filter(|(_, is_empty)| *is_empty);
        empty
            .map(|(field, _)| self.format.column_name(field))
            .collect()
    }

    /// Lines of the file.
    pub fn lines(&self) -> u64 {
        self.mutations.iter().map(|m| u64::from(m.lines)).sum()
    }
}
