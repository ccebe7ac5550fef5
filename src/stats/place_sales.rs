//! Sales of a place, dealt out by kind and month: those of a year, a rolling year or a window lie side by side.
//!
//! A place above the département is dealt out département by département, so that nobody has to hold all sales: what is
//! kept of each is its prices, and all of those sales only that the latest window may take in.

use std::ops::{Range, RangeInclusive};

use crate::base::kind::PropertyKind;
use crate::base::month::{Month, Months};
use crate::config::Statistics;
use crate::db::SaleColumns;
use crate::intake::dvf::MAXIMUM_PRICE_M2;

/// Windows in months, tried until one holds enough sales.
const WINDOWS: [i16; 4] = [12, 24, 36, 60];

/// Classes of prices in places of very many sales: what is sought among them is sought in one class. Each octave of €/m²
/// has four; 512 and 32,768 are where they begin and end.
pub(super) const CLASSES: usize = 24;

/// Bits of a price that tell its class: all but the exponent and the first two of the fraction are shifted out.
const CLASS_SHIFT: u32 = f64::MANTISSA_DIGITS - 1 - 2;

/// The class of a price per m², of so many: a dearer one is never in a lower class.
fn class(price: f64, classes: usize) -> usize {
    let first = 512_f64.to_bits() >> CLASS_SHIFT;
    let class = (price.to_bits() >> CLASS_SHIFT).saturating_sub(first);
    (class as usize).min(classes - 1)
}

/// The sales of a place, or of the part of it that lies in a département.
pub(super) struct PlaceSales {
    pub maison: KindSales,
    pub appartement: KindSales,
    pub local: KindSales,
}

/// The sales of one kind. New homes ("Vente en l'état futur d'achèvement") stand apart: the files hold few of the latest
/// ones, which come in over years, and they are dearer, so that no comparison in time may count them.
pub(super) struct KindSales {
    pub old: SalesByMonth,
    pub new: SalesByMonth,
}

/// Sales of one kind, new homes or the others.
pub(super) struct SalesByMonth {
    /// €/m² of each, month by month, and class by class in each.
    prices: Vec<f64>,
    /// The first month with a sale.
    first: Month,
    classes: usize,
    /// Where the prices of each class of each month from the first on begin and end.
    bounds: Vec<u32>,
    /// The sales of the latest window that these alone would have, and so of any shorter one.
    latest: Vec<Sale>,
}

/// A sale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sale {
    pub month: Month,
    pub rooms: u8,
    /// €.
    pub price: f64,
    /// m².
    pub surface: f64,
}

impl Sale {
    /// €/m².
    pub(super) fn price_m2(self) -> f64 {
        self.price / self.surface
    }
}

impl PlaceSales {
    /// Deals out some rows, for a place whose last covered month is `last`; with prices in a number of [`CLASSES`] or in
    /// one class only, the same for all parts of a place.
    pub(super) fn new(
        sales: &SaleColumns,
        rows: impl Iterator<Item = Range<usize>>,
        classes: usize,
        last: Month,
        method: &Statistics,
    ) -> Self {
        let [mut maison, mut appartement, mut local] = [const { [Vec::new(), Vec::new()] }; 3];
        for row in rows.flatten() {
            let sale = Sale {
                month: sales.month[row],
                rooms: sales.rooms[row],
                price: sales.price[row],
                surface: sales.surface[row],
            };
            if sale.price_m2() < MAXIMUM_PRICE_M2 {
                let is_new = usize::from(sales.new_home[row]);
                match sales.kind[row] {
                    PropertyKind::House => maison[is_new].push(sale),
                    PropertyKind::Flat => appartement[is_new].push(sale),
                    PropertyKind::Business => local[is_new].push(sale),
                    // Outbuildings make no sale.
                    PropertyKind::Outbuilding => {}
                }
            }
        }
        let [maison, appartement, local] = [maison, appartement, local].map(|sales| {
            let [old, new] = sales.map(|sales| SalesByMonth::new(&sales, classes, last, method));
            KindSales { old, new }
        });
        Self {
            maison,
            appartement,
            local,
        }
    }

    /// How many sales there are.
    pub(super) fn total(&self) -> u64 {
        let kinds = [&self.maison, &self.appartement, &self.local];
        let parts = kinds.into_iter().flat_map(|kind| [&kind.old, &kind.new]);
        parts.map(|part| part.prices.len() as u64).sum()
    }
}

impl SalesByMonth {
    fn new(sales: &[Sale], classes: usize, last: Month, method: &Statistics) -> Self {
        let span = Months::spanning(sales.iter().map(|sale| sale.month));
        let first = span.map_or(last, |span| span.first);
        let slots = span.map_or(0, |span| span.count() * classes);
        let mut bounds = vec![0; slots + 1];
        let dealt: Vec<(usize, f64)> = sales
            .iter()
            .map(|sale| {
                let price = sale.price_m2();
                let slot = (sale.month - first) as usize * classes + class(price, classes);
                bounds[slot + 1] += 1;
                (slot, price)
            })
            .collect();
        for slot in 1..bounds.len() {
            bounds[slot] += bounds[slot - 1];
        }
        let mut next = bounds.clone();
        let mut prices = vec![0.0; sales.len()];
        for (slot, price) in dealt {
            let place = &mut next[slot];
            prices[*place as usize] = price;
            *place += 1;
        }
        let mut kind = Self {
            prices,
            first,
            classes,
            bounds,
            latest: Vec::new(),
        };
        let earliest = last - window(last, method, |months| kind.prices(months).len()) + 1;
        let latest = sales.iter().filter(|sale| sale.month >= earliest);
        kind.latest
            .reserve_exact(kind.prices(Months::since(earliest)).len());
        kind.latest.extend(latest);
        kind
    }

    /// The prices per m² of some months.
    pub(super) fn prices(&self, months: Months) -> &[f64] {
        let Range { start, end } = self.slots(months);
        &self.prices[self.bounds[start] as usize..self.bounds[end] as usize]
    }

    /// How many of the prices of some months are in a class, added to the counts of others.
    pub(super) fn count(&self, months: Months, counts: &mut [usize]) {
        let Range { start, end } = self.slots(months);
        for month in self.bounds[start..=end]
            .windows(self.classes + 1)
            .step_by(self.classes)
        {
            for (count, bounds) in counts.iter_mut().zip(month.windows(2)) {
                *count += (bounds[1] - bounds[0]) as usize;
            }
        }
    }

    /// The prices per m² of some months in some classes.
    pub(super) fn within(
        &self,
        months: Months,
        classes: RangeInclusive<usize>,
    ) -> impl Iterator<Item = &[f64]> {
        let months = self.slots(months).step_by(self.classes);
        months.map(move |slot| {
            let bound = |class: usize| self.bounds[slot + class] as usize;
            &self.prices[bound(*classes.start())..bound(classes.end() + 1)]
        })
    }

    /// The slots of some months, as far as there are sales.
    fn slots(&self, months: Months) -> Range<usize> {
        let known = (self.bounds.len() - 1) / self.classes;
        let slot = |after: i16| usize::try_from(after).unwrap_or(0).min(known) * self.classes;
        slot(months.first - self.first)..slot(months.last - self.first + 1)
    }

    /// The sales from a month of the latest window on.
    pub(super) fn latest(&self, earliest: Month) -> impl Iterator<Item = Sale> {
        let latest = self.latest.iter().copied();
        latest.filter(move |sale| sale.month >= earliest)
    }

    /// The months from the first with a sale to the last; `None` without sales.
    pub(super) fn span(&self) -> Option<Months> {
        let months = (self.bounds.len() - 1) / self.classes;
        (months > 0).then(|| Months {
            first: self.first,
            last: self.first + (months as i16 - 1),
        })
    }
}

/// The months of the latest window up to the month `last`: the shortest that holds enough sales, or else the longest. The
/// window of a whole is never longer than that of one of its parts.
pub(super) fn window(last: Month, method: &Statistics, count: impl Fn(Months) -> usize) -> i16 {
    let enough =
        |&window: &i16| count(Months::since(last - window + 1)) >= method.window_sales as usize;
    let longest = WINDOWS[WINDOWS.len() - 1];
    WINDOWS.into_iter().find(enough).unwrap_or(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dearer_price_is_in_no_lower_class() {
        let classes = [
            0.0, 0.5, 511.9, 512.0, 640.0, 1_000.0, 2_500.0, 32_768.0, 99_999.0,
        ];
        let classes = classes.map(|price| class(price, CLASSES));
        assert!(classes.is_sorted());
        assert_eq!((classes[2], classes[3], classes[4]), (0, 0, 1));
        assert_eq!(classes[8], CLASSES - 1);
    }
}
