//! What a file of contours must pass before it takes the place of those in use.

use std::collections::BTreeSet;

use super::read::ContourFile;
use crate::base::run::{Counted, RefusalFacts, RefusedCounts};
use crate::base::words::first_codes;
use crate::config::Gates;
use crate::geo::Geography;
use crate::geo::contours::Layer;
use crate::intake::refusal::Refusal;

/// Whether the communes of a file are known, and whether it has most of those of each layer: one with holes would take the
/// place of one without.
pub fn judge(file: &ContourFile, geography: &Geography, gates: &Gates) -> Vec<Refusal> {
    let layers = file.layers.iter();
    let parts = layers.filter_map(|(place, layer)| missing(place, layer, geography, gates));
    unknown(file, gates).into_iter().chain(parts).collect()
}

fn unknown(file: &ContourFile, gates: &Gates) -> Option<Refusal> {
    let known: usize = file
        .layers
        .values()
        .map(|layer| layer.codes().count())
        .sum();
    let (unknown, all) = (file.unknown.len(), known + file.unknown.len());
    let share = unknown as f64 * 100.0 / all as f64;
    let most = gates.unknown_communes;
    (share > most).then(|| {
        Refusal::by_threshold(
            "unknown_communes",
            format!(
                "{unknown} of its {all} contours are of no commune, of today or former ({}), {share:.1} %; {most} % may be",
                first_codes(file.unknown.iter().map(String::as_str))
            ),
            counting(unknown, all),
        )
    })
}

/// Communes of today that a layer should have and has not.
fn missing(place: &str, layer: &Layer, geography: &Geography, gates: &Gates) -> Option<Refusal> {
    let there: BTreeSet<_> = layer
        .codes()
        .filter_map(|code| geography.current(code))
        .flat_map(|commune| [Some(&commune.code), commune.parent.as_ref()])
        .flatten()
        .collect();
    let is_city = geography.commune(place).is_some();
    let expected = geography.communes().iter().filter(|commune| match is_city {
        true => commune.parent.as_deref() == Some(place),
        false => commune.departement == place && commune.parent.is_none(),
    });
    let expected: Vec<_> = expected.map(|commune| &commune.code).collect();
    let missing: Vec<_> = expected
        .iter()
        .filter(|code| !there.contains(*code))
        .collect();
    let share = missing.len() as f64 * 100.0 / expected.len().max(1) as f64;
    let most = gates.places;
    (share > most).then(|| {
        let (what, all) = (missing.len(), expected.len());
        let of = match is_city {
            true => format!("arrondissements of {place}"),
            false => format!("communes of the département {place}"),
        };
        Refusal::by_threshold(
            "places",
            format!(
                "it lacks {what} of the {all} {of} ({}); {most} % may be missing",
                first_codes(missing.iter().map(|code| code.as_str()))
            ),
            RefusalFacts {
                departement: (!is_city).then(|| place.to_owned()),
                ..counting(what, all)
            },
        )
    })
}

fn counting(found: usize, all: usize) -> RefusalFacts {
    let counts = RefusedCounts::of(Counted::Communes, found as u64, all as u64);
    RefusalFacts::default().counting(counts)
}
