//! The commune that the method page takes as its example.

use serde::Serialize;

use crate::base::place::Level;
use crate::site::{Entry, Site, names, path};

/// `page.example` in the templates; `figures` there are those of the commune.
#[derive(Serialize)]
pub(crate) struct Example {
    /// "à Toulon", "au Havre"
    at: String,
    path: String,
}

impl Example {
    /// The first commune by code with an estimate for houses beside a median of its own, and its figures; `None` where there
    /// is none.
    pub(crate) fn new<'s>(site: &'s Site<'_>) -> Option<(Self, &'s Entry)> {
        site.communes.iter().find_map(|commune| {
            let entry = site.entry(Level::Commune, &commune.code)?;
            let summary = &entry.summary;
            summary.maison_estimate?;
            summary.maison?.median?;
            let example = Self {
                at: names::at_commune(commune),
                path: path::COMMUNE.address(&commune.code),
            };
            Some((example, entry))
        })
    }
}
