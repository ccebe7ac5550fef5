//! What the reader tries with sales that are counted by price: whether a class holds fewer than five, by itself, beside wider
//! places, or by what one sale more changes. He knows what is said of them: that what lies below a bound is counted in whole
//! fives, so that up to four more may lie there.

use std::collections::{HashMap, HashSet};
use std::fs;

use proptest::prelude::RngExt;
use serde_json::Value;

use super::{Deeds, FEW, Published, Tried, members};
use crate::market::{Release, random, with};
use crate::support::Project;

/// What may lie below a bound beside what is told.
const UNTOLD: i64 = 4;

/// The sales told to lie below each bound.
fn below(classes: &Value, counts: &str) -> Vec<(u64, i64)> {
    let [bounds, counts] = ["bounds", counts].map(|name| {
        let list = classes[name].as_array().map(Vec::as_slice);
        let numbers = list.unwrap_or_default().iter();
        numbers.map(|number| number.as_u64().unwrap())
    });
    let mut below = 0;
    let told = bounds.zip(counts).map(|(bound, count)| {
        below += count as i64;
        (bound, below)
    });
    told.collect()
}

/// Each class of each distribution holds five of the deeds, and differs from what is told where the reader is told that it may.
pub(super) fn no_class_of_few(published: &Published, deeds: &Deeds, tried: &mut Tried) {
    let cities: Vec<_> = published.communes().collect();
    for (path, city) in &cities {
        let code = |city: &Value| city["metadata"]["city_code"].as_str().unwrap().to_owned();
        let commune = code(city);
        // Deeds of Lyon name its arrondissements.
        let parts = cities
            .iter()
            .filter(|(_, part)| part["metadata"]["parent"]["code"] == *commune);
        let mut codes: HashSet<String> = parts.map(|(_, part)| code(part)).collect();
        codes.insert(commune);
        for kind in ["appartement", "maison"] {
            let segment = &city["by_type"][kind];
            let sold = deeds.sold(&codes, kind, &segment["current"]);
            for of in ["par_m2", "prix"] {
                let classes = &segment["distribution"][of];
                if classes.is_null() {
                    continue;
                }
                let told: u64 = classes["volumes"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|volume| volume.as_u64().unwrap())
                    .sum();
                assert_eq!(Some(told), segment["current"]["volume"].as_u64(), "{path}");
                if told != sold.len() as u64 {
                    // Some stand under the code of a former commune.
                    continue;
                }
                let mut from = 0;
                for (bound, told) in below(classes, "volumes") {
                    *tried.entry("classes of prices").or_default() += 1;
                    let lies_below = |price: f64| price < bound as f64;
                    let true_below = sold
                        .iter()
                        .filter(|sale| {
                            lies_below(if of == "prix" {
                                sale.price
                            } else {
                                sale.price_m2
                            })
                        })
                        .count() as i64;
                    let at =
                        format!("{path}: {kind}, {of} below {bound}: {true_below}, told {told}");
                    assert_eq!(told % FEW as i64, 0, "{at}");
                    assert!((told..=told + UNTOLD).contains(&true_below), "{at}");
                    assert!(
                        true_below - from >= FEW as i64,
                        "{at}, {from} below the last"
                    );
                    from = true_below;
                }
                assert!(
                    sold.len() as i64 - from >= FEW as i64,
                    "{path}: {kind}, {of}"
                );
            }
        }
    }
}

/// What is left of a wider place without those of its communes that tell theirs over the same months holds no class of which
/// the reader knows that one to four sales are in it.
pub(super) fn no_class_by_subtraction(published: &Published, project: &Project, tried: &mut Tried) {
    let figures = crate::method::stored_figures(project);
    let of = |level: &str, code: &str| figures.get(&(level.to_owned(), code.to_owned()));
    for (epci, communes) in &members(published) {
        for kind in ["appartement", "maison"] {
            for name in ["distribution", "price_distribution"] {
                let Some(whole) = of("epci", epci).map(|figures| &figures[kind]) else {
                    continue;
                };
                let window = |segment: &Value| {
                    let current = &segment["current"];
                    (current["from"].clone(), current["to"].clone())
                };
                let shown: Vec<&Value> = communes
                    .iter()
                    .filter_map(|code| of("commune", code))
                    .map(|figures| &figures[kind])
                    .filter(|segment| !segment[name].is_null() && window(segment) == window(whole))
                    .collect();
                let n = |segment: &Value| segment["current"]["n"].as_i64().unwrap_or(0);
                let rest = n(whole) - shown.iter().map(|part| n(part)).sum::<i64>();
                if whole[name].is_null() || shown.is_empty() || rest == 0 {
                    continue;
                }
                let parts: Vec<HashMap<u64, i64>> = shown
                    .iter()
                    .map(|part| below(&part[name], "counts").into_iter().collect())
                    .collect();
                let mut ends = vec![(0, 0)];
                for (bound, told) in below(&whole[name], "counts") {
                    let of_parts: Option<Vec<i64>> =
                        parts.iter().map(|part| part.get(&bound).copied()).collect();
                    if let Some(of_parts) = of_parts {
                        let left = told - of_parts.iter().sum::<i64>();
                        let least = left - UNTOLD * of_parts.len() as i64;
                        ends.push((least.max(0), (left + UNTOLD).min(rest)));
                    }
                }
                ends.push((rest, rest));
                for class in ends.windows(2) {
                    *tried.entry("classes by subtraction").or_default() += 1;
                    let (least, most) = (class[1].0 - class[0].1, class[1].1 - class[0].0);
                    assert!(
                        least < 1 || most >= FEW as i64,
                        "{epci}, {kind}, {name}: {least} to {most} of {rest} sales are in a class"
                    );
                }
            }
        }
    }
}

/// Editions of a commune that each have one sale more: what is told of it is nothing, or that it lies below a price.
#[test]
fn one_sale_more_tells_no_class() {
    let project = Project::new(&["83"]);
    let mut release = Release::of_year("83", &["83137"], 2023, 0);
    for seed in 1..5 {
        let more = Release::of_year("83", &["83137"], 2023, seed).lines;
        let numbered = more.iter().enumerate();
        let lines =
            numbered.map(|(number, line)| with(line, 0, &format!("2023-{seed}{number:03}")));
        release.lines.extend(lines);
    }
    let mut random = random(7);
    let mut before: Option<Value> = None;
    let mut changed = 0;
    for version in 0..6 {
        let file = project.file(&format!("{version}.csv"), release.text());
        let scope = "83@2023-01..2023-12";
        project.run(&[
            "import",
            "--force",
            "--scope",
            scope,
            file.to_str().unwrap(),
        ]);
        project.run(&["build"]);
        let city = fs::read(project.path("site/data/villes/83137.json")).unwrap();
        let city: Value = serde_json::from_slice(&city).unwrap();
        let told = |city: &Value, kind: &str, of: &str| {
            let classes = &city["by_type"][kind]["distribution"][of];
            assert!(!classes.is_null(), "{kind} {of}");
            below(classes, "volumes")
        };
        for (kind, of) in [
            ("appartement", "par_m2"),
            ("appartement", "prix"),
            ("maison", "par_m2"),
        ] {
            let Some(before) = &before else { continue };
            let now: HashMap<u64, i64> = told(&city, kind, of).into_iter().collect();
            for (bound, before) in told(before, kind, of) {
                if let Some(now) = now.get(&bound) {
                    let more = now - before;
                    assert!(
                        [0, FEW as i64].contains(&more),
                        "{kind} {of}: {more} more below {bound}"
                    );
                    changed += 1;
                }
            }
        }
        before = Some(city);
        // The sale of one month again, at another price.
        let line = release.lines[random.random_range(0..release.lines.len())].clone();
        let price = 100_000 + 10_000 * random.random_range(0..10_u32);
        let again = with(&line, 0, &format!("2023-9{version:03}"));
        release.lines.push(with(&again, 4, &price.to_string()));
    }
    assert!(changed > 30, "{changed}");
}
