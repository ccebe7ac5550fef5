//! Communes that became one: what a file says of each, to what there is to say of the one of today.

use std::collections::BTreeMap;

use super::reading::Reading;
use crate::config::{Absence, Rollup};

/// What is read of each code of a file, and the codes that are parts of a place of today.
pub(super) fn merged(
    readings: &[(&str, &Reading)],
    rollup: Rollup,
    weights: Option<&BTreeMap<String, Reading>>,
) -> Reading {
    if let [(_, only)] = readings {
        return (*only).clone();
    }
    let reasons = readings.iter().filter_map(|(_, reading)| match reading {
        Reading::Absent(reason) => Some(*reason),
        _ => None,
    });
    let first = readings.first().map(|(_, reading)| *reading);
    let is_same = readings.iter().all(|(_, reading)| Some(*reading) == first);
    if let (true, Some(first), true) = (is_same, first, rollup != Rollup::Sum) {
        return first.clone();
    }
    // A part that nobody may know is one of the whole.
    if let Some(reason) = reasons.min() {
        return Reading::Absent(reason);
    }
    let numbers = readings
        .iter()
        .map(|(code, reading)| Some((*code, reading.number()?)));
    let Some(numbers) = numbers.collect::<Option<Vec<_>>>() else {
        return Reading::Absent(Absence::Merged);
    };
    let weighted = |code: &str| weights?.get(code)?.number().filter(|weight| *weight >= 0.0);
    match rollup {
        Rollup::Sum => Reading::Number(numbers.iter().map(|(_, number)| number).sum()),
        Rollup::Mean | Rollup::Median => {
            let weights: Option<Vec<f64>> =
                numbers.iter().map(|(code, _)| weighted(code)).collect();
            let whole: f64 = weights.iter().flatten().sum();
            match weights {
                Some(weights) if whole > 0.0 => {
                    let parts = numbers.iter().zip(&weights);
                    Reading::Number(
                        parts
                            .map(|((_, number), weight)| number * weight)
                            .sum::<f64>()
                            / whole,
                    )
                }
                _ => Reading::Absent(Absence::Merged),
            }
        }
        Rollup::None => Reading::Absent(Absence::Merged),
    }
}

/// What is read of each object of a place, such as its schools, to what there is to say of the place: of those that have a
/// number, and a weight where one is needed. What is unknown of one school says nothing against the others.
pub(super) fn gathered(
    readings: &[(&str, &Reading)],
    rollup: Rollup,
    weights: Option<&BTreeMap<String, Reading>>,
) -> Reading {
    let has_weight = |code: &str| {
        let weight = weights.and_then(|weights| weights.get(code)?.number());
        rollup == Rollup::Sum || weight.is_some_and(|weight| weight > 0.0)
    };
    let known = readings.iter().copied();
    let known = known.filter(|(code, reading)| reading.number().is_some() && has_weight(code));
    let known: Vec<_> = known.collect();
    let mut reasons = readings.iter().map(|(_, reading)| *reading);
    match known.is_empty() {
        false => merged(&known, rollup, weights),
        true => match reasons.find(|reading| matches!(reading, Reading::Absent(_))) {
            Some(reason) => reason.clone(),
            None => Reading::Absent(Absence::Unavailable),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Reading::{Absent, Category, Number};

    #[test]
    fn what_communes_had_before_they_became_one() {
        let weights = BTreeMap::from([
            ("95169".to_owned(), Number(300.0)),
            ("95282".to_owned(), Number(100.0)),
        ]);
        let both = |one: Reading, other: Reading, rollup| {
            let readings = [("95169", &one), ("95282", &other)];
            let forwards = merged(&readings, rollup, Some(&weights));
            let backwards = merged(&[readings[1], readings[0]], rollup, Some(&weights));
            assert_eq!(forwards, backwards, "never the last line wins");
            forwards
        };
        assert_eq!(both(Number(49.0), Number(9.0), Rollup::Sum), Number(58.0));
        assert_eq!(both(Number(5.0), Number(5.0), Rollup::Sum), Number(10.0));
        assert_eq!(both(Number(20.0), Number(40.0), Rollup::Mean), Number(25.0));
        assert_eq!(
            both(Number(20.0), Absent(Absence::Secret), Rollup::Sum),
            Absent(Absence::Secret)
        );
        assert_eq!(
            both(Number(3.0), Number(4.0), Rollup::None),
            Absent(Absence::Merged)
        );
        assert_eq!(both(Number(3.0), Number(3.0), Rollup::Median), Number(3.0));
        let zone = |name: &str| Category(name.into());
        assert_eq!(both(zone("C"), zone("C"), Rollup::None), zone("C"));
        assert_eq!(
            both(zone("C"), zone("B2"), Rollup::None),
            Absent(Absence::Merged)
        );
        let alone = Number(1.0);
        assert_eq!(merged(&[("95282", &alone)], Rollup::None, None), alone);
        let two = Number(2.0);
        assert_eq!(
            merged(&[("a", &alone), ("b", &two)], Rollup::Mean, None),
            Absent(Absence::Merged)
        );
    }

    #[test]
    fn schools_of_which_nothing_is_known_are_left_out() {
        let weights = [("a", Number(30.0)), ("b", Number(10.0)), ("c", Number(0.0))];
        let weights = weights.map(|(key, weight)| (key.to_owned(), weight));
        let weights = BTreeMap::from(weights);
        let (high, low, unknown) = (Number(4.0), Number(-4.0), Absent(Absence::Unavailable));
        let mean = |readings: &[_]| gathered(readings, Rollup::Mean, Some(&weights));
        let all = [("a", &high), ("b", &low), ("c", &low), ("d", &unknown)];
        assert_eq!(mean(&all), Number(2.0));
        assert_eq!(mean(&all[1..2]), low);
        assert_eq!(
            mean(&all[2..]),
            unknown,
            "a weight of nothing, and no number"
        );
        assert_eq!(mean(&all[2..3]), unknown);
        assert_eq!(gathered(&all, Rollup::Sum, None), Number(-4.0));
    }
}
