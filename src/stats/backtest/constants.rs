//! The constants of the estimates estimated again, to be looked at beside those that the method has: `docs/method.md`, section 3,
//! point 5.

use itertools::Itertools;

use crate::base::rank::{NORMAL_MEDIAN, Ranked, at_ranks, median};
use crate::stats::model::{MeasuredCommune, OWN_SALES, Variances, levels};

/// Communes with sales and neighbours from which constants are estimated.
pub(crate) const ENOUGH_COMMUNES: usize = 2_000;

/// The first number of sales of each class.
const CLASSES: [u32; 9] = [1, 2, 3, 5, 8, 13, 21, 41, 101];

/// Parts that each class is divided into by the scatter of the neighbours.
const PARTS: usize = 6;

/// Communes that a part needs to count.
const PART_COMMUNES: usize = 50;

/// Rounds of estimation, each with the neighbours weighed by the round before.
const ROUNDS: usize = 3;

/// What the first round begins with for the variance of the median of n sales, times n.
const FIRST_SAMPLING: f64 = 0.3;

/// Constants as the data has them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reestimated {
    /// The least variance of a commune about its neighbours; the method has 0.001.
    pub least: f64,
    /// How much of the variance between its neighbours a commune has about them: b.
    pub neighbours: f64,
    /// The variance of the median of n sales, times n: c.
    pub sampling: f64,
    /// Standard deviations within which 95 communes of a hundred lie: q.
    pub width: f64,
}

/// A commune beside its neighbours.
struct Deviation {
    n: u32,
    scatter: f64,
    distance: f64,
}

/// A part of a class.
struct ClassPart {
    count: f64,
    /// The square of the typical distance of a commune from its neighbours.
    variance: f64,
    /// One, the scatter of the neighbours, the inverse of the number of sales; on average.
    terms: [f64; 3],
}

/// The constants by which some communes deviate from their neighbours; `None` where there are too few of them.
pub(crate) fn reestimate(communes: &[MeasuredCommune]) -> Option<Reestimated> {
    let mut variances = Variances {
        neighbours: 0.0,
        sampling: FIRST_SAMPLING,
    };
    let mut least = 0.0;
    for _ in 0..ROUNDS {
        let deviations = deviations(communes, variances);
        if deviations.len() < ENOUGH_COMMUNES {
            return None;
        }
        let [constant, neighbours, sampling] = non_negative(&parts(&deviations))?;
        least = constant;
        variances = Variances {
            neighbours,
            sampling,
        };
        if sampling <= 0.0 {
            return None;
        }
    }
    let known = levels(communes, variances);
    let standard = communes.iter().zip(&known).filter_map(|(commune, local)| {
        let prior = local.as_ref()?.prior?;
        let variance = prior.variance + variances.sampling / f64::from(commune.n);
        (commune.n >= OWN_SALES).then(|| (commune.level - prior.level).abs() / variance.sqrt())
    });
    let mut standard: Vec<f64> = standard.collect();
    let count = standard.len();
    let width =
        Ranked::new(count, |low, high| at_ranks(&mut standard, low, high)).quantile(0.95)?;
    Some(Reestimated {
        least,
        neighbours: variances.neighbours,
        sampling: variances.sampling,
        width,
    })
}

fn deviations(communes: &[MeasuredCommune], variances: Variances) -> Vec<Deviation> {
    let known = levels(communes, variances);
    let known = communes.iter().zip(known);
    known
        .filter(|(commune, _)| commune.n > 0)
        .filter_map(|(commune, local)| {
            let prior = local?.prior?;
            Some(Deviation {
                n: commune.n,
                scatter: prior.scatter,
                distance: (commune.level - prior.level).abs(),
            })
        })
        .collect()
}

/// The parts that are large enough.
fn parts(deviations: &[Deviation]) -> Vec<ClassPart> {
    let mut scatters: Vec<f64> = deviations.iter().map(|one| one.scatter).collect();
    scatters.sort_by(f64::total_cmp);
    let bounds: Vec<f64> = (1..PARTS)
        .map(|part| scatters[part * scatters.len() / PARTS])
        .collect();
    let cells = deviations.iter().into_group_map_by(|one| {
        let class = CLASSES.partition_point(|&first| first <= one.n);
        let part = bounds.partition_point(|&bound| bound <= one.scatter);
        (class, part)
    });
    let cells = cells.into_iter().sorted_by_key(|(cell, _)| *cell);
    let cells = cells.filter(|(_, own)| own.len() >= PART_COMMUNES);
    cells
        .filter_map(|(_, own)| {
            let count = own.len() as f64;
            let mean =
                |of: fn(&Deviation) -> f64| own.iter().map(|&one| of(one)).sum::<f64>() / count;
            let mut distances: Vec<f64> = own.iter().map(|one| one.distance).collect();
            let typical = median(&mut distances)? / NORMAL_MEDIAN;
            (typical > 0.0).then(|| ClassPart {
                count,
                variance: typical.powi(2),
                terms: [
                    1.0,
                    mean(|one| one.scatter),
                    mean(|one| 1.0 / f64::from(one.n)),
                ],
            })
        })
        .collect()
}

/// The coefficients, none below zero, that bring the terms of parts nearest to their variances, by least squares of the
/// relative errors. Of so few coefficients each choice of those that are zero can be tried.
fn non_negative(parts: &[ClassPart]) -> Option<[f64; 3]> {
    let tried = (1..8_usize).filter_map(|choice| {
        let chosen: Vec<usize> = (0..3).filter(|term| choice >> term & 1 == 1).collect();
        let coefficients = least_squares(parts, &chosen)?;
        let valid = coefficients.iter().all(|coefficient| *coefficient >= 0.0);
        valid.then(|| (squared_error(parts, &coefficients), coefficients))
    });
    let best = tried.min_by(|(a, _), (b, _)| a.total_cmp(b));
    best.map(|(_, coefficients)| coefficients)
}

/// What a part counts for.
fn weight(part: &ClassPart) -> f64 {
    part.count / part.variance.powi(2)
}

fn squared_error(parts: &[ClassPart], coefficients: &[f64; 3]) -> f64 {
    let error = |part: &ClassPart| {
        let fitted = part.terms.iter().zip(coefficients).map(|(a, b)| a * b);
        weight(part) * (part.variance - fitted.sum::<f64>()).powi(2)
    };
    parts.iter().map(error).sum()
}

/// Weighted least squares with some of the terms, by the normal equations; `None` where they do not tell the terms apart.
fn least_squares(parts: &[ClassPart], chosen: &[usize]) -> Option<[f64; 3]> {
    let size = chosen.len();
    let mut equations = vec![vec![0.0; size + 1]; size];
    for part in parts {
        for (row, &a) in chosen.iter().enumerate() {
            let weighted = weight(part) * part.terms[a];
            for (column, &b) in chosen.iter().enumerate() {
                equations[row][column] += weighted * part.terms[b];
            }
            equations[row][size] += weighted * part.variance;
        }
    }
    // Gauss and Jordan, the largest pivot first.
    for column in 0..size {
        let pivot = (column..size).max_by(|&a, &b| {
            let at = |row: usize| equations[row][column].abs();
            at(a).total_cmp(&at(b))
        })?;
        equations.swap(column, pivot);
        let own = equations[column].clone();
        if own[column].abs() < 1e-12 {
            return None;
        }
        for (row, equation) in equations.iter_mut().enumerate() {
            if row != column {
                let factor = equation[column] / own[column];
                for (value, known) in equation.iter_mut().zip(&own) {
                    *value -= factor * known;
                }
            }
        }
    }
    let mut coefficients = [0.0; 3];
    for (row, &term) in chosen.iter().enumerate() {
        coefficients[term] = equations[row][size] / equations[row][row];
    }
    Some(coefficients)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{RngSeed, TestRunner};

    use super::*;
    use crate::geo::earth_point;
    use crate::stats::model::{Levels, SliceSale};

    /// A standard normal value from two uniform ones (Box and Muller).
    fn normal((a, b): (f64, f64)) -> f64 {
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }

    /// Sales that have this median.
    fn sales(commune: &str, n: u32, median: f64) -> impl Iterator<Item = SliceSale<'_>> {
        (0..n).map(move |number| SliceSale {
            commune: Some(commune),
            slice: 4,
            value: median + 0.1 * (f64::from(number) - f64::from(n - 1) / 2.0),
        })
    }

    /// Regions far from each other: in each, some communes with many sales that differ by the region's own measure, and many
    /// with one to four sales that differ from these as the constants have it.
    fn planted(b: f64, c: f64, seed: u64) -> Vec<MeasuredCommune> {
        const REGIONS: usize = 48;
        const KNOWN: usize = 24;
        const FEW: usize = 300;
        let uniform = (1e-9..1.0_f64, 0.0..1.0_f64);
        let values = prop::collection::vec(uniform, REGIONS * (2 * KNOWN + 2 * FEW));
        let mut runner = TestRunner::new(ProptestConfig {
            rng_seed: RngSeed::Fixed(seed),
            ..ProptestConfig::default()
        });
        let values = values.new_tree(&mut runner).unwrap().current();
        let mut values = values.into_iter();
        let mut next = move || values.next().unwrap();
        // Sales of those that are neighbours: spread over all classes, so that none of these has enough to count.
        let many = [5, 9, 15, 30, 60, 150];
        let mut communes = Vec::new();
        let variances = Variances {
            neighbours: b,
            sampling: c,
        };
        for region in 0..REGIONS {
            let (longitude, latitude) =
                ((region % 8) as f64 * 3.0 - 4.0, 43.0 + (region / 8) as f64);
            let spread = 0.05 * 1.055_f64.powi(region as i32);
            let first = communes.len();
            for number in 0..KNOWN {
                let (x, y) = next();
                let n = many[(number + region) % many.len()];
                communes.push(MeasuredCommune {
                    centre: earth_point(longitude + 0.02 * x, latitude + 0.02 * y),
                    n,
                    level: 7.5 + spread * normal(next()),
                });
            }
            let mut few = Vec::new();
            for number in 0..FEW {
                let (x, y) = next();
                few.push(MeasuredCommune {
                    centre: earth_point(longitude + 0.02 * x, latitude + 0.02 * y),
                    n: 1 + number as u32 % 4,
                    level: 0.0,
                });
            }
            // What the region's neighbours say of them, which is no matter of their own sales.
            let all = [&communes[first..], &few].concat();
            let known = levels(&all, variances);
            for (commune, local) in few.iter_mut().zip(&known[KNOWN..]) {
                let prior = local.unwrap().prior.unwrap();
                let variance = 0.001 + b * prior.scatter + c / f64::from(commune.n);
                commune.level = prior.level + variance.sqrt() * normal(next());
            }
            communes.extend(few);
        }
        // Through sales, as the database has them.
        let names: Vec<String> = (0..communes.len())
            .map(|number| format!("{number:05}"))
            .collect();
        let all: Vec<_> = communes
            .iter()
            .zip(&names)
            .flat_map(|(commune, name)| sales(name, commune.n, commune.level))
            .collect();
        let cells = Levels::new(&all).communes;
        for (commune, name) in communes.iter_mut().zip(&names) {
            (commune.n, commune.level) = (cells[name].n, cells[name].level);
        }
        communes
    }

    #[test]
    fn planted_constants_are_found_again() {
        for (b, c) in [(0.374, 0.252), (0.602, 0.275), (0.9, 0.15)] {
            let found = reestimate(&planted(b, c, 7)).unwrap();
            assert!((found.neighbours / b - 1.0).abs() < 0.1, "b {b}: {found:?}");
            assert!((found.sampling / c - 1.0).abs() < 0.1, "c {c}: {found:?}");
        }
    }

    #[test]
    fn few_communes_say_nothing_of_constants() {
        let communes = planted(0.374, 0.252, 7);
        assert_eq!(reestimate(&communes[..ENOUGH_COMMUNES - 1]), None);
    }

    #[test]
    fn coefficients_below_zero_are_none() {
        // A variance that falls with the scatter: without the bound its coefficient were negative.
        let parts: Vec<ClassPart> = (0..6)
            .flat_map(|x| (1..5).map(move |n| (f64::from(x), f64::from(n))))
            .map(|(x, n)| ClassPart {
                count: 60.0,
                variance: 0.5 - 0.05 * x + 0.3 / n,
                terms: [1.0, x, 1.0 / n],
            })
            .collect();
        let [constant, scatter, sampling] = non_negative(&parts).unwrap();
        assert_eq!(scatter, 0.0);
        assert!(constant > 0.0 && sampling > 0.0);
        let exact: Vec<ClassPart> = parts
            .into_iter()
            .map(|part| ClassPart {
                variance: 0.02 + 0.4 * part.terms[1] + 0.25 * part.terms[2],
                ..part
            })
            .collect();
        let found = non_negative(&exact).unwrap();
        for (found, planted) in found.iter().zip([0.02, 0.4, 0.25]) {
            assert!((found - planted).abs() < 1e-9, "{found}");
        }
    }
}
