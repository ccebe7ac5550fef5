//! The prices of a commune beside those of the wider places it is part of.

use serde::Serialize;

use super::places::PlaceRow;
use crate::base::place::{Level, Place};
use crate::geo::Commune;
use crate::site::{Site, path};

/// `page.comparison` in the templates: the commune itself first, then what it is part of and has figures. Empty where the
/// commune has none.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Comparison(Vec<PlaceRow>);

impl Comparison {
    /// `parent` is the city of an arrondissement, if it has a page.
    pub(crate) fn new(site: &Site<'_>, commune: &Commune, parent: Option<&Commune>) -> Self {
        let geography = site.geography;
        let Some(own) = site.summary(Level::Commune, &commune.code) else {
            return Self(Vec::new());
        };
        let mut rows = vec![PlaceRow::new(&commune.name, None, Some(own))];
        let mut add = |level, code: &str, name: &str| {
            if let Some(summary) = site.summary(level, code) {
                let path = path::of_place(level, code);
                rows.push(PlaceRow::new(name, path, Some(summary)).rounded());
            }
        };
        if let Some(city) = parent {
            add(Level::Commune, &city.code, &city.name);
        }
        let epci = commune.epci.as_deref();
        if let Some(epci) = epci.and_then(|code| geography.epci(code)) {
            add(Level::Epci, &epci.code, &epci.name);
        }
        if let Some(departement) = geography.departement(&commune.departement) {
            add(Level::Departement, &departement.code, &departement.name);
        }
        if let Some(region) = geography.region(&commune.region) {
            add(Level::Region, &region.code, &region.name);
        }
        let france = Place::france();
        add(france.level, &france.code, "France");
        Self(rows)
    }
}
