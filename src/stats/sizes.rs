//! Homes of the latest window by their number of rooms and by their surface.

use super::place_sales::Sale;
use super::rounding;
use super::{Rooms, SurfaceClass};
use crate::base::rank::{median, median_and_bounds};

/// Rooms from which the last class begins.
const MOST_ROOMS: u8 = 5;

/// Where classes of surface begin, in m²: five of each kind, so that each holds many of the homes that are sold.
pub(super) type Surfaces = [u32; 5];

/// Of flats: a room, two, three, four, and more.
pub(super) const FLATS: Surfaces = [0, 30, 50, 70, 90];

/// Of houses.
pub(super) const HOUSES: Surfaces = [0, 80, 100, 120, 150];

/// The sales of a class.
#[derive(Default)]
struct Class {
    /// €/m².
    prices_m2: Vec<f64>,
    /// €.
    prices: Vec<f64>,
}

/// What is told of a class that has sales.
struct ClassFigures {
    n: usize,
    median: Option<u32>,
    interval: Option<[u32; 2]>,
    median_price: Option<u64>,
}

/// Sales by number of main rooms, where it is known; with prices from so many sales on.
pub(super) fn by_rooms(sales: impl Iterator<Item = Sale>, least: usize) -> Vec<Rooms> {
    let known = |sale: &Sale| usize::from(sale.rooms.min(MOST_ROOMS)).checked_sub(1);
    let classes: [Class; MOST_ROOMS as usize] = classes(sales, known);
    let told = (1..).zip(classes).filter_map(|(rooms, class)| {
        let told = class.shown(least)?;
        Some(Rooms {
            rooms,
            n: told.n as u64,
            median: told.median,
            interval: told.interval,
            median_price: told.median_price,
        })
    });
    told.collect()
}

/// Sales by built surface; with prices from so many sales on.
pub(super) fn by_surface(
    sales: impl Iterator<Item = Sale>,
    starts: Surfaces,
    least: usize,
) -> Vec<SurfaceClass> {
    let begun = |sale: &Sale| starts.partition_point(|&start| f64::from(start) <= sale.surface);
    let classes: [Class; 5] = classes(sales, |sale| begun(sale).checked_sub(1));
    let told = classes
        .into_iter()
        .enumerate()
        .filter_map(|(index, class)| {
            let told = class.shown(least)?;
            Some(SurfaceClass {
                from: starts[index],
                to: starts.get(index + 1).map(|next| next - 1),
                n: told.n as u64,
                median: told.median,
                median_price: told.median_price,
            })
        });
    told.collect()
}

/// Sales dealt out to classes.
fn classes<const N: usize>(
    sales: impl Iterator<Item = Sale>,
    class: impl Fn(&Sale) -> Option<usize>,
) -> [Class; N] {
    let mut classes = [const {
        Class {
            prices_m2: Vec::new(),
            prices: Vec::new(),
        }
    }; N];
    for sale in sales {
        if let Some(class) = class(&sale) {
            classes[class].prices_m2.push(sale.price_m2());
            classes[class].prices.push(sale.price);
        }
    }
    classes
}

impl Class {
    fn shown(mut self, least: usize) -> Option<ClassFigures> {
        let n = self.prices.len();
        if n < least {
            return (n > 0).then_some(ClassFigures {
                n,
                median: None,
                interval: None,
                median_price: None,
            });
        }
        let (per_m2, interval) = match rounding::interval_ranks(n) {
            Some(ranks) => {
                let (median, bounds) = median_and_bounds(&mut self.prices_m2, n, 0, &ranks);
                (Some(median), Some(rounding::bounds(bounds, n)))
            }
            None => (median(&mut self.prices_m2), None),
        };
        let price = median(&mut self.prices);
        Some(ClassFigures {
            n,
            median: rounding::shown_price_m2(per_m2, n, least),
            interval,
            median_price: price.map(|price| rounding::total_price(price, &self.prices)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::month::Month;

    fn sale(rooms: u8, surface: f64, price_m2: f64) -> Sale {
        Sale {
            month: Month::january(2024),
            rooms,
            price: price_m2 * surface,
            surface,
        }
    }

    #[test]
    fn a_class_of_rooms_has_an_interval_from_nine_sales() {
        // 2,000 to 2,080 €/m²: bounds are the second and the eighth of nine.
        let nine = (0..9).map(|i| sale(2, 50.0, 2_000.0 + 10.0 * f64::from(i)));
        let eight = (0..8).map(|_| sale(7, 100.0, 3_000.0));
        let unknown = [sale(0, 40.0, 1_000.0)];
        let rooms = by_rooms(nine.chain(eight).chain(unknown), 5);
        let told: Vec<_> = rooms
            .iter()
            .map(|class| (class.rooms, class.n, class.median, class.interval))
            .collect();
        let expected = [
            (2, 9, Some(2_040), Some([2_010, 2_070])),
            (5, 8, Some(3_000), None),
        ];
        assert_eq!(told, expected);
        assert_eq!(rooms[1].median_price, Some(300_000));
    }

    #[test]
    fn surfaces_are_dealt_out_where_classes_begin() {
        let surfaces =
            [29.9, 30.0, 49.0, 49.5, 90.0, 300.0].map(|surface| sale(1, surface, 4_000.0));
        let told = |starts| {
            let classes = by_surface(surfaces.into_iter(), starts, 5).into_iter();
            classes
                .map(|class| (class.from, class.to, class.n, class.median))
                .collect::<Vec<_>>()
        };
        let flats = [
            (0, Some(29), 1, None),
            (30, Some(49), 3, None),
            (90, None, 2, None),
        ];
        assert_eq!(told(FLATS), flats);
        assert_eq!(
            told(HOUSES),
            [
                (0, Some(79), 4, None),
                (80, Some(99), 1, None),
                (150, None, 1, None)
            ]
        );
        let five = (0..5).map(|i| sale(3, 60.0, 4_000.0 + f64::from(i)));
        let class = &by_surface(five, FLATS, 5)[0];
        assert_eq!(
            (class.median, class.median_price),
            (Some(4_000), Some(241_000))
        );
    }
}
