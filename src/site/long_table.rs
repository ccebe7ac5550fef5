//! The series of all places as one long table: a line a place, kind of home, series and period.

use std::collections::HashMap;

use polars::prelude::{Column, DataFrame};
use rayon::prelude::*;
use serde::Deserialize;

use crate::base::month::Month;
use crate::base::place::Place;
use crate::site::table::written;
use crate::site::{Entry, SiteError};
use crate::stats::{Index, SeriesPoint, YearlyEstimate};

/// What the table takes of a place's figures: the rest is passed over.
#[derive(Deserialize)]
struct PlaceSeries {
    appartement: HomeSeries,
    maison: HomeSeries,
    #[serde(default)]
    modelled: PlaceModels,
}

/// Of one kind of home.
#[derive(Deserialize)]
struct HomeSeries {
    #[serde(default)]
    yearly: Vec<SeriesPoint>,
    #[serde(default)]
    quarterly: Vec<SeriesPoint>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PlaceModels {
    appartement: HomeModels,
    maison: HomeModels,
}

/// What is modelled of one kind of home.
#[derive(Default, Deserialize)]
#[serde(default)]
struct HomeModels {
    index: Option<Index>,
    estimate: Option<EstimatedYears>,
}

#[derive(Deserialize)]
struct EstimatedYears {
    yearly: Vec<YearlyEstimate>,
}

/// A line of the table.
struct Line<'p> {
    place: &'p Place,
    home: &'static str,
    /// By calendar year, by twelve months that end with a quarter, the index by quarter, or the estimate of twelve months.
    series: &'static str,
    period: String,
    sales: u64,
    /// Whether a year is covered in part.
    partial: bool,
    price: Option<u32>,
    price_interval: Option<[u32; 2]>,
    index: Option<(f64, [f64; 2])>,
    estimate: Option<u32>,
}

impl<'p> Line<'p> {
    /// Without any price.
    fn new(
        place: &'p Place,
        home: &'static str,
        series: &'static str,
        period: String,
        sales: u64,
    ) -> Self {
        Self {
            place,
            home,
            series,
            period,
            sales,
            partial: false,
            price: None,
            price_interval: None,
            index: None,
            estimate: None,
        }
    }
}

/// A column: its name, what it means, and its cells. Prices are in €/m².
pub(super) struct LongColumn {
    pub name: &'static str,
    /// In a sentence of French without its full stop.
    pub meaning: &'static str,
    cells: Cells,
}

/// What a line has in a column.
enum Cells {
    Text(for<'l> fn(&'l Line<'_>) -> &'l str),
    Truth(fn(&Line<'_>) -> bool),
    Count(fn(&Line<'_>) -> u64),
    Price(fn(&Line<'_>) -> Option<u32>),
    Index(fn(&Line<'_>) -> Option<f64>),
}

/// The columns, in their order.
pub(super) const COLUMNS: [LongColumn; 14] = [
    LongColumn {
        name: "niveau",
        meaning: "commune, epci, departement, region ou pays",
        cells: Cells::Text(|line| line.place.level.name()),
    },
    LongColumn {
        name: "code",
        meaning: "Code INSEE, SIREN d’une intercommunalité, ou FR",
        cells: Cells::Text(|line| &line.place.code),
    },
    LongColumn {
        name: "type_local",
        meaning: "appartement ou maison, ventes sur plan exclues",
        cells: Cells::Text(|line| line.home),
    },
    LongColumn {
        name: "serie",
        meaning: "annee : année civile ; glissant : douze mois qui finissent avec le trimestre ; indice : indice trimestriel à logement comparable ; estimation : prix estimé de douze mois, là où les ventes sont trop peu nombreuses",
        cells: Cells::Text(|line| line.series),
    },
    LongColumn {
        name: "periode",
        meaning: "2024 ou 2024-Q2 ; d’une estimation, le dernier de ses douze mois, 2024-12",
        cells: Cells::Text(|line| &line.period),
    },
    LongColumn {
        name: "partielle",
        meaning: "L’année n’est couverte qu’en partie",
        cells: Cells::Truth(|line| line.partial),
    },
    LongColumn {
        name: "ventes",
        meaning: "Ventes de la période",
        cells: Cells::Count(|line| line.sales),
    },
    LongColumn {
        name: "prix_m2",
        meaning: "Prix médian au m², en euros",
        cells: Cells::Price(|line| line.price),
    },
    LongColumn {
        name: "prix_m2_bas",
        meaning: "Borne basse du prix médian, à 95 %",
        cells: Cells::Price(|line| Some(line.price_interval?[0])),
    },
    LongColumn {
        name: "prix_m2_haut",
        meaning: "Borne haute du prix médian, à 95 %",
        cells: Cells::Price(|line| Some(line.price_interval?[1])),
    },
    LongColumn {
        name: "indice",
        meaning: "Indice, 100 sur la première année entièrement couverte",
        cells: Cells::Index(|line| Some(line.index?.0)),
    },
    LongColumn {
        name: "indice_bas",
        meaning: "Borne basse de l’indice, à 95 %",
        cells: Cells::Index(|line| Some(line.index?.1[0])),
    },
    LongColumn {
        name: "indice_haut",
        meaning: "Borne haute de l’indice, à 95 %",
        cells: Cells::Index(|line| Some(line.index?.1[1])),
    },
    LongColumn {
        name: "prix_m2_estime",
        meaning: "Prix estimé au m², en euros ; ce n’est pas une médiane",
        cells: Cells::Price(|line| line.estimate),
    },
];

/// Places whose lines are in memory at once, some two hundred thousand lines, and a row group of the file.
const AT_ONCE: usize = 8_192;

/// The table of some places as Parquet, in their order.
///
/// # Errors
/// When figures cannot be read, or the table cannot be written.
pub(super) fn parquet(places: &[(Place, &Entry)]) -> Result<Vec<u8>, SiteError> {
    written(&frame(&[])?, places.chunks(AT_ONCE).map(frame))
}

/// The lines of some places.
fn frame(places: &[(Place, &Entry)]) -> Result<DataFrame, SiteError> {
    let read = places.par_iter().map(|(place, entry)| {
        let series: PlaceSeries = entry.part(&place.code)?;
        Ok(series.lines(place))
    });
    let lines: Vec<Vec<Line<'_>>> = read.collect::<Result<_, SiteError>>()?;
    let lines: Vec<&Line<'_>> = lines.iter().flatten().collect();
    let columns = COLUMNS.iter().map(|column| column.series(&lines));
    DataFrame::new(lines.len(), columns.collect()).map_err(SiteError::Parquet)
}

impl LongColumn {
    /// The name of what the cells hold, as Frictionless has it. Tools that check Parquet read it by pandas, where a column of
    /// whole numbers with gaps is one of numbers.
    pub(super) fn kind(&self) -> &'static str {
        match self.cells {
            Cells::Text(_) => "string",
            Cells::Truth(_) => "boolean",
            Cells::Count(_) => "integer",
            Cells::Price(_) | Cells::Index(_) => "number",
        }
    }

    /// The column of some lines.
    fn series(&self, lines: &[&Line<'_>]) -> Column {
        let (name, lines) = (self.name.into(), lines.iter());
        match self.cells {
            Cells::Text(of) => Column::new(name, lines.map(|line| of(line)).collect::<Vec<_>>()),
            Cells::Truth(of) => Column::new(name, lines.map(|line| of(line)).collect::<Vec<_>>()),
            Cells::Count(of) => Column::new(name, lines.map(|line| of(line)).collect::<Vec<_>>()),
            Cells::Price(of) => Column::new(name, lines.map(|line| of(line)).collect::<Vec<_>>()),
            Cells::Index(of) => Column::new(name, lines.map(|line| of(line)).collect::<Vec<_>>()),
        }
    }
}

impl PlaceSeries {
    fn lines(self, place: &Place) -> Vec<Line<'_>> {
        let homes = [
            ("appartement", self.appartement, self.modelled.appartement),
            ("maison", self.maison, self.modelled.maison),
        ];
        let mut lines = Vec::new();
        for (home, observed, modelled) in homes {
            let mut quarterly = observed.quarterly;
            // The sales of twelve months, by the last of them.
            let sold: HashMap<Month, u64> = quarterly
                .iter()
                .map(|point| (point.period.last(), point.n))
                .collect();
            quarterly.retain(|point| point.median.is_some());
            let line =
                |series, period: String, sales| Line::new(place, home, series, period, sales);
            for (series, points) in [("annee", observed.yearly), ("glissant", quarterly)] {
                lines.extend(points.into_iter().map(|point| Line {
                    partial: point.partial,
                    price: point.median,
                    price_interval: point.interval,
                    ..line(series, point.period.to_string(), point.n)
                }));
            }
            let quarters = modelled.index.into_iter().flat_map(|index| index.quarters);
            lines.extend(quarters.map(|at| Line {
                index: Some((at.value, at.interval)),
                ..line("indice", at.quarter.to_string(), at.n)
            }));
            let years = modelled.estimate.into_iter().flat_map(|known| known.yearly);
            lines.extend(years.map(|year| Line {
                estimate: Some(year.price),
                ..line(
                    "estimation",
                    year.to.to_string(),
                    sold.get(&year.to).copied().unwrap_or(0),
                )
            }));
        }
        lines
    }
}
