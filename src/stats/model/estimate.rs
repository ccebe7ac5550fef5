//! A price where sales are few: `docs/method.md`, section 3.

use serde::{Deserialize, Serialize};

use super::levels::{CommuneSlices, Levels};
use super::local::{Local, Variances};
use super::slices::{SLICES, Slices};
use crate::base::kind::HomeKind;
use crate::base::month::Month;

/// The constants of a kind of property. They are part of the method: estimated again at each build, they would renew every
/// page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constants {
    /// Of levels.
    pub variances: Variances,
    /// Standard deviations within which the level of 95 communes of a hundred lies.
    pub width: f64,
    /// Sales from which an estimate is shown.
    pub from_sales: u32,
}

/// The constants of houses.
pub(crate) const HOUSES: Constants = Constants {
    variances: Variances {
        neighbours: 0.374,
        sampling: 0.252,
    },
    width: 2.21,
    from_sales: 0,
};

/// The constants of flats.
pub(crate) const FLATS: Constants = Constants {
    variances: Variances {
        neighbours: 0.602,
        sampling: 0.275,
    },
    width: 2.37,
    from_sales: 11,
};

/// Sales from which a commune needs no estimate.
const ENOUGH_SALES: u32 = 30;

/// The widest interval that is shown: upwards, so many times the price.
const WIDEST: f64 = 1.35;

/// How far the nearest neighbour may be, km.
const FARTHEST: f64 = 15.0;

/// The least number of sales that near neighbours have.
const LEAST_NEAR_SALES: u64 = 30;

/// The variance of a commune's year about what its département's years make of its level.
const YEARLY: f64 = 0.004;

/// Prices per m² are rounded to so many €/m².
const STEP: f64 = 10.0;

/// An estimate of the price per m² in a commune with few sales, from its own sales and its neighbours'. It is no median, and is
/// never shown as one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// €/m², to ten.
    pub price: u32,
    /// Between which prices it is 95 times of a hundred, €/m², to ten.
    pub interval: [u32; 2],
    /// The share of the commune's own sales in it, from 0 to 1, in hundredths.
    pub own_share: f64,
    /// Sales of the commune that it rests on.
    pub n: u64,
    /// Neighbours that it rests on.
    pub neighbours: u32,
    /// The last month of those that sales are from.
    pub to: Month,
    /// How many months sales are from.
    pub months: u32,
    /// The estimates of each twelve months, the earliest first.
    pub yearly: Vec<YearlyEstimate>,
}

/// An estimate of the price per m² in twelve months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearlyEstimate {
    /// The last of the months.
    pub to: Month,
    /// €/m², to ten.
    pub price: u32,
}

/// The constants of a kind of home.
pub fn constants(kind: HomeKind) -> &'static Constants {
    match kind {
        HomeKind::House => &HOUSES,
        HomeKind::Flat => &FLATS,
    }
}

impl Constants {
    /// Half the interval of a level, a logarithm.
    pub(crate) fn half_width(&self, local: &Local) -> f64 {
        self.width * local.variance.sqrt()
    }

    /// Whether the level of a commune with so many sales is shown.
    pub(crate) fn shows(&self, n: u32, local: &Local) -> bool {
        let near = local
            .prior
            .is_some_and(|prior| prior.nearest <= FARTHEST && prior.near_sales >= LEAST_NEAR_SALES);
        near && (self.from_sales..ENOUGH_SALES).contains(&n)
            && self.half_width(local) <= WIDEST.ln()
    }

    /// The estimate of a commune of a département, where it is shown. `cell` are the commune's sales, if it has any; of the
    /// slices `covered` are those that files cover whole.
    pub(crate) fn estimate(
        &self,
        local: &Local,
        cell: Option<&CommuneSlices>,
        departement: &Levels,
        slices: Slices,
        covered: &Covered,
    ) -> Option<Estimate> {
        let n = cell.map_or(0, |cell| cell.n);
        if !self.shows(n, local) {
            return None;
        }
        let half = self.half_width(local);
        let yearly = (0..SLICES)
            .filter(|&slice| covered.slices[slice])
            .filter_map(|slice| {
                let level = self.of_slice(local, cell, departement, slice)?;
                Some(YearlyEstimate {
                    to: slices.slice(slice).last,
                    price: rounded(level),
                })
            });
        Some(Estimate {
            price: rounded(local.level),
            interval: [rounded(local.level - half), rounded(local.level + half)],
            own_share: (local.own_share * 100.0).round() / 100.0,
            n: n.into(),
            neighbours: local.prior.map_or(0, |prior| prior.neighbours) as u32,
            to: slices.months().last,
            months: covered.months,
            yearly: yearly.collect(),
        })
    }

    /// The level of a commune in a slice: its own brought there as its département went, and its sales of then, where they are
    /// enough.
    fn of_slice(
        &self,
        local: &Local,
        cell: Option<&CommuneSlices>,
        departement: &Levels,
        slice: usize,
    ) -> Option<f64> {
        let level = local.level + departement.to_latest(slice)?;
        let own = cell.and_then(|cell| cell.slices.iter().find(|own| own.0 == slice));
        Some(own.map_or(level, |&(_, n, median)| {
            let weight = YEARLY / (YEARLY + self.variances.sampling / f64::from(n));
            level + weight * (median - level)
        }))
    }
}

/// Which of the slices the files cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Covered {
    /// Each of the slices, whole.
    pub slices: [bool; SLICES],
    /// Covered months of all slices.
    pub months: u32,
}

/// The €/m² of a logarithm, as it is shown.
fn rounded(level: f64) -> u32 {
    ((level.exp() / STEP).round_ties_even() * STEP) as u32
}

#[cfg(test)]
mod tests {
    use super::super::local::Prior;
    use super::*;

    fn local(variance: f64, nearest: f64, near_sales: u64) -> Local {
        Local {
            prior: Some(Prior {
                level: 7.3,
                scatter: 0.02,
                variance,
                neighbours: 20,
                nearest,
                near_sales,
            }),
            level: 7.3,
            variance,
            own_share: 0.0,
        }
    }

    #[test]
    fn what_is_too_far_too_thin_or_too_wide_is_not_shown() {
        let near = local(0.01, 15.0, 30);
        assert!(HOUSES.shows(0, &near) && HOUSES.shows(29, &near));
        assert!(!HOUSES.shows(30, &near));
        assert!(!FLATS.shows(10, &near) && FLATS.shows(11, &near));
        assert!(!HOUSES.shows(3, &local(0.01, 15.1, 30)));
        assert!(!HOUSES.shows(3, &local(0.01, 15.0, 29)));
        // Half of it is ln 1.35 where the variance is (0.3001 / 2.21)².
        assert!(
            HOUSES.shows(3, &local(0.0184, 1.0, 90)) && !HOUSES.shows(3, &local(0.0185, 1.0, 90))
        );
        let alone = Local {
            prior: None,
            ..near
        };
        assert!(!HOUSES.shows(9, &alone));
    }

    #[test]
    fn a_year_goes_as_the_departement_did_and_as_its_own_sales_where_they_are_enough() {
        let departement = Levels {
            medians: [None, Some(7.0), Some(7.1), Some(7.3), Some(7.2)],
            ..Levels::default()
        };
        let cell = CommuneSlices {
            n: 8,
            level: 7.4,
            slices: vec![(2, 6, 7.5)],
        };
        let slices = Slices::ending(Month::january(2025) + 11);
        let covered = Covered {
            slices: [true, false, true, true, true],
            months: 54,
        };
        let known = local(0.01, 3.0, 200);
        let estimate = HOUSES.estimate(&known, Some(&cell), &departement, slices, &covered);
        let estimate = estimate.unwrap();
        let euros = |level: f64| (level.exp() / 10.0).round() as u32 * 10;
        assert_eq!(estimate.price, euros(7.3));
        let half = 2.21 * 0.1;
        assert_eq!(estimate.interval, [euros(7.3 - half), euros(7.3 + half)]);
        assert_eq!((estimate.n, estimate.months), (8, 54));
        // 7.3 brought by the département; in 2023 beside six sales, of which each weighs little.
        let weight = 0.004 / (0.004 + 0.252 / 6.0);
        let year = 7.3 + 7.1 - 7.2;
        let expected = [
            (2023, euros(year + weight * (7.5 - year))),
            (2024, euros(7.3 + 7.3 - 7.2)),
            (2025, euros(7.3)),
        ];
        let years = estimate
            .yearly
            .iter()
            .map(|year| (year.to.year(), year.price));
        assert_eq!(years.collect::<Vec<_>>(), expected);
    }
}
