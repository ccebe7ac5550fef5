//! Figures of many places at once: polars groups the sales by place, kind and period, plain functions over each group's
//! sorted prices make the figures.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::extent::Extent;
use super::order::{differs, mean, median, median_ranks, quantile};
use super::{Change, Current, Figures, Period, Rooms, Segment};
use crate::config::Statistics;
use crate::db::SaleColumns;
use crate::dvf::Months;

/// The kinds of property that have figures, by their place in a group's number.
const SEGMENTS: u32 = 4;
const MAISON: u32 = 0;
const APPARTEMENT: u32 = 1;
const LOCAL: u32 = 2;
const APT_MAISON: u32 = 3;

/// Windows in months, tried until one holds enough sales.
const WINDOWS: [i32; 4] = [12, 24, 36, 60];

/// Rooms from which the last class begins.
const MOST_ROOMS: i32 = 5;

/// Sales of houses and flats under which no seasonality is shown: five a month in a year.
const SEASONAL_SALES: u64 = 60;

/// Sales with the group they belong to, as a polars frame: `group` is `place * SEGMENTS + segment`, `age` the months
/// between the sale and the place's last covered month, `years_before` the whole years of it.
pub struct Frame {
    frame: DataFrame,
}

impl Frame {
    /// Gathers the sales of the places: `members[source]` are the places (indexes into `extents`) that the sales of
    /// that commune count for.
    pub fn new(
        sales: &SaleColumns,
        members: &[Vec<u32>],
        extents: &[&Extent],
    ) -> PolarsResult<Self> {
        let lasts: Vec<i32> = extents
            .iter()
            .map(|extent| extent.last().unwrap_or_default())
            .collect();
        let mut group = Vec::new();
        let mut row = Vec::<IdxSize>::new();
        let mut age = Vec::new();
        for index in 0..sales.commune.len() {
            let segment = match sales.kind[index] {
                1 => MAISON,
                2 => APPARTEMENT,
                _ => LOCAL,
            };
            for &place in &members[sales.commune[index] as usize] {
                let pooled = (segment != LOCAL).then_some(APT_MAISON);
                for segment in [Some(segment), pooled].into_iter().flatten() {
                    group.push(place * SEGMENTS + segment);
                    row.push(index as IdxSize);
                    age.push(lasts[place as usize] - sales.month[index]);
                }
            }
        }
        let rows = IdxCa::from_vec("row".into(), row);
        let gather = |name: &str, values: &[f64]| -> PolarsResult<Column> {
            Ok(Float64Chunked::from_slice(name.into(), values)
                .take(&rows)?
                .into_column())
        };
        let number = |name: &str, values: Vec<i32>| -> PolarsResult<Column> {
            Ok(Int32Chunked::from_vec(name.into(), values)
                .take(&rows)?
                .into_column())
        };
        let each_month = |of: fn(i32) -> i32| sales.month.iter().map(|&month| of(month)).collect();
        let rooms = sales
            .rooms
            .iter()
            .map(|&n| i32::from(n).min(MOST_ROOMS))
            .collect();
        let years_before = age.iter().map(|age: &i32| age.div_euclid(12)).collect();
        let frame = DataFrame::new(
            rows.len(),
            vec![
                UInt32Chunked::from_vec("group".into(), group).into_column(),
                Int32Chunked::from_vec("age".into(), age).into_column(),
                Int32Chunked::from_vec("years_before".into(), years_before).into_column(),
                number("month", each_month(|month| month))?,
                number("quarter", each_month(|month| month.div_euclid(3)))?,
                number("year", each_month(|month| month.div_euclid(12)))?,
                number("rooms", rooms)?,
                gather("price", &sales.price)?,
                gather("surface", &sales.surface)?,
                gather("price_m2", &sales.price_m2)?,
            ],
        )?;
        Ok(Self { frame })
    }

    /// The rows, to be filtered.
    fn rows(&self) -> LazyFrame {
        self.frame.clone().lazy()
    }
}

/// Splits rows by group and by a period, and hands each part's sorted values of a column to `each`, in the order of
/// the group and the period.
fn split(
    rows: LazyFrame,
    period: Expr,
    column: &str,
    mut each: impl FnMut(usize, i32, &[f64]),
) -> PolarsResult<()> {
    let parts = rows
        .select([col("group"), period.alias("period"), col(column)])
        .group_by([col("group"), col("period")])
        .agg([col(column)])
        .sort(["group", "period"], SortMultipleOptions::default())
        .collect()?;
    let groups = parts.column("group")?.u32()?;
    let periods = parts.column("period")?.i32()?;
    let lists = parts.column(column)?.list()?.rechunk();
    let offsets = lists.downcast_as_array().offsets().clone();
    let values = lists.get_inner().rechunk();
    let values = values.f64()?.cont_slice()?;
    let mut sorted = Vec::new();
    for ((group, period), bounds) in groups
        .into_no_null_iter()
        .zip(periods.into_no_null_iter())
        .zip(offsets.windows(2))
    {
        sorted.clear();
        sorted.extend_from_slice(&values[bounds[0] as usize..bounds[1] as usize]);
        sorted.sort_unstable_by(f64::total_cmp);
        each(group as usize, period, &sorted);
    }
    Ok(())
}

/// Computes the figures of each place.
///
/// # Errors
/// When polars fails, which only a defect of ours can bring about.
pub fn compute(
    sales: &SaleColumns,
    members: &[Vec<u32>],
    extents: &[&Extent],
    method: &Statistics,
) -> PolarsResult<Vec<Figures>> {
    let frame = Frame::new(sales, members, extents)?;
    let mut segments = vec![Segment::default(); extents.len() * SEGMENTS as usize];
    let mut volumes = vec![0; extents.len()];
    series(&frame, extents, method, &mut segments)?;
    current(&frame, extents, method, &mut segments)?;
    changes(&frame, extents, method, &mut segments)?;
    let last_year = frame.rows().filter(col("age").lt(lit(12)));
    split(last_year, lit(0), "price_m2", |group, _, sales| {
        if group as u32 % SEGMENTS == APT_MAISON {
            volumes[group / SEGMENTS as usize] = sales.len() as u64;
        }
    })?;
    let mut segments = segments.into_iter();
    let mut next = || segments.next().unwrap_or_default();
    Ok(extents
        .iter()
        .zip(volumes)
        .map(|(extent, volume_12_months)| {
            let (maison, appartement, local, apt_maison) = (next(), next(), next(), next());
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
        })
        .collect())
}

/// Years, rolling quarters and months.
fn series(
    frame: &Frame,
    extents: &[&Extent],
    method: &Statistics,
    segments: &mut [Segment],
) -> PolarsResult<()> {
    let extent = |group: usize| extents[group / SEGMENTS as usize];
    let least = u64::from(method.minimum_sales);
    let point = |period: String, sorted: &[f64], partial: bool| Period {
        period,
        n: sorted.len() as u64,
        median: published(median(sorted), sorted.len() as u64, least),
        partial,
    };
    split(
        frame.rows(),
        col("year"),
        "price_m2",
        |group, year, sorted| {
            segments[group].total += sorted.len() as u64;
            let partial = !extent(group).covers_year(year);
            segments[group]
                .yearly
                .push(point(year.to_string(), sorted, partial));
        },
    )?;
    // A sale counts for the quarter it is in and the three that follow: twelve months that end with the quarter.
    let shifted = [0, 1, 2, 3].map(|offset| {
        let quarter = col("quarter") + lit(offset);
        frame
            .rows()
            .select([col("group"), quarter.alias("quarter"), col("price_m2")])
    });
    let shifted = concat(shifted, UnionArgs::default())?;
    split(
        shifted,
        col("quarter"),
        "price_m2",
        |group, quarter, sorted| {
            if extent(group).covers(quarter * 3 - 9..=quarter * 3 + 2) {
                let name = format!("{}-Q{}", quarter.div_euclid(4), quarter.rem_euclid(4) + 1);
                segments[group].quarterly.push(point(name, sorted, false));
            }
        },
    )?;
    split(
        frame.rows(),
        col("month"),
        "price_m2",
        |group, month, sorted| {
            // Houses and flats together have each month's count; the other series only what they can show.
            if group as u32 % SEGMENTS == APT_MAISON || sorted.len() as u64 >= least {
                segments[group]
                    .monthly
                    .push(point(Months::name(month), sorted, false));
            }
        },
    )?;
    for (place, extent) in extents.iter().enumerate() {
        let monthly = &mut segments[place * SEGMENTS as usize + APT_MAISON as usize].monthly;
        let mut known = std::mem::take(monthly).into_iter().peekable();
        for name in extent.months.iter().map(|&month| Months::name(month)) {
            monthly.push(known.next_if(|p| p.period == name).unwrap_or(Period {
                period: name,
                n: 0,
                median: None,
                partial: false,
            }));
        }
    }
    Ok(())
}

/// The latest window of each group, and what it holds.
fn current(
    frame: &Frame,
    extents: &[&Extent],
    method: &Statistics,
    segments: &mut [Segment],
) -> PolarsResult<()> {
    let counts = WINDOWS.map(|months| col("age").lt(lit(months)).sum().alias(months.to_string()));
    let counts = frame
        .rows()
        .group_by([col("group")])
        .agg(counts)
        .collect()?;
    let mut windows = vec![WINDOWS[WINDOWS.len() - 1]; segments.len()];
    let columns = WINDOWS.map(|months| counts.column(&months.to_string()));
    for (index, group) in counts
        .column("group")?
        .u32()?
        .into_no_null_iter()
        .enumerate()
    {
        for (months, column) in WINDOWS.iter().zip(&columns).rev() {
            let column = column.as_ref().map_err(Clone::clone)?;
            if column
                .u32()?
                .get(index)
                .is_some_and(|n| n >= method.window_sales)
            {
                windows[group as usize] = *months;
            }
        }
    }
    let groups = frame.frame.column("group")?.u32()?;
    let window: Vec<i32> = groups
        .into_no_null_iter()
        .map(|group| windows[group as usize])
        .collect();
    let mut inside = frame.frame.clone();
    inside.with_column(Column::new("window".into(), window))?;
    let inside = inside
        .lazy()
        .filter(col("age").lt(col("window")))
        .collect()?
        .lazy();

    let least = u64::from(method.minimum_sales);
    let solid = u64::from(method.solid_sales);
    let quartiles = u64::from(method.quartile_sales);
    split(inside.clone(), lit(0), "price_m2", |group, _, sorted| {
        let n = sorted.len() as u64;
        let extent = extents[group / SEGMENTS as usize];
        let Some(last) = extent.last() else { return };
        let first = extent.months[extent
            .months
            .partition_point(|&m| m <= last - windows[group])];
        segments[group].current = Some(Current {
            from: Months::name(first),
            to: Months::name(last),
            months: windows[group] as u32,
            n,
            median: published(median(sorted), n, least),
            fragile: (least..solid).contains(&n),
            mean: published(mean(sorted), n, solid),
            q1: published(quantile(sorted, 0.25), n, quartiles),
            q3: published(quantile(sorted, 0.75), n, quartiles),
            interval: median_ranks(sorted.len())
                .filter(|ranks| n >= least && ranks.low > 0)
                .map(|ranks| {
                    [sorted[ranks.low], sorted[ranks.high]]
                        .map(|bound| bound.round_ties_even() as u32)
                }),
            mean_surface: None,
            median_price: None,
        });
    })?;
    split(inside.clone(), lit(0), "surface", |group, _, surfaces| {
        if let Some(current) = segments[group].current.as_mut().filter(|c| c.n >= least) {
            current.mean_surface = mean(surfaces).map(tenth);
        }
    })?;
    split(inside.clone(), lit(0), "price", |group, _, prices| {
        if let Some(current) = segments[group].current.as_mut().filter(|c| c.n >= least) {
            current.median_price = median(prices).map(|price| price.round_ties_even() as u64);
        }
    })?;

    let roomed = inside.filter(col("rooms").gt(lit(0)));
    let homes = |group: usize| matches!(group as u32 % SEGMENTS, MAISON | APPARTEMENT);
    split(
        roomed.clone(),
        col("rooms"),
        "price_m2",
        |group, rooms, sorted| {
            if homes(group) {
                segments[group].rooms.push(Rooms {
                    rooms: rooms as u32,
                    n: sorted.len() as u64,
                    median: published(median(sorted), sorted.len() as u64, least),
                    median_price: None,
                });
            }
        },
    )?;
    split(roomed, col("rooms"), "price", |group, rooms, prices| {
        let class = segments[group]
            .rooms
            .iter_mut()
            .find(|c| c.rooms == rooms as u32);
        if let Some(class) = class.filter(|class| class.n >= least) {
            class.median_price = median(prices).map(|price| price.round_ties_even() as u64);
        }
    })
}

/// The median of the last twelve months against that of the twelve months one and five years before.
fn changes(
    frame: &Frame,
    extents: &[&Extent],
    method: &Statistics,
    segments: &mut [Segment],
) -> PolarsResult<()> {
    let mut windows = BTreeMap::<usize, BTreeMap<i32, Vec<f64>>>::new();
    let years_before = col("years_before");
    let compared = frame.rows().filter(
        years_before
            .clone()
            .lt(lit(2))
            .or(years_before.clone().eq(lit(5))),
    );
    split(
        compared,
        years_before,
        "price_m2",
        |group, years, sorted| {
            let extent = extents[group / SEGMENTS as usize];
            let last = extent.last().unwrap_or_default() - 12 * years;
            if sorted.len() >= method.solid_sales as usize && extent.covers(last - 11..=last) {
                windows
                    .entry(group)
                    .or_default()
                    .insert(years, sorted.to_vec());
            }
        },
    )?;
    for (group, windows) in windows {
        let Some(after) = windows.get(&0) else {
            continue;
        };
        let last = extents[group / SEGMENTS as usize]
            .last()
            .unwrap_or_default();
        let change = |years: i32| {
            let before = windows.get(&years)?;
            let ratio = median(after)? / median(before)?;
            Some(Change {
                percent: tenth((ratio - 1.0) * 100.0),
                significant: differs(before, after),
                n: [before.len() as u64, after.len() as u64],
                since: Months::name(last - 12 * years),
            })
            .filter(|_| ratio.is_finite())
        };
        segments[group].change_1_year = change(1);
        segments[group].change_5_years = change(5);
    }
    Ok(())
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
fn published(value: Option<f64>, n: u64, least: u64) -> Option<u32> {
    value
        .filter(|_| n >= least)
        .map(|value| value.round_ties_even() as u32)
}

/// Rounded to a tenth.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
