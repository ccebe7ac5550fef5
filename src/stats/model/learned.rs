//! What the estimator learns of one kind of home: the level of each commune, and how far sales lie from it.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rayon::prelude::*;

use super::departement_homes::{DepartementHomes, KnownSales};
use super::estimate::constants;
use super::estimator::{HomeLevel, LEAST_SALES, SAMPLING, SECTION_SALES};
use super::hit_rate::Tested;
use super::levels::{Levels, SliceSale};
use super::local::{self, Local, Variances};
use super::national::CentredCommune;
use super::residuals::{OWN_RESIDUALS, Residuals, bounds};
use crate::base::kind::HomeKind;
use crate::base::month::Months;
use crate::base::rank::median;
use crate::intake::dvf::Section;

/// What is learned; lists are in the order of the départements.
pub(crate) struct Learned<'a> {
    kind: HomeKind,
    known: KnownSales,
    /// Medians of slices and levels of communes.
    levels: Vec<Levels>,
    residuals: Vec<Option<Residuals>>,
    /// The communes that have a centre.
    communes: HashMap<&'a str, LearnedCommune>,
}

/// What is learned of a commune.
struct LearnedCommune {
    /// The number of its département.
    departement: Option<usize>,
    n: u32,
    local: Local,
    /// Where it has sales enough.
    residuals: Option<Residuals>,
}

impl LearnedCommune {
    /// Whether the estimator answers for it.
    fn is_offered(&self) -> bool {
        let near = self.local.prior.map_or(0, |prior| prior.near_sales);
        u64::from(self.n) + near >= LEAST_SALES
    }
}

impl<'a> Learned<'a> {
    pub(crate) fn new(
        departements: &[DepartementHomes<'a>],
        communes: &'a [CentredCommune],
        kind: HomeKind,
        known: KnownSales,
    ) -> Self {
        let levels = departements.par_iter().with_max_len(1).map(|departement| {
            let homes = departement.homes(kind, known);
            let slices = known.slices(departement.last);
            let sales = departement.runs(homes).flat_map(|(commune, rows)| {
                rows.filter_map(move |row| {
                    Some(SliceSale {
                        commune,
                        slice: slices.of(homes.month[row])?,
                        value: homes.h[row].into(),
                    })
                })
            });
            Levels::new(&sales.collect::<Vec<_>>())
        });
        let levels: Vec<_> = levels.collect();
        let mut learned = Self {
            kind,
            known,
            communes: locals(departements, communes, kind, &levels),
            levels,
            residuals: Vec::new(),
        };
        let residuals = departements.par_iter().enumerate().with_max_len(1);
        let residuals: Vec<_> = residuals
            .map(|(at, departement)| learned.residuals(at, departement))
            .collect();
        for (of_departement, of_communes) in residuals {
            learned.residuals.push(of_departement);
            for (code, residuals) in of_communes {
                if let Some(commune) = learned.communes.get_mut(code) {
                    commune.residuals = Some(residuals);
                }
            }
        }
        learned
    }

    /// How far the sales of a département lie from the estimate, and those of its communes with sales enough.
    fn residuals(
        &self,
        at: usize,
        departement: &DepartementHomes<'a>,
    ) -> (Option<Residuals>, Vec<(&'a str, Residuals)>) {
        let mut by_commune = BTreeMap::<&str, Vec<f64>>::new();
        for (commune, rows) in departement.runs(departement.homes(self.kind, self.known)) {
            let known = commune.and_then(|commune| self.communes.get_key_value(commune));
            if let Some((commune, known)) = known {
                let brought = self.brought(at, departement, rows);
                let left = by_commune.entry(commune).or_default();
                left.extend(brought.map(|(_, value)| value - known.local.level));
            }
        }
        let own = by_commune
            .iter_mut()
            .filter(|(_, left)| left.len() >= OWN_RESIDUALS)
            .filter_map(|(commune, left)| Some((*commune, bounds(left)?)))
            .collect();
        let mut all: Vec<f64> = by_commune.into_values().flatten().collect();
        // Quantiles of a handful of sales would be these sales.
        let residuals = (all.len() >= OWN_RESIDUALS).then(|| bounds(&mut all));
        (residuals.flatten(), own)
    }

    /// The known ones among some rows of a département, with the logarithm of the price, brought to the latest slice.
    fn brought<'s>(
        &'s self,
        at: usize,
        departement: &'s DepartementHomes<'_>,
        rows: Range<usize>,
    ) -> impl Iterator<Item = (usize, f64)> + 's {
        let homes = departement.homes(self.kind, self.known);
        let slices = self.known.slices(departement.last);
        let to_latest = self.levels[at].all_to_latest();
        rows.filter_map(move |row| {
            let slice = slices.of(homes.month[row])?;
            Some((row, f64::from(homes.h[row]) - to_latest[slice]))
        })
    }

    /// How far the sales of a département lie from the estimate; `None` of too few.
    pub(crate) fn residuals_of(&self, at: usize) -> Option<Residuals> {
        self.residuals[at]
    }

    /// What is published of each commune that the estimator answers for.
    pub(crate) fn levels(
        &self,
        departements: &[DepartementHomes<'a>],
    ) -> Vec<(&'a str, HomeLevel)> {
        let departements = departements.par_iter().enumerate().with_max_len(1);
        let sections = departements.map(|(at, departement)| self.sections(at, departement));
        let sections: Vec<_> = sections.collect();
        let levels = self.communes.iter().filter_map(|(&code, commune)| {
            // Without the residuals of the département there is no range.
            let at = commune.departement?;
            self.residuals[at].filter(|_| commune.is_offered())?;
            let sections = sections[at].get(code).map_or(&[][..], Vec::as_slice);
            let level = HomeLevel::new(&commune.local, commune.n, commune.residuals, sections);
            Some((code, level))
        });
        levels.collect()
    }

    /// The sections of each commune with sales enough: how many, and their median.
    fn sections(
        &self,
        at: usize,
        departement: &DepartementHomes<'a>,
    ) -> HashMap<&'a str, Vec<(Section, usize, f64)>> {
        let homes = departement.homes(self.kind, self.known);
        let mut sales = HashMap::<&str, Vec<(Section, f64)>>::new();
        for (commune, rows) in departement.runs(homes) {
            if let Some(commune) = commune {
                let brought = self.brought(at, departement, rows);
                let brought = brought.map(|(row, value)| (homes.section[row], value));
                let known = sales.entry(commune).or_default();
                known.extend(brought.filter(|(section, _)| section.is_known()));
            }
        }
        let sections = sales.into_iter().map(|(commune, mut sales)| {
            sales.sort_unstable_by_key(|(section, _)| *section);
            let sections = sales.chunk_by(|a, b| a.0 == b.0);
            let sections = sections.filter(|sales| sales.len() >= SECTION_SALES);
            let sections = sections.filter_map(|sales| {
                let mut values: Vec<f64> = sales.iter().map(|(_, value)| *value).collect();
                Some((sales[0].0, sales.len(), median(&mut values)?))
            });
            (commune, sections.collect())
        });
        sections.collect()
    }

    /// What is made of the sales of the twelve months that are not known, by département.
    pub(crate) fn test(&self, departements: &[DepartementHomes<'a>]) -> Vec<Vec<Tested>> {
        let departements = departements.par_iter().zip(&self.residuals);
        let tested = departements
            .with_max_len(1)
            .map(|(departement, residuals)| {
                let homes = departement.homes(self.kind, self.known);
                let unknown = Months {
                    first: self.known.slices(departement.last).months().last + 1,
                    last: departement.last,
                };
                let runs = departement.runs(homes).filter_map(|(commune, rows)| {
                    let commune = self.communes.get(commune?)?;
                    let residuals = commune.residuals.as_ref().or(residuals.as_ref());
                    let residuals = residuals.filter(|_| commune.is_offered())?;
                    Some((commune, residuals, rows))
                });
                let tested = runs.flat_map(|(commune, residuals, rows)| {
                    let rows = rows
                        .filter(|&row| homes.in_bounds[row] && unknown.contains(homes.month[row]));
                    rows.map(move |row| {
                        let error = f64::from(homes.h[row]) - commune.local.level;
                        let variance = commune.local.variance;
                        Tested::new(error, homes.surface[row], residuals, variance)
                    })
                });
                tested.collect()
            });
        tested.collect()
    }
}

/// The level of each commune that has a centre, from its own sales and its neighbours'.
fn locals<'a>(
    departements: &[DepartementHomes<'a>],
    communes: &'a [CentredCommune],
    kind: HomeKind,
    levels: &[Levels],
) -> HashMap<&'a str, LearnedCommune> {
    let numbers: HashMap<&str, usize> = departements
        .iter()
        .enumerate()
        .map(|(number, departement)| (departement.code, number))
        .collect();
    let number = |commune: &CentredCommune| numbers.get(commune.departement.as_str()).copied();
    let known = communes.iter().map(|commune| {
        let cell = number(commune).and_then(|number| commune.cell(&levels[number]));
        local::MeasuredCommune {
            centre: commune.centre,
            n: cell.map_or(0, |cell| cell.n),
            level: cell.map_or(0.0, |cell| cell.level),
        }
    });
    let known: Vec<_> = known.collect();
    let variances = Variances {
        sampling: SAMPLING,
        ..constants(kind).variances
    };
    let locals = local::levels(&known, variances);
    let all = communes.iter().zip(known).zip(locals);
    let learned = all.filter_map(|((commune, known), local)| {
        let learned = LearnedCommune {
            departement: number(commune),
            n: known.n,
            local: local?,
            residuals: None,
        };
        Some((commune.code.as_str(), learned))
    });
    learned.collect()
}
