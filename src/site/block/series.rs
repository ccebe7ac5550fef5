//! Prices and sales over time: by calendar year, by rolling twelve months, by month.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::schema::MonthText;
use super::signs::Signs;
use crate::base::month::Period;
use crate::stats::{Figures, Segment, SeriesPoint};

/// Sales in twelve months from which flats and houses have a rolling price together. Fewer move it by which of both kinds
/// happened to be sold.
const POOLED_SALES: u64 = 30;

/// `figures.series` in the templates, which see it as [`SeriesTables`].
pub(crate) struct Series<'f>(&'f Figures);

/// Flats and houses side by side, old homes only.
#[derive(Serialize, JsonSchema)]
pub(super) struct SeriesTables {
    /// Calendar years, latest first.
    yearly: SeriesTable,
}

/// A line a period, and the signs that are in it.
#[derive(Serialize, JsonSchema)]
struct SeriesTable {
    rows: Vec<SeriesRow>,
    signs: Signs,
}

/// Flats and houses in one period.
#[derive(Serialize, JsonSchema)]
struct SeriesRow {
    #[schemars(with = "String")]
    period: Period,
    partial: bool,
    appartement: SeriesCell,
    maison: SeriesCell,
}

/// No sale where the series has no point: its months are covered for all kinds alike.
#[derive(Clone, Copy, Default, Serialize, JsonSchema)]
struct SeriesCell {
    volume: u64,
    prix_m2: Option<u32>,
}

/// The last part of `by_type.<kind>` in the data file. Months and quarters are listed where they have a price: the months
/// of most communes have none, and would make half of the file.
#[derive(Serialize, JsonSchema)]
pub(crate) struct KindSeries {
    #[schemars(
        description = "Années civiles, sans les logements neufs (VEFA), comme les trimestres et les mois."
    )]
    yearly: Vec<YearPoint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        description = "Douze mois glissants, là où un prix est publié ; absent sans aucun."
    )]
    quarterly: Vec<QuarterPoint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(description = "Mois où un prix est publié ; absent sans aucun.")]
    monthly: Vec<MonthPoint>,
}

/// `evolution` in the data file.
#[derive(Default, Serialize, JsonSchema)]
#[schemars(
    description = "Appartements et maisons réunis, sans les logements neufs (VEFA), qui entrent dans les fichiers des années après l’acte. prix_m2 est la médiane, volume le nombre de ventes."
)]
pub(crate) struct Evolution {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(description = "Mois où un prix est publié ; absent sans aucun.")]
    monthly: Vec<MonthPoint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        description = "Douze mois glissants qui finissent avec le trimestre, à partir de 30 ventes ; absent sans aucun."
    )]
    quarterly: Vec<QuarterPoint>,
    #[schemars(description = "Années civiles.")]
    yearly: Vec<YearPoint>,
}

#[derive(Serialize, JsonSchema)]
struct MonthPoint {
    #[schemars(with = "MonthText")]
    month: Period,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Absent s’il n’est pas publié.")]
    prix_m2: Option<u32>,
    volume: u64,
}

#[derive(Serialize, JsonSchema)]
struct QuarterPoint {
    #[schemars(with = "String", regex(pattern = "^[0-9]{4}-Q[1-4]$"))]
    quarter: Period,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Absent s’il n’est pas publié.")]
    prix_m2: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Intervalle de confiance à 95 % de la médiane, €/m², des appartements et des maisons pris à part."
    )]
    prix_m2_interval: Option<[u32; 2]>,
    volume: u64,
}

#[derive(Serialize, JsonSchema)]
struct YearPoint {
    #[schemars(with = "String", regex(pattern = "^[0-9]{4}$"))]
    year: Period,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Absent s’il n’est pas publié.")]
    prix_m2: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Intervalle de confiance à 95 % de la médiane, €/m², des appartements et des maisons pris à part."
    )]
    prix_m2_interval: Option<[u32; 2]>,
    volume: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(
        description = "L’année n’est couverte qu’en partie : elle ne se compare pas aux autres. Absent pour une année entière."
    )]
    partial: bool,
}

impl<'f> From<&'f Figures> for Series<'f> {
    fn from(figures: &'f Figures) -> Self {
        Self(figures)
    }
}

impl Series<'_> {
    /// The series of flats, houses and business premises for the data file.
    pub(crate) fn of_kinds(&self) -> [KindSeries; 3] {
        [&self.0.appartement, &self.0.maison, &self.0.local].map(KindSeries::from)
    }

    /// The series of flats and houses pooled for the data file.
    pub(crate) fn evolution(&self) -> Evolution {
        let pooled = &self.0.apt_maison;
        Evolution {
            monthly: priced(&pooled.monthly).map(MonthPoint::from).collect(),
            quarterly: pooled
                .quarterly
                .iter()
                .filter(|point| point.n >= POOLED_SALES)
                .map(QuarterPoint::from)
                .collect(),
            yearly: pooled.yearly.iter().map(YearPoint::from).collect(),
        }
    }

    fn tables(&self) -> SeriesTables {
        let (flats, houses) = (&self.0.appartement, &self.0.maison);
        SeriesTables {
            yearly: join(&flats.yearly, &houses.yearly).into(),
        }
    }
}

impl Serialize for Series<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.tables().serialize(serializer)
    }
}

impl From<Vec<SeriesRow>> for SeriesTable {
    fn from(rows: Vec<SeriesRow>) -> Self {
        let mut signs = Signs::default();
        for cell in rows.iter().flat_map(|row| [row.appartement, row.maison]) {
            signs.see(cell.volume, cell.prix_m2.is_some());
        }
        Self { rows, signs }
    }
}

/// Two series by period, latest first. In a period that only one of them has, the other has no sale.
fn join(appartement: &[SeriesPoint], maison: &[SeriesPoint]) -> Vec<SeriesRow> {
    let mut rows = BTreeMap::new();
    for (points, is_flat) in [(appartement, true), (maison, false)] {
        for point in points {
            let row = rows.entry(point.period).or_insert(SeriesRow {
                period: point.period,
                partial: false,
                appartement: SeriesCell::default(),
                maison: SeriesCell::default(),
            });
            row.partial |= point.partial;
            let cell = if is_flat {
                &mut row.appartement
            } else {
                &mut row.maison
            };
            *cell = SeriesCell {
                volume: point.n,
                prix_m2: point.median,
            };
        }
    }
    rows.into_values().rev().collect()
}

fn priced(series: &[SeriesPoint]) -> impl Iterator<Item = &SeriesPoint> {
    series.iter().filter(|point| point.median.is_some())
}

impl From<&Segment> for KindSeries {
    fn from(segment: &Segment) -> Self {
        Self {
            yearly: segment.yearly.iter().map(YearPoint::from).collect(),
            quarterly: priced(&segment.quarterly).map(QuarterPoint::from).collect(),
            monthly: priced(&segment.monthly).map(MonthPoint::from).collect(),
        }
    }
}

impl From<&SeriesPoint> for MonthPoint {
    fn from(point: &SeriesPoint) -> Self {
        Self {
            month: point.period,
            prix_m2: point.median,
            volume: point.n,
        }
    }
}

impl From<&SeriesPoint> for QuarterPoint {
    fn from(point: &SeriesPoint) -> Self {
        Self {
            quarter: point.period,
            prix_m2: point.median,
            prix_m2_interval: point.interval,
            volume: point.n,
        }
    }
}

impl From<&SeriesPoint> for YearPoint {
    fn from(point: &SeriesPoint) -> Self {
        Self {
            year: point.period,
            prix_m2: point.median,
            prix_m2_interval: point.interval,
            volume: point.n,
            partial: point.partial,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(year: i16, n: u64, median: Option<u32>) -> SeriesPoint {
        SeriesPoint {
            period: Period::Year(year),
            n,
            median,
            interval: None,
            partial: year == 2025,
        }
    }

    #[test]
    fn series_are_joined_by_period() {
        let rows = join(
            &[year(2023, 7, Some(2000)), year(2025, 5, Some(2100))],
            &[year(2024, 3, None), year(2025, 9, Some(3000))],
        );
        let years: Vec<_> = rows.iter().map(|row| row.period.to_string()).collect();
        assert_eq!(years, ["2025", "2024", "2023"]);
        assert!(rows[0].partial && !rows[1].partial);
        let volumes = rows
            .iter()
            .map(|row| [row.appartement, row.maison].map(|cell| cell.volume));
        assert_eq!(volumes.collect::<Vec<_>>(), [[5, 9], [0, 3], [7, 0]]);
        assert!(rows[1].appartement.prix_m2.is_none());
    }
}
