//! The page of a commune, of a city with arrondissements, or of an arrondissement.

use std::borrow::Cow;

use serde::Serialize;

use crate::base::place::{Level, Place};
use crate::geo::{self, sort_key};
use crate::site::frame::{Frame, Link};
use crate::site::maker::{Pages, Sheet};
use crate::site::pages::{Absence, Kind, Row};
use crate::site::releases::News;
use crate::site::{Site, french, path};

/// What the page shows besides the commune's own figures.
#[derive(Serialize)]
pub(super) struct Commune<'a> {
    code: &'a str,
    name: String,
    /// "à Toulon", "au Havre"
    at: String,
    kind: Kind,
    departement: Link,
    departement_code: &'a str,
    population: Option<u32>,
    postal_codes: &'a [String],
    /// Why DVF does not cover it.
    absence: Option<Absence>,
    /// The city of an arrondissement.
    parent: Option<Link>,
    /// The arrondissements of a city.
    parts: Vec<Row>,
    /// The commune itself first, then what it is part of.
    comparison: Vec<Row>,
    /// What the latest release that touched the commune changed, in a sentence.
    news: Option<String>,
    notes: Vec<&'a str>,
}

/// The pages of communes.
pub(super) struct CommunePages;

impl Pages for CommunePages {
    const TEMPLATE: &'static str = "commune.html";
    type Facts<'s> = Commune<'s>;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        site.commune_codes()
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, Commune<'s>>> {
        let geography = site.geography;
        let commune = geography.commune(code)?;
        let code = &commune.code;
        let departement = geography.departement(&commune.departement);
        let region = geography.region(&commune.region);
        let parent = commune
            .parent
            .as_deref()
            .and_then(|code| geography.commune(code))
            .filter(|city| site.has_page(city));

        let mut trail: Vec<_> = region
            .map(|region| Link::new(&region.name, path::REGION.address(&region.code)))
            .into_iter()
            .collect();
        trail.extend(departement.map(|departement| {
            Link::new(
                &departement.name,
                path::DEPARTEMENT.address(&departement.code),
            )
        }));
        let parent_link =
            || parent.map(|city| Link::new(&city.name, path::COMMUNE.address(&city.code)));
        trail.extend(parent_link());

        let mut parts: Vec<_> = geography
            .children_of_city(code)
            .into_iter()
            .filter(|part| site.has_page(part))
            .collect();
        parts.sort_by_cached_key(|part| (sort_key(&part.name), part.code.clone()));

        let facts = Commune {
            code,
            name: french::name(&commune.name),
            at: french::at(&commune.name),
            kind: Kind::of(commune),
            departement: Link::new(
                departement.map_or(&commune.departement, |departement| &departement.name),
                path::DEPARTEMENT.address(&commune.departement),
            ),
            departement_code: &commune.departement,
            population: commune.population,
            postal_codes: &commune.postal_codes,
            absence: Absence::of(&commune.departement),
            parent: parent_link(),
            parts: parts
                .into_iter()
                .map(|part| site.commune_row(part))
                .collect(),
            comparison: comparison(site, commune, parent),
            news: site.atlas.releases.news(code).map(News::sentence),
            notes: site.notes(commune),
        };
        Some(Sheet {
            frame: Frame::new(
                site,
                path::COMMUNE.address(code),
                trail,
                site.summary(Level::Commune, code),
            ),
            facts,
            entry: site.entry(Level::Commune, code),
        })
    }
}

/// The commune and the wider places it is part of, those that have figures.
fn comparison(site: &Site<'_>, commune: &geo::Commune, parent: Option<&geo::Commune>) -> Vec<Row> {
    let geography = site.geography;
    let Some(own) = site.summary(Level::Commune, &commune.code) else {
        return Vec::new();
    };
    let mut rows = vec![Row::new(&commune.name, None, Some(own))];
    let mut add = |level, code: &str, name: &str, path| {
        if let Some(summary) = site.summary(level, code) {
            rows.push(Row::new(name, path, Some(summary)).rounded());
        }
    };
    if let Some(city) = parent {
        let path = path::COMMUNE.address(&city.code);
        add(Level::Commune, &city.code, &city.name, Some(path));
    }
    if let Some(epci) = commune
        .epci
        .as_deref()
        .and_then(|code| geography.epci(code))
    {
        add(Level::Epci, &epci.code, &epci.name, None);
    }
    if let Some(departement) = geography.departement(&commune.departement) {
        let path = path::DEPARTEMENT.address(&departement.code);
        add(
            Level::Departement,
            &departement.code,
            &departement.name,
            Some(path),
        );
    }
    if let Some(region) = geography.region(&commune.region) {
        let path = path::REGION.address(&region.code);
        add(Level::Region, &region.code, &region.name, Some(path));
    }
    let france = Place::france();
    add(france.level, &france.code, "France", Some(String::new()));
    rows
}
