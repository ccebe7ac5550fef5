//! The page of an EPCI: a communauté de communes, d'agglomération or urbaine, or a métropole.

use std::borrow::Cow;

use itertools::Itertools;
use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::{Level, Place};
use crate::geo::{Commune, Epci, Geography, sort_key};
use crate::site::around::Around;
use crate::site::block::absence::Absence;
use crate::site::block::living::Living;
use crate::site::block::map::Map;
use crate::site::block::notes::Notes;
use crate::site::block::places::{PlaceRow, PlaceTable};
use crate::site::block::rankings::Rankings;
use crate::site::frame::{Frame, Link};
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, french, names, path};

/// What the page shows besides the figures of the EPCI.
#[derive(Serialize, JsonSchema)]
pub(super) struct EpciPage<'s> {
    code: &'s str,
    name: String,
    /// "dans la métropole de Lyon", "au Havre Seine Métropole"
    within: String,
    /// Communes in all, with a page or without.
    communes: usize,
    /// Where they lie: "du Var", "de l’Ain et du Rhône".
    departements: String,
    notes: Notes<'s>,
    /// Why DVF covers none of it.
    absence: Option<Absence>,
    /// The départements of which DVF leaves the communes out, where it covers others.
    left_out: Option<String>,
    map: Option<Map>,
    rankings: Option<Rankings>,
    living: Option<Living>,
    /// Its communes that have a page, by name.
    places: PlaceTable,
}

/// The pages of EPCI.
pub(super) struct EpciPages;

impl Pages for EpciPages {
    const TEMPLATE: &'static str = "epci.html";
    const LEVEL: Option<Level> = Some(Level::Epci);
    type Facts<'s> = EpciPage<'s>;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let epcis = site.geography.epcis().iter();
        epcis
            .filter(|epci| members(site.geography, epci).any(|commune| site.has_page(commune)))
            .map(|epci| epci.code.as_str().into())
            .collect()
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, EpciPage<'s>>> {
        let geography = site.geography;
        let epci = geography.epci(code)?;
        let code = &epci.code;
        let departements: Vec<_> = members(geography, epci)
            .filter_map(|commune| geography.departement(&commune.departement))
            .unique_by(|departement| &departement.code)
            .sorted_by_key(|departement| &departement.code)
            .collect();
        let left_out: Vec<_> = departements
            .iter()
            .filter(|departement| Absence::of(&departement.code).is_some())
            .collect();
        let all_left_out = left_out.len() == departements.len();
        let is_shown = site.entry(Level::Epci, code).is_some();
        let absence = left_out.first().filter(|_| all_left_out && !is_shown);
        let some_left_out = !all_left_out && !left_out.is_empty();
        let left_out: Vec<_> = left_out.iter().map(|part| part.full_of()).collect();

        let mut communes: Vec<_> = members(geography, epci)
            .filter(|commune| site.has_page(commune))
            .collect();
        communes.sort_by_cached_key(|commune| (sort_key(&commune.name), commune.code.clone()));

        // Of an EPCI that lies in several, no single one is above it.
        let mut trail = Vec::new();
        let regions = departements.iter().map(|part| &part.region).unique();
        let region = regions.exactly_one().ok();
        if let Some(region) = region.and_then(|region| geography.region(region)) {
            trail.push(Link::new(&region.name, path::REGION.address(&region.code)));
        }
        if let [departement] = departements[..] {
            let path = path::DEPARTEMENT.address(&departement.code);
            trail.push(Link::new(&departement.name, path));
        }

        let only = departements.first().filter(|_| departements.len() == 1);
        let only = only.map(|departement| departement.code.as_str());
        let around = Around::epci(site, code, only, region.map(String::as_str));

        let (name, within) = names::epci(epci);
        let of: Vec<_> = departements.iter().map(|part| part.full_of()).collect();
        let facts = EpciPage {
            code,
            name,
            within,
            communes: epci.members.len(),
            departements: french::name(&french::list(&of)),
            notes: Notes::on(site, &[code]),
            absence: absence.and_then(|departement| Absence::of(&departement.code)),
            left_out: some_left_out.then(|| french::name(&french::list(&left_out))),
            map: Map::of_communes(site, &communes),
            rankings: Rankings::new(site, &communes),
            living: Living::of_wider(site, &Place::new(Level::Epci, &**code)),
            places: communes
                .into_iter()
                .map(|commune| PlaceRow::commune(site, commune))
                .collect(),
        };
        Some(Sheet {
            frame: Frame::of_place(
                site,
                path::EPCI.address(code),
                trail,
                &facts.name,
                site.summary(Level::Epci, code),
            )
            .with_dataset(
                site,
                &facts.name,
                &facts.within,
                &path::EPCI_DATA.path(code),
                site.summary(Level::Epci, code),
            ),
            facts,
            around,
            entry: site.entry(Level::Epci, code),
        })
    }
}

fn members<'g>(geography: &'g Geography, epci: &'g Epci) -> impl Iterator<Item = &'g Commune> {
    let codes = epci.members.iter();
    codes.filter_map(|code| geography.commune(code))
}
