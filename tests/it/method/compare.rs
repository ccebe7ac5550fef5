//! What the program wrote against what the naive implementation expects.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::naive::comparable::comparables;
use crate::naive::figures::{Partial, Place, figures};
use crate::naive::official::{self, Row, Table};
use crate::naive::page::page;
use crate::naive::{Sale, Source, departement_of};
use crate::support::Project;

/// Where two values differ, by path.
pub fn differences(path: &str, expected: &Value, found: &Value, into: &mut Vec<String>) {
    if expected == found {
        return;
    }
    match (expected, found) {
        (Value::Object(a), Value::Object(b)) => {
            let only_found = b.keys().filter(|key| !a.contains_key(*key));
            for key in a.keys().chain(only_found) {
                let path = format!("{path}.{key}");
                match (a.get(key), b.get(key)) {
                    (Some(a), Some(b)) => differences(&path, a, b, into),
                    (a, b) => into.push(format!("{path}: {a:?} expected, {b:?} found")),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differences(&format!("{path}[{index}]"), a, b, into);
            }
        }
        (a, b) => into.push(format!("{path}: {a} expected, {b} found")),
    }
}

/// Two maps hold the same under each key.
#[track_caller]
pub fn assert_same<K: Ord + std::fmt::Debug>(
    expected: &BTreeMap<K, Value>,
    found: &BTreeMap<K, Value>,
) {
    let mut list = Vec::new();
    let only_found = found.keys().filter(|key| !expected.contains_key(*key));
    for key in expected.keys().chain(only_found) {
        match (expected.get(key), found.get(key)) {
            (Some(expected), Some(found)) => {
                differences(&format!("{key:?}"), expected, found, &mut list);
            }
            (Some(_), None) => list.push(format!("{key:?} is missing")),
            (None, _) => list.push(format!("{key:?} was not expected")),
        }
    }
    assert!(
        list.is_empty(),
        "{} differences:\n{}",
        list.len(),
        list[..list.len().min(20)].join("\n")
    );
}

/// The cached figures of all places.
pub fn stored_figures(project: &Project) -> BTreeMap<Place, Value> {
    let connection = Connection::open(project.path("data/immostats.db")).unwrap();
    let mut statement = connection
        .prepare("SELECT niveau, city_code, figures FROM city_stats")
        .unwrap();
    let rows = statement.query_map([], |row| {
        Ok(((row.get(0)?, row.get(1)?), row.get::<_, String>(2)?))
    });
    rows.unwrap()
        .map(Result::unwrap)
        .map(|(place, json)| (place, serde_json::from_str(&json).unwrap()))
        .collect()
}

/// How far modelled numbers may be apart, by the name of the field that holds them: a step of their rounding, and of what
/// hangs on centres somewhat more, for a centre may lie at the edge of a hundredth of a degree.
const STEPS: [(&str, f64); 10] = [
    ("percent", 0.1),
    ("interval", 0.1),
    ("value", 0.1),
    ("median_error", 0.1),
    ("level", 0.01),
    ("variance", 0.0001),
    ("residuals", 0.002),
    ("coefficients", 0.001),
    ("sections", 1.0),
    ("inside", 2.0),
];

/// Numbers that were compared, and those that were not to the last digit the same.
#[derive(Default)]
struct Compared {
    all: usize,
    close: Vec<String>,
    apart: Vec<String>,
}

impl Compared {
    /// Two ways to the same number may end on either side of a half.
    fn compare(&mut self, path: &str, expected: &Value, found: &Value) {
        match (expected, found) {
            (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
                for (key, a) in a {
                    self.compare(&format!("{path}.{key}"), a, &b[key]);
                }
            }
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                for (index, (a, b)) in a.iter().zip(b).enumerate() {
                    self.compare(&format!("{path}[{index}]"), a, b);
                }
            }
            (Value::Number(a), Value::Number(b)) => {
                self.all += 1;
                let apart = (a.as_f64().unwrap() - b.as_f64().unwrap()).abs();
                // The nearest field that has a step: sections stand within a level.
                let step = STEPS
                    .iter()
                    .filter_map(|(name, step)| Some((path.rfind(&format!(".{name}"))?, step)));
                let step = step.max_by_key(|(at, _)| *at);
                let told = format!("{path}: {a} expected, {b} found");
                if apart > step.map_or(0.0, |(_, step)| step * 1.001) {
                    self.apart.push(told);
                } else if apart > 1e-9 {
                    self.close.push(told);
                }
            }
            (a, b) if a == b => {}
            (a, b) => self.apart.push(format!("{path}: {a} expected, {b} found")),
        }
    }
}

/// What comparable homes tell of each place is what is expected of the files; gives how many numbers were compared.
#[track_caller]
pub fn assert_comparables(project: &Project, sources: &[Source], partial: &[Partial<'_>]) -> usize {
    let mut expected = comparables(sources, partial);
    let mut compared = Compared::default();
    for (place, figures) in stored_figures(project) {
        let expected = expected.remove(&place).unwrap_or(json!({}));
        for kind in ["appartement", "maison"] {
            let mut found = figures["modelled"][kind].clone();
            if let Some(found) = found.as_object_mut() {
                found.remove("estimate");
            }
            // What is empty is left out.
            let none = json!({});
            let found = if found.is_null() { &none } else { &found };
            let expected = expected.get(kind).unwrap_or(&none);
            compared.compare(&format!("{place:?} {kind} "), expected, found);
        }
    }
    assert!(expected.is_empty(), "{:?} are missing", expected.keys());
    assert!(
        compared.apart.is_empty(),
        "{} differences in {} numbers:\n{}",
        compared.apart.len(),
        compared.all,
        compared.apart[..compared.apart.len().min(20)].join("\n")
    );
    assert!(
        compared.close.len() * 20 <= compared.all.max(100),
        "{} of {} numbers are close and not the same:\n{}",
        compared.close.len(),
        compared.all,
        compared.close[..compared.close.len().min(20)].join("\n")
    );
    compared.all
}

/// The cached figures are those that are expected of the files, for every place and field; gives them back.
#[track_caller]
pub fn assert_figures(
    project: &Project,
    sources: &[Source],
    partial: &[Partial<'_>],
) -> BTreeMap<Place, Value> {
    let expected = figures(sources, partial);
    // What comparable homes tell is compared by itself.
    let mut found = stored_figures(project);
    for figures in found.values_mut() {
        let figures = figures.as_object_mut().unwrap();
        let Some(modelled) = figures.get_mut("modelled").and_then(Value::as_object_mut) else {
            continue;
        };
        for kind in modelled.values_mut() {
            let kind = kind.as_object_mut().unwrap();
            kind.retain(|name, _| {
                !["changes", "index", "level", "estimator"].contains(&name.as_str())
            });
        }
        modelled.retain(|_, kind| kind.as_object().is_none_or(|kind| !kind.is_empty()));
        if modelled.is_empty() {
            figures.remove("modelled");
        }
    }
    assert_same(&expected, &found);
    expected
}

/// The data files of the site show the figures of the communes, and all communes with figures have one where the site
/// has pages for their département.
#[track_caller]
pub fn assert_pages(project: &Project, figures: &BTreeMap<Place, Value>) {
    let mut expected = BTreeMap::new();
    let mut found = BTreeMap::new();
    for file in project.site().keys() {
        let Some(code) = file
            .strip_prefix("data/villes/")
            .and_then(|name| name.strip_suffix(".json"))
        else {
            continue;
        };
        let place = ("commune".to_owned(), code.to_owned());
        let page = page(figures.get(&place).unwrap_or(&Value::Null));
        let mut shown = project.json(file);
        // Names, codes and texts are not numbers of the method.
        shown
            .as_object_mut()
            .unwrap()
            .retain(|key, _| !page[key].is_null() || key == "by_type");
        let metadata = shown["metadata"].as_object_mut().unwrap();
        metadata.retain(|key, _| ["total_transactions", "coverage"].contains(&key.as_str()));
        for kind in ["appartement", "maison"] {
            if let Some(kind) = shown["by_type"][kind].as_object_mut() {
                kind.retain(|key, _| !["changes", "estimator"].contains(&key.as_str()));
            }
        }
        expected.insert(code.to_owned(), page);
        found.insert(code.to_owned(), shown);
    }
    let departements: BTreeSet<&str> = expected.keys().map(|code| departement_of(code)).collect();
    for (level, code) in figures.keys() {
        if level == "commune" && departements.contains(departement_of(code)) {
            assert!(expected.contains_key(code), "{code} has no data file");
        }
    }
    assert_same(&expected, &found);
}

/// `immostats export statistiques-dvf` writes the cells that are expected of the files, all of them and no other.
#[track_caller]
pub fn assert_official(project: &Project, sources: &[Source]) {
    project.run(&["export", "statistiques-dvf", "--out", "export"]);
    let sales: Vec<Sale> = sources.iter().flat_map(Source::sales).collect();
    let monthly = official::monthly(&sales);
    let whole_period = official::whole_period(&sales);
    for (name, header, expected) in [
        ("stats_dvf.csv", official::MONTHLY, monthly),
        (
            "stats_whole_period.csv",
            official::WHOLE_PERIOD,
            whole_period,
        ),
    ] {
        assert_same(
            &as_json(&expected),
            &as_json(&read_table(project, name, header)),
        );
    }
}

fn as_json(table: &Table) -> BTreeMap<&(String, String, String), Value> {
    table.iter().map(|(key, row)| (key, json!(row))).collect()
}

#[track_caller]
fn read_table(project: &Project, name: &str, header: &str) -> Table {
    let mut reader = csv::Reader::from_path(project.path("export").join(name)).unwrap();
    assert_eq!(
        reader
            .headers()
            .unwrap()
            .iter()
            .collect::<Vec<_>>()
            .join(","),
        header
    );
    let mut table = Table::new();
    for row in reader.deserialize() {
        let mut row: Row = row.unwrap();
        row.retain(|_, cell| !cell.is_empty());
        let cell = |name: &str| row.get(name).cloned().unwrap_or_default();
        let key = (cell("echelle_geo"), cell("code_geo"), cell("annee_mois"));
        if key.0 == "epci" {
            let parent = row.remove("code_parent").unwrap();
            assert!(
                official::parents_of_epci(&key.1).contains(&parent),
                "{key:?}: {parent}"
            );
        }
        assert!(
            table.insert(key.clone(), row).is_none(),
            "{key:?} stands twice"
        );
    }
    table
}
