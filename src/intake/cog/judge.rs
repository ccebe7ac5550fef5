//! What an edition must pass before it takes the place of the one in use.

use super::Edition;
use crate::base::run::{Counted, RefusalFacts, RefusedCounts};
use crate::config::Gates;
use crate::geo::{Commune, Geography, sort_key};
use crate::intake::refusal::Refusal;

/// Codes shown of those that are lost.
const SHOWN: usize = 5;

/// Fewer communes of a département than this are no sign of a wrong edition.
const FEWEST: usize = 3;

/// Whether an edition knows the communes of the one in use, as communes or as former ones, and leaves most places as they
/// are.
pub fn judge(edition: &Edition, used: &Geography, gates: &Gates) -> Vec<Refusal> {
    let codes = used.communes().iter().map(|commune| &*commune.code);
    let lost: Vec<_> = codes
        .filter(|code| edition.geography.current(code).is_none())
        .collect();
    let share = lost.len() as f64 * 100.0 / used.communes().len() as f64;
    let most = gates.unknown_communes;
    let mut refusals = Vec::new();
    if share > most {
        refusals.push(Refusal::by_threshold(
            "unknown_communes",
            format!(
                "they know nothing of {} communes of today ({}…), {share:.1} %; {most} % may be lost",
                lost.len(),
                lost[..lost.len().min(SHOWN)].join(", ")
            ),
            counting(Counted::Communes, lost.len(), used.communes().len()),
        ));
    }
    let new = &edition.geography;
    let other = |old: &str, new: Option<&str>| new.is_none_or(|new| sort_key(new) != sort_key(old));
    refusals.extend(changed_communes(used, new, gates.places));
    refusals.extend(
        [
            changed(
                ("EPCI", Counted::Epcis),
                used.epcis(),
                |old| other(&old.name, new.epci(&old.code).map(|epci| &*epci.name)),
                gates.places,
            ),
            changed(
                ("départements", Counted::Departements),
                used.departements(),
                |old| {
                    other(
                        &old.name,
                        new.departement(&old.code).map(|place| &*place.name),
                    )
                },
                gates.places,
            ),
            changed(
                ("régions", Counted::Regions),
                used.regions(),
                |old| other(&old.name, new.region(&old.code).map(|place| &*place.name)),
                gates.places,
            ),
        ]
        .into_iter()
        .flatten(),
    );
    refusals
}

/// Départements of whose communes too many are renamed, in another EPCI or région, or gone. Those that became part of
/// another commune of the département are not.
fn changed_communes(used: &Geography, new: &Geography, most: f64) -> Option<Refusal> {
    let is_changed = |old: &Commune| match new.current(&old.code) {
        None => true,
        Some(today) if today.code == old.code => {
            sort_key(&today.name) != sort_key(&old.name)
                || (&today.epci, &today.region) != (&old.epci, &old.region)
        }
        Some(today) => today.departement != old.departement,
    };
    let mut refused = Vec::new();
    for communes in used
        .communes()
        .chunk_by(|a, b| a.departement == b.departement)
    {
        let count = communes.iter().filter(|old| is_changed(old)).count();
        if count >= FEWEST && count as f64 * 100.0 > most * communes.len() as f64 {
            refused.push((count, communes.len(), &communes[0].departement));
        }
    }
    let (count, all, departement) = refused.iter().max_by_key(|(count, ..)| *count)?;
    let others = match refused.len() - 1 {
        0 => String::new(),
        1 => ", and the same holds of 1 département more".to_owned(),
        more => format!(", and the same holds of {more} départements more"),
    };
    Some(Refusal::by_threshold(
        "places",
        format!(
            "{count} of the {all} communes of the département {departement} are renamed, in another EPCI or région, or gone{others}; {most} % may be"
        ),
        RefusalFacts {
            departement: Some((*departement).clone()),
            ..counting(Counted::Communes, *count, *all)
        },
    ))
}

/// That so many places of all are to blame.
fn counting(what: Counted, found: usize, all: usize) -> RefusalFacts {
    RefusalFacts::default().counting(RefusedCounts::of(what, found as u64, all as u64))
}

/// Places of a list of which too many are renamed or gone.
fn changed<T>(
    (name, what): (&str, Counted),
    places: &[T],
    is_changed: impl Fn(&T) -> bool,
    most: f64,
) -> Option<Refusal> {
    let count = places.iter().filter(|place| is_changed(place)).count();
    (count as f64 * 100.0 > most * places.len() as f64).then(|| {
        let all = places.len();
        Refusal::by_threshold(
            "places",
            format!("{count} of the {all} {name} are renamed or gone; {most} % may be"),
            counting(what, count, all),
        )
    })
}
