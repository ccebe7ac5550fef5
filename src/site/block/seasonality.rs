//! The sales of each month of the year against those of an average month.

use schemars::JsonSchema;
use serde::Serialize;

use crate::stats::Figures;

/// `figures.seasonality` in the templates and `seasonality` in the data file: 100 is an average month.
#[derive(Default, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    inline,
    description = "De janvier à décembre, ventes de logements anciens (sans VEFA) rapportées au mois moyen (100), sur les années complètes. Vide s’il y a moins de 60 ventes.",
    extend("oneOf" = [{ "maxItems": 0 }, { "minItems": 12, "maxItems": 12 }])
)]
pub(crate) struct Seasonality<'f>(&'f [u32]);

impl<'f> From<&'f Figures> for Seasonality<'f> {
    fn from(figures: &'f Figures) -> Self {
        Self(&figures.seasonality)
    }
}
