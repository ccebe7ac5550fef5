//! A file of sales that was read, and what it is a file of.

use std::collections::BTreeMap;
use std::path::Path;

use indicatif::ProgressBar;

use super::cells::Cells;
use super::communes::CommuneCheck;
use super::content::DvfContent;
use super::error::DvfError;
use super::filled::filled_months;
use super::mutation::Mutation;
use super::parse::Code;
use super::read::read;
use super::scope::{GivenScope, Scope, ScopeError, stray_communes};
use crate::base::month::{HalfYear, Month};
use crate::geo::Geography;
use crate::intake::terms::ReadTerms;

/// A file of sales.
pub struct SalesFile {
    /// What it holds.
    pub content: DvfContent,
    /// The months and the territory that it replaces in the database.
    pub scope: Scope,
    /// Sales by département and half-year, for the gates.
    pub cells: Cells,
    /// Which of its communes are known.
    pub communes: CommuneCheck,
    /// What was left out of it.
    pub stray: Strays,
    /// The commune that it is a file of with each other one that parcels of its lines lie in, and how many lines: they were
    /// left out.
    pub left_out: Vec<((Code, Code), u64)>,
    /// Whether its months were given, and not told by its dates.
    pub months_are_given: bool,
    /// Whether its territory was given, or stands in its name, and is not told by its communes alone.
    pub territory_is_given: bool,
}

/// Mutations of half-years and places that the file does not fill: slips, which would replace what other files know of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strays {
    /// Their lines.
    pub lines: u64,
    /// How many of them are of each half-year.
    pub half_years: BTreeMap<HalfYear, u64>,
    /// How many of the others are of each commune that is not of the file's territory.
    pub communes: BTreeMap<Code, u64>,
}

impl Strays {
    /// All of them.
    pub fn mutations(&self) -> u64 {
        self.half_years.values().chain(self.communes.values()).sum()
    }
}

impl SalesFile {
    /// Reads a file, and tells its scope where none is given. `progress` counts the bytes of the file, compressed.
    ///
    /// # Errors
    /// When the file is not whole or not DVF, at the first unreadable line that the terms do not cover, when it has two
    /// parts with nothing between them, and at the first mutation outside of the scope that was given; nothing of the file
    /// is then used.
    pub fn read(
        path: &Path,
        scope: Option<&GivenScope>,
        terms: ReadTerms,
        geography: &Geography,
        progress: &ProgressBar,
    ) -> Result<Self, DvfError> {
        let given = scope;
        let months_are_given = given.is_some_and(|given| given.months.is_some());
        let mut content = read(path, terms, geography, progress)?;
        let mut stray = Strays::default();
        if given.is_none() {
            stray.communes = stray_communes(path, &content);
            stray.lines = take_out(&mut content, |mutation| {
                stray.communes.contains_key(&mutation.commune)
            });
        }
        let left_out = match Scope::only_commune(path, scope, &content) {
            Some(own) => content.leave_out_separated(own),
            None => Vec::new(),
        };
        if content.mutations.is_empty() {
            return Err(DvfError::NoLine { path: path.into() });
        }
        let scope =
            extent(path, scope, &mut content, &mut stray).map_err(|source| DvfError::Scope {
                path: path.into(),
                source,
            })?;
        let territory_is_given = given.is_some() || scope.is_named(path);
        Ok(Self {
            communes: CommuneCheck::new(&content, geography),
            cells: Cells::of(&content),
            content,
            scope,
            stray,
            left_out,
            months_are_given,
            territory_is_given,
        })
    }
}

/// What a file is a file of. Mutations of half-years that it does not fill are taken out of it, unless its months are given.
fn extent(
    path: &Path,
    scope: Option<&GivenScope>,
    content: &mut DvfContent,
    stray: &mut Strays,
) -> Result<Scope, ScopeError> {
    let months = match scope.and_then(|given| given.months) {
        Some(given) => given,
        None => {
            let mut counts = BTreeMap::<Month, u64>::new();
            for mutation in &content.mutations {
                *counts.entry(Month::of(mutation.date)).or_default() += 1;
            }
            let filled = filled_months(&counts).map_err(ScopeError::from)?;
            stray.half_years = filled.stray;
            filled.months
        }
    };
    if !stray.half_years.is_empty() {
        stray.lines += take_out(content, |mutation| {
            !months.contains(Month::of(mutation.date))
        });
    }
    match scope {
        None => Ok(Scope::infer(path, months, content)),
        Some(given) => Scope::given(&given.territory, months, content),
    }
}

/// Takes mutations out, and gives how many lines they have.
fn take_out(content: &mut DvfContent, is_stray: impl Fn(&Mutation) -> bool) -> u64 {
    let mut lines = 0;
    content.mutations.retain(|mutation| {
        let is_stray = is_stray(mutation);
        lines += if is_stray {
            u64::from(mutation.lines)
        } else {
            0
        };
        !is_stray
    });
    lines
}
