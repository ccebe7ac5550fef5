//! Coefficients for départements with too few sales of a kind: their région's, else France's.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::departement_base::{DepartementBase, LoadSales};
use super::estimator::CoefficientsOf;
use super::fits::{FitSales, Fits, FitsUsed};
use super::national::Models;
use crate::db::{CachedModel, ModelChanges};
use crate::geo::Geography;
use crate::stats::error::StatsError;

/// Départements by code, with what their models come from.
type Bases<'a, 'b> = BTreeMap<&'b str, &'b DepartementBase<'a>>;

/// Finds the coefficients that each département uses.
pub(super) struct SharedFits<'b, 'a> {
    pub geography: &'b Geography,
    pub departements: &'b BTreeMap<&'a str, DepartementBase<'a>>,
    pub models: &'b Models,
    /// What is cached and was not looked at yet.
    pub cached: &'b mut BTreeMap<String, CachedModel>,
    pub changes: &'b mut ModelChanges,
}

impl<'b, 'a> SharedFits<'b, 'a> {
    /// The fits that each département uses. Those of régions and of France are made where they are needed and not cached.
    ///
    /// # Errors
    /// The errors of `load`, and when fits cannot be read or written as JSON.
    pub(super) fn find<'s>(
        mut self,
        load: &impl LoadSales<'s>,
    ) -> Result<BTreeMap<String, FitsUsed>, StatsError> {
        let mut regions = BTreeMap::<&str, Fits>::new();
        for code in self.incomplete(|_| None) {
            let Some(region) = self.region(code) else {
                continue;
            };
            if !regions.contains_key(region) {
                let fits = self.of_region(region, load)?;
                regions.insert(region, fits);
            }
        }
        let of_region = |code: &str| regions.get(self.region(code)?);
        let france = self.incomplete(of_region).into_iter().collect::<Vec<_>>();
        let wanted = france.iter().fold([false; 2], |wanted, code| {
            either(wanted, self.missing(code, of_region(code)))
        });
        let france = match wanted {
            [false, false] => None,
            wanted => {
                let members = self.departements.iter().map(|(code, base)| (*code, base));
                let members = members.collect();
                Some(self.shared("FR", &members, wanted, FitSales::of_france, load)?)
            }
        };
        let of_region = |code: &str| regions.get(self.region(code)?);
        let used = self.departements.keys().map(|&code| {
            let own = self.models.get(code).map(|model| &model.fits);
            let used = FitsUsed::first([
                (own, CoefficientsOf::Departement),
                (of_region(code), CoefficientsOf::Region),
                (france.as_ref(), CoefficientsOf::France),
            ]);
            (code.to_owned(), used)
        });
        Ok(used.collect())
    }

    fn region(&self, departement: &str) -> Option<&'b str> {
        let departement = self.geography.departement(departement)?;
        Some(&departement.region)
    }

    /// The kinds that neither a département nor some other fits have.
    fn missing(&self, departement: &str, other: Option<&Fits>) -> [bool; 2] {
        let own = self
            .models
            .get(departement)
            .map(|model| model.fits.missing());
        let other = other.map_or([true; 2], Fits::missing);
        let [houses, flats] = own.unwrap_or([true; 2]);
        [houses && other[0], flats && other[1]]
    }

    /// The départements for which a kind is missing.
    fn incomplete<'f>(&self, other: impl Fn(&str) -> Option<&'f Fits>) -> BTreeSet<&'a str> {
        let codes = self.departements.keys().copied();
        codes
            .filter(|code| self.missing(code, other(code)) != [false; 2])
            .collect()
    }

    fn of_region<'s>(
        &mut self,
        region: &str,
        load: &impl LoadSales<'s>,
    ) -> Result<Fits, StatsError> {
        let members: Bases<'a, 'b> = self
            .departements
            .iter()
            .filter(|(code, _)| self.region(code) == Some(region))
            .map(|(code, base)| (*code, base))
            .collect();
        // Alone in its région, a département has no more sales there.
        if members.len() < 2 {
            return Ok(Fits::default());
        }
        let wanted = members.keys().fold([false; 2], |wanted, code| {
            either(wanted, self.missing(code, None))
        });
        self.shared(
            &format!("region {region}"),
            &members,
            wanted,
            FitSales::own,
            load,
        )
    }

    /// The fits of the kinds that are wanted of some départements together, from the cache where they are fresh there.
    fn shared<'s>(
        &mut self,
        name: &str,
        members: &Bases<'a, 'b>,
        wanted: [bool; 2],
        fit: impl Fn(FitSales) -> Fits,
        load: &impl LoadSales<'s>,
    ) -> Result<Fits, StatsError> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&wanted.map(u8::from));
        for (code, base) in members {
            hasher
                .update(code.as_bytes())
                .update(base.digest.as_bytes());
        }
        let digest = *hasher.finalize().as_bytes();
        let fresh = self.cached.remove(name);
        if let Some(fresh) = fresh.filter(|cached| cached.digest == digest) {
            return Ok(serde_json::from_str(&fresh.json)?);
        }
        let members: Vec<_> = members.values().collect();
        let sales = members
            .into_par_iter()
            .with_max_len(1)
            .map(|base| base.with_parts(load, |parts| FitSales::of(parts, base.last(), wanted)));
        let mut all = FitSales::new();
        for sales in sales.collect::<Result<Vec<_>, _>>()? {
            all.append(sales);
        }
        let fits = fit(all);
        let json = serde_json::to_string(&fits)?;
        let made = CachedModel { digest, json };
        self.changes.made.insert(name.to_owned(), made);
        Ok(fits)
    }
}

fn either(a: [bool; 2], b: [bool; 2]) -> [bool; 2] {
    [a[0] || b[0], a[1] || b[1]]
}
