//! The figures of a place from its sales, dealt out: medians are found among the prices of some months without sorting.

use super::extent::Extent;
use super::model::Modelled;
use super::place_sales::{CLASSES, KindSales, PlaceSales, Sale, SalesByMonth, window};
use super::rounding;
use super::{Change, Current, Figures, IncompleteMonth, Point, Rooms, Segment};
use crate::base::month::{Month, Months, Period};
use crate::base::rank::{Ranked, at_ranks, mean, median, median_ranks};
use crate::config::Statistics;

/// Rooms from which the last class begins.
const MOST_ROOMS: u8 = 5;

/// Sales of houses and flats under which no seasonality is shown: five a month in a year.
const SEASONAL_SALES: u64 = 60;

/// The figures of a place, from the sales of its parts.
pub(super) fn figures(parts: &[PlaceSales], extent: &Extent, method: &Statistics) -> Figures {
    let sample = |kinds: &[fn(&PlaceSales) -> &KindSales]| {
        let parts = parts.iter();
        let kinds = parts.flat_map(|part| kinds.iter().map(|kind| kind(part)));
        let (old, new): (Vec<_>, Vec<_>) = kinds.map(|kind| (&kind.old, &kind.new)).unzip();
        Sample {
            all: Pool([&old[..], &new].concat()),
            old: Pool(old),
            new: Pool(new),
            extent,
            method,
        }
    };
    let homes = |kind| {
        let sample = sample(&[kind]);
        let rooms = sample.rooms();
        Segment {
            rooms,
            ..sample.segment()
        }
    };
    let pooled = || {
        let sample = sample(&[|part| &part.maison, |part| &part.appartement]);
        let segment = Segment {
            monthly: sample.months(0),
            ..sample.segment()
        };
        let last_year = Months::since(sample.last() - 11);
        (segment, sample.all.count(last_year) as u64)
    };
    let (((apt_maison, volume_12_months), maison), (appartement, local)) = rayon::join(
        || rayon::join(pooled, || homes(|part| &part.maison)),
        || {
            let local = || sample(&[|part| &part.local]).segment();
            rayon::join(|| homes(|part| &part.appartement), local)
        },
    );
    Figures {
        coverage: extent.coverage(),
        incomplete: incomplete(extent, &apt_maison.monthly),
        total_transactions: parts.iter().map(PlaceSales::total).sum(),
        volume_12_months,
        seasonality: seasonality(extent, &apt_maison.monthly),
        appartement,
        maison,
        local,
        apt_maison,
        modelled: Modelled::default(),
    }
}

/// Sales of each part of a place.
struct Pool<'a>(Vec<&'a SalesByMonth>);

impl Pool<'_> {
    /// How many sales some months have.
    fn count(&self, months: Months) -> usize {
        self.0.iter().map(|sales| sales.prices(months).len()).sum()
    }

    /// The prices per m² of some months, by rank.
    fn ranked(&self, months: Months) -> Ranked<impl FnMut(usize, usize) -> (f64, f64)> {
        let mut counts = [0; CLASSES];
        for sales in &self.0 {
            sales.count(months, &mut counts);
        }
        let (parts, mut scratch) = (&self.0, Vec::new());
        Ranked::new(counts.iter().sum(), move |low, high| {
            let (first, below) = class_of(&counts, low);
            let (last, _) = class_of(&counts, high);
            scratch.clear();
            for sales in parts {
                for prices in sales.within(months, first..=last) {
                    scratch.extend_from_slice(prices);
                }
            }
            at_ranks(&mut scratch, low - below, high - below)
        })
    }

    /// The sales from a month of the latest window on.
    fn latest(&self, earliest: Month) -> impl Iterator<Item = Sale> {
        let parts = self.0.iter();
        parts.flat_map(move |sales| sales.latest(earliest))
    }

    /// The months from the first with a sale to the last; `None` without sales.
    fn span(&self) -> Option<Months> {
        let spans = self.0.iter().filter_map(|sales| sales.span());
        Months::spanning(spans.flat_map(|span| [span.first, span.last]))
    }
}

/// The sales of one kind in a place, or of two pooled.
struct Sample<'a> {
    /// Those that the official method keeps: what the latest window shows.
    all: Pool<'a>,
    /// Without new homes: what is compared in time.
    old: Pool<'a>,
    /// New homes alone.
    new: Pool<'a>,
    extent: &'a Extent,
    method: &'a Statistics,
}

impl Sample<'_> {
    /// The last covered month.
    fn last(&self) -> Month {
        self.extent.last()
    }

    fn least(&self) -> usize {
        self.method.minimum_sales as usize
    }

    /// The sales of the latest window of so many months.
    fn latest(&self, window: i16) -> impl Iterator<Item = Sale> {
        self.all.latest(self.last() - window + 1)
    }

    /// The months of the latest window.
    fn window(&self) -> i16 {
        window(self.last(), self.method, |months| self.all.count(months))
    }

    /// All but the rooms and the counts of months without a price.
    fn segment(&self) -> Segment {
        let total = self.all.count(Months::ALL) as u64;
        if total == 0 {
            return Segment::default();
        }
        let (change_1_year, change_longest) = self.changes();
        Segment {
            total,
            current: self.current(),
            change_1_year,
            change_longest,
            rooms: Vec::new(),
            yearly: self.years(),
            quarterly: self.quarters(),
            monthly: self.months(self.least()),
        }
    }

    /// A point of a series, which has old homes only.
    fn point(&self, period: Period, months: Months, partial: bool) -> Point {
        let mut prices = self.old.ranked(months);
        Point {
            period,
            n: prices.count() as u64,
            median: published(prices.median(), prices.count(), self.least()),
            partial,
        }
    }

    fn years(&self) -> Vec<Point> {
        let years = self.old.span().into_iter().flat_map(Months::years);
        let years = years.filter_map(|year| {
            let months = Months::of_year(year);
            let partial = !self.extent.covers_year(year);
            (self.old.count(months) > 0).then(|| self.point(Period::Year(year), months, partial))
        });
        years.collect()
    }

    /// Twelve months that end with each quarter.
    fn quarters(&self) -> Vec<Point> {
        // Up to the one whose twelve months begin with the quarter of the last sale.
        let span = self.old.span().map(|span| Months {
            last: span.last + 11,
            ..span
        });
        let ends = span.into_iter().flat_map(Months::iter);
        let ends = ends.filter(|month| month.of_year().is_multiple_of(3));
        let quarters = ends.filter_map(|end| {
            let months = Months::ending(end, 12);
            (self.old.count(months) > 0 && self.extent.covers(months))
                .then(|| self.point(Period::Quarter(end), months, false))
        });
        quarters.collect()
    }

    /// The covered months with so many sales at least.
    fn months(&self, least: usize) -> Vec<Point> {
        let months = self.extent.months.iter();
        let known = months.map(|&month| (month, Months::ending(month, 1)));
        known
            .filter(|(_, only)| self.old.count(*only) >= least)
            .map(|(month, only)| self.point(Period::Month(month), only, false))
            .collect()
    }

    /// The latest window, and what it holds.
    fn current(&self) -> Option<Current> {
        let last = self.last();
        let window = self.window();
        let least = self.least();
        let solid = self.method.solid_sales as usize;
        let quartiles = self.method.quartile_sales as usize;
        let months = &self.extent.months;
        let covered = &months[months.partition_point(|&month| month <= last - window)..];
        let latest = Months::since(last - window + 1);
        let mut prices = self.all.ranked(latest);
        let n = prices.count();
        if n == 0 {
            return None;
        }
        let enough = n >= least;
        Some(Current {
            from: covered[0],
            to: last,
            months: window.unsigned_abs().into(),
            covered: covered.len() as u32,
            n: n as u64,
            new_homes: self.new.count(latest) as u64,
            median: published(prices.median(), n, least),
            fragile: (least..solid).contains(&n),
            q1: published(prices.quantile(0.25), n, quartiles),
            q3: published(prices.quantile(0.75), n, quartiles),
            interval: median_ranks(n)
                .filter(|ranks| enough && ranks.low > 0)
                .map(|ranks| rounding::bounds(prices.bounds(&ranks), n)),
            mean_surface: mean(self.latest(window).map(|sale| sale.surface))
                .filter(|_| enough)
                .and_then(|mean| rounding::mean_surface(mean, n)),
            median_price: median_price(self.latest(window), n, least),
        })
    }

    /// The latest window by number of main rooms, where it is known.
    fn rooms(&self) -> Vec<Rooms> {
        let window = self.window();
        let classes = (1..=MOST_ROOMS).filter_map(|rooms| {
            let sales = || {
                self.latest(window)
                    .filter(move |sale| sale.rooms.min(MOST_ROOMS) == rooms)
            };
            let n = sales().count();
            (n > 0).then(|| Rooms {
                rooms: rooms.into(),
                n: n as u64,
                median: published(median_of(sales().map(Sale::price_m2), n), n, self.least()),
                median_price: median_price(sales(), n, self.least()),
            })
        });
        classes.collect()
    }

    /// The median of old homes in the last twelve months against that of the twelve months a year before, and of those
    /// at the other end of the longest span of whole years that is covered.
    fn changes(&self) -> (Option<Change>, Option<Change>) {
        let last = self.last();
        let solid = self.method.solid_sales as usize;
        let year = |before: i16| {
            let prices = self.old.ranked(Months::ending(last - 12 * before, 12));
            (prices.count() >= solid).then_some(prices)
        };
        let covers = |before: &i16| self.extent.covers(Months::ending(last - 12 * before, 12));
        let covered = (0..).take_while(covers).count() as i16;
        let Some(mut after) = year(0).filter(|_| covered > 1) else {
            return (None, None);
        };
        let mut change = |years: i16| {
            let mut before = year(years)?;
            let ratio = after.median()? / before.median()?;
            let change = Change {
                years: years.unsigned_abs().into(),
                percent: rounding::tenth((ratio - 1.0) * 100.0),
                significant: before.differs(&mut after),
                n: [before.count() as u64, after.count() as u64],
                since: last - 12 * years,
            };
            ratio.is_finite().then_some(change)
        };
        let longest = covered - 1;
        let change_1_year = change(1);
        (
            change_1_year,
            (longest > 1).then(|| change(longest)).flatten(),
        )
    }
}

/// The median of so many values.
fn median_of(values: impl Iterator<Item = f64>, n: usize) -> Option<f64> {
    let mut room = Vec::with_capacity(n);
    room.extend(values);
    median(&mut room)
}

/// The median of so many total prices, where there are enough to show it.
fn median_price(sales: impl Iterator<Item = Sale>, n: usize, least: usize) -> Option<u64> {
    let mut prices = Vec::with_capacity(n);
    prices.extend(sales.map(|sale| sale.price));
    let median = median(&mut prices).filter(|_| n >= least)?;
    Some(rounding::total_price(median, &prices))
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

/// The covered months that are not full, with their sales.
fn incomplete(extent: &Extent, monthly: &[Point]) -> Vec<IncompleteMonth> {
    let months = extent.late.iter().map(|late| {
        let known = monthly
            .iter()
            .find(|point| point.period == Period::Month(late.month));
        late.with(known.map_or(0, |point| point.n))
    });
    months.collect()
}

/// 100 for a month of average volume, on the years covered whole.
fn seasonality(extent: &Extent, monthly: &[Point]) -> Vec<u32> {
    let mut volumes = [0; 12];
    for (point, &month) in monthly.iter().zip(extent.months.iter()) {
        if extent.covers_year(month.year()) {
            volumes[usize::from(month.of_year()) - 1] += point.n;
        }
    }
    let total: u64 = volumes.iter().sum();
    if total < SEASONAL_SALES {
        return Vec::new();
    }
    volumes
        .iter()
        .map(|&n| (n as f64 * 1200.0 / total as f64).round() as u32)
        .collect()
}

/// A price per m² of so many sales, where they are enough to show it.
fn published(value: Option<f64>, n: usize, least: usize) -> Option<u32> {
    let value = value.filter(|_| n >= least)?;
    Some(rounding::price_m2(value, n))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::base::kind::PropertyKind;
    use crate::db::SaleColumns;
    use crate::intake::dvf::Section;

    /// The months that are covered.
    const FIRST: Month = Month::january(2021);
    const MONTHS: i16 = 60;

    fn columns(sales: &[Sale], kinds: &[PropertyKind]) -> SaleColumns {
        // New homes too, whatever is told of them.
        let new_home = sales
            .iter()
            .map(|sale| (sale.price as u64).is_multiple_of(7));
        SaleColumns {
            communes: Vec::new(),
            month: sales.iter().map(|sale| sale.month).collect(),
            kind: kinds.to_vec(),
            rooms: sales.iter().map(|sale| sale.rooms).collect(),
            price: sales.iter().map(|sale| sale.price).collect(),
            surface: sales.iter().map(|sale| sale.surface).collect(),
            new_home: new_home.collect(),
            land: vec![0.0; sales.len()],
            section: vec![Section::UNKNOWN; sales.len()],
        }
    }

    fn any_sale() -> impl Strategy<Value = (usize, PropertyKind, Sale)> {
        use PropertyKind::{Business, Flat, House};
        let kind = prop::sample::select(vec![House, House, Flat, Flat, Business]);
        // Cheap and dear ones beside those of every day: the first and the last class are the widest.
        let price = prop_oneof![1..2_000_u32, 20_000..900_000_u32, 1_000_000..90_000_000_u32];
        let sale = (0..MONTHS, 0..8_u8, price, 1..300_u16);
        (0..4_usize, kind, sale).prop_map(|(part, kind, (month, rooms, price, surface))| {
            let sale = Sale {
                month: FIRST + month,
                rooms,
                price: price.into(),
                surface: surface.into(),
            };
            (part, kind, sale)
        })
    }

    proptest! {
        #[test]
        fn a_place_in_parts_has_the_figures_of_the_whole(
            sales in prop::collection::vec(any_sale(), 0..600)
        ) {
            let extent = Extent {
                months: Arc::new((0..MONTHS).map(|month| FIRST + month).collect()),
                ..Extent::default()
            };
            let method = Statistics::default();
            let deal = |part: Option<usize>, classes| {
                let own = sales.iter().filter(|(of, ..)| part.is_none_or(|part| *of == part));
                let (kinds, sales): (Vec<_>, Vec<_>) =
                    own.map(|&(_, kind, sale)| (kind, sale)).unzip();
                let rows = std::iter::once(0..sales.len());
                let last = FIRST + MONTHS - 1;
                PlaceSales::new(&columns(&sales, &kinds), rows, classes, last, &method)
            };
            let whole = figures(&[deal(None, 1)], &extent, &method);
            let parts: Vec<_> = (0..4).map(|part| deal(Some(part), CLASSES)).collect();
            prop_assert_eq!(figures(&parts, &extent, &method), whole);
        }
    }
}
