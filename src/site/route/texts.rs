//! The pages that are about no place: the method, the one that stands for all that are not there, and the one that others embed.

use schemars::JsonSchema;
use serde::Serialize;

use super::search::unlisted;
use crate::site::Site;
use crate::site::around::Around;
use crate::site::block::annex::Annex;
use crate::site::block::checks::Check;
use crate::site::block::example::Example;
use crate::site::block::files::FilesInForce;
use crate::site::block::hit_rates::HitRates;
use crate::site::block::worked::Worked;
use crate::site::frame::Frame;
use crate::site::indicators::{self, IndicatorNote};
use crate::site::maker::{Pages, Sheet};
use crate::site::path::{self, PathPattern};

/// What the page that explains the method shows.
#[derive(Serialize, JsonSchema)]
pub(super) struct Method {
    files: FilesInForce,
    hit_rates: HitRates,
    checks: Vec<Check>,
    example: Option<Example>,
    worked: Option<Worked>,
    annex: Annex,
    /// The indicators that pages show.
    indicators: Vec<IndicatorNote>,
}

/// The page that explains the method.
pub(super) struct MethodPage;

impl Pages for MethodPage {
    const TEMPLATE: &'static str = "method.html";
    type Facts<'s> = Method;

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, Method>> {
        let (example, entry) = Example::new(site).unzip();
        Some(Sheet {
            frame: Frame::new(site, path::METHOD.address(""), Vec::new(), None),
            facts: Method {
                files: FilesInForce::new(site.atlas.releases.files(), site.geography),
                hit_rates: HitRates::new(site),
                checks: Check::all(site),
                example,
                worked: Worked::new(site),
                annex: Annex::new(),
                indicators: indicators::notes(&site.indicators),
            },
            around: Around::default(),
            entry,
        })
    }
}

/// The page that is shown at any address where there is none.
pub(super) struct NotFoundPage;

impl Pages for NotFoundPage {
    const TEMPLATE: &'static str = "404.html";
    type Facts<'s> = ();

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, ()>> {
        Some(without_facts(Frame {
            // At any address, its links cannot be relative.
            root: base_path(&site.config.site.address),
            ..Frame::new(site, path::NOT_FOUND.address(""), Vec::new(), None)
        }))
    }
}

/// The page that pages of other sites show within them, which its script fills.
pub(super) struct EmbedPage;

impl Pages for EmbedPage {
    const TEMPLATE: &'static str = "embed.html";
    type Facts<'s> = ();

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, ()>> {
        Some(without_facts(timeless(site, path::EMBED)))
    }
}

/// The page that shows places side by side, which its script fills.
pub(super) struct ComparePage;

impl Pages for ComparePage {
    const TEMPLATE: &'static str = "compare.html";
    type Facts<'s> = ();

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, ()>> {
        let path = path::COMPARE.address("");
        Some(without_facts(unlisted(site, path, Vec::new())))
    }
}

/// The legal notice.
pub(super) struct LegalPage;

impl Pages for LegalPage {
    const TEMPLATE: &'static str = "legal.html";
    type Facts<'s> = ();

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, ()>> {
        let path = path::LEGAL.address("");
        Some(without_facts(unlisted(site, path, Vec::new())))
    }
}

/// What browsers take the search field up into their address bar by.
pub(super) struct OpenSearch;

impl Pages for OpenSearch {
    const TEMPLATE: &'static str = "opensearch.xml";
    type Facts<'s> = ();

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, ()>> {
        Some(without_facts(timeless(site, path::OPEN_SEARCH)))
    }
}

/// The frame of a page that shows no day.
fn timeless(site: &Site<'_>, pattern: PathPattern) -> Frame {
    Frame {
        until: None,
        ..Frame::new(site, pattern.address(""), Vec::new(), None)
    }
}

fn without_facts(frame: Frame) -> Sheet<'static, ()> {
    Sheet {
        frame,
        facts: (),
        around: Around::default(),
        entry: None,
    }
}

/// The path of the site's address, with a slash at both ends.
fn base_path(address: &str) -> String {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    match host.split_once('/') {
        Some((_, path)) if !path.is_empty() => format!("/{path}/"),
        _ => "/".into(),
    }
}
