//! The addresses of the site, for search engines: in one file where it may hold them all, else in several and a list of
//! these.

use std::borrow::Cow;

use serde::Serialize;

use crate::site::frame::Frame;
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, path};

/// Gives the addresses to list, within the site.
type List = fn(&Site<'_>) -> Vec<String>;

/// Addresses that a sitemap lists, or sitemaps that the list of them does.
#[derive(Serialize)]
pub(super) struct Addresses {
    addresses: Vec<String>,
}

/// The sitemap that holds all addresses; not there where it would be too long.
pub(super) struct WholeSitemap(pub List);

/// The list of the sitemaps that each hold a part; not there where one holds all.
pub(super) struct SitemapIndex(pub List);

/// The sitemaps that each hold a part, counted from 1.
pub(super) struct SitemapParts(pub List);

impl Pages for WholeSitemap {
    const TEMPLATE: &'static str = "sitemap.xml";
    type Facts<'s> = Addresses;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let alone = count_parts(site, self.0) == 1;
        alone.then_some("".into()).into_iter().collect()
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, Addresses>> {
        Some(sheet(site, self.0(site)))
    }
}

impl Pages for SitemapIndex {
    const TEMPLATE: &'static str = "sitemap-index.xml";
    type Facts<'s> = Addresses;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let several = count_parts(site, self.0) > 1;
        several.then_some("".into()).into_iter().collect()
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, Addresses>> {
        let parts = 1..=count_parts(site, self.0);
        let paths = parts.map(|part| path::SITEMAP_PART.path(&part.to_string()));
        Some(sheet(site, paths.collect()))
    }
}

impl Pages for SitemapParts {
    const TEMPLATE: &'static str = "sitemap.xml";
    type Facts<'s> = Addresses;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        match count_parts(site, self.0) {
            1 => Vec::new(),
            parts => (1..=parts).map(|part| part.to_string().into()).collect(),
        }
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, Addresses>> {
        let number: usize = code.parse().ok()?;
        let mut addresses = self.0(site);
        let part = addresses
            .chunks_mut(site.sitemap_limit)
            .nth(number.checked_sub(1)?)?;
        Some(sheet(site, part.iter_mut().map(std::mem::take).collect()))
    }
}

/// How many sitemaps hold all addresses.
fn count_parts(site: &Site<'_>, list: List) -> usize {
    list(site).len().div_ceil(site.sitemap_limit)
}

fn sheet<'s>(site: &Site<'_>, paths: Vec<String>) -> Sheet<'s, Addresses> {
    let address = &site.config.site.address;
    let addresses = paths.iter().map(|path| format!("{address}/{path}"));
    Sheet {
        frame: Frame {
            // A sitemap is the same whatever the months that the files cover.
            until: None,
            ..Frame::new(site, String::new(), Vec::new(), None)
        },
        facts: Addresses {
            addresses: addresses.collect(),
        },
        entry: None,
    }
}
