//! The page that the search field leads to, and the lists of communes by their first letters, for those whose browser runs no
//! script.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::geo::Commune;
use crate::site::around::Around;
use crate::site::frame::{Frame, Link};
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, names, path};

/// The page that the search field leads to.
pub(super) struct CommunesPage;

/// The lists of communes by the first two letters of their names.
pub(super) struct CommuneLists;

/// What the page that the search field leads to shows.
#[derive(Serialize, JsonSchema)]
pub(super) struct Communes {
    letters: Vec<Letter>,
}

/// The lists that begin with a letter.
#[derive(Serialize, JsonSchema)]
struct Letter {
    letter: String,
    lists: Vec<Link>,
}

impl Pages for CommunesPage {
    const TEMPLATE: &'static str = "communes.html";
    type Facts<'s> = Communes;

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, Communes>> {
        let lists: Vec<_> = site.search().lists.keys().collect();
        let letters = lists.chunk_by(|one, next| one[..1] == next[..1]);
        let link = |list: &&String| Link::new(&capital(list), path::COMMUNE_LIST.address(list));
        let letters = letters.map(|lists| Letter {
            letter: lists[0][..1].to_uppercase(),
            lists: lists.iter().map(link).collect(),
        });
        Some(Sheet {
            frame: unlisted(site, path::COMMUNES.address(""), Vec::new()),
            facts: Communes {
                letters: letters.collect(),
            },
            around: Around::default(),
            entry: None,
        })
    }
}

/// What a list of communes shows.
#[derive(Serialize, JsonSchema)]
pub(super) struct List {
    letters: String,
    places: Vec<ListedCommune>,
}

/// A commune of a list.
#[derive(Serialize, JsonSchema)]
struct ListedCommune {
    #[serde(flatten)]
    link: Link,
    departement: String,
}

impl Pages for CommuneLists {
    const TEMPLATE: &'static str = "communes-list.html";
    type Facts<'s> = List;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let lists = site.search().lists.keys();
        lists.map(|letters| letters.as_str().into()).collect()
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, List>> {
        let communes = site.search().lists.get(code)?;
        let place = |commune: &&Commune| ListedCommune {
            link: Link::new(
                &names::commune(commune),
                path::COMMUNE.address(&commune.code),
            ),
            departement: commune.departement.clone(),
        };
        let above = Link::new("Communes", path::COMMUNES.address(""));
        Some(Sheet {
            frame: unlisted(site, path::COMMUNE_LIST.address(code), vec![above]),
            facts: List {
                letters: capital(code),
                places: communes.iter().map(place).collect(),
            },
            around: Around::default(),
            entry: None,
        })
    }
}

/// The frame of a page that leads on and has no figures of its own.
pub(super) fn unlisted(site: &Site<'_>, path: String, trail: Vec<Link>) -> Frame {
    Frame {
        listed: false,
        ..Frame::new(site, path, trail, None)
    }
}

/// With a capital first.
fn capital(letters: &str) -> String {
    let (first, rest) = letters.split_at(1);
    first.to_uppercase() + rest
}
