//! The latest price of each kind of property, and how sure it is.

use schemars::JsonSchema;
use serde::Serialize;

use super::estimate::KindEstimate;
use super::extent::MonthSpan;
use super::schema::MonthText;
use crate::base::month::Month;
use crate::stats::{self, Figures, Segment};

/// `figures.headline` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Headline {
    pub appartement: KindPrices,
    pub maison: KindPrices,
    pub local: KindPrices,
    /// Flats and houses pooled, which no page shows.
    #[serde(skip)]
    pub apt_maison: PooledPrices,
}

/// A kind of property; the first part of `by_type.<kind>` in the data file.
#[derive(Serialize, JsonSchema)]
pub(crate) struct KindPrices {
    #[schemars(description = "Ventes retenues sur toute la période, logements neufs compris.")]
    total: u64,
    current: Option<Window>,
    #[serde(skip_serializing_if = "Option::is_none")]
    estimate: Option<KindEstimate>,
}

/// `by_type.apt_maison` in the data file.
#[derive(Serialize, JsonSchema)]
#[schemars(
    description = "Appartements et maisons réunis ; séries et évolutions sont dans evolution."
)]
pub(crate) struct PooledPrices {
    total: u64,
    current: Option<Window>,
}

#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(
    description = "Dernière fenêtre : 12 mois, étendue à 24, 36 ou 60 s’il y a trop peu de ventes ; null s’il n’y en a aucune."
)]
pub(crate) struct Window {
    #[schemars(
        with = "MonthText",
        description = "Premier mois couvert de la fenêtre."
    )]
    from: Month,
    #[schemars(with = "MonthText", description = "Dernier mois de la fenêtre.")]
    to: Month,
    #[schemars(
        description = "Longueur de la fenêtre, en mois.",
        extend("enum" = [12, 24, 36, 60])
    )]
    months: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Mois de la fenêtre que les données couvrent, s’il en manque.",
        range(min = 1, max = 59)
    )]
    covered: Option<u32>,
    #[schemars(description = "Ventes retenues de la fenêtre, logements neufs compris.")]
    volume: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        range(min = 1),
        description = "Parmi elles, ventes en l’état futur d’achèvement (VEFA), s’il y en a : elles n’entrent dans les fichiers que des années après l’acte, et d’autres s’ajouteront. Les prix de la fenêtre les comptent, comme la méthode officielle ; les séries et les évolutions, non."
    )]
    volume_neuf: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Médiane, €/m², à 10 €/m² près sur moins de 30 ventes.")]
    prix_m2: Option<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(description = "La médiane repose sur très peu de ventes. Absent sinon.")]
    fragile: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Intervalle de confiance à 95 % de la médiane, €/m², bornes arrondies vers l’extérieur à 10 €/m² sur moins de 30 ventes."
    )]
    prix_m2_interval: Option<[u32; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Premier quartile, €/m².")]
    prix_m2_q1: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Troisième quartile, €/m².")]
    prix_m2_q3: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Premier décile, €/m² : une vente sur dix est moins chère. Absent sous 50 ventes."
    )]
    prix_m2_d1: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Neuvième décile, €/m² : une vente sur dix est plus chère. Absent sous 50 ventes."
    )]
    prix_m2_d9: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Prix total médian, €, arrondi à trois chiffres.")]
    prix_median: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Premier quartile du prix total, €, arrondi à trois chiffres. Absent sous 22 ventes."
    )]
    prix_q1: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Troisième quartile du prix total, €, arrondi à trois chiffres. Absent sous 22 ventes."
    )]
    prix_q3: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Surface bâtie moyenne, en m², à partir de 30 ventes : à 10 m² près, à 5 m² près à partir de 60 ventes, à 1 m² près à partir de 300."
    )]
    surface_moyenne: Option<u32>,
}

/// `current_stats` in the data file: the most wanted of the figures, under plain names.
#[derive(Default, Serialize, JsonSchema)]
#[schemars(
    description = "Derniers chiffres. Chaque type a sa propre fenêtre, donnée dans by_type."
)]
pub(crate) struct CurrentStats {
    #[schemars(description = "Prix médian des appartements, €/m².")]
    prix_m2_appartement: Option<u32>,
    #[schemars(description = "Prix médian des maisons, €/m².")]
    prix_m2_maison: Option<u32>,
    #[schemars(description = "Prix médian des appartements et maisons réunis, €/m².")]
    prix_m2_apt_maison: Option<u32>,
    #[schemars(
        description = "Prix médian des locaux industriels, commerciaux ou assimilés, €/m²."
    )]
    prix_m2_local: Option<u32>,
    #[schemars(description = "Prix total médian d’un appartement, €, arrondi à trois chiffres.")]
    prix_median_appartement: Option<u64>,
    #[schemars(description = "Prix total médian d’une maison, €, arrondi à trois chiffres.")]
    prix_median_maison: Option<u64>,
    #[schemars(
        description = "Ventes retenues d’appartements et de maisons sur les 12 derniers mois couverts."
    )]
    volume: Option<u64>,
    #[schemars(
        description = "Surface bâtie moyenne des appartements et maisons vendus dans la fenêtre, en m², arrondie comme celle de by_type."
    )]
    surface_moyenne: Option<u32>,
    #[schemars(
        description = "Fenêtre de prix_m2_apt_maison et de surface_moyenne ; months vaut 12, 24, 36 ou 60."
    )]
    window: Option<MonthSpan>,
}

impl From<&Figures> for Headline {
    fn from(figures: &Figures) -> Self {
        let pooled = &figures.apt_maison;
        Self {
            appartement: KindPrices {
                estimate: KindEstimate::of(&figures.modelled.appartement),
                ..KindPrices::from(&figures.appartement)
            },
            maison: KindPrices {
                estimate: KindEstimate::of(&figures.modelled.maison),
                ..KindPrices::from(&figures.maison)
            },
            local: KindPrices::from(&figures.local),
            apt_maison: PooledPrices {
                total: pooled.total,
                current: pooled.current.as_ref().map(Window::from),
            },
        }
    }
}

impl Headline {
    /// The headline figures under plain names. `volume` is the sales of the last twelve covered months.
    pub(crate) fn current_stats(&self, volume: u64) -> CurrentStats {
        let per_m2 = |window: Option<Window>| window?.prix_m2;
        let price = |window: Option<Window>| window?.prix_median;
        let pooled = self.apt_maison.current;
        CurrentStats {
            prix_m2_appartement: per_m2(self.appartement.current),
            prix_m2_maison: per_m2(self.maison.current),
            prix_m2_apt_maison: per_m2(pooled),
            prix_m2_local: per_m2(self.local.current),
            prix_median_appartement: price(self.appartement.current),
            prix_median_maison: price(self.maison.current),
            volume: Some(volume),
            surface_moyenne: pooled.and_then(|window| window.surface_moyenne),
            window: pooled.map(|window| MonthSpan {
                from: window.from,
                to: window.to,
                months: window.months,
            }),
        }
    }
}

impl From<&Segment> for KindPrices {
    fn from(segment: &Segment) -> Self {
        Self {
            total: segment.total,
            current: segment.current.as_ref().map(Window::from),
            estimate: None,
        }
    }
}

impl From<&stats::Current> for Window {
    fn from(current: &stats::Current) -> Self {
        Self {
            from: current.from,
            to: current.to,
            months: current.months,
            covered: (current.covered < current.months).then_some(current.covered),
            volume: current.n,
            volume_neuf: Some(current.new_homes).filter(|volume| *volume > 0),
            prix_m2: current.median,
            fragile: current.fragile,
            prix_m2_interval: current.interval,
            prix_m2_q1: current.q1,
            prix_m2_q3: current.q3,
            prix_m2_d1: current.p10,
            prix_m2_d9: current.p90,
            prix_median: current.median_price,
            prix_q1: current.price_q1,
            prix_q3: current.price_q3,
            surface_moyenne: current.mean_surface,
        }
    }
}
