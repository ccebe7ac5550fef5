//! The cache: which places have stale figures, and their fresh ones.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::cached::{FiguresKey, StoredFigures};
use super::compute::compute;
use super::error::StatsError;
use super::extent::{Extent, extents};
use super::registration::LateDeeds;
use crate::base::digest;
use crate::base::month::Month;
use crate::base::place::{Level, Place};
use crate::config::Config;
use crate::db::{Database, DbError, MonthOfTwoEditions, SaleColumns, digests};
use crate::geo::{self, Geography};

/// Tells the digests of places from those with another layout. They are published, so it stays.
const LAYOUT: u32 = 1;

/// Stands before the digest of sales and coverage in what is noted of the data; notes of earlier programs have none.
const SALES: &str = "sales:";

/// Stands for the part of the program that turns sales into figures: this room.
pub fn method_digest() -> blake3::Hash {
    digest::STATS.digest()
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

/// The changes that bring the cache of figures up to date.
pub struct Update {
    /// How many places were computed again, and how many were fresh.
    pub refreshed: Refreshed,
    /// Stands for the sales and the months that files cover, all that figures come from but the configuration, the places
    /// and the program.
    pub digest: blake3::Hash,
    /// The figures that were computed.
    pub figures: Vec<(Place, StoredFigures)>,
    /// What is known of the cached figures, fresh or not, of places that there still are.
    pub known: HashMap<Place, FiguresKey>,
    gone: Vec<Place>,
    communes: Vec<(String, [u8; 32])>,
    batch: i64,
    /// What was noted of the data when figures were last stored, and what is to be noted.
    data: [Option<String>; 2],
    /// Stands for all of the program that figures come through.
    method: String,
    /// The cached figures came through the same.
    same_method: bool,
}

impl Update {
    /// Notes what stands for all that is made of the data, and by what. By the same, it can only be otherwise after an
    /// import.
    ///
    /// # Errors
    /// When it is otherwise, and nothing was imported since figures were last stored.
    pub fn note_data(&mut self, data: &str, by: &str) -> Result<(), DbError> {
        // Sales and coverage are the same by whatever program and configuration.
        let batch = format!("{} {SALES}", self.batch);
        let sales = format!("{batch}{} ", self.digest);
        let made = format!("{sales}{} {by} ", self.method);
        let noted = self.data[0].as_deref().unwrap_or_default();
        let other_sales = noted.starts_with(&batch) && !noted.starts_with(&sales);
        let before = noted.strip_prefix(&made);
        if other_sales || before.is_some_and(|before| before != data) {
            return Err(DbError::AlteredRecords);
        }
        self.data[1] = Some(made + data);
        Ok(())
    }

    /// Brings the cache to it, in one transaction.
    ///
    /// # Errors
    /// When the database fails; the cache is then as it was.
    pub fn store(&self, database: &mut Database) -> Result<(), DbError> {
        let changes = [self.communes.len(), self.figures.len(), self.gone.len()];
        let [noted, data] = &self.data;
        if changes == [0; 3] && self.same_method && (data.is_none() || noted == data) {
            return Ok(());
        }
        let data = data.as_ref().or(noted.as_ref()).map_or("", String::as_str);
        let noted = [self.method.as_str(), data];
        database.store_figures(self.batch, noted, &self.communes, &self.figures, &self.gone)
    }
}

/// What brings the cached figures to the sales, the coverage and the thresholds: only the places whose digest changed
/// are computed, or all when the program did. Nothing is stored yet.
///
/// # Errors
/// When the database fails.
pub fn refresh(
    database: &Database,
    geography: &Geography,
    config: &Config,
) -> Result<Update, StatsError> {
    let (changed, batch) = database.stale_communes()?;
    let mut of_communes = database.commune_digests()?;
    let mut known = BTreeMap::new();
    let departements = changed.iter().map(|commune| geo::departement_of(commune));
    for departement in departements.collect::<BTreeSet<_>>() {
        let communes = database.communes_with_sales(departement)?;
        known.extend(digests(&communes));
    }
    let none = *blake3::hash(b"").as_bytes();
    let digest = |commune: String| {
        let digest = known.get(&commune).copied().unwrap_or(none);
        (commune, digest)
    };
    let communes: Vec<_> = changed.into_iter().map(digest).collect();
    of_communes.extend(communes.iter().cloned());
    let sources = sources(&of_communes);
    let coverage = database.coverage()?;
    let late = database.months_of_two_editions()?;
    let cache = database.figures_reader();
    let (places, known) = rayon::join(
        || places(geography, &coverage, &late, &sources, config),
        || cache.map(|cache| cache.keys()).transpose(),
    );
    let mut known = known?.unwrap_or_default();
    let method = method();
    let same_method = database.figures_method()?.as_ref() == Some(&method);
    let fresh = |place: &Place, digest: &[u8; 32]| {
        same_method && known.get(place).is_some_and(|key| key.digest == *digest)
    };
    let reader = database.sales_reader();
    let load = |departement: &str| {
        let reader = reader.as_ref();
        let sales = reader.map(|reader| reader.departement(departement));
        sales
            .transpose()
            .map(|sales| Cow::Owned(sales.unwrap_or_default()))
    };
    let figures = compute_stale(config, &sources, &places, load, fresh)?;
    let gone = known.extract_if(|place, _| !places.contains_key(place));
    let gone = gone.map(|(place, _)| place).collect();
    let mut digest = blake3::Hasher::new();
    for (commune, sales) in &sources {
        digest.update(commune.as_bytes()).update(*sales);
    }
    serde_json::to_writer(&mut digest, &(&coverage, &late))?;
    let computed = figures
        .iter()
        .filter(|(place, _)| place.level == Level::Commune);
    Ok(Update {
        refreshed: Refreshed {
            communes: computed.count() as u64,
            places: figures.len() as u64,
            fresh: (places.len() - figures.len()) as u64,
        },
        digest: digest.finalize(),
        figures,
        known,
        gone,
        communes,
        batch,
        data: [database.figures_data()?, None],
        method,
        same_method,
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
    compute_from(&database.sales_of_rows()?, database, geography, config)
}

/// What of the kept sales and the cached figures is not what the rows of sales make.
#[derive(Debug, Default)]
pub struct Altered {
    /// Each fault in words.
    pub complaints: Vec<String>,
    /// Places whose cached figures are to be computed again, by level and code.
    pub places: Vec<[String; 2]>,
}

/// Compares what is kept and cached with what the rows of sales make.
///
/// # Errors
/// When the database fails.
pub fn check(
    database: &Database,
    geography: &Geography,
    config: &Config,
) -> Result<Altered, StatsError> {
    let mut altered = Altered {
        places: database.altered_figures()?,
        ..Altered::default()
    };
    let sales = database.sales_of_rows()?;
    match database.sales() {
        Err(error @ DbError::Columns { .. }) => altered.complaints.push(error.to_string()),
        kept => {
            let kept = kept?;
            let codes: BTreeSet<_> = kept.keys().chain(sales.keys()).collect();
            for code in codes
                .into_iter()
                .filter(|&code| kept.get(code) != sales.get(code))
            {
                altered.complaints.push(format!(
                    "the sales of département {code} are not those that were imported; a saved state brings them back"
                ));
            }
        }
    }
    match database.altered_positions() {
        Err(error @ DbError::Positions { .. }) => altered.complaints.push(error.to_string()),
        codes => altered.complaints.extend(codes?.into_iter().map(|code| {
            format!("the coordinates of département {code} are not those that were imported; a saved state brings them back")
        })),
    }
    // Another program may compute other figures from the same.
    if database.figures_method()? == Some(method()) {
        let known = database.figures_keys::<serde::de::IgnoredAny>()?;
        for (place, computed) in compute_from(&sales, database, geography, config)? {
            let known = known.get(&place);
            let same = known.filter(|known| known.digest == computed.key.digest);
            if same.is_some_and(|known| known.hash != computed.key.hash) {
                altered
                    .places
                    .push([place.level.name().to_owned(), place.code]);
            }
        }
    }
    let complaint = |[level, code]: &[String; 2]| {
        format!("the figures of {level} {code} are not those that were computed")
    };
    let of_figures = altered.places.iter().map(complaint);
    altered.complaints.extend(of_figures.collect::<Vec<_>>());
    Ok(altered)
}

/// Stands for all of the program that figures come through.
fn method() -> String {
    let method = digest::together(&[method_digest(), digest::program()]);
    method.to_hex().to_string()
}

fn compute_from(
    sales: &BTreeMap<String, SaleColumns>,
    database: &Database,
    geography: &Geography,
    config: &Config,
) -> Result<Vec<(Place, StoredFigures)>, StatsError> {
    let digests = digests(sales.values().flat_map(|sales| &sales.communes));
    let sources = sources(&digests);
    let (coverage, late) = (database.coverage()?, database.months_of_two_editions()?);
    let places = places(geography, &coverage, &late, &sources, config);
    let load = |departement: &str| {
        let known = sales.get(departement);
        Ok(known.map_or_else(Cow::default, Cow::Borrowed))
    };
    compute_stale(config, &sources, &places, load, |_, _| false)
}

/// The codes that stand in the files, with the digests of their sales.
type Sources<'a> = Vec<(&'a str, &'a [u8; 32])>;

/// A commune whose sales were all withdrawn leaves no trace: it is like one that never had any.
fn sources(digests: &BTreeMap<String, [u8; 32]>) -> Sources<'_> {
    let none = blake3::hash(b"");
    let digests = digests.iter();
    let sources = digests.map(|(commune, digest)| (commune.as_str(), digest));
    sources
        .filter(|(_, digest)| *digest != none.as_bytes())
        .collect()
}

/// Every place with its extent and the digest of everything that its figures come from.
type Places = BTreeMap<Place, (Extent, [u8; 32])>;

fn places(
    geography: &Geography,
    coverage: &BTreeMap<String, Vec<Month>>,
    late: &[MonthOfTwoEditions],
    sources: &Sources<'_>,
    config: &Config,
) -> Places {
    let codes: Vec<&str> = sources.iter().map(|(code, _)| *code).collect();
    let late = LateDeeds::new(late);
    extents(geography, coverage, &codes, &config.notes, &late)
        .into_par_iter()
        .map(|(place, extent)| {
            let digest = digest(&extent, sources, config);
            (place, (extent, digest))
        })
        .collect()
}

/// Computes the places that are not fresh, from sales that `load` gives by département.
fn compute_stale<'a>(
    config: &Config,
    sources: &Sources<'_>,
    places: &Places,
    load: impl Fn(&str) -> Result<Cow<'a, SaleColumns>, DbError> + Sync,
    fresh: impl Fn(&Place, &[u8; 32]) -> bool,
) -> Result<Vec<(Place, StoredFigures)>, StatsError> {
    let places = places.iter();
    let stale: Vec<_> = places
        .filter(|(place, (_, digest))| !fresh(place, digest))
        .collect();
    let extents: Vec<&Extent> = stale.iter().map(|(_, (extent, _))| extent).collect();
    let codes: Vec<&str> = sources.iter().map(|(code, _)| *code).collect();
    let keep = |number: usize, figures| {
        let (place, (_, digest)) = stale[number];
        Ok((place.clone(), StoredFigures::new(*digest, &figures)?))
    };
    compute(&extents, &codes, &config.statistics, load, keep)
}

/// Everything that the figures of a place come from.
fn digest(extent: &Extent, sources: &Sources<'_>, config: &Config) -> [u8; 32] {
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
    for &source in &extent.sources {
        let (code, digest) = sources[source as usize];
        text.extend(code.as_bytes());
        text.extend(digest);
    }
    *blake3::hash(&text).as_bytes()
}
