//! Recent sales of a commune, for sites that publish them: homes that are alike stand together, each with as little as tells
//! its price (docs/method.md, section 7, point 5).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::place_sales::Sale;
use super::rounding::in_two_digits;
use crate::base::month::{Month, Period};

/// Surfaces are told to so many m².
const SURFACE_STEP: f64 = 10.0;

/// Sales of a quarter of homes that are alike: there are five of them at least.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlikeSales {
    /// The quarter in which they were sold.
    pub quarter: Period,
    /// Main rooms of each.
    pub rooms: u8,
    /// Built surface of each, m², to the nearest ten.
    pub surface: u32,
    /// Prices, €, in two digits, ascending: their order tells nothing of that of the sales.
    pub prices: Vec<u64>,
}

/// The sales of one kind whose quarter, rooms and surface at least `least` of them share, the latest first.
pub(super) fn alike(sales: impl Iterator<Item = Sale>, least: usize) -> Vec<AlikeSales> {
    let mut groups = BTreeMap::<(Month, u8, u32), Vec<u64>>::new();
    for sale in sales.filter(|sale| sale.rooms > 0) {
        let left = (sale.month.of_year() - 1) % 3;
        let end = sale.month + i16::from(2 - left);
        let surface = (sale.surface / SURFACE_STEP).round() * SURFACE_STEP;
        let alike = groups.entry((end, sale.rooms, surface as u32)).or_default();
        alike.push(in_two_digits(sale.price));
    }
    let shared = groups
        .into_iter()
        .filter(|(_, prices)| prices.len() >= least);
    let mut shared: Vec<_> = shared
        .map(|((end, rooms, surface), mut prices)| {
            prices.sort_unstable();
            AlikeSales {
                quarter: Period::Quarter(end),
                rooms,
                surface,
                prices,
            }
        })
        .collect();
    // By rooms and surface within a quarter.
    shared.sort_by_key(|alike| std::cmp::Reverse(alike.quarter));
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(month: i16, rooms: u8, surface: f64, price: f64) -> Sale {
        Sale {
            month: Month::january(2024) + month,
            rooms,
            price,
            surface,
        }
    }

    #[test]
    fn only_what_five_share_is_told_and_in_two_digits() {
        let flats = (0..5).map(|at| sale(at % 3, 2, 41.0 + f64::from(at), 187_400.0));
        let later = (0..6).map(|at| sale(3 + at % 3, 2, 40.0, 200_000.0 - 7_600.0 * f64::from(at)));
        // The last of the first five has another size; these have too, or none of their rooms is known, or they are four.
        let others = [sale(0, 2, 47.0, 1.0), sale(0, 3, 42.0, 1.0)];
        let unknown = (0..9).map(|_| sale(0, 0, 40.0, 100_000.0));
        let few = (0..4).map(|_| sale(6, 2, 40.0, 180_000.0));
        let all = flats.chain(later).chain(others).chain(unknown).chain(few);
        let told = alike(all, 5);
        let expected = AlikeSales {
            quarter: Period::Quarter(Month::january(2024) + 5),
            rooms: 2,
            surface: 40,
            prices: vec![160_000, 170_000, 180_000, 180_000, 190_000, 200_000],
        };
        assert_eq!(told, [expected]);
    }
}
