//! The addresses of the site, for search engines: in one file where it may hold them all, else in several and a list of
//! these.

use std::borrow::Cow;

use serde::Serialize;

use crate::site::around::Around;
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

/// The sitemap that holds all addresses, whose code is empty, or those that each hold a part: "-1", "-2".
pub(super) struct Sitemaps(pub List);

/// The list of the sitemaps; not there where one holds all addresses.
pub(super) struct SitemapIndex(pub List);

impl Pages for Sitemaps {
    const TEMPLATE: &'static str = "sitemap.xml";
    type Facts<'s> = Addresses;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        match count_parts(site, self.0) {
            1 => vec!["".into()],
            parts => (1..=parts).map(|part| format!("-{part}").into()).collect(),
        }
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, Addresses>> {
        let number: usize = code.strip_prefix('-').map_or(Ok(1), str::parse).ok()?;
        let addresses = self.0(site);
        let part = addresses
            .chunks(site.sitemap_limit)
            .nth(number.checked_sub(1)?)?;
        Some(sheet(site, part))
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
        let paths: Vec<_> = parts
            .map(|part| path::SITEMAPS.path(&format!("-{part}")))
            .collect();
        Some(sheet(site, &paths))
    }
}

/// How many sitemaps hold all addresses.
fn count_parts(site: &Site<'_>, list: List) -> usize {
    list(site).len().div_ceil(site.sitemap_limit)
}

fn sheet<'s>(site: &Site<'_>, paths: &[String]) -> Sheet<'s, Addresses> {
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
        around: Around::default(),
        entry: None,
    }
}
