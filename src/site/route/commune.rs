//! The page of a commune, of a city with arrondissements, or of an arrondissement.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::Level;
use crate::geo::sort_key;
use crate::site::around::Around;
use crate::site::block::absence::Absence;
use crate::site::block::identity::Identity;
use crate::site::block::living::Living;
use crate::site::block::local::LocalNotes;
use crate::site::block::map::Map;
use crate::site::block::neighbours::Neighbours;
use crate::site::block::news::News;
use crate::site::block::notes::Notes;
use crate::site::block::places::{PlaceRow, PlaceTable};
use crate::site::frame::{Frame, Link};
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, archive, names, path};

/// What the page shows besides the commune's own figures.
#[derive(Serialize, JsonSchema)]
pub(super) struct CommunePage<'s> {
    code: &'s str,
    name: String,
    /// "à Toulon", "au Havre", "dans le 3e arrondissement de Lyon"
    at: String,
    /// "de Toulon", "du Havre"
    of: String,
    identity: Identity<'s>,
    notes: Notes<'s>,
    absence: Option<Absence>,
    /// The map of a city.
    map: Option<Map>,
    /// The arrondissements of a city, by name.
    places: PlaceTable,
    neighbours: Neighbours,
    living: Option<Living>,
    local: LocalNotes<'s>,
    news: Option<String>,
    /// Whether there is a list of its recent sales.
    has_recent: bool,
    /// Where its figures stay as they are.
    archive: Option<String>,
}

/// The pages of communes.
pub(super) struct CommunePages;

impl Pages for CommunePages {
    const TEMPLATE: &'static str = "commune.html";
    const LEVEL: Option<Level> = Some(Level::Commune);
    type Facts<'s> = CommunePage<'s>;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        site.commune_codes()
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, CommunePage<'s>>> {
        let geography = site.geography;
        let commune = geography.commune(code)?;
        let code = &commune.code;
        let parent = commune.parent.as_deref();
        let parent = parent
            .and_then(|code| geography.commune(code))
            .filter(|city| site.has_page(city));

        let region = geography.region(&commune.region);
        let departement = geography.departement(&commune.departement);
        let trail = [
            region.map(|region| Link::new(&region.name, path::REGION.address(&region.code))),
            departement.map(|departement| {
                Link::new(
                    &departement.name,
                    path::DEPARTEMENT.address(&departement.code),
                )
            }),
            parent.map(|city| Link::new(&city.name, path::COMMUNE.address(&city.code))),
        ];

        let mut parts: Vec<_> = geography
            .children_of_city(code)
            .into_iter()
            .filter(|part| site.has_page(part))
            .collect();
        parts.sort_by_cached_key(|part| (sort_key(&part.name), part.code.clone()));

        let summary = site.summary(Level::Commune, code);
        let facts = CommunePage {
            code,
            name: names::commune(commune),
            at: names::at_commune(commune),
            of: names::of_commune(commune),
            identity: Identity::new(site, commune, parent),
            notes: Notes::on_commune(site, commune),
            absence: Absence::of(&commune.departement)
                .filter(|_| site.entry(Level::Commune, code).is_none()),
            map: Map::of_city(site, &parts),
            places: parts
                .into_iter()
                .map(|part| PlaceRow::commune(site, part))
                .collect(),
            neighbours: Neighbours::new(site, commune),
            living: Living::of_commune(site, commune),
            local: LocalNotes::on(site, code),
            news: site.atlas.releases.news(code).map(News::sentence),
            has_recent: summary.is_some_and(|summary| summary.has_recent),
            archive: archive::of_departement(site, &commune.departement),
        };
        Some(Sheet {
            frame: Frame::of_place(
                site,
                path::COMMUNE.address(code),
                trail.into_iter().flatten().collect(),
                &facts.name,
                summary,
            )
            .with_picture(site, code)
            .with_dataset(
                site,
                &facts.name,
                &facts.at,
                &path::COMMUNE_DATA.path(code),
                summary,
            ),
            facts,
            around: Around::commune(site, commune, parent),
            entry: site.entry(Level::Commune, code),
        })
    }
}
