//! How prices changed, for comparable homes: over a year, and over as many whole years as the files hold.

use schemars::JsonSchema;
use serde::Serialize;

use super::schema::MonthText;
use crate::base::month::Month;
use crate::stats::{self, Figures};

/// How prices changed, for the data file; pages have it in their answers.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Évolution propre ; absente si rien n’indique qu’elle s’écarte de celle du territoire plus large."
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
}

impl From<&Figures> for Changes {
    fn from(figures: &Figures) -> Self {
        let to = figures.coverage.to;
        let of = |house: bool| {
            let (segment, modelled) = figures.home(house);
            let median = segment.current.as_ref().and_then(|current| current.median);
            let changes = modelled.told_changes(median).iter();
            changes.map(|change| HomeChange::new(change, to)).collect()
        };
        Self {
            appartement: of(false),
            maison: of(true),
        }
    }
}

/// The change that is shown of a place.
#[derive(Clone, Copy, Serialize, JsonSchema)]
pub(super) struct Shown {
    years: u32,
    /// Per cent, to a tenth.
    percent: f64,
    interval: [f64; 2],
    /// The interval does not hold zero.
    clear: bool,
    /// The wider place whose change it is, where nothing says that this one differs.
    follows: Option<&'static str>,
}

impl Shown {
    /// The place's own change, or else the wider place's.
    pub(super) fn of(change: &stats::HomeChange) -> Option<Self> {
        let (shown, follows) = match (&change.own, &change.wider) {
            (Some(own), _) => (own, None),
            (None, Some(wider)) if wider.epci => (&wider.change, Some("l’intercommunalité")),
            (None, Some(wider)) => (&wider.change, Some("le département")),
            (None, None) => return None,
        };
        let [low, high] = shown.interval;
        Some(Self {
            years: change.years,
            percent: shown.percent,
            interval: shown.interval,
            clear: low > 0.0 || high < 0.0,
            follows,
        })
    }

    /// The wider place whose it is, where it is not the place's own.
    pub(super) fn follows(&self) -> Option<&'static str> {
        self.follows
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
        }
    }
}
