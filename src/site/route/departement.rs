//! The page of a département.

use std::borrow::Cow;

use itertools::Itertools;
use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::{Level, Place};
use crate::geo::sort_key;
use crate::site::around::Around;
use crate::site::block::absence::Absence;
use crate::site::block::living::Living;
use crate::site::block::map::Map;
use crate::site::block::notes::Notes;
use crate::site::block::places::{PlaceRow, PlaceTable};
use crate::site::block::rankings::Rankings;
use crate::site::frame::{Frame, Link};
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, archive, communes_of, french, names, path};

/// What the page shows besides the figures of the département.
#[derive(Serialize, JsonSchema)]
pub(super) struct DepartementPage<'s> {
    code: &'s str,
    name: String,
    /// "dans le Var", "en Moselle"
    within: String,
    notes: Notes<'s>,
    absence: Option<Absence>,
    map: Option<Map>,
    rankings: Option<Rankings>,
    living: Option<Living>,
    /// Its communes, by name.
    places: PlaceTable,
    /// The EPCI that these are part of, by name.
    epcis: Vec<Link>,
    /// Where its figures stay as they are.
    archive: Option<String>,
}

/// The pages of départements.
pub(super) struct DepartementPages;

impl Pages for DepartementPages {
    const TEMPLATE: &'static str = "departement.html";
    const LEVEL: Option<Level> = Some(Level::Departement);
    type Facts<'s> = DepartementPage<'s>;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        site.departement_codes(|_| true)
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, DepartementPage<'s>>> {
        let departement = site.geography.departement(code)?;
        let code = &departement.code;
        let mut communes: Vec<_> = communes_of(&site.communes, code).collect();
        communes.sort_by_cached_key(|commune| (sort_key(&commune.name), commune.code.clone()));
        let mut epcis: Vec<_> = communes
            .iter()
            .filter_map(|commune| site.geography.epci(commune.epci.as_deref()?))
            .unique_by(|epci| &epci.code)
            .map(|epci| {
                let (name, _) = names::epci(epci);
                Link::new(&name, path::EPCI.address(&epci.code))
            })
            .collect();
        epcis.sort_by_cached_key(|link| (sort_key(&link.name), link.path.clone()));
        let region = site.geography.region(&departement.region);
        let entry = site.entry(Level::Departement, code);
        let facts = DepartementPage {
            code,
            name: french::name(&departement.name),
            within: names::in_departement(departement),
            notes: Notes::on(site, &[code]),
            absence: Absence::of(code).filter(|_| entry.is_none()),
            map: Map::of_departement(site, code, &communes),
            rankings: Rankings::new(site, &communes),
            living: Living::of_wider(site, &Place::new(Level::Departement, &**code)),
            places: communes
                .into_iter()
                .map(|commune| PlaceRow::commune(site, commune))
                .collect(),
            epcis,
            archive: archive::of_departement(site, code),
        };
        Some(Sheet {
            frame: Frame::of_place(
                site,
                path::DEPARTEMENT.address(code),
                region
                    .map(|region| Link::new(&region.name, path::REGION.address(&region.code)))
                    .into_iter()
                    .collect(),
                &facts.name,
                site.summary(Level::Departement, code),
            )
            .with_picture(site, code)
            .with_dataset(
                site,
                &facts.name,
                &facts.within,
                &path::DEPARTEMENT_DATA.path(code),
                site.summary(Level::Departement, code),
            )
            .with_feed(entry.map(|_| path::DEPARTEMENT_FEED.address(code))),
            facts,
            around: Around::departement(site, departement),
            entry,
        })
    }
}
