//! What changed for readers between two versions: figures that moved, pages that came and went.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::VersionError;
use super::manifest::hashes;
use super::objects::ContentReader;
use super::store::Store;
use crate::site::city_of;

/// The difference between two versions.
#[derive(Debug, Serialize)]
pub struct Difference {
    /// Number of the older version.
    pub from: String,
    /// Number of the newer one.
    pub to: String,
    /// Cities whose figures moved, the largest movement first.
    pub cities: Vec<CityChange>,
    /// Paths of the files that only the newer one has.
    pub added: Vec<String>,
    /// Paths of the files that only the older one has.
    pub removed: Vec<String>,
    /// Pages that changed, those of the cities included.
    pub changed: usize,
}

/// A city's headline figures before and after: €/m², and sales in the last twelve months.
#[derive(Debug, Serialize)]
pub struct CityChange {
    /// The commune's code.
    pub code: String,
    /// Its name in the newer version.
    pub name: String,
    /// Flats, €/m².
    pub appartement: [Option<u32>; 2],
    /// Houses, €/m².
    pub maison: [Option<u32>; 2],
    /// Sales in the last twelve covered months.
    pub volume: [Option<u64>; 2],
    /// Largest relative movement of a price, %.
    pub movement: f64,
}

/// The part of a city's data file that is compared.
#[derive(Deserialize)]
struct City {
    metadata: Metadata,
    current_stats: Stats,
}

#[derive(Deserialize)]
struct Metadata {
    city_name: String,
}

#[derive(Deserialize)]
struct Stats {
    prix_m2_appartement: Option<u32>,
    prix_m2_maison: Option<u32>,
    volume: Option<u64>,
}

impl Store {
    /// Compares two versions, named by their numbers or `previous`.
    ///
    /// # Errors
    /// When there is no such version, or a content is damaged.
    pub fn diff(&self, from: &str, to: &str) -> Result<Difference, VersionError> {
        let ((from_id, from), (to_id, to)) = (self.find(from)?, self.find(to)?);
        let before = hashes(&self.connection, from_id)?;
        let after = hashes(&self.connection, to_id)?;
        let only = |a: &BTreeMap<String, _>, b: &BTreeMap<String, _>| {
            a.keys()
                .filter(|path| !b.contains_key(*path))
                .cloned()
                .collect::<Vec<_>>()
        };
        let reader = ContentReader::new(&self.connection)?;
        let mut unpacker = reader.dictionaries().unpacker();
        let mut cities = Vec::new();
        let mut changed = 0;
        for (path, new) in &after {
            let Some(old) = before.get(path).filter(|old| *old != new) else {
                continue;
            };
            changed += 1;
            let Some(code) = city_of(path).filter(|_| path.ends_with(".json")) else {
                continue;
            };
            let mut city = |hash| -> Result<City, VersionError> {
                let content = unpacker.unpack(&reader.fetch(hash, path)?, path)?;
                Ok(serde_json::from_slice(&content)?)
            };
            cities.extend(CityChange::between(code, &city(old)?, &city(new)?));
        }
        cities.sort_by(|a, b| b.movement.total_cmp(&a.movement).then(a.code.cmp(&b.code)));
        Ok(Difference {
            added: only(&after, &before),
            removed: only(&before, &after),
            from,
            to,
            cities,
            changed,
        })
    }
}

impl Store {
    /// The first file of a version whose path begins so; `None` where there is none.
    ///
    /// # Errors
    /// When there is no such version, or the content is damaged.
    pub fn first_of(&self, version: &str, start: &str) -> Result<Option<Vec<u8>>, VersionError> {
        let (id, _) = self.find(version)?;
        let files = hashes(&self.connection, id)?;
        let mut files = files.iter().filter(|(path, _)| path.starts_with(start));
        let reader = ContentReader::new(&self.connection)?;
        let mut unpacker = reader.dictionaries().unpacker();
        let content = files
            .next()
            .map(|(path, hash)| unpacker.unpack(&reader.fetch(hash, path)?, path));
        content.transpose()
    }

    /// Hands over the files that two versions have with different contents, by path: those that are wanted, the older content
    /// first. Gives the numbers of the versions.
    ///
    /// # Errors
    /// When there is no such version, or a content is damaged.
    pub fn changed_contents(
        &self,
        from: &str,
        to: &str,
        is_wanted: &dyn Fn(&str) -> bool,
        see: &mut impl FnMut(&str, &[u8], &[u8]),
    ) -> Result<(String, String), VersionError> {
        let ((from_id, from), (to_id, to)) = (self.find(from)?, self.find(to)?);
        let before = hashes(&self.connection, from_id)?;
        let after = hashes(&self.connection, to_id)?;
        let reader = ContentReader::new(&self.connection)?;
        let mut unpacker = reader.dictionaries().unpacker();
        for (path, new) in after.iter().filter(|(path, _)| is_wanted(path)) {
            if let Some(old) = before.get(path).filter(|old| *old != new) {
                let old = unpacker.unpack(&reader.fetch(old, path)?, path)?;
                let new = unpacker.unpack(&reader.fetch(new, path)?, path)?;
                see(path, &old, &new);
            }
        }
        Ok((from, to))
    }
}

impl CityChange {
    /// `None` when the headline figures are the same.
    fn between(code: &str, before: &City, after: &City) -> Option<Self> {
        let (b, a) = (&before.current_stats, &after.current_stats);
        let appartement = [b.prix_m2_appartement, a.prix_m2_appartement];
        let maison = [b.prix_m2_maison, a.prix_m2_maison];
        let volume = [b.volume, a.volume];
        let moved = |pair: [Option<u32>; 2]| match pair {
            [Some(before), Some(after)] if before > 0 => {
                (f64::from(after) / f64::from(before) - 1.0).abs() * 100.0
            }
            _ => 0.0,
        };
        let same =
            appartement[0] == appartement[1] && maison[0] == maison[1] && volume[0] == volume[1];
        (!same).then(|| Self {
            code: code.to_owned(),
            name: after.metadata.city_name.clone(),
            movement: moved(appartement).max(moved(maison)),
            appartement,
            maison,
            volume,
        })
    }
}
