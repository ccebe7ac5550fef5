//! The cache: which places have stale figures, and their fresh ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use thiserror::Error;

use super::compute::compute;
use super::extent::{Extent, extents, places_of};
use super::{Figures, Level, Place};
use crate::config::Config;
use crate::db::{Database, DbError, SaleColumns, StoredFigures};
use crate::geo::Geography;

/// The method's version: a change of any formula must raise it, so that everything is computed again.
const METHOD: u32 = 1;

/// Why figures could not be computed.
#[derive(Debug, Error)]
pub enum StatsError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("the statistics could not be computed: {0}")]
    Polars(#[from] polars::error::PolarsError),
    #[error("the figures could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// What a refresh did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// Communes (arrondissements and whole cities among them) computed again.
    pub communes: u64,
    /// Places of all levels computed again.
    pub places: u64,
    /// Places that were fresh.
    pub fresh: u64,
}

/// Brings the cached figures to the sales, the coverage and the thresholds: only the places whose digest changed are
/// computed.
///
/// # Errors
/// When the database fails; the cache is then as it was.
pub fn refresh(
    database: &mut Database,
    geography: &Geography,
    config: &Config,
) -> Result<Refreshed, StatsError> {
    let (stale, batch) = database.stale_communes()?;
    let mut digests = database.commune_digests()?;
    let mut updated = Vec::with_capacity(stale.len());
    for commune in stale {
        let mut hasher = blake3::Hasher::new();
        database.sale_ids(&commune, |id| {
            hasher.update(id);
        })?;
        let digest = *hasher.finalize().as_bytes();
        digests.insert(commune.clone(), digest);
        updated.push((commune, digest));
    }
    let coverage = database.coverage()?;
    let sources = digests.keys().map(String::as_str);
    let places = extents(geography, &coverage, sources, &config.notes);
    let known = database.place_digests()?;
    let stale: BTreeMap<&Place, [u8; 32]> = places
        .iter()
        .map(|(place, extent)| (place, digest(extent, &digests, config)))
        .filter(|(place, digest)| known.get(place) != Some(digest))
        .collect();
    let gone: Vec<Place> = known
        .keys()
        .filter(|place| !places.contains_key(place))
        .cloned()
        .collect();

    let mut sales = SaleColumns::default();
    if !stale.is_empty() {
        database.sales("0", "A", &mut sales)?;
    }
    let mut figures = Vec::with_capacity(stale.len());
    for level in Level::ALL {
        let chosen: Vec<(&Place, &Extent)> = places
            .iter()
            .filter(|(place, _)| place.level == level && stale.contains_key(place))
            .collect();
        if chosen.is_empty() {
            continue;
        }
        let computed = compute_level(&sales, geography, &chosen, config)?;
        for ((place, _), computed) in chosen.iter().zip(computed) {
            figures.push((
                (*place).clone(),
                StoredFigures {
                    digest: stale[*place],
                    json: serde_json::to_string(&computed)?,
                },
            ));
        }
    }
    if !(updated.is_empty() && figures.is_empty() && gone.is_empty()) {
        database.store_figures(batch, &updated, &figures, &gone)?;
    }
    let communes = figures.iter().filter(|(place, _)| place.level == Level::Commune);
    Ok(Refreshed {
        communes: communes.count() as u64,
        places: figures.len() as u64,
        fresh: (places.len() - figures.len()) as u64,
    })
}

fn compute_level(
    sales: &SaleColumns,
    geography: &Geography,
    chosen: &[(&Place, &Extent)],
    config: &Config,
) -> Result<Vec<Figures>, StatsError> {
    let index: HashMap<&Place, u32> = chosen
        .iter()
        .enumerate()
        .map(|(index, (place, _))| (*place, index as u32))
        .collect();
    let members: Vec<Vec<u32>> = sales
        .communes
        .iter()
        .map(|commune| {
            places_of(geography, commune)
                .iter()
                .filter_map(|place| index.get(place).copied())
                .collect()
        })
        .collect();
    let extents: Vec<&Extent> = chosen.iter().map(|(_, extent)| *extent).collect();
    Ok(compute(sales, &members, &extents, &config.statistics)?)
}

/// Everything that the figures of a place come from.
fn digest(extent: &Extent, digests: &BTreeMap<String, [u8; 32]>, config: &Config) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let s = &config.statistics;
    for number in [METHOD, s.minimum_sales, s.solid_sales, s.quartile_sales, s.window_sales] {
        hasher.update(&number.to_le_bytes());
    }
    let mut list = |numbers: &mut dyn Iterator<Item = i32>| {
        for number in numbers {
            hasher.update(&number.to_le_bytes());
        }
        hasher.update(&i32::MIN.to_le_bytes());
    };
    list(&mut extent.months.iter().copied());
    list(&mut extent.partial_years.iter().copied());
    let count = |set: &BTreeSet<String>| set.len() as i32;
    list(&mut [count(&extent.covered), count(&extent.communes)].into_iter());
    for source in &extent.sources {
        hasher.update(source.as_bytes());
        hasher.update(&digests[source]);
    }
    *hasher.finalize().as_bytes()
}
