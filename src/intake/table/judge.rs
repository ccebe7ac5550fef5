//! What a table must pass before it takes the place of the one in use.

use std::collections::BTreeMap;

use super::read::TableFile;
use crate::base::place::{Level, Place};
use crate::base::rank::median;
use crate::base::run::{Counted, RefusalFacts, RefusedCounts};
use crate::config::Gates;
use crate::geo;
use crate::intake::refusal::Refusal;

/// How many times another a median may be.
const MOST_TIMES: f64 = 10.0;

/// Values that a median says something of.
const ENOUGH: usize = 20;

/// The numbers of an indicator that are in use.
pub type HeldSeries = BTreeMap<String, BTreeMap<Place, f64>>;

/// Whether the codes of a file are known, and whether its indicators have most of the places that they had, and about the same
/// values. `held` are those in use.
pub fn judge(file: &TableFile, held: &HeldSeries, gates: &Gates) -> Vec<Refusal> {
    let mut refusals: Vec<_> = unknown(file, gates).into_iter().collect();
    let mut newest = BTreeMap::new();
    for series in &file.series {
        let known = newest.entry(&series.indicator).or_insert(series);
        if series.period > known.period {
            *known = series;
        }
    }
    for (indicator, series) in newest {
        let Some(before) = held.get(indicator) else {
            continue;
        };
        // Of other départements the file says nothing.
        let is_covered = |place: &Place| {
            place.level != Level::Commune
                || file.departements.contains(geo::departement_of(&place.code))
        };
        let number = |place: &Place| series.values.get(place)?.number();
        let expected = before.iter().filter(|(place, _)| is_covered(place));
        let expected: Vec<_> = expected
            .map(|(place, before)| (*before, number(place)))
            .collect();
        let pairs = expected
            .iter()
            .filter_map(|(before, now)| Some((*before, (*now)?)));
        let (mut before, mut now): (Vec<f64>, Vec<f64>) = pairs.unzip();
        let lost = expected.len() - now.len();
        if expected.len() >= ENOUGH && lost * 5 > expected.len() {
            let counts =
                RefusedCounts::of(Counted::Communes, now.len() as u64, expected.len() as u64);
            refusals.push(Refusal::outright(
                "indicator_places",
                format!(
                    "{indicator} has a value in {} of the {} places that had one; a fifth may be lost",
                    now.len(),
                    expected.len()
                ),
                RefusalFacts::default().counting(counts),
            ));
        }
        if now.len() < ENOUGH {
            continue;
        }
        let (old, new) = (median(&mut before), median(&mut now));
        if let (Some(old), Some(new)) = (old, new)
            && old > 0.0
            && !(old / MOST_TIMES..=old * MOST_TIMES).contains(&new)
        {
            refusals.push(Refusal::outright(
                "indicator_median",
                format!("the median of {indicator} is {new}, and was {old}; it may be ten times as much, or a tenth"),
                RefusalFacts::default(),
            ));
        }
    }
    refusals
}

fn unknown(file: &TableFile, gates: &Gates) -> Option<Refusal> {
    let (unknown, all) = (file.unmatched.len(), file.places() + file.unmatched.len());
    let share = unknown as f64 * 100.0 / all.max(1) as f64;
    let most = gates.unknown_communes;
    (share > most && unknown > 1).then(|| {
        let counts = RefusedCounts::of(Counted::Communes, unknown as u64, all as u64);
        let first: Vec<_> = file.unmatched.iter().take(5).map(String::as_str).collect();
        Refusal::by_threshold(
            "unknown_communes",
            format!(
                "{unknown} of its {all} codes are of no place, of today or former ({}), {share:.1} %; {most} % may be",
                first.join(", ")
            ),
            RefusalFacts::default().counting(counts),
        )
    })
}
