//! How prices changed, for comparable homes: over a year, and over as many whole years as the files hold.

use schemars::JsonSchema;
use serde::Serialize;

use super::schema::MonthText;
use crate::base::month::Month;
use crate::stats::{self, Figures};

/// `figures.changes` in the templates.
#[derive(Serialize)]
pub(crate) struct Changes {
    pub appartement: Vec<HomeChange>,
    pub maison: Vec<HomeChange>,
}

/// An item of `by_type.<kind>.changes` in the data file.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(
    description = "Évolution des prix à logement comparable, logements neufs exclus, entre deux périodes de 12 mois."
)]
pub(crate) struct HomeChange {
    #[schemars(description = "Années entre les deux périodes.", range(min = 1))]
    years: u32,
    #[schemars(
        with = "MonthText",
        description = "Dernier mois de la première période."
    )]
    since: Month,
    #[schemars(
        with = "MonthText",
        description = "Dernier mois de la seconde période."
    )]
    to: Month,
    #[schemars(
        description = "Ventes de logements anciens de la première et de la seconde période."
    )]
    n: [u64; 2],
    #[schemars(
        description = "Évolution dans le territoire plus large auquel la commune est comparée ; null pour un territoire qui se suffit."
    )]
    wider: Option<WiderChange>,
    #[schemars(
        description = "Évolution propre ; null si rien n’indique qu’elle s’écarte de celle du territoire plus large."
    )]
    own: Option<Percent>,
}

#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(description = "Évolution dans un territoire plus large.")]
struct WiderChange {
    #[schemars(description = "Vrai : l’intercommunalité ; faux : le département.")]
    epci: bool,
    #[serde(flatten)]
    change: Percent,
}

#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(description = "Évolution en pour cent, au dixième.")]
struct Percent {
    #[schemars(description = "La plus vraisemblable.")]
    percent: f64,
    #[schemars(description = "Intervalle de confiance à 95 %.")]
    interval: [f64; 2],
    #[schemars(description = "Ventes de logements anciens des deux périodes, dont elle vient.")]
    n: [u64; 2],
}

impl From<&Figures> for Changes {
    fn from(figures: &Figures) -> Self {
        let to = figures.coverage.to;
        let of = |changes: &[stats::HomeChange]| {
            let changes = changes.iter();
            changes.map(|change| HomeChange::new(change, to)).collect()
        };
        Self {
            appartement: of(&figures.modelled.appartement.changes),
            maison: of(&figures.modelled.maison.changes),
        }
    }
}

impl HomeChange {
    fn new(change: &stats::HomeChange, to: Month) -> Self {
        Self {
            years: change.years,
            since: change.since,
            to,
            n: change.n,
            wider: change.wider.map(|wider| WiderChange {
                epci: wider.epci,
                change: wider.change.into(),
            }),
            own: change.own.map(Percent::from),
        }
    }
}

impl From<stats::Percent> for Percent {
    fn from(change: stats::Percent) -> Self {
        Self {
            percent: change.percent,
            interval: change.interval,
            n: change.n,
        }
    }
}
