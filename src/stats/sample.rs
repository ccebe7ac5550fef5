//! The figures of a place from its sales, dealt out: medians are found among the prices of some months without sorting.

use super::distribution::{self, FIFTY, distribution};
use super::extent::Extent;
use super::model::Modelled;
use super::place_sales::{KindSales, PlaceSales, window};
use super::pool::Pool;
use super::recent;
use super::rounding::{self, shown_price_m2};
use super::sizes::{self, by_rooms, by_surface};
use super::{Change, Current, Figures, IncompleteMonth, Segment, SeriesPoint};
use crate::base::month::{Month, Months, Period};
use crate::base::rank::{Ranked, at_ranks, mean};
use crate::config::Statistics;

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
            is_home: false,
            extent,
            method,
        }
    };
    let homes = |kind, surfaces| {
        let sample = Sample {
            is_home: true,
            ..sample(&[kind])
        };
        let (least, latest) = (sample.least(), sample.latest_months());
        let (n, sales) = (sample.all.count(latest), || sample.all.latest(latest.first));
        let prices = sales().map(|sale| sale.price);
        Segment {
            rooms: by_rooms(sales(), least),
            surfaces: by_surface(sales(), surfaces, least),
            distribution: distribution(n, sample.all.prices(latest), distribution::PER_M2)
                .filter(|_| n >= least),
            price_distribution: distribution(n, prices, distribution::TOTAL).filter(|_| n >= least),
            recent: match extent.recent {
                true => recent::alike(sales(), least),
                false => Vec::new(),
            },
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
    let (((mut apt_maison, volume_12_months), maison), (appartement, local)) = rayon::join(
        || rayon::join(pooled, || homes(|part| &part.maison, sizes::HOUSES)),
        || {
            let local = || sample(&[|part| &part.local]).segment();
            rayon::join(|| homes(|part| &part.appartement, sizes::FLATS), local)
        },
    );
    let incomplete = incomplete(extent, &apt_maison.monthly);
    let seasonality = seasonality(extent, &apt_maison.monthly);
    // Of most communes that is most months: they would make half of what is kept and published.
    apt_maison.monthly.retain(|month| month.n > 0);
    Figures {
        coverage: extent.coverage(),
        incomplete,
        total_transactions: parts.iter().map(PlaceSales::total).sum(),
        volume_12_months,
        seasonality,
        appartement,
        maison,
        local,
        apt_maison,
        modelled: Modelled::default(),
    }
}

/// The sales of one kind in a place, or of two pooled.
struct Sample<'a> {
    /// Sales that the official method keeps: what the latest window shows.
    all: Pool<'a>,
    /// Without new homes: what is compared in time.
    old: Pool<'a>,
    /// New homes alone.
    new: Pool<'a>,
    /// Of houses or of flats: a page draws the intervals of their series.
    is_home: bool,
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

    /// The latest window.
    fn latest_months(&self) -> Months {
        let last = self.last();
        let window = window(last, self.method, |months| self.all.count(months));
        Months::since(last - window + 1)
    }

    /// All but what is told of homes by their size and price, and the counts of months without a price.
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
            yearly: self.years(),
            quarterly: self.quarters(),
            monthly: self.months(self.least()),
            ..Segment::default()
        }
    }

    /// A point of a series, which has old homes only.
    fn point(&self, period: Period, months: Months) -> SeriesPoint {
        let mut prices = self.old.ranked(months);
        let n = prices.count();
        SeriesPoint {
            period,
            n: n as u64,
            median: shown_price_m2(prices.median(), n, self.least()),
            interval: None,
            partial: false,
        }
    }

    /// A point with the interval of the median, of homes.
    fn long_point(&self, period: Period, months: Months) -> SeriesPoint {
        if !self.is_home {
            return self.point(period, months);
        }
        let (n, median, interval) = self.old.median(months);
        SeriesPoint {
            period,
            n: n as u64,
            median: shown_price_m2(median, n, self.least()),
            interval: interval
                .filter(|_| n >= self.least())
                .map(|bounds| rounding::bounds(bounds, n)),
            partial: false,
        }
    }

    fn years(&self) -> Vec<SeriesPoint> {
        let years = self.old.span().into_iter().flat_map(Months::years);
        let years = years.filter_map(|year| {
            let months = Months::of_year(year);
            (self.old.count(months) > 0).then(|| SeriesPoint {
                partial: !self.extent.covers_year(year),
                ..self.long_point(Period::Year(year), months)
            })
        });
        years.collect()
    }

    /// Twelve months that end with each quarter.
    fn quarters(&self) -> Vec<SeriesPoint> {
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
                .then(|| self.long_point(Period::Quarter(end), months))
        });
        quarters.collect()
    }

    /// The covered months with so many sales at least.
    fn months(&self, least: usize) -> Vec<SeriesPoint> {
        let months = self.extent.months.iter();
        let known = months.map(|&month| (month, Months::ending(month, 1)));
        known
            .filter(|(_, only)| self.old.count(*only) >= least)
            .map(|(month, only)| self.point(Period::Month(month), only))
            .collect()
    }

    /// The latest window, and what it holds.
    fn current(&self) -> Option<Current> {
        let least = self.least();
        let solid = self.method.solid_sales as usize;
        let quartiles = self.method.quartile_sales as usize;
        let latest = self.latest_months();
        let months = &self.extent.months;
        let covered = &months[months.partition_point(|&month| month < latest.first)..];
        let mut prices = self.all.ranked(latest);
        let n = prices.count();
        if n == 0 {
            return None;
        }
        let enough = n >= least;
        let deciles = quartiles.max(FIFTY);
        let mut totals = Vec::with_capacity(n);
        totals.extend(self.all.latest(latest.first).map(|sale| sale.price));
        let [price_q1, median_price, price_q3] = total_prices(totals, least, quartiles);
        Some(Current {
            from: covered[0],
            to: self.last(),
            months: (self.last() - latest.first + 1).unsigned_abs().into(),
            covered: covered.len() as u32,
            n: n as u64,
            new_homes: self.new.count(latest) as u64,
            median: shown_price_m2(prices.median(), n, least),
            fragile: (least..solid).contains(&n),
            q1: shown_price_m2(prices.quantile(0.25), n, quartiles),
            q3: shown_price_m2(prices.quantile(0.75), n, quartiles),
            p10: shown_price_m2(prices.quantile(0.1), n, deciles),
            p90: shown_price_m2(prices.quantile(0.9), n, deciles),
            interval: rounding::interval_ranks(n)
                .filter(|_| enough)
                .map(|ranks| rounding::bounds(prices.bounds(&ranks), n)),
            mean_surface: mean(self.all.latest(latest.first).map(|sale| sale.surface))
                .filter(|_| enough)
                .and_then(|mean| rounding::mean_surface(mean, n)),
            median_price,
            price_q1,
            price_q3,
        })
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

/// The lower quartile, the median and the upper quartile of some total prices, where there are enough to show it.
fn total_prices(mut prices: Vec<f64>, least: usize, quartiles: usize) -> [Option<u64>; 3] {
    let n = prices.len();
    let mut ranked = Ranked::new(n, |low, high| at_ranks(&mut prices, low, high));
    let exact = [
        (ranked.quantile(0.25), quartiles),
        (ranked.median(), least),
        (ranked.quantile(0.75), quartiles),
    ];
    exact.map(|(price, least)| {
        let price = price.filter(|_| n >= least)?;
        Some(rounding::total_price(price, &prices))
    })
}

/// The covered months that are not full, with their sales.
fn incomplete(extent: &Extent, monthly: &[SeriesPoint]) -> Vec<IncompleteMonth> {
    let months = extent.late.iter().map(|late| {
        let known = monthly
            .iter()
            .find(|point| point.period == Period::Month(late.month));
        late.with(known.map_or(0, |point| point.n))
    });
    months.collect()
}

/// 100 for a month of average volume, on the years covered whole.
fn seasonality(extent: &Extent, monthly: &[SeriesPoint]) -> Vec<u32> {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::place_sales::{CLASSES, Sale};
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

    fn extent() -> Extent {
        let months = Arc::new((0..MONTHS).map(|month| FIRST + month).collect());
        Extent {
            months: Arc::clone(&months),
            common: months,
            ..Extent::default()
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

    #[test]
    fn the_latest_window_has_deciles_and_quartiles_of_prices_from_so_many_sales() {
        let extent = extent();
        let current = |n: u32| {
            // 2,000 to 2,000 + 20 (n - 1) €/m² of 50 m²: 100,000 € and 1,000 € more each.
            let sales = (0..n).map(|i| Sale {
                month: FIRST + MONTHS - 1,
                rooms: 3,
                price: 100_001.0 + 1_000.0 * f64::from(i),
                surface: 50.0,
            });
            let sales: Vec<_> = sales.collect();
            let kinds = vec![PropertyKind::Flat; sales.len()];
            let rows = std::iter::once(0..sales.len());
            let (last, method) = (extent.last(), Statistics::default());
            let dealt = PlaceSales::new(&columns(&sales, &kinds), rows, 1, last, &method);
            figures(&[dealt], &extent, &method).appartement
        };
        let told = |n| {
            let current = current(n).current.unwrap();
            let prices = (current.price_q1, current.price_q3);
            (current.p10, current.p90, prices)
        };
        assert_eq!(told(21), (None, None, (None, None)));
        // A quarter of the way through 21 steps is 5.25 steps.
        assert_eq!(told(22), (None, None, (Some(105_000), Some(116_000))));
        assert_eq!(told(49), (None, None, (Some(112_000), Some(136_000))));
        // A tenth of the way through 50 steps is five.
        assert_eq!(
            told(51),
            (Some(2_100), Some(2_900), (Some(113_000), Some(138_000)))
        );
        let segment = current(51);
        let year = segment.yearly.last().unwrap();
        assert_eq!(year.interval, segment.quarterly.last().unwrap().interval);
        assert!(year.interval.is_some() && segment.monthly[0].interval.is_none());
        assert_eq!(segment.surfaces.len(), 1);
        let counts = segment.distribution.unwrap().counts;
        assert_eq!(counts.iter().sum::<u64>(), 51);
    }

    proptest! {
        #[test]
        fn a_place_in_parts_has_the_figures_of_the_whole(
            sales in prop::collection::vec(any_sale(), 0..600)
        ) {
            let extent = extent();
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
