//! The places whose figures are stale, and their fresh ones.

use std::collections::BTreeMap;

use super::cached::StoredFigures;
use super::compute::compute;
use super::error::StatsError;
use super::extent::Extent;
use super::figures::Figures;
use super::model::{LoadSales, ModelBase, Modelled, Naming, centred_communes, modelled};
use super::places::{CodeDigests, Places};
use crate::base::digest;
use crate::base::place::{CodeMap, Place};
use crate::config::Config;
use crate::db::{CachedModel, Centre, Database, ModelChanges};
use crate::geo::Geography;

/// Stands for the part of the program that turns sales into figures: this room.
pub fn method_digest() -> blake3::Hash {
    digest::STATS.digest()
}

/// Stands for all of the program that figures come through.
pub(super) fn method() -> String {
    digest::figures().to_hex().to_string()
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
    sources: &CodeDigests<'_>,
    stale: &[(&Place, &(Extent, [u8; 32]))],
    load: impl LoadSales<'a>,
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
        Ok((
            place.clone(),
            StoredFigures::new(place.level, *digest, &figures)?,
        ))
    };
    compute(&extents, &codes, &config.statistics, load, keep)
}

/// What came of modelling.
pub(super) struct ModelledPlaces {
    /// Each place of which something is modelled.
    pub modelled: BTreeMap<Place, Modelled>,
    /// What is to be stored of the models.
    pub changes: ModelChanges,
    /// The centres of communes, by code.
    pub centres: CodeMap<String, Centre>,
}

/// What is modelled of places, from the models that are cached and the sales that `load` gives by département.
///
/// # Errors
/// The errors of `load`, when the database fails, and when a model cannot be read or written as JSON.
pub(super) fn model<'s>(
    database: &Database,
    geography: &Geography,
    base: &ModelBase<'_>,
    cached: BTreeMap<String, CachedModel>,
    load: &impl LoadSales<'s>,
) -> Result<ModelledPlaces, StatsError> {
    let mut modelling = base.models(cached, load)?;
    let communes = centred_communes(Naming::Today(geography), &database.positions()?);
    let mut all = modelled(&communes, &modelling.models);
    let comparables = base.comparables(geography, &communes, &mut modelling, load)?;
    comparables.add_to(&mut all);
    let centres = communes.iter();
    let centres = centres.map(|commune| (commune.code.clone(), commune.degrees));
    Ok(ModelledPlaces {
        modelled: all,
        changes: modelling.changes,
        centres: centres.collect(),
    })
}

/// What models come from; `positions` stands for where mutations are.
pub(super) fn model_base<'a>(
    naming: Naming<'a>,
    places: &'a Places,
    sources: &CodeDigests<'a>,
    positions: blake3::Hash,
) -> ModelBase<'a> {
    let places = places
        .iter()
        .map(|(place, (extent, digest))| (place, extent, digest));
    ModelBase::new(naming, places, sources, positions)
}
