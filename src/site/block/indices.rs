//! The index of the price of comparable homes, quarter by quarter.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::month::Period;
use crate::stats::{self, Figures};

/// `figures.indices` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Indices {
    /// The first year that is covered whole, of which each index is 100.
    base: Option<i16>,
    /// Quarters of either kind, latest first.
    rows: Vec<IndexRow>,
}

/// Those of either kind in the data file of a place.
pub(crate) struct KindIndices {
    pub appartement: Option<KindIndex>,
    pub maison: Option<KindIndex>,
}

/// Flats and houses in one quarter.
#[derive(Serialize, JsonSchema)]
struct IndexRow {
    #[schemars(with = "String")]
    quarter: Period,
    appartement: Option<QuarterIndex>,
    maison: Option<QuarterIndex>,
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
        let quarters = |index: &Option<stats::Index>| {
            let index = index.iter().flat_map(|index| &index.quarters);
            index.map(QuarterIndex::from).collect::<Vec<_>>()
        };
        let [flats, houses] = [&figures.modelled.appartement, &figures.modelled.maison]
            .map(|kind| quarters(&kind.index));
        let mut periods: Vec<_> = flats.iter().chain(&houses).map(|at| at.quarter).collect();
        periods.sort();
        periods.dedup();
        let of = |known: &[QuarterIndex], quarter| {
            known.iter().find(|at| at.quarter == quarter).copied()
        };
        let rows = periods.into_iter().rev().map(|quarter| IndexRow {
            quarter,
            appartement: of(&flats, quarter),
            maison: of(&houses, quarter),
        });
        let kinds = [&figures.modelled.appartement, &figures.modelled.maison];
        Self {
            base: kinds
                .iter()
                .find_map(|kind| Some(kind.index.as_ref()?.base)),
            rows: rows.collect(),
        }
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
