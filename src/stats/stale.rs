//! The places whose figures are stale, and their fresh ones.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::cached::StoredFigures;
use super::compute::compute;
use super::error::StatsError;
use super::extent::Extent;
use super::figures::Figures;
use super::model::{ModelBase, Modelled, Naming};
use super::places::{Places, Sources};
use crate::base::digest;
use crate::base::place::Place;
use crate::config::Config;
use crate::db::{Database, DbError, SaleColumns};

/// Stands for the part of the program that turns sales into figures: this room.
pub fn method_digest() -> blake3::Hash {
    digest::STATS.digest()
}

/// Stands for all of the program that figures come through.
pub(super) fn method() -> String {
    let method = digest::together(&[method_digest(), digest::program()]);
    method.to_hex().to_string()
}

/// The places that are not fresh.
pub(super) fn stale(
    places: &Places,
    fresh: impl Fn(&Place, &[u8; 32]) -> bool,
) -> Vec<(&Place, &(Extent, [u8; 32]))> {
    let places = places.iter();
    places
        .filter(|(place, (_, digest))| !fresh(place, digest))
        .collect()
}

/// Computes stale places, from sales that `load` gives by département; `modelled` has what is modelled of them.
pub(super) fn compute_stale<'a>(
    config: &Config,
    sources: &Sources<'_>,
    stale: &[(&Place, &(Extent, [u8; 32]))],
    load: impl Fn(&str) -> Result<Cow<'a, SaleColumns>, DbError> + Sync,
    modelled: &BTreeMap<Place, Modelled>,
) -> Result<Vec<(Place, StoredFigures)>, StatsError> {
    let extents: Vec<&Extent> = stale.iter().map(|(_, (extent, _))| extent).collect();
    let codes: Vec<&str> = sources.iter().map(|(code, _)| *code).collect();
    let keep = |number: usize, figures| {
        let (place, (_, digest)) = stale[number];
        let figures = Figures {
            modelled: modelled.get(place).cloned().unwrap_or_default(),
            ..figures
        };
        Ok((place.clone(), StoredFigures::new(*digest, &figures)?))
    };
    compute(&extents, &codes, &config.statistics, load, keep)
}

/// What models come from.
pub(super) fn model_base<'a>(
    database: &Database,
    naming: Naming<'a>,
    places: &'a Places,
    sources: &Sources<'a>,
) -> Result<ModelBase<'a>, DbError> {
    let extents = places.iter().map(|(place, (extent, _))| (place, extent));
    let positions = database.positions_digest()?;
    Ok(ModelBase::new(naming, extents, sources, positions))
}
