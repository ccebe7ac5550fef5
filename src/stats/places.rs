//! All places with what their figures come from.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::error::StatsError;
use super::extent::{Extent, extents};
use super::registration::LateDeeds;
use crate::base::month::Month;
use crate::base::place::{Level, Place};
use crate::config::Config;
use crate::db::{Database, DbError, MonthOfTwoEditions, SaleColumns, digests};
use crate::geo::Geography;

/// Tells the digests of places from those with another layout. They are published, so it stays.
const LAYOUT: u32 = 1;

/// The codes that stand in the files, with the digests of their sales.
pub(super) type CodeDigests<'a> = Vec<(&'a str, &'a [u8; 32])>;

/// A commune whose sales were all withdrawn leaves no trace: it is like one that never had any.
pub(super) fn sources(digests: &BTreeMap<String, [u8; 32]>) -> CodeDigests<'_> {
    let none = blake3::hash(b"");
    let digests = digests.iter();
    let sources = digests.map(|(commune, digest)| (commune.as_str(), digest));
    sources
        .filter(|(_, digest)| *digest != none.as_bytes())
        .collect()
}

/// Every place with its extent and the digest of everything that its figures come from.
pub(super) type Places = BTreeMap<Place, (Extent, [u8; 32])>;

pub(super) fn places(
    geography: &Geography,
    coverage: &BTreeMap<String, Vec<Month>>,
    late: &[MonthOfTwoEditions],
    sources: &CodeDigests<'_>,
    config: &Config,
) -> Places {
    let codes: Vec<&str> = sources.iter().map(|(code, _)| *code).collect();
    let late = LateDeeds::new(late);
    extents(geography, coverage, &codes, &config.notes, &late)
        .into_par_iter()
        .map(|(place, mut extent)| {
            extent.recent = config.site.recent_sales && place.level == Level::Commune;
            let digest = digest(&extent, sources, config);
            (place, (extent, digest))
        })
        .collect()
}

/// Does something with the places that some sales make, and with the codes that these stand under, without a look at any cache.
///
/// # Errors
/// When the database fails, and those of `make`.
pub(super) fn with_places_of<T>(
    sales: &BTreeMap<String, SaleColumns>,
    database: &Database,
    geography: &Geography,
    config: &Config,
    make: impl FnOnce(&Places, &CodeDigests<'_>) -> Result<T, StatsError>,
) -> Result<T, StatsError> {
    let digests = digests(sales.values().flat_map(|sales| &sales.communes));
    let sources = sources(&digests);
    let (coverage, late) = (database.coverage()?, database.months_of_two_editions()?);
    make(
        &places(geography, &coverage, &late, &sources, config),
        &sources,
    )
}

/// What gives the sales of a département that are in memory.
pub(super) fn in_memory<'s>(
    sales: &'s BTreeMap<String, SaleColumns>,
) -> impl Fn(&str) -> Result<Cow<'s, SaleColumns>, DbError> + Sync {
    |departement| {
        let known = sales.get(departement);
        Ok(known.map_or_else(Cow::default, Cow::Borrowed))
    }
}

/// Everything that the figures of a place come from.
fn digest(extent: &Extent, sources: &CodeDigests<'_>, config: &Config) -> [u8; 32] {
    let s = &config.statistics;
    let mut text = Vec::new();
    for number in [
        LAYOUT,
        s.minimum_sales,
        s.solid_sales,
        s.quartile_sales,
        s.window_sales,
    ] {
        text.extend(number.to_le_bytes());
    }
    let mut list = |numbers: &mut dyn Iterator<Item = i32>| {
        for number in numbers {
            text.extend(number.to_le_bytes());
        }
        text.extend(i32::MIN.to_le_bytes());
    };
    let before = |&month: &Month| i32::from(month - Month::january(0));
    list(&mut extent.months.iter().map(before));
    list(&mut extent.common.iter().map(before));
    list(&mut extent.partial_years.iter().map(|&year| year.into()));
    let late = extent.late.iter();
    list(&mut late.flat_map(|late| {
        let seen = late.seen.map(|seen| seen.map(|count| count as i32));
        [before(&late.month)]
            .into_iter()
            .chain(seen.into_iter().flatten())
    }));
    list(
        &mut [extent.covered, extent.communes]
            .map(|count| count as i32)
            .into_iter(),
    );
    if extent.recent {
        text.extend(b"recent");
    }
    for &source in &extent.sources {
        let (code, digest) = sources[source as usize];
        text.extend(code.as_bytes());
        text.extend(digest);
    }
    *blake3::hash(&text).as_bytes()
}
