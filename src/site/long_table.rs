//! The series of all places as one long table: a line a place, kind of home, series and period.

use polars::prelude::Column;
use rayon::prelude::*;
use serde::Deserialize;

use crate::base::place::Place;
use crate::site::table::written;
use crate::site::{Entry, SiteError};
use crate::stats::{Index, Point};

/// What the table takes of a place's figures: the rest is passed over.
#[derive(Deserialize)]
struct PlaceSeries {
    appartement: HomeSeries,
    maison: HomeSeries,
    #[serde(default)]
    modelled: Indices,
}

/// Of one kind of home.
#[derive(Deserialize)]
struct HomeSeries {
    #[serde(default)]
    yearly: Vec<Point>,
    #[serde(default)]
    quarterly: Vec<Point>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Indices {
    appartement: HomeIndex,
    maison: HomeIndex,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct HomeIndex {
    index: Option<Index>,
}

/// A line of the table.
struct Line<'p> {
    place: &'p Place,
    home: &'static str,
    /// By calendar year, by twelve months that end with a quarter, or the index by quarter.
    series: &'static str,
    period: String,
    sales: u64,
    /// Whether a year is covered in part.
    partial: bool,
    price: Option<u32>,
    price_interval: Option<[u32; 2]>,
    index: Option<(f64, [f64; 2])>,
}

/// The columns with their types and what they mean; those of prices are in €/m².
pub(super) const COLUMNS: [(&str, &str, &str); 13] = [
    (
        "niveau",
        "string",
        "commune, epci, departement, region ou pays",
    ),
    (
        "code",
        "string",
        "Code INSEE, SIREN d’une intercommunalité, ou FR",
    ),
    (
        "type_local",
        "string",
        "appartement ou maison, ventes sur plan exclues",
    ),
    (
        "serie",
        "string",
        "annee : année civile ; glissant : douze mois qui finissent avec le trimestre ; indice : indice trimestriel à logement comparable",
    ),
    ("periode", "string", "2024 ou 2024-Q2"),
    (
        "partielle",
        "boolean",
        "L’année n’est couverte qu’en partie",
    ),
    ("ventes", "integer", "Ventes de la période"),
    ("prix_m2", "number", "Prix médian au m², en euros"),
    (
        "prix_m2_bas",
        "number",
        "Borne basse du prix médian, à 95 %",
    ),
    (
        "prix_m2_haut",
        "number",
        "Borne haute du prix médian, à 95 %",
    ),
    (
        "indice",
        "number",
        "Indice, 100 sur la première année entièrement couverte",
    ),
    ("indice_bas", "number", "Borne basse de l’indice, à 95 %"),
    ("indice_haut", "number", "Borne haute de l’indice, à 95 %"),
];

/// The table of some places as Parquet, in their order.
///
/// # Errors
/// When figures cannot be read, or the table cannot be written.
pub(super) fn parquet(places: &[(Place, &Entry)]) -> Result<Vec<u8>, SiteError> {
    let read = places.par_iter().map(|(place, entry)| {
        let series: PlaceSeries = entry.part(&place.code)?;
        Ok(series.lines(place))
    });
    let lines: Vec<Vec<Line<'_>>> = read.collect::<Result<_, SiteError>>()?;
    let lines: Vec<&Line<'_>> = lines.iter().flatten().collect();
    let columns = COLUMNS.iter().map(|&(name, ..)| column(name, &lines));
    written(lines.len(), columns.collect()).map_err(SiteError::Parquet)
}

/// A column of the table by its name.
fn column(name: &str, lines: &[&Line<'_>]) -> Column {
    let texts = |of: for<'l> fn(&'l Line<'_>) -> &'l str| {
        let texts: Vec<&str> = lines.iter().map(|line| of(line)).collect();
        Column::new(name.into(), texts)
    };
    let prices = |of: fn(&Line<'_>) -> Option<u32>| {
        let prices: Vec<_> = lines.iter().map(|line| of(line)).collect();
        Column::new(name.into(), prices)
    };
    let indices = |of: fn((f64, [f64; 2])) -> f64| {
        let indices: Vec<_> = lines.iter().map(|line| line.index.map(of)).collect();
        Column::new(name.into(), indices)
    };
    match name {
        "niveau" => texts(|line| line.place.level.name()),
        "code" => texts(|line| &line.place.code),
        "type_local" => texts(|line| line.home),
        "serie" => texts(|line| line.series),
        "periode" => texts(|line| &line.period),
        "partielle" => {
            let partial: Vec<_> = lines.iter().map(|line| line.partial).collect();
            Column::new(name.into(), partial)
        }
        "ventes" => {
            let sales: Vec<_> = lines.iter().map(|line| line.sales).collect();
            Column::new(name.into(), sales)
        }
        "prix_m2" => prices(|line| line.price),
        "prix_m2_bas" => prices(|line| Some(line.price_interval?[0])),
        "prix_m2_haut" => prices(|line| Some(line.price_interval?[1])),
        "indice" => indices(|(value, _)| value),
        "indice_bas" => indices(|(_, [low, _])| low),
        _ => indices(|(_, [_, high])| high),
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
            quarterly.retain(|point| point.median.is_some());
            for (series, points) in [("annee", observed.yearly), ("glissant", quarterly)] {
                lines.extend(points.into_iter().map(|point| Line {
                    place,
                    home,
                    series,
                    period: point.period.to_string(),
                    sales: point.n,
                    partial: point.partial,
                    price: point.median,
                    price_interval: point.interval,
                    index: None,
                }));
            }
            let quarters = modelled.index.into_iter().flat_map(|index| index.quarters);
            lines.extend(quarters.map(|at| Line {
                place,
                home,
                series: "indice",
                period: at.quarter.to_string(),
                sales: at.n,
                partial: false,
                price: None,
                price_interval: None,
                index: Some((at.value, at.interval)),
            }));
        }
        lines
    }
}
