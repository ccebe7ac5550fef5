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
    let (changed, batch) = database.stale_communes()?;
    let mut digests = database.commune_digests()?;
    let updated = sale_digests(database, changed)?;
    digests.extend(updated.iter().cloned());
    let places = places(database, geography, config, &digests)?;
    let known = database.place_digests()?;
    let fresh = |place: &Place, digest: &[u8; 32]| known.get(place) == Some(digest);
    let figures = compute_stale(database, geography, config, &places, fresh)?;
    let gone: Vec<Place> = known
        .keys()
        .filter(|place| !places.contains_key(place))
        .cloned()
        .collect();
    if !(updated.is_empty() && figures.is_empty() && gone.is_empty()) {
        database.store_figures(batch, &updated, &figures, &gone)?;
    }
    let communes = figures
        .iter()
        .filter(|(place, _)| place.level == Level::Commune);
    Ok(Refreshed {
        communes: communes.count() as u64,
        places: figures.len() as u64,
        fresh: (places.len() - figures.len()) as u64,
    })
}

/// All figures, computed from the sales without a look at the cache. Nothing is stored.
///
/// # Errors
/// When the database fails.
pub fn compute_all(
    database: &Database,
    geography: &Geography,
    config: &Config,
) -> Result<Vec<(Place, StoredFigures)>, StatsError> {
    let communes = database.communes()?;
    let digests = sale_digests(database, communes)?.into_iter().collect();
    let places = places(database, geography, config, &digests)?;
    compute_stale(database, geography, config, &places, |_, _| false)
}

/// The digest of the sales of each commune, as in the files.
fn sale_digests(
    database: &Database,
    communes: Vec<String>,
) -> Result<Vec<(String, [u8; 32])>, StatsError> {
    communes
        .into_iter()
        .map(|commune| {
            let mut hasher = blake3::Hasher::new();
            database.sale_ids(&commune, |id| {
                hasher.update(id);
            })?;
            Ok((commune, *hasher.finalize().as_bytes()))
        })
        .collect()
}

/// Every place with its extent and the digest of everything that its figures come from.
type Places = BTreeMap<Place, (Extent, [u8; 32])>;

fn places(
    database: &Database,
    geography: &Geography,
    config: &Config,
    digests: &BTreeMap<String, [u8; 32]>,
) -> Result<Places, StatsError> {
    let coverage = database.coverage()?;
    // A commune whose sales were all withdrawn leaves no trace: it is like one that never had any.
    let none = blake3::hash(b"");
    let sources = digests
        .iter()
        .filter(|(_, digest)| *digest != none.as_bytes())
        .map(|(commune, _)| commune.as_str());
    Ok(extents(geography, &coverage, sources, &config.notes)
        .into_iter()
        .map(|(place, extent)| {
            let digest = digest(&extent, digests, config);
            (place, (extent, digest))
        })
        .collect())
}

/// Computes the places that are not fresh.
fn compute_stale(
    database: &Database,
    geography: &Geography,
    config: &Config,
    places: &Places,
    fresh: impl Fn(&Place, &[u8; 32]) -> bool,
) -> Result<Vec<(Place, StoredFigures)>, StatsError> {
    let stale: Vec<_> = places
        .iter()
        .filter(|(place, (_, digest))| !fresh(place, digest))
        .collect();
    let mut sales = SaleColumns::default();
    if !stale.is_empty() {
        database.sales("0", "A", &mut sales)?;
        tracing::debug!(sales = sales.month.len(), "sales loaded");
    }
    let mut figures = Vec::with_capacity(stale.len());
    for level in stale.chunk_by(|a, b| a.0.level == b.0.level) {
        let chosen: Vec<(&Place, &Extent)> = level
            .iter()
            .map(|(place, (extent, _))| (*place, extent))
            .collect();
        let computed = compute_level(&sales, geography, &chosen, config)?;
        tracing::debug!(
            level = level[0].0.level.name(),
            places = level.len(),
            "figures computed"
        );
        for ((place, (_, digest)), computed) in level.iter().zip(computed) {
            let json = serde_json::to_string(&computed)?;
            figures.push((
                (*place).clone(),
                StoredFigures {
                    digest: *digest,
                    json,
                },
            ));
        }
    }
    Ok(figures)
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
    for number in [
        METHOD,
        s.minimum_sales,
        s.solid_sales,
        s.quartile_sales,
        s.window_sales,
    ] {
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
