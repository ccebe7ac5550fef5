//! All figures from the rows of sales, without a look at what is kept and cached: what these are checked by.

use std::collections::{BTreeMap, BTreeSet};

use super::cached::StoredFigures;
use super::error::StatsError;
use super::figures::Figures;
use super::model::{Modelled, Naming};
use super::places::{in_memory, with_places_of};
use super::stale::{compute_stale, method, model, model_base, stale};
use crate::base::place::Place;
use crate::config::Config;
use crate::db::{Database, DbError, SaleColumns};
use crate::geo::Geography;

/// All figures, computed from the rows of sales without a look at any cache. Nothing is stored.
///
/// # Errors
/// When the database fails.
pub fn compute_all(
    database: &Database,
    geography: &Geography,
    config: &Config,
) -> Result<Vec<(Place, StoredFigures)>, StatsError> {
    let (figures, _) = compute_from(&database.sales_of_rows()?, database, geography, config)?;
    Ok(figures)
}

/// What of the kept sales and the cached figures is not what the rows of sales make.
#[derive(Default)]
pub struct CheckedFigures {
    /// Each fault in words.
    pub complaints: Vec<String>,
    /// Places whose cached figures are to be computed again, by level and code.
    pub places: Vec<[String; 2]>,
    /// What the rows make, as [`compute_all`] gives it; `None` where it was not computed.
    pub computed: Option<Vec<(Place, StoredFigures)>>,
}

/// Compares what is kept and cached with what the rows of sales make.
///
/// # Errors
/// When the database fails.
pub fn check(
    database: &Database,
    geography: &Geography,
    config: &Config,
) -> Result<CheckedFigures, StatsError> {
    let mut checked = CheckedFigures {
        places: database.altered_figures()?,
        ..CheckedFigures::default()
    };
    let sales = database.sales_of_rows()?;
    match database.sales() {
        Err(error @ DbError::Columns { .. }) => checked.complaints.push(error.to_string()),
        kept => {
            let kept = kept?;
            let codes: BTreeSet<_> = kept.keys().chain(sales.keys()).collect();
            for code in codes
                .into_iter()
                .filter(|&code| kept.get(code) != sales.get(code))
            {
                checked.complaints.push(format!(
                    "the sales of département {code} are not those that were imported; a saved state brings them back"
                ));
            }
        }
    }
    let mut damaged = false;
    match database.altered_positions() {
        Err(error @ DbError::Positions { .. }) => {
            checked.complaints.push(error.to_string());
            damaged = true;
        }
        codes => checked.complaints.extend(codes?.into_iter().map(|code| {
            format!("the coordinates of département {code} are not those that were imported; a saved state brings them back")
        })),
    }
    // Another program may compute other figures from the same, and what is damaged makes none.
    if !damaged && database.figures_method()? == Some(method()) {
        let known = database.figures_keys::<serde::de::IgnoredAny>()?;
        let (computed, base) = compute_from(&sales, database, geography, config)?;
        // What is modelled of a place may be of before an import in others, while its own sales are the same.
        let same_base = database.model_base()?.as_ref() == Some(&base);
        let reader = database.figures_reader();
        for (place, computed) in &computed {
            let Some(known) = known.get(place) else {
                continue;
            };
            if known.digest != computed.key.digest || known.hash == computed.key.hash {
                continue;
            }
            let reader = reader.as_ref().filter(|_| !same_base);
            let cached = reader.and_then(|reader| reader.read(place, &known.hash).ok());
            let observed_alike = match cached {
                Some(cached) => observed(&cached)? == observed(&computed.json)?,
                None => false,
            };
            if !observed_alike {
                checked
                    .places
                    .push([place.level.name().to_owned(), place.code.clone()]);
            }
        }
        checked.computed = Some(computed);
    }
    let complaint = |[level, code]: &[String; 2]| {
        format!("the figures of {level} {code} are not those that were computed")
    };
    let of_figures = checked.places.iter().map(complaint);
    checked.complaints.extend(of_figures.collect::<Vec<_>>());
    Ok(checked)
}

/// All figures from some sales, without a look at any cache, and what stands for what their modelled part comes from.
fn compute_from(
    sales: &BTreeMap<String, SaleColumns>,
    database: &Database,
    geography: &Geography,
    config: &Config,
) -> Result<(Vec<(Place, StoredFigures)>, String), StatsError> {
    with_places_of(sales, database, geography, config, |places, sources| {
        let (naming, positions) = (Naming::Today(geography), database.positions_digest()?);
        let base = model_base(naming, places, sources, positions);
        let load = in_memory(sales);
        let modelled = model(database, geography, &base, BTreeMap::new(), &load)?.modelled;
        let all = stale(places, |_, _| false);
        let figures = compute_stale(config, sources, &all, load, &modelled)?;
        Ok((figures, base.mark()))
    })
}

/// Figures without what is modelled.
fn observed(json: &str) -> serde_json::Result<Figures> {
    Ok(Figures {
        modelled: Modelled::default(),
        ..serde_json::from_str(json)?
    })
}
