//! The publications that figures rest on, as Atom feeds: of all the country, and of each département.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::{Level, Place};
use crate::db::FileInForce;
use crate::site::around::Around;
use crate::site::frame::Frame;
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, french, names, path};

/// What a feed shows.
#[derive(Serialize, JsonSchema)]
pub(super) struct Feed {
    title: String,
    /// The page that it tells of, within the site.
    about: String,
    /// The day of the latest; where none is known, the last day that the files cover.
    updated: String,
    /// The latest first.
    entries: Vec<FeedEntry>,
}

/// The files that were published on a day.
#[derive(Serialize, JsonSchema)]
struct FeedEntry {
    /// `2026-10-20`
    day: String,
    title: String,
    text: String,
}

/// The feed of the country.
pub(super) struct FranceFeed;

/// The feeds of the départements.
pub(super) struct DepartementFeeds;

impl Pages for FranceFeed {
    const TEMPLATE: &'static str = "atom.xml";
    type Facts<'s> = Feed;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let updated = updated(site, &Place::france(), &[]);
        updated.map(|_| "".into()).into_iter().collect()
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, Feed>> {
        let news = site.atlas.releases.latest();
        let news = news.map(|news| news.sentence());
        let entries = entries(publications(site.atlas.releases.files()), news);
        Some(sheet(
            site,
            path::FEED.address(""),
            Feed {
                title: format!("{} : publications", site.config.site.name),
                about: path::HOME.address(""),
                updated: updated(site, &Place::france(), &entries)?,
                entries,
            },
        ))
    }
}

impl Pages for DepartementFeeds {
    const TEMPLATE: &'static str = "atom.xml";
    type Facts<'s> = Feed;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        site.departement_codes(|code| site.entry(Level::Departement, code).is_some())
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, Feed>> {
        let departement = site.geography.departement(code)?;
        let news = site.atlas.releases.departement_news(code);
        let news = news.map(|news| news.sentence());
        let within = names::in_departement(departement);
        let entries = entries(publications(site.atlas.releases.files_of(code)), news);
        Some(sheet(
            site,
            path::DEPARTEMENT_FEED.address(code),
            Feed {
                title: format!("Prix de l’immobilier {within} : publications"),
                about: path::DEPARTEMENT.address(code),
                updated: updated(site, &Place::new(Level::Departement, code), &entries)?,
                entries,
            },
        ))
    }
}

fn sheet<'s>(site: &Site<'_>, path: String, facts: Feed) -> Sheet<'s, Feed> {
    Sheet {
        frame: Frame {
            until: None,
            ..Frame::new(site, path, Vec::new(), None)
        },
        facts,
        around: Around::default(),
        entry: None,
    }
}

/// When the feed of a place changed last; `None` of a place without figures.
fn updated(site: &Site<'_>, place: &Place, entries: &[FeedEntry]) -> Option<String> {
    let coverage = &site.summary(place.level, &place.code)?.coverage;
    let latest = entries.first().map(|entry| entry.day.clone());
    Some(latest.unwrap_or_else(|| coverage.to.last_day().to_string()))
}

/// Files by the day on which they were published, where it is known.
fn publications<'f>(
    files: impl IntoIterator<Item = &'f FileInForce>,
) -> BTreeMap<&'f str, Vec<&'f FileInForce>> {
    let mut days = BTreeMap::<&str, Vec<_>>::new();
    for file in files {
        if let Some(day) = file.released.as_deref() {
            days.entry(day).or_default().push(file);
        }
    }
    days
}

/// `news` is what the latest changed in sales that were known before.
fn entries(days: BTreeMap<&str, Vec<&FileInForce>>, mut news: Option<String>) -> Vec<FeedEntry> {
    let entries = days.into_iter().rev().filter_map(|(day, files)| {
        let mut years: Vec<_> = files.iter().map(|file| file.year).collect();
        years.sort_unstable();
        years.dedup();
        let years: Vec<_> = years.iter().map(ToString::to_string).collect();
        let brought = format!("Ventes de {}.", french::list(&years));
        let text = std::iter::once(brought).chain(news.take());
        Some(FeedEntry {
            day: day.to_owned(),
            title: format!("Ventes publiées le {}", french::day(day.parse().ok()?)),
            text: text.collect::<Vec<_>>().join(" "),
        })
    });
    entries.collect()
}
