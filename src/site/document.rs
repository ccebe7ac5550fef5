//! `data/villes/<code>.json`: the figures of a commune for programs, and the schema that describes it. Both are put together
//! from the blocks.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::block::FigureBlocks;
use super::block::budget::BudgetRow;
use super::block::changes::HomeChange;
use super::block::distribution::KindDistribution;
use super::block::headline::{CurrentStats, KindPrices, PooledPrices};
use super::block::identity::Metadata;
use super::block::news::News;
use super::block::notes::Notes;
use super::block::registration::IncompleteMonthData;
use super::block::rooms::RoomsLine;
use super::block::schema;
use super::block::seasonality::Seasonality;
use super::block::series::{Evolution, KindSeries};
use super::block::surfaces::SurfaceLine;
use super::estimator::CommuneLevel;
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
    by_type: Option<ByKind<'s>>,
    seasonality: Seasonality<'s>,
    #[schemars(
        description = "Ce que cinq budgets achètent ; vide sans médiane qui ne soit pas fragile."
    )]
    budgets: Vec<BudgetRow>,
    #[schemars(
        description = "Derniers mois dont des ventes manquent encore, enregistrées avec retard : leur nombre de ventes, et celui de leur année, ne se comparent pas à d’autres."
    )]
    incomplete_months: Vec<IncompleteMonthData>,
    last_release: Option<&'s News>,
    notes: Notes<'s>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(description = "Chiffres par type de bien ; null si rien n’est couvert.")]
struct ByKind<'s> {
    #[schemars(description = "Appartements.")]
    appartement: KindData<'s>,
    #[schemars(description = "Maisons.")]
    maison: KindData<'s>,
    #[schemars(description = "Locaux industriels, commerciaux ou assimilés.")]
    local: KindData<'s>,
    apt_maison: PooledPrices,
}

/// A kind of property, as the blocks tell of it.
#[derive(Serialize, JsonSchema)]
#[schemars(description = "")]
struct KindData<'s> {
    #[serde(flatten)]
    prices: KindPrices,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        description = "Sur un an, et sur autant d’années entières que les fichiers en couvrent ; absent où rien n’est mesurable."
    )]
    changes: Vec<HomeChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    estimator: Option<CommuneLevel<'s>>,
    #[schemars(
        description = "Par nombre de pièces principales, dans la fenêtre ; 5 veut dire 5 et plus."
    )]
    rooms: Vec<RoomsLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        description = "Par surface bâtie, dans la fenêtre ; sans les classes où rien n’est vendu, et absent si aucune n’a de prix."
    )]
    surfaces: Vec<SurfaceLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distribution: Option<KindDistribution<'s>>,
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
            budgets: Vec::new(),
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
            budget,
            changes,
            distribution,
            estimator,
            extent,
            headline,
            registration,
            // Places of which the data file tells have none.
            indices: _,
            rooms,
            seasonality,
            series,
            surfaces,
        } = blocks;
        let [flats, houses, premises] = series.of_kinds();
        let kind = |prices, series| KindData {
            prices,
            changes: Vec::new(),
            estimator: None,
            rooms: Vec::new(),
            surfaces: Vec::new(),
            distribution: None,
            series,
        };
        Document {
            metadata: self.metadata.resting_on(&extent),
            current_stats: headline.current_stats(extent.volume),
            evolution: series.evolution(),
            by_type: Some(ByKind {
                appartement: KindData {
                    changes: changes.appartement,
                    estimator: estimator.appartement,
                    rooms: rooms.appartement.lines,
                    surfaces: surfaces.appartement.lines,
                    distribution: distribution.appartement,
                    ..kind(headline.appartement, flats)
                },
                maison: KindData {
                    changes: changes.maison,
                    estimator: estimator.maison,
                    rooms: rooms.maison.lines,
                    surfaces: surfaces.maison.lines,
                    distribution: distribution.maison,
                    ..kind(headline.maison, houses)
                },
                local: kind(headline.local, premises),
                apt_maison: headline.apt_maison,
            }),
            seasonality,
            budgets: budget.rows,
            incomplete_months: registration.months,
            ..self
        }
    }
}

/// The JSON Schema of the data files, published beside them.
pub(super) fn commune_schema() -> Vec<u8> {
    schema::published::<Document<'_>>()
}
