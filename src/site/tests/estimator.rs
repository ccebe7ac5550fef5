//! The files of the estimator and of indices: as their schemas say, and enough for an answer.

use serde_json::Value;

use super::*;
use crate::stats::{HomeLevel, KindEstimator, Question, valuation};

fn json(files: &Files, path: &str) -> Value {
    serde_json::from_str(&text(files, path)).unwrap()
}

#[test]
fn data_files_of_departements_are_what_their_schemas_say() {
    let files = build(&config(), &FRANCE, &atlas(), None);
    for (schema, data) in [
        ("schemas/estimateur.schema.json", "data/estimateur/83.json"),
        ("schemas/indices.schema.json", "data/indices/83.json"),
        ("schemas/indices.schema.json", "data/indices/france.json"),
    ] {
        let schema = json(&files, schema);
        assert!(jsonschema::meta::is_valid(&schema));
        let schema = jsonschema::validator_for(&schema).unwrap();
        let mut data = json(&files, data);
        if let Err(error) = schema.validate(&data) {
            panic!("{error} at {}", error.instance_path());
        }
        data["surprise"] = 1.into();
        assert!(!schema.is_valid(&data));
    }
    // Mayotte has no sale.
    assert!(!files.contains_key("data/estimateur/976.json"));
    assert!(!files.contains_key("data/indices/976.json"));
}

#[test]
fn indices_stand_with_their_places() {
    let files = build(&config(), &FRANCE, &atlas(), None);
    let var = json(&files, "data/indices/83.json");
    let places: Vec<_> = var["places"].as_array().unwrap().iter().collect();
    assert_eq!(places.len(), 2);
    assert_eq!(places[1]["level"], "epci");
    assert_eq!(places[1]["code"], "248300543");
    let quarters = &places[0]["maison"]["quarters"];
    assert_eq!(quarters[1]["quarter"], "2023-Q2");
    assert_eq!(quarters[1]["value"], 101.2);
    let france = json(&files, "data/indices/france.json");
    let codes = france["places"].as_array().unwrap().iter();
    let codes: Vec<_> = codes.map(|place| place["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["FR", "84", "93"]);
}

#[test]
fn what_is_published_is_enough_for_an_answer() {
    let files = build(&config(), &FRANCE, &atlas(), None);
    let commune = json(&files, "data/villes/83137.json");
    let departement = json(&files, "data/estimateur/83.json");
    let level: HomeLevel =
        serde_json::from_value(commune["by_type"]["appartement"]["estimator"].clone()).unwrap();
    let estimator: KindEstimator =
        serde_json::from_value(departement["appartement"].clone()).unwrap();
    let question = Question {
        house: false,
        surface: 65.0,
        rooms: 3,
        land: None,
        section: Some("000AB"),
    };
    let answer = valuation(&question, Some(&level), Some(&estimator)).unwrap();
    // exp(12.17 + 0.07) is 206,902.
    assert_eq!((answer.price, answer.section), (210_000, true));
    // Where there are few sales nothing is said.
    let few = json(&files, "data/villes/83103.json");
    assert!(few["by_type"]["maison"].get("estimator").is_none());
}

#[test]
fn the_method_tells_how_the_estimator_did() {
    let files = build(&config(), &FRANCE, &atlas(), None);
    let html = text(&files, "methodologie/index.html").replace(['\u{a0}', '\u{202f}'], " ");
    assert!(html.contains(
        "Maisons : parmi les 11 312 ventes de la période juillet 2024 – juin 2025, 79 % étaient dans la fourchette."
    ));
    assert!(html.contains("<th>Var (83)<td>5 656<td>79 %<td>13,7 %"));
}
