//! The index of the price of comparable homes, quarter by quarter: a curve a kind, and its numbers.

use schemars::JsonSchema;
use serde::Serialize;

use super::evolution::{dates, last_run};
use crate::base::month::{Month, Period};
use crate::site::chart::curve::{Curve, CurveGrid, CurvePoint, ENDS};
use crate::site::{french, homes};
use crate::stats::{self, Figures};

/// `figures.indices` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Indices {
    curves: Vec<IndexCurve>,
    /// As [`super::evolution::Evolution`] has it.
    ends: &'static str,
}

/// The index of one kind: its last run of quarters.
#[derive(Serialize, JsonSchema)]
struct IndexCurve {
    class: &'static str,
    /// The first year that is covered whole, of which the index is 100.
    base: i16,
    /// Empty of a single quarter.
    svg: String,
    rows: Vec<QuarterIndex>,
}

/// The index of either kind in the data file of a place.
pub(crate) struct KindIndices {
    pub appartement: Option<KindIndex>,
    pub maison: Option<KindIndex>,
}

/// The index of one kind in a data file.
#[derive(Serialize, JsonSchema)]
#[schemars(
    description = "Indice trimestriel des prix à logement comparable, logements neufs exclus : 100 sur l’année de base."
)]
pub(crate) struct KindIndex {
    #[schemars(description = "Première année entièrement couverte.")]
    base: i16,
    #[schemars(description = "Trimestres d’au moins 30 ventes.")]
    quarters: Vec<QuarterIndex>,
}

#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(description = "")]
struct QuarterIndex {
    #[schemars(with = "String", description = "Le trimestre : 2025-Q1.")]
    quarter: Period,
    #[schemars(description = "Ventes de logements anciens.")]
    n: u64,
    #[schemars(description = "L’indice, au dixième.")]
    value: f64,
    #[schemars(description = "Intervalle de confiance à 95 %.")]
    interval: [f64; 2],
}

impl From<&Figures> for Indices {
    fn from(figures: &Figures) -> Self {
        let kinds = [false, true].map(|house| (house, figures.home(house).1.index.as_ref()));
        let kinds: Vec<_> = kinds
            .into_iter()
            .filter_map(|(house, index)| {
                let index = index?;
                let quarters = index.quarters.iter().map(QuarterIndex::from).collect();
                Some((house, index.base, last_run(quarters, QuarterIndex::end)))
            })
            .filter(|(.., rows)| !rows.is_empty())
            .collect();
        // Both on one scale, so that they can be held side by side.
        let bounds = kinds
            .iter()
            .flat_map(|(.., rows)| rows.iter().flat_map(|row| row.interval));
        let Some(grid) = CurveGrid::around(bounds.chain([100.0])) else {
            return Self {
                curves: Vec::new(),
                ends: ENDS,
            };
        };
        let curves = kinds.into_iter().map(|(house, base, rows)| IndexCurve {
            class: homes::class(house),
            base,
            svg: draw(house, &rows, grid),
            rows,
        });
        Self {
            curves: curves.collect(),
            ends: ENDS,
        }
    }
}

/// Draws the index of a kind.
fn draw(house: bool, rows: &[QuarterIndex], grid: CurveGrid) -> String {
    let points: Vec<_> = rows
        .iter()
        .map(|row| CurvePoint {
            value: row.value,
            interval: Some(row.interval),
            wider: None,
            volume: row.n,
            provisional: false,
        })
        .collect();
    let months: Vec<Month> = rows.iter().map(QuarterIndex::end).collect();
    let told = |row: &QuarterIndex| {
        format!(
            "{} au {}",
            french::decimals(row.value, 1),
            french::quarter(row.end())
        )
    };
    let says = match rows {
        [first, .., last] => format!(
            "{}\u{a0}: indice {}, {}.",
            homes::name(house),
            told(first),
            told(last)
        ),
        _ => String::new(),
    };
    Curve {
        points: &points,
        dates: &dates(&months),
        wider: "",
        grid,
        unit: "",
        volumes: "Ventes du trimestre",
        says: &says,
    }
    .draw()
}

impl QuarterIndex {
    /// The last month of its quarter.
    fn end(&self) -> Month {
        self.quarter.last()
    }
}

impl From<&Figures> for KindIndices {
    fn from(figures: &Figures) -> Self {
        Self {
            appartement: figures.modelled.appartement.index.as_ref().map(Into::into),
            maison: figures.modelled.maison.index.as_ref().map(Into::into),
        }
    }
}

impl From<&stats::Index> for KindIndex {
    fn from(index: &stats::Index) -> Self {
        Self {
            base: index.base,
            quarters: index.quarters.iter().map(QuarterIndex::from).collect(),
        }
    }
}

impl From<&stats::IndexPoint> for QuarterIndex {
    fn from(point: &stats::IndexPoint) -> Self {
        Self {
            quarter: point.quarter,
            n: point.n,
            value: point.value,
            interval: point.interval,
        }
    }
}
