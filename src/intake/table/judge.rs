//! What a table must pass before it takes the place of the one in use.

use std::collections::BTreeMap;

use super::read::{IndicatorSeries, TableFile};
use super::reading::Reading;
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

/// Of so many communes of a département and more, half may not lose their value.
const LEAST_COMMUNES: usize = 3;

/// One in so many places may change its category.
const CHANGED: usize = 3;

/// The numbers and the categories of an indicator that are in use.
pub type HeldSeries = BTreeMap<String, BTreeMap<Place, Reading>>;

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
        // Of other départements the file says nothing, nor one of a part of the country of wider places.
        let is_here = |code: &str| file.departements.contains(geo::departement_of(code));
        let mut communes = before.keys().filter(|place| place.level == Level::Commune);
        let is_whole = communes.all(|place| is_here(&place.code));
        let is_covered = |place: &Place| match place.level {
            Level::Commune => is_here(&place.code),
            Level::Departement => series.values.contains_key(place),
            Level::Epci | Level::Region | Level::Pays => is_whole,
        };
        let expected: Vec<_> = before
            .iter()
            .filter(|(place, _)| is_covered(place))
            .collect();
        let told = expected.iter().filter_map(|(place, before)| {
            let now = series.values.get(place)?;
            now.is_told().then_some((*before, now))
        });
        let told: Vec<(&Reading, &Reading)> = told.collect();
        let lost = expected.len() - told.len();
        if expected.len() >= ENOUGH && lost * 5 > expected.len() {
            let counts =
                RefusedCounts::of(Counted::Communes, told.len() as u64, expected.len() as u64);
            refusals.push(Refusal::outright(
                "indicator_places",
                format!(
                    "{indicator} has a value in {} of the {} places that had one; a fifth may be lost",
                    told.len(),
                    expected.len()
                ),
                RefusalFacts::default().counting(counts),
            ));
        }
        refusals.extend(emptied(indicator, &expected, series));
        if told.len() < ENOUGH {
            continue;
        }
        let categories = told.iter().filter(|(before, now)| {
            matches!((before, now), (Reading::Category(before), Reading::Category(now)) if before != now)
        });
        let changed = categories.count();
        if changed * CHANGED > told.len() {
            let counts = RefusedCounts::of(Counted::Communes, changed as u64, told.len() as u64);
            refusals.push(Refusal::outright(
                "indicator_categories",
                format!(
                    "{changed} of the {} places of {indicator} change their category; a third may",
                    told.len()
                ),
                RefusalFacts::default().counting(counts),
            ));
        }
        let numbers = told
            .iter()
            .filter_map(|(before, now)| Some((before.number()?, now.number()?)));
        let (before, now): (Vec<f64>, Vec<f64>) = numbers.unzip();
        if let (Some(old), Some(new)) = (size(before), size(now))
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

/// Whether of the communes of a département that have a value in use more than half lost it: what a file tells takes the place of
/// all that is known of the départements that it has lines of.
fn emptied(
    indicator: &str,
    expected: &[(&Place, &Reading)],
    series: &IndicatorSeries,
) -> Option<Refusal> {
    let mut departements = BTreeMap::<&str, [usize; 2]>::new();
    let communes = expected
        .iter()
        .filter(|(place, _)| place.level == Level::Commune);
    for (place, _) in communes {
        let is_told = series.values.get(place).is_some_and(Reading::is_told);
        let counts = departements
            .entry(geo::departement_of(&place.code))
            .or_default();
        counts[0] += usize::from(is_told);
        counts[1] += 1;
    }
    let mut departements = departements.into_iter();
    let (departement, [told, had]) =
        departements.find(|(_, [told, had])| *had >= LEAST_COMMUNES && told * 2 < *had)?;
    let counts = RefusedCounts::of(Counted::Communes, told as u64, had as u64);
    Some(Refusal::outright(
        "indicator_places",
        format!(
            "{indicator} has a value in {told} of the {had} communes of the département {departement} that had one; a file takes the place of all that is known of the départements it has lines of, so put those of one into one file"
        ),
        RefusalFacts::default().counting(counts),
    ))
}

/// How large numbers are, whatever their sign: their median, or their mean where most of them are 0.
fn size(numbers: Vec<f64>) -> Option<f64> {
    let mut sizes: Vec<_> = numbers.into_iter().map(f64::abs).collect();
    let mean = sizes.iter().sum::<f64>() / sizes.len().max(1) as f64;
    let median = median(&mut sizes).filter(|median| *median > 0.0);
    median.or(Some(mean)).filter(|size| *size > 0.0)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The gates that stop a file of communes of a département, where others are in use.
    fn stopped(before: &[Reading], now: &[Reading]) -> Vec<&'static str> {
        let values = |readings: &[Reading]| {
            let places = (1..).map(|number| Place::new(Level::Commune, format!("95{number:03}")));
            places.zip(readings.to_vec()).collect::<BTreeMap<_, _>>()
        };
        let file = TableFile {
            series: vec![IndicatorSeries {
                indicator: "a".into(),
                period: 2025,
                values: values(now),
            }],
            departements: ["95".to_owned()].into(),
            ..TableFile::default()
        };
        let held = HeldSeries::from([("a".to_owned(), values(before))]);
        let refusals = judge(&file, &held, &Gates::default());
        refusals.iter().map(|refusal| refusal.gate).collect()
    }

    #[test]
    fn numbers_and_categories_are_held_against_those_in_use() {
        let numbers = |from: f64, times: f64| -> Vec<_> {
            let numbers = (0..50).map(|number| from + f64::from(number));
            numbers
                .map(|number| Reading::Number(number * times))
                .collect()
        };
        let categories = |other: usize| -> Vec<_> {
            let categories = (0..50).map(|number| if number < other { "C" } else { "A" });
            categories
                .map(|name| Reading::Category(name.into()))
                .collect()
        };
        let zeros = |zeros: usize| [vec![Reading::Number(0.0); zeros], numbers(1.0, 1.0)].concat();
        for (before, now, gates) in [
            (numbers(10.0, 1.0), numbers(10.0, 1.1), vec![]),
            (
                numbers(10.0, 1.0),
                numbers(10.0, 20.0),
                vec!["indicator_median"],
            ),
            // Below zero, and mostly zero.
            (
                numbers(-90.0, 1.0),
                numbers(-90.0, 1_000.0),
                vec!["indicator_median"],
            ),
            (
                zeros(60),
                vec![Reading::Number(90_000.0); 110],
                vec!["indicator_median"],
            ),
            (zeros(60), zeros(60), vec![]),
            (
                numbers(10.0, 1.0),
                numbers(10.0, 1.0)[..30].to_vec(),
                vec!["indicator_places"],
            ),
            (categories(10), categories(14), vec![]),
            (
                categories(10),
                categories(14)[..30].to_vec(),
                vec!["indicator_places"],
            ),
            (categories(10), categories(50), vec!["indicator_categories"]),
        ] {
            assert_eq!(stopped(&before, &now), gates);
        }
    }
}
