//! What the figures of the site rest on, and what the latest release changed in it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::Place;
use crate::site::{Site, french};

/// `page.publication` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Publication {
    /// "20 octobre 2026": the day of the newest release that a file in force is of, where it is known.
    released: Option<String>,
    /// Sales of houses and flats in the last twelve covered months.
    volume: u64,
    /// Communes with figures.
    communes: u32,
    /// What the latest release changed in years that it did not open.
    news: Option<String>,
}

impl Publication {
    pub(crate) fn new(site: &Site<'_>) -> Self {
        let releases = &site.atlas.releases;
        let days = releases.files().iter().map(|file| &file.released);
        let newest = days.flatten().filter_map(|day| day.parse().ok()).max();
        let france = Place::france();
        let summary = site.summary(france.level, &france.code);
        Self {
            released: newest.map(french::day),
            volume: summary.map_or(0, |summary| summary.volume_12_months),
            communes: summary.map_or(0, |summary| summary.coverage.communes),
            news: releases.latest().map(|news| news.sentence()),
        }
    }
}
