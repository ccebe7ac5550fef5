//! The files of the search field.

use super::*;
use crate::db::Centre;

fn site() -> Files {
    let centres = ["69123", "69381", "83137"].map(|code| {
        let centre = Centre {
            latitude: 45.77,
            longitude: 4.83,
        };
        (code.to_owned(), centre)
    });
    let atlas = atlas().with_contours(BTreeMap::new(), centres.into_iter().collect());
    build(&config(), &FRANCE, &atlas, None)
}

/// The names in a file, each with what it is found by where that is not the name.
fn found(files: &Files, file: &str) -> Vec<String> {
    let places = text(files, &format!("data/recherche/{file}.json"));
    let places: Vec<serde_json::Value> = serde_json::from_str(&places).unwrap();
    let named = places.iter().map(|place| match place[4].as_str() {
        Some(alias) => format!("{alias} → {}", place[0].as_str().unwrap()),
        None => place[0].as_str().unwrap().to_owned(),
    });
    named.collect()
}

#[test]
fn an_article_and_a_first_letter_have_the_best_known_places_that_begin_so() {
    let files = site();
    for file in ["l__", "le_", "r__", "re_"] {
        let places = found(&files, file);
        assert!(places.contains(&"Le Revest-les-Eaux".to_owned()), "{file}");
    }
    // A city stands for its arrondissements, and a commune comes before what is named after it.
    let ly = found(&files, "ly_");
    assert_eq!(ly, ["Lyon"]);
    let m = found(&files, "m__");
    assert_eq!(m[..2], ["Metz", "Mamoudzou"]);
    assert!(m.contains(&"Moselle".to_owned()), "{m:?}");
}

#[test]
fn a_commune_is_found_by_its_own_code() {
    let files = site();
    assert!(found(&files, "831").contains(&"Le Revest-les-Eaux".to_owned()));
    assert!(found(&files, "691").contains(&"Lyon".to_owned()));
    // Where its postal code leads to the same file, it stands there once.
    let places = found(&files, "976");
    let dzaoudzi = places.iter().filter(|place| place.contains("Dzaoudzi"));
    assert_eq!(dzaoudzi.collect::<Vec<_>>(), ["97615 → Dzaoudzi"]);
}

#[test]
fn a_region_is_found_by_the_names_of_its_parts() {
    let files = site();
    assert_eq!(found(&files, "als"), ["Alsace → Grand Est"]);
    assert!(found(&files, "pac").contains(&"PACA → Provence-Alpes-Côte d’Azur".to_owned()));
    assert!(!files.contains_key("data/recherche/aqu.json"), "no page");
}

#[test]
fn the_first_letters_list_all_files() {
    let files = site();
    let paths = files.keys().filter_map(|path| {
        let file = path.strip_prefix("data/recherche/")?;
        file.strip_suffix(".json")
    });
    let (lists, places): (Vec<_>, Vec<_>) = paths.partition(|file| file.len() == 1);
    assert_eq!(lists.len(), 36);
    let listed = lists.iter().flat_map(|letter| {
        let list = text(&files, &format!("data/recherche/{letter}.json"));
        serde_json::from_str::<Vec<String>>(&list).unwrap()
    });
    assert_eq!(listed.collect::<Vec<_>>(), places);
}

#[test]
fn what_lies_near_is_an_arrondissement_where_a_city_has_some() {
    let files = site();
    assert_eq!(
        text(&files, "data/centres/45_4.json"),
        r#"[["Lyon 1er arrondissement","69381",45.77,4.83],["Toulon","83137",45.77,4.83]]"#
    );
}
