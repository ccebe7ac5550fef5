//! The cached figures and the releases that pages are made of, and the few of them that other places' pages show.

use std::collections::{BTreeMap, HashMap};

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Releases, SiteError};
use crate::geo::{Level, Place};

/// The figures of each place that has any, as the database keeps them, and what it knows of releases.
#[derive(Clone, Debug, Default)]
pub struct Atlas {
    entries: BTreeMap<Place, Hashed>,
    pub(super) releases: Releases,
}

/// The cached figures of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Digest of the sales they come from, in hexadecimal.
    pub digest: String,
    /// [`Figures`](crate::stats::Figures) as JSON.
    pub json: Arc<str>,
}

/// An entry with its hash: the page and the data file of a place both ask for it.
#[derive(Clone, Debug)]
pub(super) struct Hashed {
    entry: Entry,
    hash: blake3::Hash,
}

impl Hashed {
    fn new(entry: Entry) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(blake3::hash(entry.digest.as_bytes()).as_bytes());
        hasher.update(entry.json.as_bytes());
        Self {
            entry,
            hash: hasher.finalize(),
        }
    }

    /// Digest of the sales, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.entry.digest
    }

    /// Hash of the digest and the figures.
    pub fn hash(&self) -> &[u8; 32] {
        self.hash.as_bytes()
    }

    /// The figures, whole or in part, as the type to read has it; `of` names them in the error.
    pub fn read<'e, T: Deserialize<'e>>(&'e self, of: &str) -> Result<T, SiteError> {
        serde_json::from_str(&self.entry.json).map_err(|source| SiteError::Figures {
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
        self.entries.insert(place, Hashed::new(entry));
    }

    /// The figures of a place; `None` where no imported file covers it.
    pub(super) fn get(&self, place: &Place) -> Option<&Hashed> {
        self.entries.get(place)
    }

    /// Codes of the places of one level, in order.
    pub(super) fn codes(&self, level: Level) -> impl Iterator<Item = &str> {
        let places = self
            .entries
            .keys()
            .filter(move |place| place.level == level);
        places.map(|place| place.code.as_str())
    }

    /// A summary of every place.
    pub(super) fn summaries(&self) -> Result<HashMap<&Place, Summary>, SiteError> {
        self.entries
            .par_iter()
            // A summary is read by itself: the series, which are most of an entry, take as long again.
            .map(|(place, entry)| Ok((place, entry.read(&place.to_string())?)))
            .collect()
    }
}

impl FromIterator<(Place, Entry)> for Atlas {
    fn from_iter<I: IntoIterator<Item = (Place, Entry)>>(entries: I) -> Self {
        let hashed = |(place, entry)| (place, Hashed::new(entry));
        Self {
            entries: entries.into_iter().map(hashed).collect(),
            releases: Releases::default(),
        }
    }
}

/// What the page of one place shows of another: enough for a line of a table.
///
/// Counts of sales stay out of comparisons on purpose: the national count changes with every import and would renew
/// every page of the site, while medians are stable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Summary {
    pub coverage: Extent,
    pub volume_12_months: u64,
    pub appartement: Latest,
    pub maison: Latest,
}

/// What part of a place the files cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Extent {
    pub to: String,
    pub communes: u32,
    pub communes_total: u32,
}

impl Extent {
    pub fn is_partial(&self) -> bool {
        self.communes < self.communes_total
    }
}

/// One kind of property in a [`Summary`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Latest {
    #[serde(default)]
    pub current: Option<Window>,
}

/// The latest window in a [`Summary`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Window {
    pub months: u32,
    pub median: Option<u32>,
    pub fragile: bool,
}
