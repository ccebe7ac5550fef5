//! What a file of sales holds: its format, its mutations, its counts.

use std::collections::BTreeMap;

use super::format::Format;
use super::mutation::{Exclusion, Mutation};

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
    /// How many lines could not be read.
    pub unreadable: u64,
    /// Messages on the first few unreadable lines, each with its line number.
    pub reasons: Vec<String>,
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

    /// Lines of the file.
    pub fn lines(&self) -> u64 {
        self.mutations.iter().map(|m| u64::from(m.lines)).sum()
    }
}
