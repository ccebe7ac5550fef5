//! What the program wrote against what the naive implementation expects.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use serde_json::{Value, json};

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

/// The cached figures are those that are expected of the files, for every place and field; gives them back.
#[track_caller]
pub fn assert_figures(
    project: &Project,
    sources: &[Source],
    partial: &[Partial<'_>],
) -> BTreeMap<Place, Value> {
    let expected = figures(sources, partial);
    assert_same(&expected, &stored_figures(project));
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
