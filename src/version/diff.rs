//! What changed for readers between two versions: figures that moved, pages that came and went.

use std::collections::BTreeMap;

use serde::Serialize;

use super::error::VersionError;
use super::manifest::hashes;
use super::objects::{ContentReader, Hash};
use super::store::Store;
use crate::site::{CityChange, city_of};

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

impl Store {
    /// Compares two versions, named by their numbers or `previous`.
    ///
    /// # Errors
    /// When there is no such version, or a content is damaged.
    pub fn diff(&self, from: &str, to: &str) -> Result<Difference, VersionError> {
        let pair = self.pair(from, to)?;
        let is_data = |path: &str| path.ends_with(".json") && city_of(path).is_some();
        let mut cities = Vec::new();
        pair.contents(self, &is_data, &mut |path, before, after| {
            let code = city_of(path).unwrap_or_default();
            cities.extend(CityChange::between(code, before, after)?);
            Ok(())
        })?;
        cities.sort_by(|a, b| b.movement.total_cmp(&a.movement).then(a.code.cmp(&b.code)));
        let only = |a: &BTreeMap<String, Hash>, b: &BTreeMap<String, Hash>| {
            let absent = a.keys().filter(|path| !b.contains_key(*path));
            absent.cloned().collect::<Vec<_>>()
        };
        Ok(Difference {
            added: only(&pair.after, &pair.before),
            removed: only(&pair.before, &pair.after),
            changed: pair.changed().count(),
            from: pair.from,
            to: pair.to,
            cities,
        })
    }

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
        let pair = self.pair(from, to)?;
        pair.contents(self, is_wanted, &mut |path, before, after| {
            see(path, before, after);
            Ok(())
        })?;
        Ok((pair.from, pair.to))
    }

    fn pair(&self, from: &str, to: &str) -> Result<VersionPair, VersionError> {
        let ((from_id, from), (to_id, to)) = (self.find(from)?, self.find(to)?);
        Ok(VersionPair {
            before: hashes(&self.connection, from_id)?,
            after: hashes(&self.connection, to_id)?,
            from,
            to,
        })
    }
}

/// Two versions by their numbers, with the hash of each of their files.
struct VersionPair {
    from: String,
    to: String,
    before: BTreeMap<String, Hash>,
    after: BTreeMap<String, Hash>,
}

impl VersionPair {
    /// The files that both have with different contents: the path, the hash in the older one, and that in the newer one.
    fn changed(&self) -> impl Iterator<Item = (&str, &Hash, &Hash)> {
        self.after.iter().filter_map(|(path, new)| {
            let old = self.before.get(path).filter(|old| *old != new)?;
            Some((path.as_str(), old, new))
        })
    }

    /// Hands over those that are wanted, the older content first.
    fn contents(
        &self,
        store: &Store,
        is_wanted: &dyn Fn(&str) -> bool,
        see: &mut impl FnMut(&str, &[u8], &[u8]) -> Result<(), VersionError>,
    ) -> Result<(), VersionError> {
        let reader = ContentReader::new(&store.connection)?;
        let mut unpacker = reader.dictionaries().unpacker();
        for (path, old, new) in self.changed().filter(|(path, ..)| is_wanted(path)) {
            let old = unpacker.unpack(&reader.fetch(old, path)?, path)?;
            let new = unpacker.unpack(&reader.fetch(new, path)?, path)?;
            see(path, &old, &new)?;
        }
        Ok(())
    }
}
