//! The way of sales to the figures of places: département by département, so that nobody has to hold all sales.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::Figures;
use super::error::StatsError;
use super::extent::Extent;
use super::place_sales::{CLASSES, PlaceSales};
use super::sample::figures;
use crate::config::Statistics;
use crate::db::{DbError, SaleColumns};
use crate::geo;

/// A place on the way to its figures.
struct Pending<'a> {
    /// In how many départements it has sales.
    parts: usize,
    /// Of the départements that were read.
    dealt: Mutex<Vec<(&'a str, PlaceSales)>>,
}

/// Computes the figures of each place, and gives what `keep` makes of them and the number of the place, in the order of the
/// places: the figures of all places at once would fill the memory, as would all sales, which `load` gives by département.
/// `codes` are those that the sources of the extents count in.
///
/// # Errors
/// The errors of `load` and `keep`.
pub(super) fn compute<'a, 's, R: Send>(
    extents: &[&'a Extent],
    codes: &[&'a str],
    method: &Statistics,
    load: impl Fn(&str) -> Result<Cow<'s, SaleColumns>, DbError> + Sync,
    keep: impl Fn(usize, Figures) -> Result<R, StatsError> + Sync,
) -> Result<Vec<R>, StatsError> {
    // The places of each département, and those of their sources that lie there.
    let mut departements = BTreeMap::<&str, Vec<(usize, &[u32])>>::new();
    let departement = |source: u32| geo::departement_of(codes[source as usize]);
    let mut places = Vec::with_capacity(extents.len());
    for (number, extent) in extents.iter().enumerate() {
        let sources = extent
            .sources
            .chunk_by(|&a, &b| departement(a) == departement(b));
        let mut parts = 0;
        for sources in sources {
            let known = departements.entry(departement(sources[0])).or_default();
            known.push((number, sources));
            parts += 1;
        }
        places.push(Pending {
            parts,
            dealt: Mutex::default(),
        });
    }
    let figures_of = |number: usize, dealt: &[PlaceSales]| {
        let figures = figures(dealt, extents[number], method);
        Ok((number, keep(number, figures)?))
    };
    let departements: Vec<_> = departements.into_iter().collect();
    let read = departements.into_par_iter().with_max_len(1);
    let read = read.map(|(departement, parts)| {
        let sales = load(departement)?;
        let rows = sales.by_commune();
        let parts = parts.into_par_iter().with_max_len(1);
        let figures = parts.filter_map(|(number, sources)| {
            let place = &places[number];
            let communes = sources
                .iter()
                .filter_map(|&code| rows.get(codes[code as usize]));
            let classes = if place.parts > 1 { CLASSES } else { 1 };
            let last = extents[number].last();
            let rows = communes.flatten().cloned();
            let dealt = PlaceSales::new(&sales, rows, classes, last, method);
            let parts = place.with(departement, dealt)?;
            Some(figures_of(number, &parts))
        });
        figures.collect::<Result<Vec<_>, StatsError>>()
    });
    let read = read.collect::<Result<Vec<_>, StatsError>>()?;
    let mut all: Vec<_> = read.into_iter().flatten().collect();
    let none = places
        .iter()
        .enumerate()
        .filter(|(_, place)| place.parts == 0);
    for (number, _) in none {
        all.push(figures_of(number, &[])?);
    }
    all.sort_by_key(|(number, _)| *number);
    Ok(all.into_iter().map(|(_, kept)| kept).collect())
}

impl<'a> Pending<'a> {
    /// Adds the sales in a département; gives those of all once they are there, whoever was read first.
    fn with(&self, departement: &'a str, dealt: PlaceSales) -> Option<Vec<PlaceSales>> {
        let mut known = self.dealt.lock().unwrap_or_else(PoisonError::into_inner);
        known.push((departement, dealt));
        if known.len() < self.parts {
            return None;
        }
        let mut parts = std::mem::take(&mut *known);
        // Sums are in the same order each time.
        parts.sort_by_key(|(departement, _)| *departement);
        Some(parts.into_iter().map(|(_, dealt)| dealt).collect())
    }
}
