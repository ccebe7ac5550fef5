//! The old homes of a département with what their price is once it is brought to that of a comparable home, and the same of
//! a place, month after month.

use std::collections::HashMap;
use std::ops::Range;

use super::coded_sales::CodedSales;
use super::hedonic::{Coefficients, HomeTraits, Homes, MOST_LAND, PRICES_M2};
use crate::base::kind::HomeKind;
use crate::base::month::{Month, Months};
use crate::db::SaleColumns;
use crate::intake::dvf::Section;

/// Surfaces of which the estimator is asked, m²: of houses, of flats.
pub(crate) const SURFACES: [std::ops::RangeInclusive<f64>; 2] = [30.0..=300.0, 12.0..=250.0];

/// The old homes of a kind in a département: columns of one length.
#[derive(Default)]
pub(crate) struct OldHomes {
    /// Rows of each commune, by the code that stands in the files.
    communes: HashMap<String, Range<usize>>,
    pub month: Vec<Month>,
    /// The logarithm of the price of a comparable home, €. In single precision, for there are millions.
    pub h: Vec<f32>,
    /// m².
    pub surface: Vec<f32>,
    /// Whether the estimator would answer for such a home.
    pub in_bounds: Vec<bool>,
    pub section: Vec<Section>,
}

impl OldHomes {
    /// The old homes among the sales of some months, by what coefficients say of them. A home is new that is sold before it is built (VEFA): it
    /// gets its kind years later, and costs more.
    pub(crate) fn new(
        kind: HomeKind,
        coefficients: &Coefficients,
        parts: &[CodedSales<'_>],
        months: Months,
    ) -> Self {
        let mut homes = Self::default();
        for CodedSales { sales, communes } in parts {
            for commune in communes {
                let start = homes.h.len();
                let is_former = commune.today.is_some_and(|today| today != commune.code);
                for row in commune.rows.iter().cloned().flatten() {
                    if let Some((home, price)) = home(sales, row, kind)
                        && !home.new
                        && months.contains(sales.month[row])
                        && PRICES_M2.contains(&(price / home.surface))
                    {
                        homes.push(kind, coefficients, &home, price, sales, row);
                        // Two former communes may have sections of one name.
                        let section = sales.section[row];
                        homes.section.push(match is_former {
                            true => section.of_former(commune.code),
                            false => section,
                        });
                    }
                }
                if homes.h.len() > start {
                    let rows = start..homes.h.len();
                    homes.communes.insert(commune.code.to_owned(), rows);
                }
            }
        }
        homes
    }

    fn push(
        &mut self,
        kind: HomeKind,
        coefficients: &Coefficients,
        home: &HomeTraits,
        price: f64,
        sales: &SaleColumns,
        row: usize,
    ) {
        self.month.push(sales.month[row]);
        self.h
            .push((price.ln() - coefficients.of(kind, home)) as f32);
        self.surface.push(home.surface as f32);
        self.in_bounds
            .push(is_in_bounds(kind, home.surface, home.land));
    }

    /// The rows of a commune, by a code that stands in the files.
    pub(crate) fn rows(&self, code: &str) -> Range<usize> {
        self.communes.get(code).cloned().unwrap_or_default()
    }
}

/// Whether the estimator answers for homes of a surface and of so much land, m².
pub(crate) fn is_in_bounds(kind: HomeKind, surface: f64, land: f64) -> bool {
    SURFACES[kind as usize].contains(&surface) && land <= MOST_LAND
}

/// A sale of a kind as what explains its price, and the price in €; `None` of another kind.
fn home(sales: &SaleColumns, row: usize, kind: HomeKind) -> Option<(HomeTraits, f64)> {
    (HomeKind::of(sales.kind[row]) == Some(kind)).then(|| {
        let home = HomeTraits {
            surface: sales.surface[row],
            rooms: sales.rooms[row],
            new: sales.new_home[row],
            land: sales.land[row].into(),
        };
        (home, sales.price[row])
    })
}

/// The sales of a kind up to a month, new homes among them, to fit coefficients on: a group a commune and year.
pub(crate) fn to_fit(kind: HomeKind, parts: &[CodedSales<'_>], last: Month) -> Homes {
    let mut homes = Homes::new(kind);
    for CodedSales { sales, communes } in parts {
        // A commune has one range of rows a year.
        for rows in communes.iter().flat_map(|commune| &commune.rows) {
            for row in rows.clone().filter(|&row| sales.month[row] <= last) {
                if let Some((home, price)) = home(sales, row, kind) {
                    homes.push(&home, price);
                }
            }
            homes.close_group();
        }
    }
    homes
}

/// What the comparable homes of a place cost, month after month.
pub(crate) struct MonthlyHomes {
    /// Logarithms of prices, those of a month side by side.
    values: Vec<f32>,
    first: Month,
    /// Where each month from the first on begins and ends.
    bounds: Vec<usize>,
}

impl MonthlyHomes {
    /// The homes of the rows of some départements.
    pub(crate) fn new(parts: &[(&OldHomes, Range<usize>)]) -> Self {
        let each = || {
            parts
                .iter()
                .flat_map(|(homes, rows)| &homes.month[rows.clone()])
        };
        let span = Months::spanning(each().copied());
        let first = span.map_or(Month::MIN, |span| span.first);
        let mut bounds = vec![0; span.map_or(0, Months::count) + 1];
        for &month in each() {
            bounds[(month - first) as usize + 1] += 1;
        }
        for month in 1..bounds.len() {
            bounds[month] += bounds[month - 1];
        }
        let mut next = bounds.clone();
        let mut values = vec![0.0; bounds.last().copied().unwrap_or(0)];
        for (homes, rows) in parts {
            for row in rows.clone() {
                let place = &mut next[(homes.month[row] - first) as usize];
                values[*place] = homes.h[row];
                *place += 1;
            }
        }
        Self {
            values,
            first,
            bounds,
        }
    }

    /// The values of some months.
    pub(crate) fn within(&self, months: Months) -> &[f32] {
        let known = self.bounds.len() - 1;
        let slot = |after: i16| usize::try_from(after).unwrap_or(0).min(known);
        let start = slot(months.first - self.first);
        let end = slot(months.last - self.first + 1).max(start);
        &self.values[self.bounds[start]..self.bounds[end]]
    }

    /// How many some months have.
    pub(crate) fn count(&self, months: Months) -> usize {
        self.within(months).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn homes_of_some_months_lie_side_by_side() {
        let mut homes = OldHomes::default();
        let january = Month::january(2024);
        for (after, h) in [(3, 1.0), (0, 2.0), (3, 3.0), (5, 4.0), (0, 5.0)] {
            homes.month.push(january + after);
            homes.h.push(h);
        }
        let monthly = MonthlyHomes::new(&[(&homes, 0..3), (&homes, 3..4)]);
        let within = |first, last| {
            monthly.within(Months {
                first: january + first,
                last: january + last,
            })
        };
        assert_eq!(within(0, 0), [2.0]);
        assert!(within(1, 2).is_empty());
        assert_eq!(within(1, 3), [1.0, 3.0]);
        assert_eq!(within(-9, 40), [2.0, 1.0, 3.0, 4.0]);
        assert!(within(-9, -1).is_empty());
        assert!(within(6, 40).is_empty());
        let none = MonthlyHomes::new(&[]);
        assert_eq!(none.count(Months::ALL), 0);
    }

    #[test]
    fn the_estimator_has_bounds() {
        assert!(is_in_bounds(HomeKind::Flat, 12.0, 0.0));
        assert!(!is_in_bounds(HomeKind::House, 12.0, 0.0));
        assert!(is_in_bounds(HomeKind::House, 300.0, 20_000.0));
        assert!(!is_in_bounds(HomeKind::House, 300.0, 20_001.0));
    }
}
