//! The estimate of the price per m² where sales are few, which is no median.

use schemars::JsonSchema;
use serde::Serialize;

use super::schema::MonthText;
use crate::base::month::Month;
use crate::stats::{Estimate, KindModelled};

/// `figures.headline.<kind>.estimate` in the templates, and `by_type.<kind>.estimate` in the data file.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(
    rename = "estimate",
    description = "Estimation du prix au m² là où il y a moins de 30 ventes en cinq ans, d’après celles de la commune et celles des communes voisines, hors logements neufs (VEFA). Ce n’est pas une médiane. Absente là où elle serait trop incertaine."
)]
pub(crate) struct KindEstimate {
    #[schemars(description = "€/m², à 10 €/m² près.")]
    prix_m2: u32,
    #[schemars(
        description = "Bornes entre lesquelles se trouve le prix avec 95 % de confiance, €/m², à 10 €/m² près."
    )]
    prix_m2_interval: [u32; 2],
    #[schemars(
        description = "Part des ventes de la commune dans l’estimation ; le reste vient des communes voisines.",
        range(min = 0, max = 1)
    )]
    own_share: f64,
    #[schemars(description = "Communes voisines prises en compte.")]
    neighbours: u32,
    #[schemars(description = "Mois couverts dont viennent les ventes, 60 au plus.")]
    months: u32,
    #[schemars(with = "MonthText", description = "Le dernier de ces mois.")]
    to: Month,
    #[schemars(description = "Ventes de la commune en ces mois, hors logements neufs.")]
    volume: u64,
    #[schemars(description = "La même estimation pour chaque période de douze mois.")]
    yearly: Vec<YearEstimate>,
}

#[derive(Clone, Copy, Serialize, JsonSchema)]
struct YearEstimate {
    #[schemars(with = "MonthText", description = "Le dernier des douze mois.")]
    to: Month,
    #[schemars(description = "€/m², à 10 €/m² près.")]
    prix_m2: u32,
}

impl KindEstimate {
    /// The estimate of a kind of home, where there is one.
    pub(crate) fn of(modelled: &KindModelled) -> Option<Self> {
        modelled.estimate.as_ref().map(Self::from)
    }
}

impl From<&Estimate> for KindEstimate {
    fn from(estimate: &Estimate) -> Self {
        let yearly = estimate.yearly.iter().map(|year| YearEstimate {
            to: year.to,
            prix_m2: year.price,
        });
        Self {
            prix_m2: estimate.price,
            prix_m2_interval: estimate.interval,
            own_share: estimate.own_share,
            neighbours: estimate.neighbours,
            months: estimate.months,
            to: estimate.to,
            volume: estimate.n,
            yearly: yearly.collect(),
        }
    }
}
