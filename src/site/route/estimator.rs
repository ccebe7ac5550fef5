//! `data/estimateur/<departement>.json`: what the estimator knows of a département, so that a sale renews this file and not
//! every page; and the schema that describes it.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::base::month::Month;
use crate::base::place::Level;
use crate::site::block::schema::{self, MonthText};
use crate::site::estimator::DepartementEstimator;
use crate::site::maker::Maker;
use crate::site::{Site, SiteError};

/// The estimator's files.
pub(super) struct EstimatorData;

#[derive(Serialize, JsonSchema)]
#[schemars(
    title = "L’estimateur dans un département",
    description = "Fichier data/estimateur/<département>.json. Le logarithme du prix, en euros, d’un logement est level (fichier de la commune) + l’écart de sa section / 100 + ce que ses caractéristiques ajoutent. Le prix et sa fourchette se donnent à deux chiffres. Hors de 30 à 300 m² pour une maison, de 12 à 250 m² pour un appartement, ou au-delà de 20 000 m² de terrain, l’estimateur ne répond pas."
)]
struct Document {
    #[schemars(description = "Code du département.")]
    departement: String,
    #[schemars(with = "MonthText", description = "Dernier mois des ventes.")]
    to: Month,
    appartement: Option<DepartementEstimator>,
    maison: Option<DepartementEstimator>,
}

impl Maker for EstimatorData {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        site.departement_codes(|code| {
            let summary = site.summary(Level::Departement, code);
            summary.is_some_and(|summary| summary.hit_rates.is_some())
        })
    }

    fn hash(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        site.known_entry(Level::Departement, code)?.hash(hasher);
        Ok(())
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        let figures = site.known_entry(Level::Departement, code)?.figures(code)?;
        let modelled = &figures.modelled;
        let document = Document {
            departement: code.to_owned(),
            to: figures.coverage.to,
            appartement: modelled.appartement.estimator.as_ref().map(Into::into),
            maison: modelled.maison.estimator.as_ref().map(Into::into),
        };
        serde_json::to_vec(&document).map_err(SiteError::Context)
    }
}

/// The JSON Schema of these files.
pub(super) fn estimator_schema() -> Value {
    schema::schema_of::<Document>()
}
