//! The figures of a place for programs, `data/villes/<code>.json` and its like for wider places, and the schemas that describe
//! them. All are put together from the blocks.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::block::FigureBlocks;
use super::block::budget::BudgetRow;
use super::block::changes::HomeChange;
use super::block::distribution::KindDistribution;
use super::block::headline::{CurrentStats, KindPrices, PooledPrices};
use super::block::identity::{CommuneIdentity, Metadata, WiderIdentity};
use super::block::indices::KindIndex;
use super::block::local::LocalData;
use super::block::news::News;
use super::block::notes::Notes;
use super::block::registration::IncompleteMonthData;
use super::block::rooms::RoomsLine;
use super::block::schema;
use super::block::seasonality::Seasonality;
use super::block::series::{Evolution, KindSeries};
use super::block::surfaces::SurfaceLine;
use super::estimator::CommuneLevel;
use super::indicators::Indicators;
use super::{Entry, Site, SiteError};
use crate::base::place::{Level, Place};

/// A data file before its figures are read.
pub(super) struct Draft<'s, P> {
    document: Document<'s, P>,
    entry: Option<&'s Entry>,
}

/// A data file; with what its figures are made of left out, what its key holds.
#[derive(Serialize, JsonSchema)]
#[schemars(
    title = "Prix de l’immobilier dans un territoire",
    description = "Fichier data/villes/<code>.json d’une commune, d’un arrondissement ou d’une ville à arrondissements, data/epci/<siren>.json, data/departement/<code>.json, data/region/<code>.json ou data/france.json. Prix en euros, prix au m² en euros par m², surfaces en m². Pour qu’aucune vente ne se reconnaisse, un prix au m² sur moins de 30 ventes est arrondi à 10 €/m² (les bornes d’un intervalle, vers l’extérieur) et à l’euro au-delà ; un prix total est arrondi à trois chiffres et n’est jamais celui d’une à quatre des ventes ; aucune moyenne de prix n’est publiée. Absent ou null veut dire : non publié ou non couvert, jamais zéro."
)]
struct Document<'s, P> {
    metadata: Metadata<P>,
    current_stats: CurrentStats,
    evolution: Evolution,
    by_type: Option<ByKind<'s>>,
    #[serde(skip_serializing_if = "Seasonality::is_empty")]
    seasonality: Seasonality<'s>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        description = "Ce que cinq budgets achètent ; absent sans médiane qui ne soit pas fragile."
    )]
    budgets: Vec<BudgetRow>,
    #[schemars(
        description = "Derniers mois dont des ventes manquent encore, enregistrées avec retard : leur nombre de ventes, et celui de leur année, ne se comparent pas à d’autres."
    )]
    incomplete_months: Vec<IncompleteMonthData>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_release: Option<&'s News>,
    #[serde(skip_serializing_if = "Indicators::is_empty")]
    indicators: Indicators<'s>,
    #[serde(skip_serializing_if = "Notes::is_empty")]
    notes: Notes<'s>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        description = "Ce que publient des opérateurs, telle une mairie, sur une commune : sous leur responsabilité. Absent où il n’y a rien."
    )]
    local_notes: Vec<LocalData<'s>>,
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
        description = "Sur un an, et sur autant d’années entières que les fichiers en couvrent ; absent où rien n’est mesurable ou sans prix."
    )]
    changes: Vec<HomeChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    estimator: Option<CommuneLevel<'s>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<KindIndex>,
    #[serde(flatten)]
    series: KindSeries,
}

impl<'s> Draft<'s, CommuneIdentity<'s>> {
    /// The data file of a commune.
    ///
    /// # Errors
    /// When there is none of this code.
    pub(super) fn of_commune(site: &'s Site<'_>, code: &str) -> Result<Self, SiteError> {
        let commune = site
            .geography
            .commune(code)
            .ok_or_else(|| SiteError::NoPage { code: code.into() })?;
        let entry = site.entry(Level::Commune, &commune.code);
        let identity = CommuneIdentity::new(site, commune, entry.is_some());
        let notes = Notes::on_commune(site, commune);
        let told = site.atlas.indicator_place(Level::Commune, &commune.code);
        let indicators = Indicators::of(&site.indicators, told);
        let mut document = Document::new(Metadata::new(identity, entry), indicators, notes);
        document.last_release = site.atlas.releases.news(&commune.code);
        document.local_notes = LocalData::on(site, &commune.code);
        Ok(Self { document, entry })
    }
}

impl<'s> Draft<'s, WiderIdentity<'s>> {
    /// The data file of a place above communes.
    ///
    /// # Errors
    /// When it has no figures.
    pub(super) fn of_wider(site: &'s Site<'_>, place: &Place) -> Result<Self, SiteError> {
        let code = &place.code;
        let entry = site.entry(place.level, code);
        let identity = entry.and_then(|entry| WiderIdentity::new(site, place, entry));
        let identity = identity.ok_or_else(|| SiteError::NoPage { code: code.clone() })?;
        let told = site.atlas.indicator_place(place.level, code);
        let indicators = Indicators::of(&site.indicators, told);
        // The code of a région may be that of a département, too, and notes are on none.
        let notes = match place.level {
            Level::Region => Notes::on(site, &[]),
            _ => Notes::on(site, &[code]),
        };
        let document = Document::new(Metadata::new(identity, entry), indicators, notes);
        Ok(Self { document, entry })
    }
}

impl<P: Serialize> Draft<'_, P> {
    /// Adds everything that the file is made of.
    ///
    /// # Errors
    /// When it cannot be serialised.
    pub(super) fn hash(&self, hasher: &mut blake3::Hasher) -> Result<(), SiteError> {
        let text = serde_json::to_vec(&self.document).map_err(SiteError::Context)?;
        hasher.update(blake3::hash(&text).as_bytes());
        if let Some(entry) = self.entry {
            entry.hash(hasher);
        }
        Ok(())
    }

    /// The bytes of the file, with the figures; errors name the place by its code.
    ///
    /// # Errors
    /// When the figures cannot be read.
    pub(super) fn render(self, code: &str) -> Result<Vec<u8>, SiteError> {
        match self.entry {
            Some(entry) => {
                let figures = entry.figures(code)?;
                serde_json::to_vec(&self.document.with(FigureBlocks::from(&*figures)))
            }
            None => serde_json::to_vec(&self.document),
        }
        .map_err(SiteError::Context)
    }
}

impl<'s, P> Document<'s, P> {
    /// A data file without figures.
    fn new(metadata: Metadata<P>, indicators: Indicators<'s>, notes: Notes<'s>) -> Self {
        Self {
            metadata,
            current_stats: CurrentStats::default(),
            evolution: Evolution::default(),
            by_type: None,
            seasonality: Seasonality::default(),
            budgets: Vec::new(),
            incomplete_months: Vec::new(),
            last_release: None,
            indicators,
            notes,
            local_notes: Vec::new(),
        }
    }

    fn with<'f>(self, blocks: FigureBlocks<'f>) -> Document<'f, P>
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
            indices: _,
            index,
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
            index: None,
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
                    index: index.appartement,
                    ..kind(headline.appartement, flats)
                },
                maison: KindData {
                    changes: changes.maison,
                    estimator: estimator.maison,
                    rooms: rooms.maison.lines,
                    surfaces: surfaces.maison.lines,
                    distribution: distribution.maison,
                    index: index.maison,
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

/// The JSON Schema of the data files of communes, published beside them.
pub(super) fn commune_schema() -> Value {
    schema::schema_of::<Document<'_, CommuneIdentity<'_>>>()
}

/// The JSON Schema of the data files of wider places.
pub(super) fn wider_schema() -> Value {
    let mut schema = schema::schema_of::<Document<'_, WiderIdentity<'_>>>();
    // Operators have notes on communes alone.
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.remove("local_notes");
    }
    schema
}
