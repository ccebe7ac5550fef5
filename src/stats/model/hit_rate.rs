//! How the estimator of a year ago did on the sales since: docs/method.md, section 5.

use serde::{Deserialize, Serialize};

use super::residuals::{Residuals, widened};
use crate::base::month::Month;
use crate::base::rank::median;
use crate::stats::rounding::tenth;

/// Sales from which a hit rate is published.
const LEAST_SALES: usize = 100;

/// How last year's estimator did on the sales since.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HitRate {
    /// The first month of the sales that it was tested on: it knew those before.
    pub from: Month,
    /// The last one.
    pub to: Month,
    /// How many they are.
    pub sales: u64,
    /// How many of them were in the range of eight sales in ten.
    pub inside: u64,
    /// The median of how far the price was from the estimate, in per cent of it, to a tenth.
    pub median_error: f64,
}

/// The hit rates of both kinds; `None` of too few sales.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HitRates {
    /// Of flats.
    pub appartement: Option<HitRate>,
    /// Of houses.
    pub maison: Option<HitRate>,
}

/// A sale and what the estimator that did not know it makes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tested {
    /// The logarithm of the price over the estimate.
    pub error: f64,
    /// Whether the price was in the range of eight sales in ten.
    pub inside: bool,
    /// m².
    pub surface: f32,
}

impl Tested {
    /// A sale of a price so far from the estimate.
    pub(crate) fn new(error: f64, surface: f32, residuals: &Residuals, variance: f64) -> Self {
        let [low, _, _, high] = widened(residuals, variance);
        Self {
            error,
            inside: (low..=high).contains(&error),
            surface,
        }
    }
}

/// The median absolute error of some sales, in per cent of the price.
pub(crate) fn median_error(tested: &[Tested]) -> Option<f64> {
    let errors = tested
        .iter()
        .map(|sale| 100.0 * (-sale.error).exp_m1().abs());
    median(&mut errors.collect::<Vec<_>>())
}

/// The median error of each fifth of the sales by surface, in per cent: the estimator neither flatters small homes nor large
/// ones.
pub(crate) fn errors_by_surface(tested: &[Tested]) -> Vec<f64> {
    let mut sorted = tested.to_vec();
    sorted.sort_by(|a, b| a.surface.total_cmp(&b.surface));
    let fifths = (0..5).filter_map(|fifth| {
        let bound = |fifth: usize| fifth * sorted.len() / 5;
        let sales = &sorted[bound(fifth)..bound(fifth + 1)];
        let errors = sales.iter().map(|sale| 100.0 * sale.error);
        median(&mut errors.collect::<Vec<_>>())
    });
    fifths.collect()
}

impl HitRate {
    /// Of the sales of some months; `None` of too few.
    pub(crate) fn of(tested: &[Tested], from: Month, to: Month) -> Option<Self> {
        if tested.len() < LEAST_SALES {
            return None;
        }
        Some(Self {
            from,
            to,
            sales: tested.len() as u64,
            inside: tested.iter().filter(|sale| sale.inside).count() as u64,
            median_error: tenth(median_error(tested)?),
        })
    }

    /// The share of the sales that were in the range, in whole per cent.
    pub fn percent(&self) -> u64 {
        percent(self.inside, self.sales)
    }
}

/// A part of some sales in whole per cent, halves up.
pub fn percent(part: u64, sales: u64) -> u64 {
    (200 * part + sales) / (2 * sales).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_counts_what_was_in_the_range() {
        let residuals = [-0.2, -0.1, 0.1, 0.3];
        let sale = |error: f64| Tested::new(error, 60.0, &residuals, 0.0);
        assert!(sale(-0.2).inside && sale(0.3).inside);
        assert!(!sale(-0.21).inside && !sale(0.31).inside);
        // A level that is not sure widens the range.
        assert!(Tested::new(-0.21, 60.0, &residuals, 0.01).inside);
        let (from, to) = (Month::january(2025), Month::january(2025) + 11);
        let mut sales = vec![sale(0.1); 90];
        sales.extend([sale(0.5); 10]);
        let rate = HitRate::of(&sales, from, to).unwrap();
        assert_eq!((rate.sales, rate.inside, rate.percent()), (100, 90, 90));
        // 1 - exp(-0.1)
        assert_eq!(rate.median_error, 9.5);
        assert_eq!(HitRate::of(&sales[1..], from, to), None);
    }

    #[test]
    fn errors_are_told_by_fifths_of_surface() {
        let residuals = [-0.2, -0.1, 0.1, 0.2];
        let sales: Vec<_> = (0..10)
            .rev()
            .map(|at| Tested::new(f64::from(at / 2) / 100.0, at as f32, &residuals, 0.0))
            .collect();
        assert_eq!(errors_by_surface(&sales), [0.0, 1.0, 2.0, 3.0, 4.0]);
    }
}
