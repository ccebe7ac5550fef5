//! What the models rest on, which of them are stale, and what is made of all of them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::departement::{DepartementModel, Part};
use super::local::point;
use super::naming::Naming;
use super::national::{CentredCommune, Models};
use crate::base::month::Month;
use crate::base::place::{Level, Place};
use crate::db::{CachedModel, DbError, ModelChanges, Positions, SaleColumns};
use crate::geo;
use crate::stats::error::StatsError;
use crate::stats::extent::Extent;

/// All that models and what is made of them come from.
pub(crate) struct ModelBase<'a> {
    departements: BTreeMap<&'a str, DepartementBase<'a>>,
    digest: blake3::Hash,
}

/// What the model of a département comes from.
struct DepartementBase<'a> {
    months: &'a [Month],
    /// Codes that stand in the files, with the commune that each stands for, where it is known.
    sources: Vec<(&'a str, Option<&'a str>)>,
    digest: blake3::Hash,
}

/// The models of all départements, and what is to be stored of them.
pub(crate) struct Modelling {
    pub models: Models,
    /// Models that were made, and those that are no more.
    pub changes: ModelChanges,
}

impl<'a> ModelBase<'a> {
    /// From all places, the codes that stand in the files with the digests of their sales, which the extents count in, and what
    /// stands for where mutations are.
    pub(crate) fn new(
        naming: Naming<'a>,
        extents: impl Iterator<Item = (&'a Place, &'a Extent)>,
        sources: &[(&'a str, &[u8; 32])],
        positions: blake3::Hash,
    ) -> Self {
        let departements: BTreeMap<_, _> = extents
            .filter(|(place, _)| place.level == Level::Departement)
            .map(|(place, extent)| {
                let sources = extent.sources.iter().map(|&source| {
                    let (code, digest) = sources[source as usize];
                    (code, naming.of(code).map(|commune| commune.code), digest)
                });
                let base = DepartementBase::new(&extent.months, sources);
                (place.code.as_str(), base)
            })
            .collect();
        let mut hasher = blake3::Hasher::new();
        for (code, base) in &departements {
            hasher.update(code.as_bytes());
            hasher.update(base.digest.as_bytes());
        }
        hasher.update(positions.as_bytes());
        if let Naming::Today(geography) = naming {
            hasher.update(geography.digest().as_bytes());
        }
        Self {
            departements,
            digest: hasher.finalize(),
        }
    }

    /// Stands for all of it.
    pub(crate) fn mark(&self) -> String {
        self.digest.to_hex().to_string()
    }

    /// The models: those that are cached and fresh, the others made from the sales that `load` gives by the département that
    /// codes in the files begin with.
    ///
    /// # Errors
    /// Those of `load`, and when a model cannot be read or written as JSON.
    pub(crate) fn models<'s>(
        &self,
        mut cached: BTreeMap<String, CachedModel>,
        load: impl Fn(&str) -> Result<Cow<'s, SaleColumns>, DbError> + Sync,
    ) -> Result<Modelling, StatsError> {
        let bases = self.departements.iter();
        let bases: Vec<_> = bases
            .map(|(&code, base)| (code, base, cached.remove(code)))
            .collect();
        let models = bases.into_par_iter().with_max_len(1);
        let models = models.map(|(code, base, cached)| {
            let fresh = cached.filter(|cached| cached.digest == *base.digest.as_bytes());
            if let Some(fresh) = fresh {
                return Ok((code, serde_json::from_str(&fresh.json)?, None));
            }
            let model = base.make(&load)?;
            let made = CachedModel {
                digest: *base.digest.as_bytes(),
                json: serde_json::to_string(&model)?,
            };
            Ok((code, model, Some(made)))
        });
        let mut modelling = Modelling {
            models: Models::new(),
            changes: ModelChanges {
                made: BTreeMap::new(),
                gone: cached.into_keys().collect(),
                base: self.mark(),
            },
        };
        for (code, model, made) in models.collect::<Result<Vec<_>, StatsError>>()? {
            modelling.models.insert(code.to_owned(), model);
            let made = made.map(|made| (code.to_owned(), made));
            modelling.changes.made.extend(made);
        }
        Ok(modelling)
    }
}

impl<'a> DepartementBase<'a> {
    fn new<'d>(
        months: &'a [Month],
        sources: impl Iterator<Item = (&'a str, Option<&'a str>, &'d [u8; 32])>,
    ) -> Self {
        let mut hasher = blake3::Hasher::new();
        for month in months {
            hasher.update(month.to_string().as_bytes());
        }
        let sources = sources.map(|(code, commune, digest)| {
            hasher.update(code.as_bytes()).update(digest);
            hasher.update(commune.unwrap_or("-").as_bytes());
            (code, commune)
        });
        Self {
            months,
            sources: sources.collect(),
            digest: hasher.finalize(),
        }
    }

    fn make<'s>(
        &self,
        load: impl Fn(&str) -> Result<Cow<'s, SaleColumns>, DbError>,
    ) -> Result<DepartementModel, DbError> {
        let parts = self
            .sources
            .chunk_by(|a, b| geo::departement_of(a.0) == geo::departement_of(b.0));
        let loaded = parts.map(|sources| Ok((load(geo::departement_of(sources[0].0))?, sources)));
        let loaded = loaded.collect::<Result<Vec<_>, DbError>>()?;
        let parts = loaded.iter().map(|(sales, sources)| {
            let mut rows = sales.by_commune();
            let communes = sources.iter();
            Part {
                sales,
                communes: communes
                    .filter_map(|&(code, commune)| Some((commune, rows.remove(code)?)))
                    .collect(),
            }
        });
        Ok(DepartementModel::new(
            self.months,
            &parts.collect::<Vec<_>>(),
        ))
    }
}

/// The communes that have a centre, by code.
pub(crate) fn centred_communes(naming: Naming<'_>, positions: &Positions) -> Vec<CentredCommune> {
    let mut communes = BTreeMap::<&str, (&str, Vec<&str>)>::new();
    for code in positions.communes() {
        if let Some(commune) = naming.of(code) {
            let known = communes.entry(commune.code);
            let (_, codes) = known.or_insert_with(|| (commune.departement, Vec::new()));
            codes.push(code);
        }
    }
    let communes: Vec<_> = communes.into_iter().collect();
    let communes = communes.into_par_iter().filter_map(|(code, known)| {
        let (departement, codes) = known;
        let centre = positions.centre(codes)?;
        Some(CentredCommune {
            code: code.to_owned(),
            departement: departement.to_owned(),
            centre: point(centre.longitude, centre.latitude),
        })
    });
    communes.collect()
}
