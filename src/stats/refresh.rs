//! The cache: which figures are stale, and what is fresh in their place.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::cached::{FiguresKey, StoredFigures};
use super::error::StatsError;
use super::figures::Figures;
use super::model::{Modelled, Naming};
use super::places::{places, sources};
use super::stale::{ModelledPlaces, compute_stale, method, model, model_base, stale};
use crate::base::place::{CodeMap, Level, Place};
use crate::config::Config;
use crate::db::{Centre, Database, DbError, FiguresReader, ModelChanges, digests};
use crate::geo::{self, Geography};

/// Stands before the digest of sales and coverage in what is noted of the data; notes of earlier programs have none.
const SALES: &str = "sales:";

/// What a refresh did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// Communes (arrondissements and whole cities among them) computed again.
    pub communes: u64,
    /// Places of all levels computed again.
    pub places: u64,
    /// Places that were fresh.
    pub fresh: u64,
    /// Of these, places of which something else is modelled than before.
    pub remodelled: u64,
}

/// The changes that bring the cache of figures up to date.
pub struct Update {
    /// How many places were computed again, and how many were fresh.
    pub refreshed: Refreshed,
    /// Stands for the sales, the months that files cover and the centres of communes, all that figures come from but the
    /// configuration, the places and the program.
    pub digest: blake3::Hash,
    /// The figures that were computed, or of which another part is modelled.
    pub figures: Vec<(Place, StoredFigures)>,
    /// What is known of the cached figures, fresh or not, of places that there still are.
    pub known: HashMap<Place, FiguresKey>,
    gone: Vec<Place>,
    /// The centres of communes by code, where models were looked at.
    pub centres: Option<CodeMap<String, Centre>>,
    /// `None` where models were not looked at: nothing that they come from changed.
    models: Option<ModelChanges>,
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
        let same = changes == [0; 3] && self.models.is_none();
        if same && self.same_method && (data.is_none() || noted == data) {
            return Ok(());
        }
        let data = data.as_ref().or(noted.as_ref()).map_or("", String::as_str);
        let noted = [self.method.as_str(), data];
        let models = self.models.as_ref();
        database.store_figures(
            self.batch,
            noted,
            &self.communes,
            &self.figures,
            &self.gone,
            models,
        )
    }
}

/// What brings the cached figures to the sales, the coverage and the thresholds: only the places whose digest changed
/// are computed, or all when the program did. What is modelled of a place comes from the sales of others too: where these
/// changed, the places of which now something else is modelled get it. Nothing is stored yet.
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
        || cache.as_ref().map(FiguresReader::keys).transpose(),
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
    let stale = stale(&places, fresh);
    let naming = Naming::Today(geography);
    let positions = database.positions_digest()?;
    let base = model_base(naming, &places, &sources, positions);
    let same_base = same_method && database.model_base()? == Some(base.mark());
    let (mut models, mut centres) = (None, None);
    let mut figures = Vec::new();
    if !same_base || !stale.is_empty() {
        let cached = match same_method {
            true => database.models()?,
            false => BTreeMap::new(),
        };
        let ModelledPlaces {
            modelled,
            changes,
            centres: of_communes,
        } = model(database, geography, &base, cached, &load)?;
        models = Some(changes);
        centres = Some(of_communes);
        figures = compute_stale(config, &sources, &stale, load, &modelled)?;
        let stale: BTreeSet<&Place> = stale.iter().map(|(place, _)| *place).collect();
        let fresh = known
            .iter()
            .filter(|(place, _)| places.contains_key(*place) && !stale.contains(place));
        if let Some(cache) = &cache {
            figures.extend(remodelled(fresh, &modelled, cache)?);
        }
    }
    let is_commune = |place: &Place| place.level == Level::Commune;
    let stale_communes = stale.iter().filter(|(place, _)| is_commune(place));
    let refreshed = Refreshed {
        communes: stale_communes.count() as u64,
        places: stale.len() as u64,
        fresh: (places.len() - stale.len()) as u64,
        remodelled: (figures.len() - stale.len()) as u64,
    };
    let gone = known.extract_if(|place, _| !places.contains_key(place));
    let gone = gone.map(|(place, _)| place).collect();
    let mut digest = blake3::Hasher::new();
    for (commune, sales) in &sources {
        digest.update(commune.as_bytes()).update(*sales);
    }
    serde_json::to_writer(&mut digest, &(&coverage, &late))?;
    digest.update(positions.as_bytes());
    Ok(Update {
        refreshed,
        digest: digest.finalize(),
        figures,
        known,
        gone,
        models,
        centres,
        communes,
        batch,
        data: [database.figures_data()?, None],
        method,
        same_method,
    })
}

/// The figures of fresh places of which now something else is modelled.
fn remodelled<'a>(
    fresh: impl Iterator<Item = (&'a Place, &'a FiguresKey)>,
    modelled: &BTreeMap<Place, Modelled>,
    cache: &FiguresReader,
) -> Result<Vec<(Place, StoredFigures)>, StatsError> {
    let fresh: Vec<_> = fresh.collect();
    let remodel = |(place, key): (&Place, &FiguresKey)| {
        let none = Modelled::default();
        let modelled = modelled.get(place).unwrap_or(&none);
        if modelled.mark()? == key.summary.modelled {
            return Ok(None);
        }
        let figures = Figures {
            modelled: modelled.clone(),
            ..serde_json::from_str(&cache.read(place, &key.hash)?)?
        };
        let stored = StoredFigures::new(place.level, key.digest, &figures)?;
        Ok(Some((place.clone(), stored)))
    };
    let figures = fresh.into_par_iter().map(remodel);
    figures.filter_map(Result::transpose).collect()
}
