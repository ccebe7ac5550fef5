//! The sales of a kind in all parts of a place.

use super::place_sales::{CLASSES, Sale, SalesByMonth};
use super::rounding;
use crate::base::month::{Month, Months};
use crate::base::rank::{Ranked, at_ranks, median_and_bounds};

/// Sales of each part of a place.
pub(super) struct Pool<'a>(pub Vec<&'a SalesByMonth>);

impl Pool<'_> {
    /// How many sales some months have.
    pub(super) fn count(&self, months: Months) -> usize {
        self.0.iter().map(|sales| sales.prices(months).len()).sum()
    }

    /// The prices per m² of some months, by rank.
    pub(super) fn ranked(&self, months: Months) -> Ranked<impl FnMut(usize, usize) -> (f64, f64)> {
        let (counts, mut room) = (self.counts(months), Vec::new());
        Ranked::new(counts.iter().sum(), move |low, high| {
            let below = self.gather(months, &counts, [low, high], &mut room);
            at_ranks(&mut room, low - below, high - below)
        })
    }

    /// The median of the prices per m² of some months and its interval, where it may be shown; with how many there are.
    pub(super) fn median(&self, months: Months) -> (usize, Option<f64>, Option<(f64, f64)>) {
        let counts = self.counts(months);
        let n = counts.iter().sum();
        let Some(ranks) = rounding::interval_ranks(n) else {
            return (n, self.ranked(months).median(), None);
        };
        let mut room = Vec::new();
        let below = self.gather(months, &counts, [ranks.low, ranks.high], &mut room);
        let (median, bounds) = median_and_bounds(&mut room, n, below, &ranks);
        (n, Some(median), Some(bounds))
    }

    /// How many prices of some months are in each class.
    fn counts(&self, months: Months) -> [usize; CLASSES] {
        let mut counts = [0; CLASSES];
        for sales in &self.0 {
            sales.count(months, &mut counts);
        }
        counts
    }

    /// Brings together the prices of some months in the classes of two ranks and between them; gives how many are below.
    fn gather(
        &self,
        months: Months,
        counts: &[usize; CLASSES],
        [low, high]: [usize; 2],
        room: &mut Vec<f64>,
    ) -> usize {
        let (first, below) = class_of(counts, low);
        let (last, _) = class_of(counts, high);
        room.clear();
        for sales in &self.0 {
            for prices in sales.within(months, first..=last) {
                room.extend_from_slice(prices);
            }
        }
        below
    }

    /// The prices per m² of some months, in any order.
    pub(super) fn prices(&self, months: Months) -> impl Iterator<Item = f64> {
        let parts = self.0.iter();
        parts.flat_map(move |sales| sales.prices(months).iter().copied())
    }

    /// The sales from a month of the latest window on.
    pub(super) fn latest(&self, earliest: Month) -> impl Iterator<Item = Sale> {
        let parts = self.0.iter();
        parts.flat_map(move |sales| sales.latest(earliest))
    }

    /// The months from the first with a sale to the last; `None` without sales.
    pub(super) fn span(&self) -> Option<Months> {
        let spans = self.0.iter().filter_map(|sales| sales.span());
        Months::spanning(spans.flat_map(|span| [span.first, span.last]))
    }
}

/// The class with the value at a rank, and how many values there are below it.
fn class_of(counts: &[usize], rank: usize) -> (usize, usize) {
    let mut below = 0;
    for (class, count) in counts.iter().enumerate() {
        if rank < below + count {
            return (class, below);
        }
        below += count;
    }
    (counts.len() - 1, below)
}
