//! Figures arranged for a page: what a page has no room for is left out, series of flats and houses stand side by side.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::stats::{Change, Coverage, Current, Period, Rooms};

/// Rolling quarters on a page: five years. The data file has all of them.
const QUARTERS: usize = 20;

/// What a page needs of [`Figures`](crate::stats::Figures). Monthly series and the pooled segment, which are most of
/// them, are only in the data file; to read past them takes half the time.
#[derive(Deserialize)]
pub(super) struct PageFigures {
    coverage: Coverage,
    total_transactions: u64,
    volume_12_months: u64,
    appartement: PageSegment,
    maison: PageSegment,
    local: PageSegment,
    seasonality: Vec<u32>,
}

#[derive(Deserialize, Serialize)]
struct PageSegment {
    #[serde(default)]
    current: Option<Current>,
    #[serde(default)]
    change_1_year: Option<Change>,
    #[serde(default)]
    change_5_years: Option<Change>,
    #[serde(default)]
    rooms: Vec<Rooms>,
    #[serde(default, skip_serializing)]
    yearly: Vec<Period>,
    #[serde(default, skip_serializing)]
    quarterly: Vec<Period>,
}

/// The figures of a place as templates see them.
#[derive(Serialize)]
pub(super) struct FiguresView {
    coverage: Coverage,
    /// Months from the first to the last covered one.
    span_months: Option<i32>,
    total_transactions: u64,
    volume_12_months: u64,
    appartement: PageSegment,
    maison: PageSegment,
    local: PageSegment,
    seasonality: Vec<u32>,
    /// Calendar years, latest first.
    yearly: Vec<SeriesRow>,
    /// Rolling years by quarter, latest first, where at least one price is published.
    quarterly: Vec<SeriesRow>,
}

/// Flats and houses in one period.
#[derive(Default, Serialize)]
struct SeriesRow {
    period: String,
    partial: bool,
    appartement: Option<Point>,
    maison: Option<Point>,
}

#[derive(Serialize)]
struct Point {
    n: u64,
    median: Option<u32>,
}

impl From<PageFigures> for FiguresView {
    fn from(mut figures: PageFigures) -> Self {
        let (flats, houses) = (&mut figures.appartement, &mut figures.maison);
        let yearly = join(&flats.yearly, &houses.yearly);
        let mut quarterly = join(&flats.quarterly, &houses.quarterly);
        let published = |point: &Option<Point>| point.as_ref().is_some_and(|p| p.median.is_some());
        quarterly.retain(|row| published(&row.appartement) || published(&row.maison));
        quarterly.truncate(QUARTERS);
        // A table of counts alone says nothing.
        for segment in [flats, houses] {
            if segment.rooms.iter().all(|class| class.median.is_none()) {
                segment.rooms.clear();
            }
        }
        Self {
            span_months: months_between(&figures.coverage.from, &figures.coverage.to),
            coverage: figures.coverage,
            total_transactions: figures.total_transactions,
            volume_12_months: figures.volume_12_months,
            appartement: figures.appartement,
            maison: figures.maison,
            local: figures.local,
            seasonality: figures.seasonality,
            yearly,
            quarterly,
        }
    }
}

/// Two series by period, latest first. A period that only one of them has stays missing in the other.
fn join(appartement: &[Period], maison: &[Period]) -> Vec<SeriesRow> {
    fn row<'r>(
        rows: &'r mut BTreeMap<String, SeriesRow>,
        period: &Period,
    ) -> (&'r mut SeriesRow, Point) {
        let row = rows
            .entry(period.period.clone())
            .or_insert_with(|| SeriesRow {
                period: period.period.clone(),
                ..SeriesRow::default()
            });
        row.partial |= period.partial;
        let point = Point {
            n: period.n,
            median: period.median,
        };
        (row, point)
    }
    let mut rows = BTreeMap::new();
    for period in appartement {
        let (row, point) = row(&mut rows, period);
        row.appartement = Some(point);
    }
    for period in maison {
        let (row, point) = row(&mut rows, period);
        row.maison = Some(point);
    }
    rows.into_values().rev().collect()
}

/// Months from the first to the last, both counted.
fn months_between(from: &str, to: &str) -> Option<i32> {
    let number = |month: &str| {
        let (year, month) = month.split_once('-')?;
        Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()?)
    };
    Some(number(to)? - number(from)? + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(period: &str, n: u64, median: Option<u32>) -> Period {
        Period {
            period: period.into(),
            n,
            median,
            partial: period == "2025",
        }
    }

    #[test]
    fn series_are_joined_by_period_and_missing_stays_missing() {
        let rows = join(
            &[period("2023", 7, Some(2000)), period("2025", 5, Some(2100))],
            &[period("2024", 3, None), period("2025", 9, Some(3000))],
        );
        let years: Vec<_> = rows.iter().map(|row| row.period.as_str()).collect();
        assert_eq!(years, ["2025", "2024", "2023"]);
        assert!(rows[0].partial && !rows[1].partial);
        assert!(rows[1].appartement.is_none());
        assert_eq!(rows[1].maison.as_ref().map(|point| point.n), Some(3));
        assert!(rows[2].maison.is_none());
    }

    #[test]
    fn a_span_counts_both_its_ends() {
        assert_eq!(months_between("2023-01", "2025-06"), Some(30));
        assert_eq!(months_between("2025-06", "2025-06"), Some(1));
    }
}
