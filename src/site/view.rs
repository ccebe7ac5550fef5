//! Figures arranged for a page: what a page has no room for is left out, series of flats and houses stand side by side.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::month::{Months, Period};
use crate::stats::{Change, Coverage, Current, Point, Rooms};

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
    yearly: Vec<Point>,
    #[serde(default, skip_serializing)]
    quarterly: Vec<Point>,
}

/// The figures of a place as templates see them.
#[derive(Serialize)]
pub(super) struct FiguresView {
    coverage: Coverage,
    /// Months from the first to the last covered one.
    span_months: usize,
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
#[derive(Serialize)]
struct SeriesRow {
    period: Period,
    partial: bool,
    appartement: Option<Cell>,
    maison: Option<Cell>,
}

#[derive(Serialize)]
struct Cell {
    n: u64,
    median: Option<u32>,
}

impl From<PageFigures> for FiguresView {
    fn from(mut figures: PageFigures) -> Self {
        let (flats, houses) = (&mut figures.appartement, &mut figures.maison);
        let yearly = join(&flats.yearly, &houses.yearly);
        let mut quarterly = join(&flats.quarterly, &houses.quarterly);
        let published =
            |cell: &Option<Cell>| cell.as_ref().is_some_and(|cell| cell.median.is_some());
        quarterly.retain(|row| published(&row.appartement) || published(&row.maison));
        quarterly.truncate(QUARTERS);
        // A table of counts alone says nothing.
        for segment in [flats, houses] {
            if segment.rooms.iter().all(|class| class.median.is_none()) {
                segment.rooms.clear();
            }
        }
        Self {
            span_months: Months::from([figures.coverage.from, figures.coverage.to]).count(),
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
fn join(appartement: &[Point], maison: &[Point]) -> Vec<SeriesRow> {
    fn row<'r>(
        rows: &'r mut BTreeMap<Period, SeriesRow>,
        point: &Point,
    ) -> (&'r mut SeriesRow, Cell) {
        let row = rows.entry(point.period).or_insert(SeriesRow {
            period: point.period,
            partial: false,
            appartement: None,
            maison: None,
        });
        row.partial |= point.partial;
        let cell = Cell {
            n: point.n,
            median: point.median,
        };
        (row, cell)
    }
    let mut rows = BTreeMap::new();
    for point in appartement {
        let (row, cell) = row(&mut rows, point);
        row.appartement = Some(cell);
    }
    for point in maison {
        let (row, cell) = row(&mut rows, point);
        row.maison = Some(cell);
    }
    rows.into_values().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(year: i16, n: u64, median: Option<u32>) -> Point {
        Point {
            period: Period::Year(year),
            n,
            median,
            partial: year == 2025,
        }
    }

    #[test]
    fn series_are_joined_by_period_and_missing_stays_missing() {
        let rows = join(
            &[year(2023, 7, Some(2000)), year(2025, 5, Some(2100))],
            &[year(2024, 3, None), year(2025, 9, Some(3000))],
        );
        let years: Vec<_> = rows.iter().map(|row| row.period).collect();
        assert_eq!(years, [2025, 2024, 2023].map(Period::Year));
        assert!(rows[0].partial && !rows[1].partial);
        assert!(rows[1].appartement.is_none());
        assert_eq!(rows[1].maison.as_ref().map(|cell| cell.n), Some(3));
        assert!(rows[2].maison.is_none());
    }
}
