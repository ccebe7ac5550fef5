//! The last months whose sales are not all in the files yet.

use schemars::JsonSchema;
use serde::Serialize;

use super::schema::MonthText;
use crate::base::month::Month;
use crate::stats::{Figures, IncompleteMonth, is_of_october};

/// `figures.registration` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Registration {
    /// Earliest first.
    pub months: Vec<IncompleteMonthData>,
    /// The sales go up to June, as those of an edition of October do.
    october: bool,
}

/// A month of `incomplete_months` in the data file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "incomplete_month")]
pub(crate) struct IncompleteMonthData {
    #[schemars(with = "MonthText")]
    month: Month,
    #[schemars(description = "Ventes d’appartements et de maisons connues à ce jour.")]
    volume: u64,
    #[schemars(
        description = "Entre quels nombres se situera le total définitif, neuf fois sur dix, d’après les retards des éditions précédentes ; null tant que deux éditions n’ont pas permis de les mesurer."
    )]
    volume_attendu: Option<[u64; 2]>,
    #[schemars(
        description = "Part des ventes connues à ce jour que les ventes à venir y ajouteront, en pour cent."
    )]
    a_venir_percent: Option<[u64; 2]>,
}

impl From<&Figures> for Registration {
    fn from(figures: &Figures) -> Self {
        Self {
            months: figures
                .incomplete
                .iter()
                .map(IncompleteMonthData::from)
                .collect(),
            october: figures
                .incomplete
                .last()
                .is_some_and(|last| is_of_october(last.month)),
        }
    }
}

impl From<&IncompleteMonth> for IncompleteMonthData {
    fn from(month: &IncompleteMonth) -> Self {
        let more = |[low, high]: [u64; 2]| {
            let known = month.n.max(1);
            [
                (low - month.n) * 100 / known,
                ((high - month.n) * 100).div_ceil(known),
            ]
        };
        Self {
            month: month.month,
            volume: month.n,
            volume_attendu: month.expected,
            a_venir_percent: month.expected.map(more),
        }
    }
}
