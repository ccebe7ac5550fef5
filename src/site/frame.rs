//! What every page has, whatever it is about.

use serde::Serialize;

use super::{Site, french};
use crate::base::month::Month;
use crate::base::place::Place;
use crate::stats::Summary;

/// What every page has, by these names in the templates.
#[derive(Serialize)]
pub(super) struct Frame {
    /// Address of the page within the site: `ville/83137/`.
    pub path: String,
    /// The way from the page to the home page, such as `../../`.
    pub root: String,
    /// The pages above this one, the home page apart.
    pub trail: Vec<Link>,
    /// Last month that the files cover, of the place if it has figures, else of the country.
    pub until: Option<Month>,
}

/// Another page.
#[derive(Serialize)]
pub(super) struct Link {
    pub name: String,
    pub path: String,
}

impl Link {
    /// A link to an address within the site.
    pub(super) fn new(name: &str, path: String) -> Self {
        Self {
            name: french::name(name),
            path,
        }
    }
}

impl Frame {
    /// The frame of the page at an address. `summary` is that of its place.
    pub(super) fn new(
        site: &Site<'_>,
        path: String,
        trail: Vec<Link>,
        summary: Option<&Summary>,
    ) -> Self {
        let france = Place::france();
        let summary = summary.or_else(|| site.summary(france.level, &france.code));
        let root = match path.matches('/').count() {
            0 => "./".into(),
            depth => "../".repeat(depth),
        };
        Self {
            path,
            root,
            trail,
            until: summary.map(|summary| summary.coverage.to),
        }
    }
}
