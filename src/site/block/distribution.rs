//! How many flats and houses are sold at which price, over the latest window.

use schemars::JsonSchema;
use serde::Serialize;

use crate::stats::{self, Figures, Segment};

/// `figures.distribution` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Distribution<'f> {
    pub appartement: Option<KindDistribution<'f>>,
    pub maison: Option<KindDistribution<'f>>,
}

/// `by_type.<kind>.distribution` in the data file.
#[derive(Serialize, JsonSchema)]
#[schemars(
    description = "Ventes de la fenêtre par classe de prix, à partir de 50 ventes. Une classe va d’une borne comprise à la suivante non comprise ; la première n’a pas de borne inférieure, la dernière pas de borne supérieure. Des classes voisines sont réunies jusqu’à ce que chacune tienne au moins cinq ventes."
)]
pub(crate) struct KindDistribution<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Par prix au m², €/m², de 250 en 250 ; de 500 en 500 sous 100 ventes."
    )]
    par_m2: Option<Classes<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Par prix total, €, de 50 000 en 50 000 ; de 100 000 en 100 000 sous 100 ventes."
    )]
    prix: Option<Classes<'f>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(description = "")]
struct Classes<'f> {
    #[schemars(description = "Bornes entre les classes, par ordre croissant.")]
    bounds: &'f [u32],
    #[schemars(
        description = "Ventes de chaque classe, une de plus que de bornes ; leur somme est celle de la fenêtre. Ce qui se trouve sous une borne est compté par cinq ventes entières (quatre ventes peuvent y manquer), pour qu’aucune vente ne se lise dans une différence."
    )]
    volumes: &'f [u64],
}

impl<'f> From<&'f Figures> for Distribution<'f> {
    fn from(figures: &'f Figures) -> Self {
        Self {
            appartement: KindDistribution::of(&figures.appartement),
            maison: KindDistribution::of(&figures.maison),
        }
    }
}

impl<'f> KindDistribution<'f> {
    /// `None` where there are too few sales.
    fn of(segment: &'f Segment) -> Option<Self> {
        let classes = |known: &'f Option<stats::Distribution>| known.as_ref().map(Classes::from);
        let par_m2 = classes(&segment.distribution);
        let prix = classes(&segment.price_distribution);
        (par_m2.is_some() || prix.is_some()).then_some(Self { par_m2, prix })
    }
}

impl<'f> From<&'f stats::Distribution> for Classes<'f> {
    fn from(known: &'f stats::Distribution) -> Self {
        Self {
            bounds: &known.bounds,
            volumes: &known.counts,
        }
    }
}
