//! What a file must pass before it replaces what the database holds: an official file that lost a year or changed its
//! meaning is stopped here, and the last good site stays up.

use std::collections::{BTreeMap, BTreeSet};

use super::communes::{CommuneCheck, first_codes};
use super::content::DvfContent;
use super::mutation::Mutation;
use super::sales_file::SalesFile;
use crate::base::kind::PropertyKind;
use crate::base::rank::median;
use crate::config::Gates;
use crate::intake::refusal::Refusal;

/// Sales of a département under which its median says nothing of the file.
const FEWEST_SALES: usize = 30;

/// What the database holds of the months and the territory of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeldSales {
    /// By year; one without mutations is not there.
    pub years: BTreeMap<i16, HeldYear>,
    /// Prices of houses and flats by département, €/m². One with business premises only has an empty list.
    pub prices: BTreeMap<String, Vec<f64>>,
    /// Day on which the newest file that was imported for some of it was published, where that is known.
    pub released: Option<String>,
}

/// What the database holds of a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeldYear {
    /// Mutations.
    pub mutations: u64,
    /// Mutations that the method keeps.
    pub sales: u64,
}

/// Holds a file, published on a day, against what the database has for the same months and territory, and gives each
/// gate of the configuration that refuses it.
pub fn judge(
    file: &SalesFile,
    released: Option<&str>,
    held: &HeldSales,
    gates: &Gates,
) -> Vec<Refusal> {
    let content = &file.content;
    let mut refusals = lost(gates, content, &held.years);
    refusals.extend(unknown_communes(gates, &file.communes));
    refusals.extend(unknown_natures(gates, content));
    refusals.extend(older(released, held.released.as_deref()));
    refusals.extend(vanished(&held.prices, content));
    refusals.extend(moved(gates, &held.prices, content));
    refusals
}

/// Years that lost too many mutations or sales.
fn lost(gates: &Gates, content: &DvfContent, held: &BTreeMap<i16, HeldYear>) -> Vec<Refusal> {
    let years = content.years();
    let mut refusals = Vec::new();
    for (year, held) in held {
        let after = years.get(year).cloned().unwrap_or_default();
        for (what, before, after) in [
            ("mutations", held.mutations, after.mutations),
            ("sales", held.sales, after.sales),
        ] {
            let share = (before as f64 - after as f64) * 100.0 / before as f64;
            if before > 0 && share > gates.lost {
                refusals.push(Refusal::by_threshold(
                    "lost",
                    format!(
                        "{year} has {after} {what} where the database holds {before} for the same months, {share:.0} % less; {} % may go",
                        gates.lost
                    ),
                ));
            }
        }
    }
    refusals
}

/// Lines of communes that nobody knows.
fn unknown_communes(gates: &Gates, communes: &CommuneCheck) -> Option<Refusal> {
    let share = communes.unknown_share();
    let most = gates.unknown_communes;
    (share > most).then(|| {
        let codes = first_codes(&communes.unknown);
        Refusal::by_threshold(
            "unknown_communes",
            format!(
                "{share:.1} % of the lines are of communes that do not exist ({codes}); {most} % may be"
            ),
        )
    })
}

/// Mutations whose nature is none that the files are known to have: a column that changed, or its encoding.
fn unknown_natures(gates: &Gates, content: &DvfContent) -> Option<Refusal> {
    let unknown = content.unknown_natures();
    let count: u64 = unknown.iter().map(|(_, count)| count).sum();
    let share = count as f64 * 100.0 / content.mutations.len() as f64;
    let most = gates.unknown_natures;
    (share > most).then(|| {
        let names: Vec<_> = unknown
            .iter()
            .take(3)
            .map(|(name, count)| format!("\"{name}\" ({count})"))
            .collect();
        Refusal::by_threshold(
            "unknown_natures",
            format!(
                "{share:.1} % of the mutations are of natures that no official file has, {}; {most} % may be",
                names.join(", ")
            ),
        )
    })
}

/// A file that was published before the one that was imported for the same months.
fn older(released: Option<&str>, imported: Option<&str>) -> Option<Refusal> {
    let (released, imported) = (released?, imported?);
    (imported > released).then(|| {
        Refusal::outright(
            "older",
            format!(
                "it was published on {released}, and the file of {imported} is imported already"
            ),
        )
    })
}

/// Prices of houses and flats by département, €/m².
type Prices = BTreeMap<String, Vec<f64>>;

fn prices(content: &DvfContent) -> Prices {
    let is_home = |mutation: &&Mutation| {
        mutation.exclusion().is_none() && mutation.kind.is_some_and(PropertyKind::is_home)
    };
    let mut prices = Prices::new();
    for mutation in content.mutations.iter().filter(is_home) {
        let departement = mutation.commune.departement();
        if !prices.contains_key(departement) {
            prices.insert(departement.to_owned(), Vec::new());
        }
        if let Some(prices) = prices.get_mut(departement) {
            prices.extend(mutation.price_m2());
        }
    }
    prices
}

/// Départements that the database has for the same months and the file has not.
fn vanished(before: &Prices, content: &DvfContent) -> Option<Refusal> {
    let mutations = content.mutations.iter();
    let present: BTreeSet<&str> = mutations.map(|m| m.commune.departement()).collect();
    let codes = before.keys().map(String::as_str);
    let vanished: Vec<&str> = codes.filter(|code| !present.contains(code)).collect();
    (!vanished.is_empty()).then(|| {
        Refusal::outright(
            "vanished",
            format!(
                "no line is left of the départements {}",
                vanished.join(", ")
            ),
        )
    })
}

/// Départements whose median moved further than prices do.
fn moved(gates: &Gates, before: &Prices, content: &DvfContent) -> Vec<Refusal> {
    if before.is_empty() {
        return Vec::new();
    }
    let mut after = prices(content);
    let mut refusals = Vec::new();
    for (code, before) in before {
        let Some(after) = after.get_mut(code) else {
            continue;
        };
        if before.len().min(after.len()) < FEWEST_SALES {
            continue;
        }
        let (Some(old), Some(new)) = (median(&mut before.clone()), median(after)) else {
            continue;
        };
        let share = (new / old - 1.0) * 100.0;
        if share.abs() > gates.moved {
            refusals.push(Refusal::by_threshold(
                "moved",
                format!(
                    "the median of the département {code} goes from {old:.0} to {new:.0} €/m² ({share:+.0} %) for the same months; {} % is the limit",
                    gates.moved
                ),
            ));
        }
    }
    refusals
}
