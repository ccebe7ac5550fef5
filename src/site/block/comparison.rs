//! The prices of a commune beside those of the wider places it is part of.

use serde::Serialize;

use super::places::{PlaceRow, PlaceTable};
use crate::base::place::{Level, Place};
use crate::geo::Commune;
use crate::site::{Site, names, path};

/// `page.comparison` in the templates: the commune itself first, then the places that it is part of, as far as files cover
/// half of each: figures of fewer are not the place's. Empty where the commune has none.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Comparison(PlaceTable);

impl Comparison {
    /// `parent` is the city of an arrondissement, if it has a page.
    pub(crate) fn new(site: &Site<'_>, commune: &Commune, parent: Option<&Commune>) -> Self {
        let geography = site.geography;
        let Some(own) = site.summary(Level::Commune, &commune.code) else {
            return Self(PlaceTable::from_iter([]));
        };
        let mut rows = vec![PlaceRow::new(&names::commune(commune), None, Some(own))];
        let mut add = |level, code: &str, name: &str| {
            let summary = site.summary(level, code);
            if let Some(summary) = summary.filter(|known| known.coverage.is_representative()) {
                let path = path::of_place(level, code);
                rows.push(PlaceRow::new(name, path, Some(summary)).rounded());
            }
        };
        if let Some(city) = parent {
            add(Level::Commune, &city.code, &city.name);
        }
        let epci = commune.epci.as_deref();
        if let Some(epci) = epci.and_then(|code| geography.epci(code)) {
            add(Level::Epci, &epci.code, &names::epci(epci).0);
        }
        if let Some(departement) = geography.departement(&commune.departement) {
            add(Level::Departement, &departement.code, &departement.name);
        }
        if let Some(region) = geography.region(&commune.region) {
            add(Level::Region, &region.code, &region.name);
        }
        let france = Place::france();
        add(france.level, &france.code, "France");
        Self(rows.into_iter().collect())
    }
}
