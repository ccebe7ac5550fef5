//! `data/indices/<code>.json`: the quarterly indices of a département and of its EPCI, or those of France and its régions; and
//! the schema that describes them.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::base::place::{Level, Place};
use crate::site::block::indices::{KindIndex, KindIndices};
use crate::site::block::schema;
use crate::site::maker::Maker;
use crate::site::{Entry, Site, SiteError, french, names};

/// The name of the file of France and its régions.
const FRANCE: &str = "france";

/// The files of indices.
pub(super) struct IndexData;

#[derive(Serialize, JsonSchema)]
#[schemars(
    title = "Indices trimestriels des prix à logement comparable",
    description = "Fichiers data/indices/<département>.json (le département et ses intercommunalités d’au moins 500 ventes par an) et data/indices/france.json (la France et ses régions). Logements anciens ; 100 sur la première année entièrement couverte. Chaque parution peut en réviser les valeurs."
)]
struct Document {
    places: Vec<PlaceIndices>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(description = "Les indices d’un territoire.")]
struct PlaceIndices {
    #[schemars(description = "epci, departement, region ou pays.")]
    level: &'static str,
    #[schemars(description = "Code INSEE, SIREN d’une intercommunalité, ou FR.")]
    code: String,
    name: String,
    appartement: Option<KindIndex>,
    maison: Option<KindIndex>,
}

/// A place whose indices are in a file.
struct Indexed<'s> {
    place: Place,
    name: String,
    entry: &'s Entry,
}

impl Maker for IndexData {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let has_index = |code: &str| !indexed(site, code).is_empty();
        let mut codes = site.departement_codes(has_index);
        codes.extend(has_index(FRANCE).then_some(Cow::Borrowed(FRANCE)));
        codes
    }

    fn hash(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        for indexed in indexed(site, code) {
            let head = format!("{} {}\n", indexed.place, indexed.name);
            hasher.update(blake3::hash(head.as_bytes()).as_bytes());
            indexed.entry.hash(hasher);
        }
        Ok(())
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        let places = indexed(site, code).into_iter().map(|indexed| {
            let figures = indexed.entry.figures(&indexed.place.code)?;
            let KindIndices {
                appartement,
                maison,
            } = (&*figures).into();
            Ok(PlaceIndices {
                level: indexed.place.level.name(),
                code: indexed.place.code,
                name: indexed.name,
                appartement,
                maison,
            })
        });
        let document = Document {
            places: places.collect::<Result<_, SiteError>>()?,
        };
        serde_json::to_vec(&document).map_err(SiteError::Context)
    }
}

/// The places of a file that have an index.
fn indexed<'s>(site: &'s Site<'_>, code: &str) -> Vec<Indexed<'s>> {
    let mut names = Vec::new();
    if code == FRANCE {
        names.push((Place::france(), "France".to_owned()));
        let regions = site.regions.iter();
        names.extend(regions.map(|region| {
            let place = Place::new(Level::Region, &region.code);
            (place, french::name(&region.name))
        }));
    } else if let Some(departement) = site.geography.departement(code) {
        let place = Place::new(Level::Departement, &departement.code);
        names.push((place, french::name(&departement.name)));
        let own = site.epcis_mainly_in(code);
        names.extend(own.map(|epci| (Place::new(Level::Epci, &epci.code), names::epci(epci).0)));
    }
    let known = names.into_iter().filter_map(|(place, name)| {
        let entry = site.entry(place.level, &place.code)?;
        entry
            .summary
            .has_index
            .then_some(Indexed { place, name, entry })
    });
    known.collect()
}

/// The JSON Schema of these files.
pub(super) fn indices_schema() -> Value {
    schema::schema_of::<Document>()
}
