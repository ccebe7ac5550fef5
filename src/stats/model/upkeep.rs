//! What the models rest on, which of them are stale, and what is made of all of them.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::comparables::{Comparables, ComparedPlace};
use super::departement_base::{DepartementBase, LoadSales};
use super::departement_homes::DepartementHomes;
use super::naming::Naming;
use super::national::{CentredCommune, Models};
use super::shared_fits::SharedFits;
use crate::base::place::{Level, Place};
use crate::db::{CachedModel, ModelChanges, Positions};
use crate::geo::{Geography, earth_point, main_departement};
use crate::stats::error::StatsError;
use crate::stats::extent::Extent;

/// All that models and what is made of them come from.
pub(crate) struct ModelBase<'a> {
    /// All places.
    extents: Vec<(&'a Place, &'a Extent)>,
    /// The codes that extents count in.
    codes: Vec<&'a str>,
    departements: BTreeMap<&'a str, DepartementBase<'a>>,
    digest: blake3::Hash,
}

/// The models of all départements, and what is to be stored of them.
pub(crate) struct Modelling {
    pub models: Models,
    /// What else is cached and was not looked at yet.
    unread: BTreeMap<String, CachedModel>,
    /// Models that were made, and those that are no more.
    pub changes: ModelChanges,
}

impl<'a> ModelBase<'a> {
    /// From all places with what stands for what their figures come from, the codes that stand in the files with the digests of
    /// their sales, which the extents count in, and what stands for where mutations are.
    pub(crate) fn new(
        naming: Naming<'a>,
        places: impl Iterator<Item = (&'a Place, &'a Extent, &'a [u8; 32])>,
        sources: &[(&'a str, &[u8; 32])],
        positions: blake3::Hash,
    ) -> Self {
        let mut hasher = blake3::Hasher::new();
        let extents: Vec<_> = places
            .map(|(place, extent, digest)| {
                hasher.update(place.to_string().as_bytes()).update(digest);
                (place, extent)
            })
            .collect();
        let departements = extents
            .iter()
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
        hasher.update(positions.as_bytes());
        if let Naming::Today(geography) = naming {
            hasher.update(geography.digest().as_bytes());
        }
        Self {
            extents,
            codes: sources.iter().map(|(code, _)| *code).collect(),
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
    /// The errors of `load`, and when a model cannot be read or written as JSON.
    pub(crate) fn models<'s>(
        &self,
        mut cached: BTreeMap<String, CachedModel>,
        load: &impl LoadSales<'s>,
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
            let model = base.make(load)?;
            let made = CachedModel {
                digest: *base.digest.as_bytes(),
                json: serde_json::to_string(&model)?,
            };
            Ok((code, model, Some(made)))
        });
        let mut modelling = Modelling {
            models: Models::new(),
            unread: cached,
            changes: ModelChanges {
                base: self.mark(),
                ..ModelChanges::default()
            },
        };
        for (code, model, made) in models.collect::<Result<Vec<_>, StatsError>>()? {
            modelling.models.insert(code.to_owned(), model);
            let made = made.map(|made| (code.to_owned(), made));
            modelling.changes.made.extend(made);
        }
        Ok(modelling)
    }

    /// The comparable homes of all places, by what the homes of each département are compared by. `communes` are those that
    /// have a centre.
    ///
    /// # Errors
    /// The errors of `load`, and when a fit cannot be read or written as JSON.
    pub(crate) fn comparables<'c, 's>(
        &'c self,
        geography: &Geography,
        communes: &'c [CentredCommune],
        modelling: &mut Modelling,
        load: &impl LoadSales<'s>,
    ) -> Result<Comparables<'c>, StatsError> {
        let shared = SharedFits {
            geography,
            departements: &self.departements,
            models: &modelling.models,
            cached: &mut modelling.unread,
            changes: &mut modelling.changes,
        };
        let fits = shared.find(load)?;
        let gone = std::mem::take(&mut modelling.unread);
        modelling.changes.gone = gone.into_keys().collect();
        let departements: Vec<_> = self.departements.iter().collect();
        let departements = departements.into_par_iter().with_max_len(1);
        let departements = departements.map(|(&code, base)| {
            let fits = fits.get(code).copied().unwrap_or_default();
            base.with_parts(load, |parts| {
                DepartementHomes::new(code, base.last(), &base.sources, fits, parts)
            })
        });
        let places = self.extents.iter().map(|&(place, extent)| ComparedPlace {
            place,
            extent,
            wider: self.wider(geography, place, extent),
        });
        Ok(Comparables {
            departements: departements.collect::<Result<_, _>>()?,
            communes,
            places: places.collect(),
            codes: &self.codes,
        })
    }

    /// The wider places that a place may be compared with, the nearest first: of a commune its EPCI and its département, of an
    /// EPCI the département that most of its communes lie in.
    fn wider(&self, geography: &Geography, place: &Place, extent: &Extent) -> Vec<Place> {
        let departement = |code: &str| Place::new(Level::Departement, code);
        match place.level {
            Level::Commune => {
                let commune = geography.commune(&place.code);
                let wider = commune.into_iter().flat_map(|commune| {
                    let epci = commune
                        .epci
                        .iter()
                        .map(|code| Place::new(Level::Epci, code));
                    epci.chain([departement(&commune.departement)])
                });
                let wider = wider.filter(|wide| !geography.are_one_territory(place, wide));
                wider.collect()
            }
            Level::Epci => {
                let codes = extent
                    .sources
                    .iter()
                    .map(|&source| self.codes[source as usize]);
                let communes = codes.filter_map(|code| geography.current(code));
                let most = main_departement(communes).map(departement);
                most.into_iter().collect()
            }
            Level::Departement | Level::Region | Level::Pays => Vec::new(),
        }
    }
}

/// The communes that have a centre, by code.
pub(crate) fn centred_communes(naming: Naming<'_>, positions: &Positions) -> Vec<CentredCommune> {
    let centres = positions.centres(|code| naming.of(code)).into_iter();
    let communes = centres.map(|(commune, centre)| CentredCommune {
        code: commune.code.to_owned(),
        departement: commune.departement.to_owned(),
        degrees: centre,
        centre: earth_point(centre.longitude, centre.latitude),
    });
    communes.collect()
}
