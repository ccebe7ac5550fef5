//! The sales of each month of the year against those of an average month.

use schemars::JsonSchema;
use serde::Serialize;

use crate::site::chart::season::season;
use crate::site::french;
use crate::stats::Figures;

/// `seasonality` in the data file: 100 is an average month.
#[derive(Default, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    inline,
    description = "De janvier à décembre, ventes de logements anciens (sans VEFA) rapportées au mois moyen (100), sur les années complètes. Absent s’il y a moins de 60 ventes.",
    extend("minItems" = 12, "maxItems" = 12)
)]
pub(crate) struct Seasonality<'f>(&'f [u32]);

impl<'f> From<&'f Figures> for Seasonality<'f> {
    fn from(figures: &'f Figures) -> Self {
        Self(&figures.seasonality)
    }
}

impl Seasonality<'_> {
    /// Whether there are too few sales for it.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// `figures.season` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Season<'f> {
    indices: &'f [u32],
    /// The month with the most deeds, from 1, and by how many per cent it is above an average one.
    peak: usize,
    above: u32,
    /// Empty where there is nothing to draw.
    svg: String,
}

impl<'f> From<&'f Figures> for Season<'f> {
    fn from(figures: &'f Figures) -> Self {
        let indices = &figures.seasonality[..];
        // The first of those that are equal.
        let peak = (0..indices.len()).rev().max_by_key(|&month| indices[month]);
        let (peak, above) = peak.map_or((0, 0), |month| {
            (month + 1, indices[month].saturating_sub(100))
        });
        let name = french::month_name(peak).unwrap_or_default();
        let says = format!(
            "Actes par mois de l’année\u{a0}: le plus en {name}, {above}\u{a0}% de plus qu’un mois moyen."
        );
        Self {
            indices,
            peak,
            above,
            svg: if indices.is_empty() {
                String::new()
            } else {
                season(indices, &says)
            },
        }
    }
}
