//! `data/villes/<code>.json`: the figures of a commune for programs, and the schema that describes it. Both are put together
//! from the blocks.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::block::FigureBlocks;
use super::block::headline::{CurrentStats, KindPrices, PooledPrices};
use super::block::identity::Metadata;
use super::block::news::News;
use super::block::notes::Notes;
use super::block::registration::IncompleteMonthData;
use super::block::rooms::RoomsLine;
use super::block::seasonality::Seasonality;
use super::block::series::{Evolution, KindSeries};
use super::maker::Maker;
use super::{Entry, Site, SiteError};
use crate::base::place::Level;

/// The data files of communes.
pub(super) struct CommuneData;

/// A data file; with what its figures are made of left out, what its key holds.
#[derive(Serialize, JsonSchema)]
#[schemars(
    title = "Prix de l’immobilier d’une commune",
    description = "Fichier data/villes/<code>.json. Prix en euros, prix au m² en euros par m², surfaces en m². Pour qu’aucune vente ne se reconnaisse, un prix au m² sur moins de 30 ventes est arrondi à 10 €/m² (les bornes d’un intervalle, vers l’extérieur) et à l’euro au-delà ; un prix total est arrondi à trois chiffres et n’est jamais celui d’une à quatre des ventes ; aucune moyenne de prix n’est publiée. null veut dire : non publié ou non couvert, jamais zéro."
)]
struct Document<'s> {
    metadata: Metadata<'s>,
    current_stats: CurrentStats,
    evolution: Evolution,
    by_type: Option<ByKind>,
    seasonality: Seasonality<'s>,
    #[schemars(
        description = "Derniers mois dont des ventes manquent encore, enregistrées avec retard : leur nombre de ventes, et celui de leur année, ne se comparent pas à d’autres."
    )]
    incomplete_months: Vec<IncompleteMonthData>,
    last_release: Option<&'s News>,
    notes: Notes<'s>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(description = "Chiffres par type de bien ; null si rien n’est couvert.")]
struct ByKind {
    #[schemars(description = "Appartements.")]
    appartement: KindData,
    #[schemars(description = "Maisons.")]
    maison: KindData,
    #[schemars(description = "Locaux industriels, commerciaux ou assimilés.")]
    local: KindData,
    apt_maison: PooledPrices,
}

/// A kind of property, as the blocks tell of it.
#[derive(Serialize, JsonSchema)]
#[schemars(description = "")]
struct KindData {
    #[serde(flatten)]
    prices: KindPrices,
    #[schemars(
        description = "Par nombre de pièces principales, dans la fenêtre ; 5 veut dire 5 et plus."
    )]
    rooms: Vec<RoomsLine>,
    #[serde(flatten)]
    series: KindSeries,
}

impl Maker for CommuneData {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        site.commune_codes()
    }

    fn hash(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        let (document, entry) = Document::new(site, code)?;
        let text = serde_json::to_vec(&document).map_err(SiteError::Context)?;
        hasher.update(blake3::hash(&text).as_bytes());
        if let Some(entry) = entry {
            entry.hash(hasher);
        }
        Ok(())
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        let (document, entry) = Document::new(site, code)?;
        match entry {
            Some(entry) => {
                let figures = entry.figures(code)?;
                serde_json::to_vec(&document.with(FigureBlocks::from(&*figures)))
            }
            None => serde_json::to_vec(&document),
        }
        .map_err(SiteError::Context)
    }
}

impl<'s> Document<'s> {
    /// The data file of a commune without its figures, and the entry that holds these.
    fn new(site: &'s Site<'_>, code: &str) -> Result<(Self, Option<&'s Entry>), SiteError> {
        let commune = site
            .geography
            .commune(code)
            .ok_or_else(|| SiteError::NoPage { code: code.into() })?;
        let entry = site.entry(Level::Commune, &commune.code);
        let document = Self {
            metadata: Metadata::new(site, commune, entry),
            current_stats: CurrentStats::default(),
            evolution: Evolution::default(),
            by_type: None,
            seasonality: Seasonality::default(),
            incomplete_months: Vec::new(),
            last_release: site.atlas.releases.news(&commune.code),
            notes: Notes::on_commune(site, commune),
        };
        Ok((document, entry))
    }

    fn with<'f>(self, blocks: FigureBlocks<'f>) -> Document<'f>
    where
        's: 'f,
    {
        // All of them, by name: a block that is left out of the file does not compile.
        let FigureBlocks {
            extent,
            headline,
            registration,
            rooms,
            seasonality,
            series,
        } = blocks;
        let [flats, houses, premises] = series.of_kinds();
        let kind = |prices, rooms, series| KindData {
            prices,
            rooms,
            series,
        };
        Document {
            metadata: self.metadata.resting_on(&extent),
            current_stats: headline.current_stats(extent.volume),
            evolution: series.evolution(),
            by_type: Some(ByKind {
                appartement: kind(headline.appartement, rooms.appartement.lines, flats),
                maison: kind(headline.maison, rooms.maison.lines, houses),
                local: kind(headline.local, Vec::new(), premises),
                apt_maison: headline.apt_maison,
            }),
            seasonality,
            incomplete_months: registration.months,
            ..self
        }
    }
}

/// The JSON Schema of the data files, published beside them.
pub(super) fn commune_schema() -> Vec<u8> {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(RecursiveTransform(tighten))
        .into_generator();
    let schema = generator.into_root_schema_for::<Document<'_>>();
    let mut text = format!("{:#}", schema.as_value()).into_bytes();
    text.push(b'\n');
    text
}

/// Closes all objects, and takes out what only says how Rust keeps a number.
fn tighten(schema: &mut Schema) {
    if schema.get("properties").is_some() {
        schema.insert("additionalProperties".into(), false.into());
    }
    if schema.get("format").is_some_and(|format| format != "date") {
        schema.remove("format");
    }
}
