//! `data/ventes/<code>.json`: recent sales of a commune, where the settings of a site ask for them; and the schema that
//! describes it. A page loads it on its reader's request only, and hosts send it with a header that keeps it out of search
//! engines (LPF, article R*112 A-3).

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::base::month::{Month, Period};
use crate::base::place::Level;
use crate::site::block::schema::{self, MonthText};
use crate::site::maker::Maker;
use crate::site::{Site, SiteError};
use crate::stats::{AlikeSales, Segment};

/// The lists.
pub(super) struct RecentSales;

#[derive(Serialize, JsonSchema)]
#[schemars(
    title = "Ventes récentes d’une commune",
    description = "Fichier data/ventes/<code>.json, à ne pas proposer aux moteurs de recherche. Seules y sont les ventes dont au moins quatre autres du même trimestre ont le même nombre de pièces et la même surface à 10 m² près. Il est interdit de s’en servir pour identifier des personnes."
)]
struct Document<'f> {
    #[schemars(description = "Code INSEE de la commune.")]
    city_code: String,
    #[schemars(with = "MonthText", description = "Dernier mois des ventes.")]
    to: Month,
    appartement: Kind<'f>,
    maison: Kind<'f>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(description = "Les ventes d’un type de logement dans sa dernière période.")]
struct Kind<'f> {
    #[schemars(description = "Nombre de ventes de la période, montrées ou non.")]
    volume: u64,
    #[schemars(description = "Ventes semblables, les plus récentes d’abord.")]
    sales: Vec<Alike<'f>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(description = "Au moins cinq ventes semblables.")]
struct Alike<'f> {
    #[schemars(with = "String", regex(pattern = "^[0-9]{4}-Q[1-4]$"))]
    quarter: Period,
    #[schemars(description = "Nombre de pièces principales.")]
    rooms: u8,
    #[schemars(description = "Surface bâtie, en m², à la dizaine la plus proche.")]
    surface: u32,
    #[schemars(description = "Prix, en euros, à deux chiffres, du plus bas au plus haut.")]
    prices: &'f [u64],
}

impl Maker for RecentSales {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let mut codes = site.commune_codes();
        codes.retain(|code| {
            let summary = site.summary(Level::Commune, code);
            summary.is_some_and(|summary| summary.has_recent)
        });
        codes
    }

    fn hash(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        site.known_entry(Level::Commune, code)?.hash(hasher);
        Ok(())
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        let figures = site.known_entry(Level::Commune, code)?.figures(code)?;
        let document = Document {
            city_code: code.to_owned(),
            to: figures.coverage.to,
            appartement: Kind::from(&figures.appartement),
            maison: Kind::from(&figures.maison),
        };
        serde_json::to_vec(&document).map_err(SiteError::Context)
    }
}

impl<'f> From<&'f Segment> for Kind<'f> {
    fn from(segment: &'f Segment) -> Self {
        let sales = segment.recent.iter();
        Self {
            volume: segment.current.as_ref().map_or(0, |current| current.n),
            sales: sales.map(Alike::from).collect(),
        }
    }
}

impl<'f> From<&'f AlikeSales> for Alike<'f> {
    fn from(alike: &'f AlikeSales) -> Self {
        Self {
            quarter: alike.quarter,
            rooms: alike.rooms,
            surface: alike.surface,
            prices: &alike.prices,
        }
    }
}

/// The JSON Schema of these files.
pub(super) fn recent_sales_schema() -> Value {
    schema::schema_of::<Document<'_>>()
}
