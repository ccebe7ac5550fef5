//! The addresses of the site, for search engines: in one file where it may hold them all, else in several and a list of
//! these.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::site::around::Around;
use crate::site::frame::Frame;
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, path};

/// An address within the site, and the day on which what its page shows was published, where it is known.
#[derive(Clone, Serialize, JsonSchema)]
pub(super) struct Address {
    pub address: String,
    pub published: Option<String>,
}

/// Gives the addresses to list.
type List = fn(&Site<'_>) -> Vec<Address>;

/// Addresses that a sitemap lists, or sitemaps that the list of them does.
#[derive(Serialize, JsonSchema)]
pub(super) struct Addresses {
    addresses: Vec<Address>,
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
            .map(|part| Address {
                address: path::SITEMAPS.path(&format!("-{part}")),
                published: None,
            })
            .collect();
        Some(sheet(site, &paths))
    }
}

/// How many sitemaps hold all addresses.
fn count_parts(site: &Site<'_>, list: List) -> usize {
    list(site).len().div_ceil(site.sitemap_limit)
}

fn sheet<'s>(site: &Site<'_>, addresses: &[Address]) -> Sheet<'s, Addresses> {
    let root = &site.config.site.address;
    let addresses = addresses.iter().map(|one| Address {
        address: format!("{root}/{}", one.address),
        published: one.published.clone(),
    });
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
