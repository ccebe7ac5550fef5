//! The cached figures and the releases that pages are made of, and the few of them that other places' pages show.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::error::SiteError;
use super::releases::Releases;
use crate::base::place::{CodeMap, Level, Place};
use crate::db::{Centre, FiguresReader};
use crate::geo::contours::Contours;
use crate::intake::notes::LocalNote;
use crate::stats::{
    Figures, FiguresKey, IndicatorFigures, IndicatorPlace, IndicatorPlaces, StoredFigures, Summary,
};

/// The figures of each place that has any, as the database keeps them, and what it knows of releases.
#[derive(Clone, Default)]
pub struct Atlas {
    /// By code, one map a level, in the order of [`Level::ALL`].
    entries: [CodeMap<String, Entry>; Level::ALL.len()],
    pub(super) releases: Releases,
    /// What maps are drawn of.
    pub(super) contours: Contours,
    /// Where communes lie, by code.
    centres: CodeMap<String, Centre>,
    /// The figures of indicators, by id.
    indicator_places: Arc<IndicatorPlaces>,
    indicators: BTreeMap<String, IndicatorFigures>,
    /// The ids of the sources of which a newer edition was refused.
    held_back: BTreeSet<String>,
    /// What operators tell of communes, by code.
    local_notes: BTreeMap<String, Vec<OperatorNote>>,
}

/// A note on a commune, with whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct OperatorNote {
    /// The id of its source.
    pub source: String,
    /// Who tells it, as pages name them.
    pub operator: String,
    /// What it says.
    pub note: LocalNote,
}

/// The figures of a place. Those that are in the database are read when a page is made of them: most pages stay as they
/// are, and are told by the hash.
#[derive(Clone)]
pub struct Entry {
    digest: blake3::Hash,
    hash: [u8; 32],
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
        Self {
            digest: key.digest.into(),
            hash: key.hash,
            summary: key.summary,
            json,
        }
    }

    /// Digest of the sales, in hexadecimal.
    pub(super) fn digest(&self) -> String {
        self.digest.to_hex().to_string()
    }

    /// Adds the digest of the sales and the hash of the figures.
    pub(super) fn hash(&self, hasher: &mut blake3::Hasher) {
        hasher.update(self.digest.as_bytes()).update(&self.hash);
    }

    /// The figures; `of` names them in the error. The files of a place are made one after the other
    /// ([`super::Planned::place`]), so that those read last are the ones wanted next.
    pub(super) fn figures(&self, of: &str) -> Result<Rc<Figures>, SiteError> {
        thread_local! {
            static LAST: RefCell<Option<([u8; 32], Rc<Figures>)>> = const { RefCell::new(None) };
        }
        LAST.with_borrow_mut(|last| match last {
            Some((hash, figures)) if *hash == self.hash => Ok(Rc::clone(figures)),
            _ => {
                let figures = Rc::new(self.part(of)?);
                *last = Some((self.hash, Rc::clone(&figures)));
                Ok(figures)
            }
        })
    }

    /// A part of the figures, which stands where they have it.
    pub(super) fn part<T: DeserializeOwned>(&self, of: &str) -> Result<T, SiteError> {
        let json = match &self.json {
            Json::Held(json) => Arc::clone(json),
            Json::Kept(place, reader) => reader.read(place, &self.hash)?,
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

    /// With where communes lie: their contours, and their centres by code.
    pub fn with_contours(self, contours: Contours, centres: CodeMap<String, Centre>) -> Self {
        Self {
            contours,
            centres,
            ..self
        }
    }

    /// With the figures of indicators of some places, by id, and the ids of the sources of which a newer edition was refused.
    pub fn with_indicators(
        self,
        indicator_places: Arc<IndicatorPlaces>,
        indicators: BTreeMap<String, IndicatorFigures>,
        held_back: BTreeSet<String>,
    ) -> Self {
        Self {
            indicator_places,
            indicators,
            held_back,
            ..self
        }
    }

    /// Whether a newer edition of a source was refused, so that what it told last is old.
    pub(super) fn is_held_back(&self, source: &str) -> bool {
        self.held_back.contains(source)
    }

    /// With what operators tell of communes, by code.
    pub fn with_local_notes(self, local_notes: BTreeMap<String, Vec<OperatorNote>>) -> Self {
        Self {
            local_notes,
            ..self
        }
    }

    /// What operators tell of a commune.
    pub(super) fn local_notes_on(&self, code: &str) -> &[OperatorNote] {
        self.local_notes.get(code).map_or(&[], Vec::as_slice)
    }

    /// The communes that operators tell something of.
    pub(super) fn noted_communes(&self) -> impl Iterator<Item = &str> {
        self.local_notes.keys().map(String::as_str)
    }

    /// A place as indicators know it; `None` where they tell of none.
    pub(super) fn indicator_place(&self, level: Level, code: &str) -> Option<IndicatorPlace> {
        self.indicator_places.get(level, code)
    }

    /// The figures of an indicator; `None` where nothing was imported.
    pub(super) fn indicator(&self, id: &str) -> Option<&IndicatorFigures> {
        self.indicators.get(id)
    }

    /// Where a commune lies; `None` where too little is known of it.
    pub(super) fn centre(&self, code: &str) -> Option<Centre> {
        self.centres.get(code).copied()
    }

    /// Adds or replaces the figures of a place.
    pub fn insert(&mut self, place: Place, entry: Entry) {
        self.entries[place.level as usize].insert(place.code, entry);
    }

    /// The figures of a place; `None` where no imported file covers it.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn figures(&self, place: &Place) -> Result<Option<Figures>, SiteError> {
        let entry = self.get(place.level, &place.code);
        entry
            .map(|entry| entry.part(&place.to_string()))
            .transpose()
    }

    /// What is known of a place.
    pub(super) fn get(&self, level: Level, code: &str) -> Option<&Entry> {
        self.entries[level as usize].get(code)
    }

    /// The communes among the places.
    pub fn communes(&self) -> impl Iterator<Item = (&str, &Entry)> {
        let communes = self.entries[Level::Commune as usize].iter();
        communes.map(|(code, entry)| (code.as_str(), entry))
    }
}

impl FromIterator<(Place, Entry)> for Atlas {
    fn from_iter<I: IntoIterator<Item = (Place, Entry)>>(entries: I) -> Self {
        let mut atlas = Self::default();
        for (place, entry) in entries {
            atlas.insert(place, entry);
        }
        atlas
    }
}
