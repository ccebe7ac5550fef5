//! The cached figures that pages are made of, and the few of them that other places' pages show.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::SiteError;
use crate::geo::{Level, Place};

/// The figures of each place that has any, as the database keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Atlas {
    entries: BTreeMap<Place, Entry>,
}

/// The cached figures of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Digest of the sales they come from, in hexadecimal.
    pub digest: String,
    /// [`Figures`](crate::stats::Figures) as JSON.
    pub json: String,
}

impl Atlas {
    /// The figures of a place; `None` where no imported file covers it.
    pub fn get(&self, place: &Place) -> Option<&Entry> {
        self.entries.get(place)
    }

    /// Adds or replaces the figures of a place.
    pub fn insert(&mut self, place: Place, entry: Entry) {
        self.entries.insert(place, entry);
    }

    /// Places of one level.
    pub fn count(&self, level: Level) -> usize {
        self.codes(level).count()
    }

    /// Codes of the places of one level, in order.
    pub(super) fn codes(&self, level: Level) -> impl Iterator<Item = &str> {
        let places = self.entries.keys().filter(move |place| place.level == level);
        places.map(|place| place.code.as_str())
    }

    /// A summary of every place.
    pub(super) fn summaries(&self) -> Result<HashMap<&Place, Summary>, SiteError> {
        self.entries
            .par_iter()
            .map(|(place, entry)| Ok((place, Summary::read(place, entry)?)))
            .collect()
    }
}

impl FromIterator<(Place, Entry)> for Atlas {
    fn from_iter<I: IntoIterator<Item = (Place, Entry)>>(entries: I) -> Self {
        Self {
            entries: entries.into_iter().collect(),
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

impl Summary {
    /// Reads only what it needs: most of an entry is series, which make the reading of all of France twice as long.
    fn read(place: &Place, entry: &Entry) -> Result<Self, SiteError> {
        serde_json::from_str(&entry.json).map_err(|source| SiteError::Figures {
            place: place.to_string(),
            source,
        })
    }
}
