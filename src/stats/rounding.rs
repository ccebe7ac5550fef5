//! How figures are rounded before anybody sees them, so that no sale can be read from them, by itself or by subtraction.
//! The official figures ([`super::official`]) are exact, as the official files are, and no part of the site.

use std::cmp::Ordering;

use crate::base::rank::{Ranks, median_ranks};

/// From so many sales on, prices per m² are to the euro, and mean surfaces are given.
const MANY: usize = 30;

/// Steps of mean surfaces in m², with the number of sales from which each is taken: what can be taken from another mean
/// is then off by as much as a flat is large.
const SURFACE_STEPS: [(usize, f64); 3] = [(300, 1.0), (60, 5.0), (MANY, 10.0)];

/// Digits of a total price that count.
const PRICE_DIGITS: i32 = 3;

/// Sales that a price has to be shared by where it is that of any: fewer could be found again by it.
const SHARED_BY: usize = 5;

/// A price per m² of so many sales: to ten €/m² where they are few.
pub(super) fn price_m2(value: f64, n: usize) -> u32 {
    let step = step(n);
    (value / step).round_ties_even() as u32 * step as u32
}

/// A price per m² where there are enough sales to show it, and it is a price: most sales at a symbolic euro have a median of none.
pub(super) fn shown_price_m2(value: Option<f64>, n: usize, least: usize) -> Option<u32> {
    let value = value.filter(|_| n >= least)?;
    Some(price_m2(value, n)).filter(|price| *price > 0)
}

/// Where the bounds of the interval of a median of so many sales are, unless they would be the lowest and the highest sale.
pub(super) fn interval_ranks(n: usize) -> Option<Ranks> {
    median_ranks(n).filter(|ranks| ranks.low > 0)
}

/// The bounds of an interval, rounded as a price is; outward where they are rounded to ten, so that it still holds what it held.
pub(super) fn bounds((low, high): (f64, f64), n: usize) -> [u32; 2] {
    if n >= MANY {
        return [low, high].map(|bound| price_m2(bound, n));
    }
    let step = step(n);
    [(low / step).floor(), (high / step).ceil()].map(|steps| steps as u32 * step as u32)
}

/// A median of a wide place to ten €/m², as other places' pages show it: what a corrected sale moves it by says nothing to
/// anybody, and would renew the page of every commune in it.
pub(crate) fn to_ten(median: u32) -> u32 {
    (median + 5) / 10 * 10
}

fn step(n: usize) -> f64 {
    if n < MANY { 10.0 } else { 1.0 }
}

/// Rounded to a tenth.
pub(super) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// A mean surface in m²; `None` where there are too few sales.
pub(super) fn mean_surface(mean: f64, n: usize) -> Option<u32> {
    let (_, step) = SURFACE_STEPS.into_iter().find(|(from, _)| n >= *from)?;
    Some((mean / step).round_ties_even() as u32 * step as u32)
}

/// The median of some total prices, in three digits. Deeds are signed at round prices, which rounding leaves as they are:
/// where it is then the price of one to four of the sales themselves, the nearest one is taken that is not.
pub(super) fn total_price(median: f64, prices: &[f64]) -> u64 {
    let digits = median.max(1.0).log10().floor() as i32 + 1;
    // Prices of a few euros are whole.
    let step = 10_f64.powi((digits - PRICE_DIGITS).max(0));
    let nearest = (median / step).round_ties_even();
    let free = |steps: f64| {
        let same = prices.iter().filter(|&&price| price == steps * step);
        steps > 0.0 && !(1..SHARED_BY).contains(&same.count())
    };
    // Of two that are as near, as many times the lower is taken as the higher.
    let side = match median.total_cmp(&(nearest * step)) {
        Ordering::Less => -1.0,
        Ordering::Greater => 1.0,
        Ordering::Equal => [-1.0, 1.0][(nearest as u64).count_ones() as usize % 2],
    };
    let away = (1..=prices.len()).map(|away| away as f64 * side);
    let steps = away.flat_map(|away| [nearest + away, nearest - away]);
    let taken = std::iter::once(nearest)
        .chain(steps)
        .find(|steps| free(*steps));
    (taken.unwrap_or(nearest) * step) as u64
}

/// A total price in two digits, €.
pub(crate) fn in_two_digits(price: f64) -> u64 {
    let digits = price.max(1.0).log10().floor() as i32 + 1;
    let step = 10_f64.powi((digits - 2).max(0));
    ((price / step).round() * step) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_of_nothing_is_none() {
        assert_eq!(shown_price_m2(Some(4.9), 5, 5), None);
        assert_eq!(shown_price_m2(Some(5.1), 5, 5), Some(10));
        assert_eq!(shown_price_m2(Some(900.0), 4, 5), None);
    }

    #[test]
    fn prices_of_few_sales_are_to_ten_and_bounds_go_outward() {
        assert_eq!(
            [5, 29, 30].map(|n| price_m2(3_196.4, n)),
            [3_200, 3_200, 3_196]
        );
        assert_eq!(bounds((3_191.0, 3_191.0), 29), [3_190, 3_200]);
        assert_eq!(bounds((3_190.0, 3_200.0), 29), [3_190, 3_200]);
        assert_eq!(bounds((3_191.4, 3_191.6), 30), [3_191, 3_192]);
    }

    #[test]
    fn a_mean_surface_is_as_coarse_as_its_sales_are_few() {
        let surfaces = [5, 29, 30, 59, 60, 299, 300].map(|n| mean_surface(67.6, n));
        let (ten, five, one) = (Some(70), Some(70), Some(68));
        assert_eq!(surfaces, [None, None, ten, ten, five, five, one]);
        assert_eq!(mean_surface(62.6, 60), Some(65));
    }

    #[test]
    fn a_total_price_has_three_digits_and_is_no_sale_s_own() {
        let prices = |own: &[f64]| [own, &[100_000.0, 900_000.0]].concat();
        for (median, own, expected) in [
            (251_500.0, &[][..], 252_000),
            (1_234_567.0, &[], 1_230_000),
            (999_600.0, &[], 1_000_000),
            (95_432.0, &[], 95_400),
            (7.4, &[], 7),
            // Its own, the one above and the one below.
            (251_600.0, &[252_000.0], 251_000),
            (252_400.0, &[252_000.0], 253_000),
            (252_400.0, &[252_000.0, 253_000.0], 251_000),
            (252_000.0, &[252_000.0; 5], 252_000),
        ] {
            assert_eq!(total_price(median, &prices(own)), expected, "{median}");
        }
        let moved = [
            201_000.0, 202_000.0, 203_000.0, 204_000.0, 205_000.0, 206_000.0,
        ]
        .map(|price| total_price(price, &[price]) as f64 - price);
        assert_eq!(moved.iter().sum::<f64>(), 0.0, "{moved:?}");
    }
}
