//! The cache: which places have stale figures, and their fresh ones.

use std::collections::{BTreeMap, HashMap, HashSet};

use thiserror::Error;

use super::compute::compute;
use super::extent::{Extent, extents};
use super::{Level, Place};
use crate::config::Config;
use crate::db::{Database, DbError, FiguresKey, SaleColumns, StoredFigures};
use crate::geo::Geography;

/// The method's version: a change of any formula must raise it, so that everything is computed again.
const METHOD: u32 = 1;

/// Why figures could not be computed.
#[derive(Debug, Error)]
pub enum StatsError {
    #[error(transparent)]
    Db(#[from] DbError),
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

/// What the cache has to become.
pub struct Update {
    pub refreshed: Refreshed,
    /// Every place with the digest of what its figures come from.
    pub digests: BTreeMap<Place, [u8; 32]>,
    /// The figures that were computed.
    pub figures: Vec<(Place, StoredFigures)>,
    /// What is known of the cached figures, fresh or not.
    pub known: HashMap<Place, FiguresKey>,
    gone: Vec<Place>,
    communes: Vec<(String, [u8; 32])>,
    batch: i64,
}

impl Update {
    /// Brings the cache to it, in one transaction.
    ///
    /// # Errors
    /// When the database fails; the cache is then as it was.
    pub fn store(&self, database: &mut Database) -> Result<(), DbError> {
        if self.communes.is_empty() && self.figures.is_empty() && self.gone.is_empty() {
            return Ok(());
        }
        database.store_figures(self.batch, &self.communes, &self.figures, &self.gone)
    }
}

/// What brings the cached figures to the sales, the coverage and the thresholds: only the places whose digest changed
/// are computed. Nothing is stored yet.
///
/// # Errors
/// When the database fails.
pub fn refresh(
    database: &Database,
    geography: &Geography,
    config: &Config,
) -> Result<Update, StatsError> {
    let (changed, batch) = database.stale_communes()?;
    let mut digests = database.commune_digests()?;
    let mut sales = None;
    let mut communes = Vec::new();
    if !changed.is_empty() {
        // The country's figures are stale with any commune's, and they take all sales.
        let loaded = database.sales()?;
        let none = *blake3::hash(b"").as_bytes();
        let wanted: HashSet<&str> = changed.iter().map(String::as_str).collect();
        let known = loaded.digests(|commune| wanted.contains(commune));
        let digest = |commune: String| {
            let digest = known.get(&commune).copied().unwrap_or(none);
            (commune, digest)
        };
        communes = changed.into_iter().map(digest).collect();
        digests.extend(communes.iter().cloned());
        sales = Some(loaded);
    }
    let places = places(database, geography, config, &digests)?;
    let known = database.figures_keys()?;
    let fresh = |place: &Place, digest: &[u8; 32]| {
        known.get(place).is_some_and(|key| key.digest == *digest)
    };
    let figures = compute_stale(database, config, &places, sales, fresh)?;
    let gone = known
        .keys()
        .filter(|place| !places.contains_key(place))
        .cloned()
        .collect();
    let computed = figures
        .iter()
        .filter(|(place, _)| place.level == Level::Commune);
    Ok(Update {
        refreshed: Refreshed {
            communes: computed.count() as u64,
            places: figures.len() as u64,
            fresh: (places.len() - figures.len()) as u64,
        },
        digests: places
            .into_iter()
            .map(|(place, (_, digest))| (place, digest))
            .collect(),
        figures,
        known,
        gone,
        communes,
        batch,
    })
}

/// All figures, computed from the rows of sales without a look at any cache. Nothing is stored.
///
/// # Errors
/// When the database fails.
pub fn compute_all(
    database: &Database,
    geography: &Geography,
    config: &Config,
) -> Result<Vec<(Place, StoredFigures)>, StatsError> {
    let sales = database.sales_of_rows()?;
    let places = places(database, geography, config, &sales.digests(|_| true))?;
    compute_stale(database, config, &places, Some(sales), |_, _| false)
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

/// Computes the places that are not fresh, from sales that were read already or are read now.
fn compute_stale(
    database: &Database,
    config: &Config,
    places: &Places,
    sales: Option<SaleColumns>,
    fresh: impl Fn(&Place, &[u8; 32]) -> bool,
) -> Result<Vec<(Place, StoredFigures)>, StatsError> {
    // The country and the régions first: theirs take the longest.
    let stale: Vec<_> = places
        .iter()
        .rev()
        .filter(|(place, (_, digest))| !fresh(place, digest))
        .collect();
    if stale.is_empty() {
        return Ok(Vec::new());
    }
    let sales = match sales {
        Some(sales) => sales,
        None => database.sales()?,
    };
    tracing::debug!(sales = sales.kind.len(), "sales loaded");
    let extents: Vec<&Extent> = stale.iter().map(|(_, (extent, _))| extent).collect();
    let keep = |number: usize, figures| {
        let (place, (_, digest)) = stale[number];
        Ok((place.clone(), StoredFigures::new(*digest, &figures)?))
    };
    let mut computed = compute(&sales, &extents, &config.statistics, keep);
    tracing::debug!(places = stale.len(), "figures computed");
    // In the order of the table that they go to.
    computed.reverse();
    computed.into_iter().collect()
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
    list(
        &mut [extent.covered, extent.communes]
            .map(|count| count as i32)
            .into_iter(),
    );
    for source in &extent.sources {
        hasher.update(source.as_bytes());
        hasher.update(&digests[source]);
    }
    *hasher.finalize().as_bytes()
}
