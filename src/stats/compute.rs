//! The figures of a place from its sales: dealt out by month once, those of a year, a rolling year or a window lie side by
//! side, and medians are found among them without sorting.

use std::ops::{Range, RangeInclusive};

use rayon::prelude::*;

use super::extent::Extent;
use super::order::{differs, mean, median, median_ranks, quantile};
use super::{Change, Current, Figures, Period, Rooms, Segment};
use crate::config::Statistics;
use crate::db::SaleColumns;
use crate::dvf::{MAXIMUM_PRICE_M2, Months};

/// Windows in months, tried until one holds enough sales.
const WINDOWS: [i32; 4] = [12, 24, 36, 60];

/// Rooms from which the last class begins.
const MOST_ROOMS: usize = 5;

/// Sales of houses and flats under which no seasonality is shown: five a month in a year.
const SEASONAL_SALES: u64 = 60;

/// Computes the figures of each place, and gives what `keep` makes of them and the number of the place, in the order of the
/// places. The figures of all places at once would fill the memory.
pub fn compute<R: Send>(
    sales: &SaleColumns,
    extents: &[&Extent],
    method: &Statistics,
    keep: impl Fn(usize, Figures) -> R + Sync,
) -> Vec<R> {
    let by_commune = sales.by_commune();
    extents
        .par_iter()
        // The country takes as long as thousands of communes, and is never one of many in the hands of a thread.
        .with_max_len(1)
        .enumerate()
        .map(|(number, extent)| {
            let sources = extent
                .sources
                .iter()
                .filter_map(|code| by_commune.get(code.as_str()));
            let ranges = sources.flatten().cloned();
            keep(number, figures(sales, ranges, extent, method))
        })
        .collect()
}

/// The figures of a place, whose sales are some rows of all.
fn figures(
    sales: &SaleColumns,
    ranges: impl Iterator<Item = Range<usize>>,
    extent: &Extent,
    method: &Statistics,
) -> Figures {
    let [mut maison, mut appartement, mut local] = [const { Vec::new() }; 3];
    for row in ranges.flatten() {
        if sales.price_m2(row) < MAXIMUM_PRICE_M2 {
            match sales.kind[row] {
                1 => maison.push(row as u32),
                2 => appartement.push(row as u32),
                _ => local.push(row as u32),
            }
        }
    }
    let total_transactions = (maison.len() + appartement.len() + local.len()) as u64;
    let sample = |rows| Sample::new(sales, rows, extent, method);
    let homes = |rows| {
        let sample = sample([rows, &[]]);
        Segment {
            rooms: sample.rooms(),
            ..sample.segment()
        }
    };
    let pooled = || {
        let sample = sample([&maison, &appartement]);
        let segment = Segment {
            monthly: sample.months(|_| true),
            ..sample.segment()
        };
        (segment, sample.latest(12).len() as u64)
    };
    let (((apt_maison, volume_12_months), maison), (appartement, local)) = rayon::join(
        || rayon::join(pooled, || homes(&maison)),
        || rayon::join(|| homes(&appartement), || sample([&local, &[]]).segment()),
    );
    Figures {
        coverage: extent.coverage(),
        total_transactions,
        volume_12_months,
        seasonality: seasonality(extent, &apt_maison.monthly),
        appartement,
        maison,
        local,
        apt_maison,
    }
}

/// The sales of one kind in a place, or of two pooled.
struct Sample<'a> {
    sales: &'a SaleColumns,
    rows: [&'a [u32]; 2],
    extent: &'a Extent,
    method: &'a Statistics,
    /// €/m² of each, month by month.
    prices: Vec<f64>,
    /// The first month with a sale.
    first: i32,
    /// Where the prices of each month from the first on begin and end.
    bounds: Vec<usize>,
}

impl<'a> Sample<'a> {
    fn new(
        sales: &'a SaleColumns,
        rows: [&'a [u32]; 2],
        extent: &'a Extent,
        method: &'a Statistics,
    ) -> Self {
        let all = || rows.into_iter().flatten().map(|&row| row as usize);
        let month = |row: usize| i32::from(sales.month[row]);
        let (first, last) = all()
            .map(month)
            .fold((i32::MAX, i32::MIN), |(first, last), month| {
                (first.min(month), last.max(month))
            });
        let span = last.saturating_sub(first).saturating_add(1).max(0) as usize;
        let mut bounds = vec![0; span + 1];
        for row in all() {
            bounds[(month(row) - first) as usize + 1] += 1;
        }
        for slot in 1..bounds.len() {
            bounds[slot] += bounds[slot - 1];
        }
        let mut next = bounds.clone();
        let mut prices = vec![0.0; bounds[span]];
        for row in all() {
            let slot = &mut next[(month(row) - first) as usize];
            prices[*slot] = sales.price_m2(row);
            *slot += 1;
        }
        Self {
            sales,
            rows,
            extent,
            method,
            prices,
            first,
            bounds,
        }
    }

    /// The last covered month.
    fn last(&self) -> i32 {
        self.extent.last().unwrap_or_default()
    }

    fn least(&self) -> usize {
        self.method.minimum_sales as usize
    }

    /// The prices per m² of some months.
    fn of(&self, months: RangeInclusive<i32>) -> &[f64] {
        let last = self.bounds.len() as i64 - 1;
        let slot = |month: i64| (month - i64::from(self.first)).clamp(0, last) as usize;
        let (from, to) = (i64::from(*months.start()), i64::from(*months.end()));
        &self.prices[self.bounds[slot(from)]..self.bounds[slot(to + 1)]]
    }

    /// The prices per m² of the latest months.
    fn latest(&self, months: i32) -> &[f64] {
        self.of(self.last() - months + 1..=i32::MAX)
    }

    /// The rows of the latest months.
    fn latest_rows(&self, months: i32) -> Vec<u32> {
        let all = self.rows.into_iter().flatten().copied();
        let first = self.last() - months + 1;
        all.filter(|&row| i32::from(self.sales.month[row as usize]) >= first)
            .collect()
    }

    /// The months with sales, as far as they are known, in units of some months.
    fn span(&self, unit: i32) -> RangeInclusive<i32> {
        let last = self.first + self.bounds.len() as i32 - 2;
        self.first.div_euclid(unit)..=last.div_euclid(unit)
    }

    /// All but the rooms and the counts of months without a price.
    fn segment(&self) -> Segment {
        if self.prices.is_empty() {
            return Segment::default();
        }
        let (change_1_year, change_5_years) = self.changes();
        Segment {
            total: self.prices.len() as u64,
            current: self.current(),
            change_1_year,
            change_5_years,
            rooms: Vec::new(),
            yearly: self.years(),
            quarterly: self.quarters(),
            monthly: self.months(|n| n >= self.least()),
        }
    }

    fn point(&self, period: String, prices: &[f64], partial: bool) -> Period {
        Period {
            period,
            n: prices.len() as u64,
            median: median_of(prices, self.least()),
            partial,
        }
    }

    fn years(&self) -> Vec<Period> {
        let years = self
            .span(12)
            .map(|year| (year, self.of(year * 12..=year * 12 + 11)));
        let known = years.filter(|(_, prices)| !prices.is_empty());
        known
            .map(|(year, prices)| {
                let partial = !self.extent.covers_year(year);
                self.point(year.to_string(), prices, partial)
            })
            .collect()
    }

    /// Twelve months that end with each quarter.
    fn quarters(&self) -> Vec<Period> {
        let span = self.span(3);
        let covered = (*span.start()..=span.end() + 3).filter_map(|quarter| {
            let months = quarter * 3 - 9..=quarter * 3 + 2;
            let prices = self.of(months.clone());
            (!prices.is_empty() && self.extent.covers(months)).then_some((quarter, prices))
        });
        covered
            .map(|(quarter, prices)| {
                let name = format!("{}-Q{}", quarter.div_euclid(4), quarter.rem_euclid(4) + 1);
                self.point(name, prices, false)
            })
            .collect()
    }

    /// The covered months whose number of sales is wanted.
    fn months(&self, wanted: impl Fn(usize) -> bool) -> Vec<Period> {
        let months = self.extent.months.iter();
        let covered = months.map(|&month| (month, self.of(month..=month)));
        covered
            .filter(|(_, prices)| wanted(prices.len()))
            .map(|(month, prices)| self.point(Months::name(month), prices, false))
            .collect()
    }

    /// The months of the latest window: the shortest that holds enough sales, or else the longest.
    fn window(&self) -> i32 {
        let enough = |&window: &i32| self.latest(window).len() >= self.method.window_sales as usize;
        let longest = WINDOWS[WINDOWS.len() - 1];
        WINDOWS.into_iter().find(enough).unwrap_or(longest)
    }

    /// The latest window, and what it holds.
    fn current(&self) -> Option<Current> {
        let last = self.extent.last()?;
        let window = self.window();
        let (rows, mut prices) = (self.latest_rows(window), self.latest(window).to_vec());
        let n = prices.len();
        if n == 0 {
            return None;
        }
        let least = self.least();
        let solid = self.method.solid_sales as usize;
        let quartiles = self.method.quartile_sales as usize;
        let months = &self.extent.months;
        let first = months[months.partition_point(|&month| month <= last - window)];
        let surfaces = || rows.iter().map(|&row| self.sales.surface[row as usize]);
        let enough = n >= least;
        Some(Current {
            from: Months::name(first),
            to: Months::name(last),
            months: window as u32,
            n: n as u64,
            mean: published(mean(&prices), n, solid),
            median: published(median(&mut prices), n, least),
            fragile: (least..solid).contains(&n),
            q1: published(quantile(&mut prices, 0.25), n, quartiles),
            q3: published(quantile(&mut prices, 0.75), n, quartiles),
            interval: median_ranks(n)
                .filter(|ranks| enough && ranks.low > 0)
                .map(|ranks| ranks.of(&mut prices))
                .map(|(low, high)| [low, high].map(euros)),
            mean_surface: mean(&surfaces().collect::<Vec<_>>())
                .filter(|_| enough)
                .map(tenth),
            median_price: self.median_price(&rows),
        })
    }

    /// The median of whole prices, rounded to the euro, where the sample may show it.
    fn median_price(&self, rows: &[u32]) -> Option<u64> {
        let prices = rows.iter().map(|&row| self.sales.price[row as usize]);
        let mut prices: Vec<f64> = prices.collect();
        let median = median(&mut prices).filter(|_| rows.len() >= self.least());
        median.map(|price| price.round_ties_even() as u64)
    }

    /// The current window by number of main rooms, where it is known.
    fn rooms(&self) -> Vec<Rooms> {
        let mut classes = [const { Vec::new() }; MOST_ROOMS];
        for row in self.latest_rows(self.window()) {
            let rooms = usize::from(self.sales.rooms[row as usize]);
            if rooms > 0 {
                classes[rooms.min(MOST_ROOMS) - 1].push(row);
            }
        }
        let known = (1..).zip(classes).filter(|(_, rows)| !rows.is_empty());
        known
            .map(|(rooms, rows)| {
                let prices = rows.iter().map(|&row| self.sales.price_m2(row as usize));
                Rooms {
                    rooms,
                    n: rows.len() as u64,
                    median: median_of(&prices.collect::<Vec<_>>(), self.least()),
                    median_price: self.median_price(&rows),
                }
            })
            .collect()
    }

    /// The median of the last twelve months against that of the twelve months one and five years before.
    fn changes(&self) -> (Option<Change>, Option<Change>) {
        let last = self.last();
        let year = |before: i32| {
            let last = last - 12 * before;
            let prices = self.of(last - 11..=last);
            let enough = prices.len() >= self.method.solid_sales as usize;
            (enough && self.extent.covers(last - 11..=last)).then(|| prices.to_vec())
        };
        let Some(mut after) = year(0) else {
            return (None, None);
        };
        let mut change = |years: i32| {
            let mut before = year(years)?;
            let ratio = median(&mut after)? / median(&mut before)?;
            let change = Change {
                percent: tenth((ratio - 1.0) * 100.0),
                significant: differs(&mut before, &mut after),
                n: [before.len() as u64, after.len() as u64],
                since: Months::name(last - 12 * years),
            };
            ratio.is_finite().then_some(change)
        };
        (change(1), change(5))
    }
}

/// 100 for a month of average volume, on the years covered whole.
fn seasonality(extent: &Extent, monthly: &[Period]) -> Vec<u32> {
    let mut volumes = [0; 12];
    for (point, &month) in monthly.iter().zip(&extent.months) {
        if extent.covers_year(month.div_euclid(12)) {
            volumes[month.rem_euclid(12) as usize] += point.n;
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

/// A figure, rounded to the unit, where the sample may show it.
fn published(value: Option<f64>, n: usize, least: usize) -> Option<u32> {
    value.filter(|_| n >= least).map(euros)
}

/// The median of prices, rounded to the euro, where there are enough to show it.
fn median_of(prices: &[f64], least: usize) -> Option<u32> {
    let shown = prices.len() >= least;
    shown
        .then(|| median(&mut prices.to_vec()))
        .flatten()
        .map(euros)
}

/// Rounded to the euro.
fn euros(value: f64) -> u32 {
    value.round_ties_even() as u32
}

/// Rounded to a tenth.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
