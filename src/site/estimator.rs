//! What the estimator takes: the level of prices in a commune, the coefficients of its département, and how it did.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::block::schema::MonthText;
use crate::base::month::Month;
use crate::stats::{self, CoefficientsOf, Figures};

/// What the estimator takes of a commune, which no page shows.
pub(crate) struct CommuneLevels<'f> {
    pub appartement: Option<CommuneLevel<'f>>,
    pub maison: Option<CommuneLevel<'f>>,
}

impl<'f> From<&'f Figures> for CommuneLevels<'f> {
    fn from(figures: &'f Figures) -> Self {
        Self {
            appartement: figures.modelled.appartement.level.as_ref().map(Into::into),
            maison: figures.modelled.maison.level.as_ref().map(Into::into),
        }
    }
}

/// `by_type.<kind>.estimator` in the data file of a commune.
#[derive(Serialize, JsonSchema)]
#[schemars(
    description = "Niveau des prix de la commune pour l’estimateur, à compléter par data/estimateur/<département>.json ; null si trop peu de ventes sont connues."
)]
pub(crate) struct CommuneLevel<'f> {
    #[schemars(
        description = "Logarithme du prix, en euros, du logement de référence : 95 m², 4 pièces et 400 m² de terrain pour une maison, 65 m² et 3 pièces pour un appartement. Au millième à partir de 30 ventes, sinon à cinq millièmes."
    )]
    level: f64,
    #[schemars(description = "Variance de ce niveau.")]
    variance: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Écarts des ventes de la commune (voir residuals du département), à partir de 100 ventes ; absents : ceux du département."
    )]
    residuals: Option<[f64; 4]>,
    #[schemars(
        description = "Écart de chaque section cadastrale d’au moins 5 ventes, en centièmes de logarithme : par préfixe, puis par section."
    )]
    sections: &'f BTreeMap<String, BTreeMap<String, i32>>,
}

/// One kind of home in the file of a département.
#[derive(Serialize, JsonSchema)]
#[schemars(description = "Ce que l’estimateur sait d’un type de logement dans le département.")]
pub(crate) struct DepartementEstimator {
    coefficients: Coefficients,
    #[schemars(
        description = "De quelles ventes viennent les coefficients : departement, region ou france."
    )]
    from: CoefficientsSource,
    #[schemars(
        description = "Écarts des ventes au logarithme du prix estimé : dixième, quart, trois quarts, neuf dixièmes. Avec la variance v du niveau, la fourchette de huit ventes sur dix va de -√(r² + 1,28² v) à +√(r² + 1,28² v), r étant le premier ou le dernier ; la moitié des ventes, de même avec les deux autres et 0,6745."
    )]
    residuals: [f64; 4],
    hit_rate: Option<PublishedHitRate>,
}

/// What each feature adds to the logarithm of the price.
#[derive(Serialize, JsonSchema)]
#[schemars(
    description = "Ce que chaque caractéristique ajoute au logarithme du prix. s est le logarithme de la surface rapportée à celle du logement de référence (95 ou 65 m²) ; g, celui du terrain plus 1 m², rapporté à 400 m²."
)]
struct Coefficients {
    #[schemars(description = "Multiplie s.")]
    surface: f64,
    #[schemars(description = "Multiplie s².")]
    surface_squared: f64,
    #[schemars(description = "De 0 à 5 pièces principales, puis 6 et plus.")]
    rooms: [f64; 7],
    #[schemars(description = "Logement vendu sur plan.")]
    new_home: f64,
    #[schemars(description = "Maison sans terrain.")]
    no_land: f64,
    #[schemars(description = "Multiplie g ; maisons seulement.")]
    land: f64,
    #[schemars(description = "Multiplie g² ; maisons seulement.")]
    land_squared: f64,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum CoefficientsSource {
    Departement,
    Region,
    France,
}

/// How the estimator of a year ago did on the sales since.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(
    rename = "HitRate",
    description = "Ce que l’estimateur d’il y a un an, qui ne connaissait pas ces ventes, en aurait dit ; null sous 100 ventes."
)]
pub(crate) struct PublishedHitRate {
    #[schemars(with = "MonthText", description = "Premier mois des ventes.")]
    from: Month,
    #[schemars(with = "MonthText", description = "Dernier mois des ventes.")]
    to: Month,
    #[schemars(description = "Nombre de ventes.")]
    sales: u64,
    #[schemars(description = "Combien sont dans la fourchette de huit sur dix.")]
    inside: u64,
    #[schemars(
        description = "Part de ces ventes dans la fourchette de huit sur dix, en pour cent."
    )]
    percent: u64,
    #[schemars(description = "Écart médian entre l’estimation et le prix, en pour cent.")]
    median_error: f64,
}

impl<'f> From<&'f stats::HomeLevel> for CommuneLevel<'f> {
    fn from(level: &'f stats::HomeLevel) -> Self {
        Self {
            level: level.level,
            variance: level.variance,
            residuals: level.residuals,
            sections: &level.sections,
        }
    }
}

impl From<&stats::KindEstimator> for DepartementEstimator {
    fn from(estimator: &stats::KindEstimator) -> Self {
        Self {
            coefficients: (&estimator.coefficients).into(),
            from: match estimator.from {
                CoefficientsOf::Departement => CoefficientsSource::Departement,
                CoefficientsOf::Region => CoefficientsSource::Region,
                CoefficientsOf::France => CoefficientsSource::France,
            },
            residuals: estimator.residuals,
            hit_rate: estimator.hit_rate.as_ref().map(PublishedHitRate::from),
        }
    }
}

impl From<&stats::Coefficients> for Coefficients {
    fn from(coefficients: &stats::Coefficients) -> Self {
        let stats::Coefficients {
            surface,
            surface_squared,
            rooms,
            new_home,
            no_land,
            land,
            land_squared,
        } = *coefficients;
        Self {
            surface,
            surface_squared,
            rooms,
            new_home,
            no_land,
            land,
            land_squared,
        }
    }
}

impl From<&stats::HitRate> for PublishedHitRate {
    fn from(rate: &stats::HitRate) -> Self {
        Self {
            from: rate.from,
            to: rate.to,
            sales: rate.sales,
            inside: rate.inside,
            percent: rate.percent(),
            median_error: rate.median_error,
        }
    }
}
