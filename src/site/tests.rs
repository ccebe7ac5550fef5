mod absence;
mod blocks;
mod estimates;
mod estimator;
mod fixtures;
mod neighbours;
mod pages;
mod pictures;
mod remarks;
mod search;
mod signs;
mod theme;
mod wide;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::LazyLock;

use super::*;
use crate::base::month::Months;
use crate::base::place::Place;
use crate::config::Note;
use crate::db::FileInForce;
use crate::stats::{Figures, StoredFigures};
use fixtures::{atlas, entry, figures};

static FRANCE: LazyLock<Geography> = LazyLock::new(fixtures::geography);

/// The configuration that ships.
fn config() -> Config {
    Config::default()
}

/// Every file by its path, with its key.
type Files = BTreeMap<String, (blake3::Hash, Vec<u8>)>;

fn build(config: &Config, geography: &Geography, atlas: &Atlas, templates: Option<&Path>) -> Files {
    let site = Site::new(config, geography, atlas, templates).unwrap();
    let plan = site.plan();
    let files = plan.iter().map(|planned| {
        let key = site.key(planned).unwrap();
        let content = site.render(planned).unwrap();
        assert_eq!(site.make(planned).unwrap(), (key, content.clone()));
        (planned.path.clone(), (key, content))
    });
    files.collect()
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files[path].1.clone()).unwrap()
}

#[test]
fn data_files_are_what_the_schema_says() {
    let files = build(&config(), &FRANCE, &atlas(), None);
    let schema = text(&files, "schemas/ville.schema.json");
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    let mut noted = config();
    noted.notes.push(Note {
        territory: "83".into(),
        partial_years: vec![2023],
        text: "Une remarque.".into(),
    });
    let files = build(&noted, &FRANCE, &atlas(), None);
    let mut validated = 0;
    for (path, (_, content)) in &files {
        if !path.starts_with("data/villes/") {
            continue;
        }
        let value: serde_json::Value = serde_json::from_slice(content).unwrap();
        if let Err(error) = schema.validate(&value) {
            panic!("{path}: {error} at {}", error.instance_path());
        }
        validated += 1;
        for part in ["metadata", "current_stats", "evolution"] {
            let mut unknown = value.clone();
            unknown[part]["surprise"] = 1.into();
            assert!(!schema.is_valid(&unknown));
            for field in value[part].as_object().unwrap().keys() {
                let mut missing = value.clone();
                missing[part].as_object_mut().unwrap().remove(field);
                // Of most communes there is none.
                let may_lack = ["parent", "monthly", "quarterly"].contains(&field.as_str());
                assert_eq!(schema.is_valid(&missing), may_lack, "{part}.{field}");
            }
        }
        let mut wrong = value.clone();
        wrong["metadata"]["last_update"] = "2025-06-31".into();
        assert!(!schema.is_valid(&wrong), "the 31st of June");
    }
    assert_eq!(validated, 5 + 3);
}

/// Invariant 1: whatever has changed between two builds, a file whose key stayed is the same to the byte.
#[test]
fn one_key_means_one_content() {
    let templates = tempfile::tempdir().unwrap();
    let footer = include_str!("../../templates/404.html").replace("introuvable", "absente");
    write(&templates.path().join("404.html"), &footer);

    let changed_commune = {
        let mut atlas = atlas();
        let (place, entry) = entry(Level::Commune, "69383", &figures(121, 4));
        atlas.insert(place, entry);
        atlas
    };
    let changed_france = {
        let mut atlas = atlas();
        let mut france = figures(470, 43);
        france.maison.current.as_mut().unwrap().median = Some(4_700);
        let (place, entry) = entry(Level::Pays, "FR", &france);
        atlas.insert(place, entry);
        atlas
    };
    let noted = {
        let mut config = config();
        config.notes.push(Note {
            territory: "83137".into(),
            partial_years: Vec::new(),
            text: "Une remarque.".into(),
        });
        config
    };
    let mut stricter = config();
    stricter.statistics.solid_sales = 15;
    let mut narrower = config();
    narrower.site.departements = vec!["69".into()];
    let mut elsewhere = config();
    elsewhere.site.address = "https://example.fr".into();

    let (plain, sold) = (config(), atlas());
    let states = [
        build(&plain, &FRANCE, &sold, None),
        build(&plain, &FRANCE, &changed_commune, None),
        build(&plain, &FRANCE, &changed_france, None),
        build(&noted, &FRANCE, &sold, None),
        build(&stricter, &FRANCE, &sold, None),
        build(&narrower, &FRANCE, &sold, None),
        build(&elsewhere, &FRANCE, &sold, None),
        build(&plain, &FRANCE, &sold, Some(templates.path())),
        build(&plain, &FRANCE, &Atlas::default(), None),
    ];
    for before in &states {
        for after in &states {
            for (path, (key, content)) in before {
                if let Some((_, other)) = after.get(path).filter(|(other, _)| other == key) {
                    let [content, other] =
                        [content, other].map(|page| String::from_utf8_lossy(page));
                    assert_eq!(content, other, "{path}");
                }
            }
        }
    }

    let renewed = |after: &Files| -> HashSet<String> {
        let before = &states[0];
        let renewed = after
            .iter()
            .filter(|(path, (key, _))| before[*path].0 != *key);
        renewed.map(|(path, _)| path.clone()).collect()
    };
    let paths = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
    // A commune, its data, and the pages whose tables show it.
    assert_eq!(
        renewed(&states[1]),
        paths(&[
            "ville/69383/index.html",
            "data/villes/69383.json",
            "ville/69123/index.html",
            "departement/69/index.html",
            "data/departement/69.csv",
            "data/communes.csv",
            "data/communes.parquet",
            "data/series.parquet",
            "images/69383.png",
        ])
    );
    let renewed_by_france = renewed(&states[2]);
    assert!(renewed_by_france.contains("ville/83103/index.html"));
    assert!(!renewed_by_france.contains("data/villes/83103.json"));
    assert!(!renewed_by_france.contains("ville/97608/index.html"));
    assert_eq!(
        renewed(&states[3]),
        paths(&["ville/83137/index.html", "data/villes/83137.json"])
    );
    assert!(!renewed(&states[7]).contains("data/villes/83137.json"));
}

#[test]
fn the_plan_is_sorted_and_each_path_once() {
    let (config, atlas) = (config(), atlas());
    let site = Site::new(&config, &FRANCE, &atlas, None).unwrap();
    let plan = site.plan();
    let paths: Vec<_> = plan.iter().map(|planned| planned.path.as_str()).collect();
    assert!(paths.is_sorted_by(|a, b| a < b));
    let communes: Vec<_> = paths
        .iter()
        .filter_map(|path| path.strip_prefix("ville/"))
        .collect();
    let codes = [
        "57463", "69123", "69381", "69383", "83103", "83137", "97608", "97611",
    ];
    assert_eq!(communes, codes.map(|code| format!("{code}/index.html")));
    for path in [
        "404.html",
        "_headers",
        "robots.txt",
        "sitemap.xml",
        "region/93/index.html",
    ] {
        assert!(paths.contains(&path), "{path}");
    }
    assert!(!paths.contains(&"version.json") && !paths.contains(&"api/health.json"));
}

#[test]
fn a_sitemap_tells_when_what_a_page_shows_was_published() {
    let file = |territory: &str, released: Option<&str>| FileInForce {
        batch_id: 1,
        year: 2025,
        territory: vec![territory.into()],
        months: Months::from(["2025-01", "2025-12"].map(|month| month.parse().unwrap())),
        format: "geo-DVF".into(),
        released: released.map(str::to_owned),
        numbering: "sound".into(),
        numbers: None,
        mutations: 1,
        lines: 1,
        former_lines: 0,
        unreadable_lines: 0,
    };
    let files = vec![
        file("83", Some("2026-04-20")),
        file("83137", Some("2026-10-20")),
        file("69", None),
    ];
    let releases = Releases::new(&FRANCE, &BTreeMap::new(), files);
    let files = build(&config(), &FRANCE, &atlas().with_releases(releases), None);
    let sitemap = text(&files, "sitemap.xml");
    for (page, published) in [
        ("ville/83137/", Some("2026-10-20")),
        ("ville/83103/", Some("2026-04-20")),
        ("ville/69383/", None),
        ("epci/248300543/", Some("2026-10-20")),
        ("region/93/", Some("2026-04-20")),
        ("", Some("2026-10-20")),
    ] {
        let day = published.map_or_else(String::new, |day| format!("<lastmod>{day}</lastmod>"));
        let line = format!("<loc>https://immostats.example/{page}</loc>{day}</url>");
        assert!(sitemap.contains(&line), "{line}\n{sitemap}");
    }
}

#[test]
fn the_configuration_narrows_the_site() {
    let mut config = config();
    config.site.departements = vec!["69".into(), "57".into()];
    let files = build(&config, &FRANCE, &atlas(), None);
    let pages: Vec<_> = files
        .keys()
        .filter_map(|path| path.strip_suffix("/index.html"))
        .collect();
    assert_eq!(
        pages,
        [
            "communes",
            "communes/ly",
            "communes/me",
            "comparer",
            "data",
            "departement/57",
            "departement/69",
            "embed",
            "france",
            "mentions-legales",
            "methodologie",
            "region/44",
            "region/84",
            "ville/57463",
            "ville/69123",
            "ville/69381",
            "ville/69383",
        ]
    );
    assert!(!text(&files, "index.html").contains("Var"));
    assert!(!text(&files, "sitemap.xml").contains("/83"));
}

#[test]
fn sitemaps_are_split_at_their_limit() {
    let (config, atlas) = (config(), atlas());
    let mut site = Site::new(&config, &FRANCE, &atlas, None).unwrap();
    let of = |site: &Site, path: &str| {
        let plan = site.plan();
        let planned = plan.iter().find(|planned| planned.path == path).unwrap();
        String::from_utf8(site.render(planned).unwrap()).unwrap()
    };
    let whole = of(&site, "sitemap.xml");
    assert_eq!(whole.matches("<url>").count(), 13);
    // Of what has no price of its own, search engines are told nothing.
    for absent in ["ville/97608", "departement/57", "region/06"] {
        assert!(!whole.contains(absent), "{absent}");
    }
    assert!(whole.contains("<loc>https://immostats.example/ville/83137/</loc>"));
    assert!(!whole.contains("lastmod"));

    site.sitemap_limit = 7;
    let index = of(&site, "sitemap.xml");
    assert_eq!(index.matches("<sitemap>").count(), 2);
    assert!(index.contains("<loc>https://immostats.example/sitemap-2.xml</loc>"));
    let parts: Vec<_> = (1..=2)
        .map(|part| of(&site, &format!("sitemap-{part}.xml")))
        .collect();
    let counts: Vec<_> = parts
        .iter()
        .map(|part| part.matches("<url>").count())
        .collect();
    assert_eq!(counts, [7, 6]);
    for line in whole.lines().filter(|line| line.starts_with("<url>")) {
        assert_eq!(
            parts.iter().filter(|part| part.contains(line)).count(),
            1,
            "{line}"
        );
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let error = |config: &Config, atlas: &Atlas, dir: Option<&Path>| {
        let site = Site::new(config, &FRANCE, atlas, dir);
        site.err().expect("refused").to_string()
    };
    let mut unknown = config();
    unknown.site.departements.push("20".into());
    assert!(error(&unknown, &atlas(), None).contains("names 20, which is no département"));

    let former = [entry(Level::Commune, "69152", &figures(9, 9))]
        .into_iter()
        .collect();
    assert!(
        error(&config(), &former, None).contains("commune 69152, which is no commune of today")
    );

    let mut broken = atlas();
    let mut stored = StoredFigures::new(Level::Commune, [0; 32], &figures(9, 9)).unwrap();
    stored.json = "{\"coverage\":1}".into();
    broken.insert(Place::new(Level::Commune, "83137"), Entry::held(stored));
    let config = config();
    let site = Site::new(&config, &FRANCE, &broken, None).unwrap();
    let plan = site.plan();
    let broken = plan
        .iter()
        .find(|file| file.path == "data/villes/83137.json");
    let error_of_page = site.render(broken.unwrap()).unwrap_err().to_string();
    assert!(
        error_of_page.contains("figures of 83137 cannot be read"),
        "{error_of_page}"
    );

    let nowhere = Path::new("no/such/folder");
    assert!(error(&config, &atlas(), Some(nowhere)).contains("no/such/folder cannot be read"));
}

#[test]
fn an_average_commune_stays_small() {
    // Sixty houses a year are more than most sell: it has all parts of a page.
    let figures: Figures = figures(1, 5);
    let atlas = [entry(Level::Commune, "83137", &figures)]
        .into_iter()
        .collect();
    let files = build(&config(), &FRANCE, &atlas, None);
    let (html, json) = (
        &files["ville/83137/index.html"].1,
        &files["data/villes/83137.json"].1,
    );
    assert!(
        html.len() < 25_000 && json.len() < 10_000,
        "{} + {}",
        html.len(),
        json.len()
    );
}

/// Tests write their themes themselves.
#[allow(clippy::disallowed_methods)]
fn write(path: &Path, content: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}
