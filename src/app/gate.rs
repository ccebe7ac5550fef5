//! What a release must pass before it replaces what the database holds: an official file that lost a year or changed its
//! meaning is stopped here, and the last good site stays up.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use thiserror::Error;

use crate::base::kind::PropertyKind;
use crate::config::Gates;
use crate::db::{Applied, Database, DbError};
use crate::geo;
use crate::intake::dvf::reading::{Communes, some};
use crate::intake::dvf::{Content, Mutation, Scope};
use crate::stats::median;

/// Sales of a département under which its median says nothing of the file.
const FEWEST_SALES: usize = 30;

/// The gate of départements that are gone from a file.
pub const VANISHED: &str = "vanished";

/// The gate of files that came out before the one imported.
pub const OLDER: &str = "older";

/// A gate that refused a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its key in the `[gates]` of the configuration; [`VANISHED`] and [`OLDER`] have no threshold there.
    pub gate: &'static str,
    /// What was measured and what is allowed.
    pub reason: String,
}

/// All gates that refused a file.
#[derive(Debug, Error)]
#[error(
    "{file} was refused: {}. The database stays as it was; look at the file, and `immostats update --force` imports it all the same",
    list(refusals)
)]
pub struct Refused {
    pub file: String,
    pub refusals: Vec<Refusal>,
}

fn list(refusals: &[Refusal]) -> String {
    let reasons: Vec<_> = refusals.iter().map(ToString::to_string).collect();
    reasons.join("; ")
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.gate {
            VANISHED | OLDER => f.write_str(&self.reason),
            key => write!(f, "{} (gates.{key})", self.reason),
        }
    }
}

/// Holds a file against what the database has for the same months and territory.
///
/// # Errors
/// When the database cannot be read.
pub fn judge(
    database: &Database,
    gates: &Gates,
    scope: &Scope,
    content: &Content,
    communes: &Communes,
    applied: &Applied,
    released: Option<&str>,
) -> Result<Vec<Refusal>, DbError> {
    let mut refusals = lost(gates, content, applied);
    refusals.extend(unknown(gates, communes));
    refusals.extend(older(database, scope, released)?);
    if applied.total().sales_before > 0 {
        let before = database.departement_prices(scope)?;
        refusals.extend(vanished(&before, content));
        refusals.extend(moved(gates, &before, content));
    }
    Ok(refusals)
}

/// Years that lost too many mutations or sales.
fn lost(gates: &Gates, content: &Content, applied: &Applied) -> Vec<Refusal> {
    let years = content.years();
    let mut refusals = Vec::new();
    for (year, change) in &applied.years {
        let after = years.get(year).cloned().unwrap_or_default();
        for (what, before, after) in [
            ("mutations", change.mutations_before, after.mutations),
            ("sales", change.sales_before, after.sales),
        ] {
            let share = (before as f64 - after as f64) * 100.0 / before as f64;
            if before > 0 && share > gates.lost {
                refusals.push(Refusal {
                    gate: "lost",
                    reason: format!(
                        "{year} has {after} {what} where the database holds {before} for the same months, {share:.0} % less; {} % may go",
                        gates.lost
                    ),
                });
            }
        }
    }
    refusals
}

/// Lines of communes that nobody knows.
fn unknown(gates: &Gates, communes: &Communes) -> Option<Refusal> {
    let share = communes.unknown_share();
    (share > gates.unknown_communes).then(|| Refusal {
        gate: "unknown_communes",
        reason: format!(
            "{share:.1} % of the lines are of communes that do not exist ({}); {} % may be",
            some(&communes.unknown),
            gates.unknown_communes
        ),
    })
}

/// A file that was published before the one that was imported for the same months.
fn older(
    database: &Database,
    scope: &Scope,
    released: Option<&str>,
) -> Result<Option<Refusal>, DbError> {
    let Some(released) = released else {
        return Ok(None);
    };
    let imported = database.latest_release(scope)?;
    Ok(imported
        .filter(|imported| imported.as_str() > released)
        .map(|imported| Refusal {
            gate: OLDER,
            reason: format!(
                "it was published on {released}, and the file of {imported} is imported already"
            ),
        }))
}

/// Prices per m² of the houses and flats of each département.
type Prices = BTreeMap<String, Vec<f64>>;

fn prices(content: &Content) -> Prices {
    let home = |mutation: &&Mutation| {
        mutation.exclusion().is_none() && mutation.kind.is_some_and(PropertyKind::is_home)
    };
    let mut prices = Prices::new();
    for mutation in content.mutations.iter().filter(home) {
        let departement = geo::departement_of(mutation.commune.as_str()).to_owned();
        prices
            .entry(departement)
            .or_default()
            .extend(mutation.price_m2());
    }
    prices
}

/// Départements that the database has for the same months and the file has not.
fn vanished(before: &Prices, content: &Content) -> Option<Refusal> {
    let present: BTreeSet<&str> = content
        .mutations
        .iter()
        .map(|m| m.commune.departement())
        .collect();
    let vanished: Vec<&str> = before
        .keys()
        .map(String::as_str)
        .filter(|code| !present.contains(code))
        .collect();
    (!vanished.is_empty()).then(|| Refusal {
        gate: VANISHED,
        reason: format!(
            "no line is left of the départements {}",
            vanished.join(", ")
        ),
    })
}

/// Départements whose median moved further than prices do.
fn moved(gates: &Gates, before: &Prices, content: &Content) -> Vec<Refusal> {
    let mut after = prices(content);
    let mut refusals = Vec::new();
    for (code, before) in before {
        let Some(after) = after.get_mut(code) else {
            continue;
        };
        if before.len().min(after.len()) < FEWEST_SALES {
            continue;
        }
        let mut before = before.clone();
        let (Some(old), Some(new)) = (median(&mut before), median(after)) else {
            continue;
        };
        let share = (new / old - 1.0) * 100.0;
        if share.abs() > gates.moved {
            refusals.push(Refusal {
                gate: "moved",
                reason: format!(
                    "the median of the département {code} goes from {old:.0} to {new:.0} €/m² ({share:+.0} %) for the same months; {} % is the limit",
                    gates.moved
                ),
            });
        }
    }
    refusals
}
