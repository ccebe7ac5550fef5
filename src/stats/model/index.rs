//! An index of the price of comparable homes by quarter: docs/method.md, section 4.

use serde::{Deserialize, Serialize};

use super::change::Z;
use super::change::{LARGE_SALES, MedianLog};
use super::homes::MonthlyHomes;
use crate::base::month::{Month, Months, Period};
use crate::base::place::Level;
use crate::stats::rounding::tenth;

/// What the index is in its base year.
const BASE: f64 = 100.0;

/// Sales from which a quarter has a value.
const LEAST_SALES: usize = 30;

/// The price of comparable homes quarter by quarter, 100 in the base year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// The first year that is covered whole.
    pub base: i16,
    /// Covered quarters of thirty sales and more, in order.
    pub quarters: Vec<IndexPoint>,
}

/// A quarter of an index.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndexPoint {
    /// The quarter.
    pub quarter: Period,
    /// Sales of old homes.
    pub n: u64,
    /// To a tenth.
    pub value: f64,
    /// Between which it is 95 times of a hundred, to a tenth.
    pub interval: [f64; 2],
}

impl Index {
    /// The index of a place; `None` where it has too few sales. `covers_year` says which years the files hold whole, of the covered
    /// months, which are sorted.
    pub(crate) fn of(
        level: Level,
        homes: &MonthlyHomes,
        covered: &[Month],
        covers_year: impl Fn(i16) -> bool,
    ) -> Option<Self> {
        let (&first, &last) = (covered.first()?, covered.last()?);
        let is_large = homes.count(Months::ending(last, 12)) as u64 >= LARGE_SALES;
        if level == Level::Commune || level == Level::Epci && !is_large {
            return None;
        }
        let mut years = first.year()..=last.year();
        let base = years.find(|&year| covers_year(year))?;
        let of_base = middle(homes, Months::of_year(base))?;
        let is_covered = |month: Month| covered.binary_search(&month).is_ok();
        let quarters = Months { first, last }.iter();
        let quarters = quarters.filter(|end| end.of_year().is_multiple_of(3));
        let points = quarters.filter_map(|end| {
            let months = Months::ending(end, 3);
            if !months.iter().all(is_covered) {
                return None;
            }
            let own = middle(homes, months)?;
            let value = own.median - of_base.median;
            let half = Z * (own.variance + of_base.variance).sqrt();
            let shown = |logarithm: f64| tenth(logarithm.exp() * BASE);
            Some(IndexPoint {
                quarter: Period::Quarter(end),
                n: homes.count(months) as u64,
                value: shown(value),
                interval: [value - half, value + half].map(shown),
            })
        });
        let quarters: Vec<_> = points.collect();
        (!quarters.is_empty()).then_some(Self { base, quarters })
    }
}

fn middle(homes: &MonthlyHomes, months: Months) -> Option<MedianLog> {
    let values = homes.within(months);
    (values.len() >= LEAST_SALES).then(|| MedianLog::of(values))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::model::homes::OldHomes;

    /// Forty homes a month from January 2021, one per cent dearer each quarter.
    fn homes(count: i16) -> MonthlyHomes {
        let mut homes = OldHomes::default();
        for month in 0..count {
            for sale in 0..40 {
                homes.month.push(Month::january(2021) + month);
                homes
                    .h
                    .push(12.0 + 0.01 * f32::from(month / 3) + (sale as f32 - 19.5) / 200.0);
            }
        }
        let rows = 0..homes.h.len();
        MonthlyHomes::new(&[(&homes, rows)])
    }

    fn covered(from: Month, count: i16) -> Vec<Month> {
        (0..count).map(|after| from + after).collect()
    }

    fn index(level: Level, months: i16, first: Month) -> Option<Index> {
        let covered = covered(first, months);
        let whole = |year| {
            Months::of_year(year)
                .iter()
                .all(|month| covered.contains(&month))
        };
        Index::of(level, &homes(months), &covered, whole)
    }

    #[test]
    fn the_first_whole_year_is_100() {
        let january = Month::january(2021);
        let found = index(Level::Departement, 27, january).unwrap();
        assert_eq!((found.base, found.quarters.len()), (2021, 9));
        let values: Vec<_> = found.quarters.iter().map(|at| at.value).collect();
        assert_eq!(values[..4], [98.5, 99.5, 100.5, 101.5]);
        for point in &found.quarters {
            assert!(point.interval[0] < point.value && point.value < point.interval[1]);
            assert_eq!(point.n, 120);
        }
        let found = index(Level::Departement, 27, january - 6);
        assert_eq!(found.unwrap().base, 2021);
        assert_eq!(index(Level::Departement, 11, january), None);
    }

    #[test]
    fn communes_and_small_epci_have_none() {
        let january = Month::january(2021);
        assert_eq!(index(Level::Commune, 24, january), None);
        // Forty a month are 480 a year.
        assert_eq!(index(Level::Epci, 24, january), None);
        assert!(index(Level::Region, 24, january).is_some());
    }

    #[test]
    fn a_quarter_that_is_not_covered_whole_has_no_value() {
        let found = index(Level::Pays, 26, Month::january(2021)).unwrap();
        assert_eq!(found.quarters.len(), 8);
    }
}
