//! The communes that the method page and the home page take as their examples.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::Level;
use crate::geo::Commune;
use crate::site::{Entry, Site, names, path};

/// `page.example` in the templates; `figures` there are those of the commune.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Example {
    name: String,
    /// "à Toulon", "au Havre"
    at: String,
    path: String,
    #[serde(skip)]
    code: String,
}

impl Example {
    /// The first commune by code with an estimate for houses beside a median of its own, and its figures; `None` where there
    /// is none.
    pub(crate) fn new<'s>(site: &'s Site<'_>) -> Option<(Self, &'s Entry)> {
        site.communes.iter().find_map(|commune| {
            let entry = site.entry(Level::Commune, &commune.code)?;
            let summary = &entry.summary;
            summary.maison.estimate?;
            summary.maison.median()?;
            Some((Self::of(commune), entry))
        })
    }

    /// The commune where most homes are sold of those whose prices of flats and of houses are ranked among others and go up
    /// to the latest month; `None` where there is none.
    pub(crate) fn well_known<'s>(site: &'s Site<'_>) -> Option<(Self, &'s Entry)> {
        let communes = site.communes.iter();
        let known = communes.filter_map(|commune| {
            let entry = site.entry(Level::Commune, &commune.code)?;
            let homes = [false, true].map(|house| entry.summary.home(house).headline());
            let are_ranked = homes
                .iter()
                .all(|home| home.is_some_and(|home| home.ranked));
            are_ranked.then_some((commune, entry))
        });
        let (commune, entry) = known.max_by_key(|(commune, entry)| {
            let summary = &entry.summary;
            let sold = summary.volume_12_months;
            (summary.coverage.to, sold, Reverse(&commune.code))
        })?;
        Some((Self::of(commune), entry))
    }

    /// The code of the commune.
    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    fn of(commune: &Commune) -> Self {
        Self {
            name: names::commune(commune),
            at: names::at_commune(commune),
            path: path::COMMUNE.address(&commune.code),
            code: commune.code.clone(),
        }
    }
}
