//! How much the figures rest on: the months and the communes that the files cover, and the sales in them.

use schemars::JsonSchema;
use serde::Serialize;

use super::schema::MonthText;
use crate::base::month::{Month, Months};
use crate::stats::Figures;

/// `figures.extent` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Extent {
    pub coverage: MonthSpan,
    /// Months from the first to the last covered one; more than are covered where there are gaps.
    span_months: usize,
    /// Sales of houses, flats and business premises over the whole period.
    pub total_transactions: u64,
    /// Sales of houses and flats in the last twelve covered months.
    pub volume: u64,
    /// Communes of the place that the files cover, out of those that DVF covers.
    communes: u32,
    communes_total: u32,
    /// Whether these are half of them at least.
    representative: bool,
}

/// Months as the data file tells them.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(rename = "months", description = "Mois couverts.")]
pub(crate) struct MonthSpan {
    #[schemars(with = "MonthText", description = "Premier mois.")]
    pub from: Month,
    #[schemars(with = "MonthText", description = "Dernier mois.")]
    pub to: Month,
    #[schemars(description = "Nombre de mois.", range(min = 1))]
    pub months: u32,
}

impl From<&Figures> for Extent {
    fn from(figures: &Figures) -> Self {
        let coverage = &figures.coverage;
        Self {
            coverage: MonthSpan {
                from: coverage.from,
                to: coverage.to,
                months: coverage.months,
            },
            span_months: Months::from([coverage.from, coverage.to]).count(),
            total_transactions: figures.total_transactions,
            volume: figures.volume_12_months,
            communes: coverage.communes,
            communes_total: coverage.communes_total,
            representative: coverage.is_representative(),
        }
    }
}
