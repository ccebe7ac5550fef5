//! Figures of many places at once: polars puts the sales in the order of their price per m², once for all places; dealt
//! out in that order, those of each place, kind and period come sorted, and plain functions make figures of them.

use polars::prelude::*;
use rayon::prelude::*;

use super::extent::Extent;
use super::order::{differs, mean, median, median_ranks, quantile};
use super::{Change, Current, Figures, Period, Rooms, Segment};
use crate::config::Statistics;
use crate::db::SaleColumns;
use crate::dvf::Months;

/// Windows in months, tried until one holds enough sales.
const WINDOWS: [i32; 4] = [12, 24, 36, 60];

/// Rooms from which the last class begins.
const MOST_ROOMS: usize = 5;

/// Sales of houses and flats under which no seasonality is shown: five a month in a year.
const SEASONAL_SALES: u64 = 60;

/// A sale, as far as figures need it. Prices in €, surfaces in m².
#[derive(Clone, Copy)]
struct Sale {
    month: i32,
    kind: u8,
    rooms: u8,
    price: f64,
    surface: f64,
    price_m2: f64,
}

/// Sales in the order of their price per m².
pub struct Ranked {
    communes: Vec<String>,
    /// Places in `communes`.
    commune: Vec<u32>,
    sales: Vec<Sale>,
}

impl Ranked {
    /// Puts sales in order.
    ///
    /// # Errors
    /// When polars fails, which only a defect of ours can bring about.
    pub fn new(columns: SaleColumns) -> PolarsResult<Self> {
        let count = columns.commune.len();
        let traits: Vec<u32> = std::iter::zip(&columns.kind, &columns.rooms)
            .map(|(&kind, &rooms)| u32::from(kind) << 8 | u32::from(rooms))
            .collect();
        let frame = DataFrame::new(
            count,
            vec![
                UInt32Chunked::from_vec("commune".into(), columns.commune).into_column(),
                Int32Chunked::from_vec("month".into(), columns.month).into_column(),
                UInt32Chunked::from_vec("traits".into(), traits).into_column(),
                Float64Chunked::from_vec("price".into(), columns.price).into_column(),
                Float64Chunked::from_vec("surface".into(), columns.surface).into_column(),
                Float64Chunked::from_vec("price_m2".into(), columns.price_m2).into_column(),
            ],
        )?;
        let in_order = SortMultipleOptions::default().with_maintain_order(true);
        let mut frame = frame.sort(["price_m2"], in_order)?;
        frame.rechunk_mut();
        let number = |name: &str| frame.column(name)?.f64()?.cont_slice();
        let (price, surface, price_m2) =
            (number("price")?, number("surface")?, number("price_m2")?);
        let month = frame.column("month")?.i32()?.cont_slice()?;
        let traits = frame.column("traits")?.u32()?.cont_slice()?;
        let sales = (0..count).map(|row| Sale {
            month: month[row],
            kind: (traits[row] >> 8) as u8,
            rooms: traits[row] as u8,
            price: price[row],
            surface: surface[row],
            price_m2: price_m2[row],
        });
        Ok(Self {
            communes: columns.communes,
            commune: frame.column("commune")?.u32()?.cont_slice()?.to_vec(),
            sales: sales.collect(),
        })
    }

    /// The communes' codes, as in the files.
    pub fn communes(&self) -> &[String] {
        &self.communes
    }

    /// The rows of each place's sales, in order: `members[commune]` are the places that its sales count for.
    fn deal(&self, members: &[Vec<u32>], places: usize) -> Dealt {
        let mut sales_of = vec![0_u32; self.communes.len()];
        for &commune in &self.commune {
            sales_of[commune as usize] += 1;
        }
        let mut bounds = vec![0_u32; places + 1];
        for (places, count) in members.iter().zip(sales_of) {
            for &place in places {
                bounds[place as usize + 1] += count;
            }
        }
        for place in 0..places {
            bounds[place + 1] += bounds[place];
        }
        let mut next = bounds.clone();
        let mut rows = vec![0_u32; bounds[places] as usize];
        for (row, &commune) in self.commune.iter().enumerate() {
            for &place in &members[commune as usize] {
                let slot = &mut next[place as usize];
                rows[*slot as usize] = row as u32;
                *slot += 1;
            }
        }
        Dealt { rows, bounds }
    }
}

/// Rows by place.
struct Dealt {
    rows: Vec<u32>,
    /// Where each place's rows begin and end.
    bounds: Vec<u32>,
}

impl Dealt {
    fn of(&self, place: usize) -> &[u32] {
        &self.rows[self.bounds[place] as usize..self.bounds[place + 1] as usize]
    }
}

/// Computes the figures of each place: `members[commune]` are the places (indexes into `extents`) that the sales of that
/// commune count for.
pub fn compute(
    ranked: &Ranked,
    members: &[Vec<u32>],
    extents: &[&Extent],
    method: &Statistics,
) -> Vec<Figures> {
    let dealt = ranked.deal(members, extents.len());
    extents
        .par_iter()
        .enumerate()
        .map(|(place, extent)| figures(&ranked.sales, dealt.of(place), extent, method))
        .collect()
}

/// The figures of a place from its sales, which are some rows of all.
fn figures(all: &[Sale], rows: &[u32], extent: &Extent, method: &Statistics) -> Figures {
    let sample = || Sample {
        all,
        rows: Vec::new(),
        months: Vec::new(),
        prices: Vec::new(),
        extent,
        method,
    };
    let [mut maison, mut appartement, mut local, mut pooled] = [(); 4].map(|()| sample());
    for &row in rows {
        let sale = &all[row as usize];
        match sale.kind {
            1 => maison.push(row, sale),
            2 => appartement.push(row, sale),
            _ => local.push(row, sale),
        }
        if sale.kind <= 2 {
            pooled.push(row, sale);
        }
    }
    let last = pooled.last();
    let volume_12_months = pooled.months.iter().filter(|&&month| last - month < 12);
    let volume_12_months = volume_12_months.count() as u64;
    let mut apt_maison = pooled.segment();
    apt_maison.monthly = pooled.months(|_| true);
    let homes = |sample: &Sample| Segment {
        rooms: sample.rooms(),
        ..sample.segment()
    };
    let (maison, appartement, local) = (homes(&maison), homes(&appartement), local.segment());
    Figures {
        coverage: extent.coverage(),
        total_transactions: apt_maison.total + local.total,
        volume_12_months,
        seasonality: seasonality(extent, &apt_maison.monthly),
        appartement,
        maison,
        local,
        apt_maison,
    }
}

/// The sales of one kind in a place, in the order of their price per m². Most of what is asked of a sale is its month and
/// its price per m²: these stand apart, so that the country's millions are gone through in little memory.
struct Sample<'a> {
    all: &'a [Sale],
    rows: Vec<u32>,
    months: Vec<i32>,
    /// €/m².
    prices: Vec<f64>,
    extent: &'a Extent,
    method: &'a Statistics,
}

impl Sample<'_> {
    fn push(&mut self, row: u32, sale: &Sale) {
        self.rows.push(row);
        self.months.push(sale.month);
        self.prices.push(sale.price_m2);
    }

    fn last(&self) -> i32 {
        self.extent.last().unwrap_or_default()
    }

    fn least(&self) -> usize {
        self.method.minimum_sales as usize
    }

    /// The sales of the latest window.
    fn inside(&self, window: i32) -> Vec<&Sale> {
        let last = self.last();
        let rows = std::iter::zip(&self.rows, &self.months);
        rows.filter(|&(_, month)| last - month < window)
            .map(|(&row, _)| &self.all[row as usize])
            .collect()
    }

    /// All but the rooms and the counts of months without a price.
    fn segment(&self) -> Segment {
        if self.rows.is_empty() {
            return Segment::default();
        }
        let (change_1_year, change_5_years) = self.changes();
        Segment {
            total: self.rows.len() as u64,
            current: self.current(),
            change_1_year,
            change_5_years,
            rooms: Vec::new(),
            yearly: self.years(),
            quarterly: self.quarters(),
            monthly: self.months(|n| n >= self.least()),
        }
    }

    fn point(&self, period: String, sorted: &[f64], partial: bool) -> Period {
        Period {
            period,
            n: sorted.len() as u64,
            median: published(median(sorted), sorted.len(), self.least()),
            partial,
        }
    }

    fn years(&self) -> Vec<Period> {
        let years = Parts::new(self, 1, |month| month.div_euclid(12));
        let known = years.iter().filter(|(_, sorted)| !sorted.is_empty());
        known
            .map(|(year, sorted)| {
                let partial = !self.extent.covers_year(year);
                self.point(year.to_string(), sorted, partial)
            })
            .collect()
    }

    /// A sale counts for the quarter it is in and the three that follow: twelve months that end with the quarter.
    fn quarters(&self) -> Vec<Period> {
        let quarters = Parts::new(self, 4, |month| month.div_euclid(3));
        let covered = quarters.iter().filter(|(quarter, sorted)| {
            !sorted.is_empty() && self.extent.covers(quarter * 3 - 9..=quarter * 3 + 2)
        });
        covered
            .map(|(quarter, sorted)| {
                let name = format!("{}-Q{}", quarter.div_euclid(4), quarter.rem_euclid(4) + 1);
                self.point(name, sorted, false)
            })
            .collect()
    }

    /// The covered months whose number of sales is wanted.
    fn months(&self, wanted: impl Fn(usize) -> bool) -> Vec<Period> {
        let months = Parts::new(self, 1, |month| month);
        let covered = self
            .extent
            .months
            .iter()
            .map(|&month| (month, months.of(month)));
        covered
            .filter(|(_, sorted)| wanted(sorted.len()))
            .map(|(month, sorted)| self.point(Months::name(month), sorted, false))
            .collect()
    }

    /// The length of the latest window, in months: the shortest that holds enough sales, or else the longest.
    fn window(&self) -> i32 {
        let last = self.last();
        let mut inside = [0_u32; WINDOWS.len()];
        for month in &self.months {
            for (count, window) in inside.iter_mut().zip(WINDOWS) {
                *count += u32::from(last - month < window);
            }
        }
        let enough = inside
            .iter()
            .position(|&count| count >= self.method.window_sales);
        WINDOWS[enough.unwrap_or(WINDOWS.len() - 1)]
    }

    /// The latest window, and what it holds.
    fn current(&self) -> Option<Current> {
        let last = self.extent.last()?;
        let window = self.window();
        let inside = self.inside(window);
        let sorted: Vec<f64> = inside.iter().map(|sale| sale.price_m2).collect();
        let n = sorted.len();
        if n == 0 {
            return None;
        }
        let least = self.least();
        let solid = self.method.solid_sales as usize;
        let quartiles = self.method.quartile_sales as usize;
        let months = &self.extent.months;
        let first = months[months.partition_point(|&month| month <= last - window)];
        let (mut mean_surface, mut median_price) = (None, None);
        if n >= least {
            let surfaces: Vec<f64> = inside.iter().map(|sale| sale.surface).collect();
            mean_surface = mean(&surfaces).map(tenth);
            median_price = whole_median(inside.iter().map(|sale| sale.price).collect());
        }
        Some(Current {
            from: Months::name(first),
            to: Months::name(last),
            months: window as u32,
            n: n as u64,
            median: published(median(&sorted), n, least),
            fragile: (least..solid).contains(&n),
            mean: published(mean(&sorted), n, solid),
            q1: published(quantile(&sorted, 0.25), n, quartiles),
            q3: published(quantile(&sorted, 0.75), n, quartiles),
            interval: median_ranks(n)
                .filter(|ranks| n >= least && ranks.low > 0)
                .map(|ranks| [sorted[ranks.low], sorted[ranks.high]].map(euros)),
            mean_surface,
            median_price,
        })
    }

    /// The current window by number of main rooms, where it is known.
    fn rooms(&self) -> Vec<Rooms> {
        let mut classes: [Vec<&Sale>; MOST_ROOMS] = Default::default();
        for sale in self.inside(self.window()) {
            if sale.rooms > 0 {
                classes[usize::from(sale.rooms).min(MOST_ROOMS) - 1].push(sale);
            }
        }
        let known = (1..).zip(classes).filter(|(_, sales)| !sales.is_empty());
        known
            .map(|(rooms, sales)| {
                let sorted: Vec<f64> = sales.iter().map(|sale| sale.price_m2).collect();
                let n = sorted.len();
                let enough = n >= self.least();
                let prices = || sales.iter().map(|sale| sale.price).collect();
                Rooms {
                    rooms,
                    n: n as u64,
                    median: published(median(&sorted), n, self.least()),
                    median_price: enough.then(|| whole_median(prices())).flatten(),
                }
            })
            .collect()
    }

    /// The median of the last twelve months against that of the twelve months one and five years before.
    fn changes(&self) -> (Option<Change>, Option<Change>) {
        let last = self.last();
        let year = |before: i32| {
            let last = last - 12 * before;
            let months = last - 11..=last;
            let inside = std::iter::zip(&self.months, &self.prices);
            let sorted: Vec<f64> = inside
                .filter(|(month, _)| months.contains(month))
                .map(|(_, &price)| price)
                .collect();
            let enough = sorted.len() >= self.method.solid_sales as usize;
            (enough && self.extent.covers(months)).then_some(sorted)
        };
        let Some(after) = year(0) else {
            return (None, None);
        };
        let change = |years: i32| {
            let before = year(years)?;
            let ratio = median(&after)? / median(&before)?;
            let change = Change {
                percent: tenth((ratio - 1.0) * 100.0),
                significant: differs(&before, &after),
                n: [before.len() as u64, after.len() as u64],
                since: Months::name(last - 12 * years),
            };
            ratio.is_finite().then_some(change)
        };
        (change(1), change(5))
    }
}

/// Prices per m² by period, sorted in each.
struct Parts {
    prices: Vec<f64>,
    /// Where each period's prices begin and end.
    bounds: Vec<usize>,
    first: i32,
}

impl Parts {
    /// Deals sales, which come in the order of their price, out to the period that each month is in and those that follow:
    /// `reach` periods in all.
    fn new(sample: &Sample<'_>, reach: i32, period: impl Fn(i32) -> i32) -> Self {
        let months = &sample.months;
        let (Some(&first), Some(&last)) = (months.iter().min(), months.iter().max()) else {
            return Self {
                prices: Vec::new(),
                bounds: vec![0],
                first: 0,
            };
        };
        let (first, last) = (period(first), period(last) + reach - 1);
        let reach = reach as usize;
        let slot = |month: i32| (period(month) - first) as usize;
        let mut bounds = vec![0; (last - first + 2) as usize];
        for &month in months {
            for count in &mut bounds[slot(month) + 1..][..reach] {
                *count += 1;
            }
        }
        for slot in 1..bounds.len() {
            bounds[slot] += bounds[slot - 1];
        }
        let mut next = bounds.clone();
        let mut prices = vec![0.0; months.len() * reach];
        for (&month, &price) in std::iter::zip(months, &sample.prices) {
            for next in &mut next[slot(month)..][..reach] {
                prices[*next] = price;
                *next += 1;
            }
        }
        Self {
            prices,
            bounds,
            first,
        }
    }

    /// The prices of a period.
    fn of(&self, period: i32) -> &[f64] {
        let slot = usize::try_from(period - self.first).ok();
        match slot.and_then(|slot| self.bounds.get(slot..slot + 2)) {
            Some(bounds) => &self.prices[bounds[0]..bounds[1]],
            None => &[],
        }
    }

    /// All periods from the first to the last.
    fn iter(&self) -> impl Iterator<Item = (i32, &[f64])> {
        let parts = self.bounds.windows(2);
        (self.first..).zip(parts.map(|bounds| &self.prices[bounds[0]..bounds[1]]))
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

/// The median of prices in any order, rounded to the euro.
fn whole_median(mut prices: Vec<f64>) -> Option<u64> {
    prices.sort_unstable_by(f64::total_cmp);
    median(&prices).map(|price| price.round_ties_even() as u64)
}

/// Rounded to the euro.
fn euros(value: f64) -> u32 {
    value.round_ties_even() as u32
}

/// Rounded to a tenth.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
