//! The cached figures and the releases that pages are made of, and the few of them that other places' pages show.

use std::collections::HashMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{Releases, SiteError};
use crate::db::{FiguresKey, FiguresReader, StoredFigures};
use crate::geo::{Level, Place};
use crate::stats::{Figures, Summary};

/// The figures of each place that has any, as the database keeps them, and what it knows of releases.
#[derive(Clone, Default)]
pub struct Atlas {
    entries: HashMap<Place, Entry>,
    pub(super) releases: Releases,
}

/// The figures of a place. Those that are in the database are read when a page is made of them: most pages stay as they
/// are, and are told by the hash.
#[derive(Clone)]
pub struct Entry {
    digest: String,
    hash: blake3::Hash,
    pub(super) summary: Summary,
    json: Json,
}

#[derive(Clone)]
enum Json {
    Held(Arc<str>),
    Kept(Place, Arc<FiguresReader>),
}

impl Entry {
    /// Figures that were just computed.
    pub fn held(figures: StoredFigures) -> Self {
        Self::new(figures.key, Json::Held(figures.json))
    }

    /// Figures that are in the database.
    pub fn kept(place: &Place, key: FiguresKey, reader: &Arc<FiguresReader>) -> Self {
        Self::new(key, Json::Kept(place.clone(), Arc::clone(reader)))
    }

    fn new(key: FiguresKey, json: Json) -> Self {
        let digest = blake3::Hash::from_bytes(key.digest).to_hex().to_string();
        let mut hasher = blake3::Hasher::new();
        hasher.update(digest.as_bytes()).update(&key.hash);
        Self {
            digest,
            hash: hasher.finalize(),
            summary: key.summary,
            json,
        }
    }

    /// Digest of the sales, in hexadecimal.
    pub(super) fn digest(&self) -> &str {
        &self.digest
    }

    /// Hash of the digest and the figures.
    pub(super) fn hash(&self) -> &[u8; 32] {
        self.hash.as_bytes()
    }

    /// The figures, whole or in part, as the type to read has it; `of` names them in the error.
    pub(super) fn read<T: DeserializeOwned>(&self, of: &str) -> Result<T, SiteError> {
        let json = match &self.json {
            Json::Held(json) => Arc::clone(json),
            Json::Kept(place, reader) => reader.read(place)?,
        };
        serde_json::from_str(&json).map_err(|source| SiteError::Figures {
            place: of.into(),
            source,
        })
    }
}

impl Atlas {
    /// With what the pages tell of releases.
    pub fn with_releases(self, releases: Releases) -> Self {
        Self { releases, ..self }
    }

    /// Adds or replaces the figures of a place.
    pub fn insert(&mut self, place: Place, entry: Entry) {
        self.entries.insert(place, entry);
    }

    /// The figures of a place; `None` where no imported file covers it.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn figures(&self, place: &Place) -> Result<Option<Figures>, SiteError> {
        let entry = self.get(place);
        entry
            .map(|entry| entry.read(&place.to_string()))
            .transpose()
    }

    /// What is known of a place.
    pub(super) fn get(&self, place: &Place) -> Option<&Entry> {
        self.entries.get(place)
    }

    /// The communes among the places.
    pub fn communes(&self) -> impl Iterator<Item = (&str, &Entry)> {
        let places = self.entries.iter();
        let communes = places.filter(|(place, _)| place.level == Level::Commune);
        communes.map(|(place, entry)| (place.code.as_str(), entry))
    }
}

impl FromIterator<(Place, Entry)> for Atlas {
    fn from_iter<I: IntoIterator<Item = (Place, Entry)>>(entries: I) -> Self {
        Self {
            entries: entries.into_iter().collect(),
            releases: Releases::default(),
        }
    }
}
