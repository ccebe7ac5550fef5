mod fixtures;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::LazyLock;

use super::*;
use crate::config::Note;
use crate::stats::Figures;
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
    let plan = site.plan().unwrap();
    let files = plan.iter().map(|planned| {
        let content = site.render(planned).unwrap();
        (planned.path.clone(), (planned.key, content))
    });
    files.collect()
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files[path].1.clone()).unwrap()
}

static FILES: LazyLock<Files> = LazyLock::new(|| build(&config(), &FRANCE, &atlas(), None));

fn page(path: &str) -> String {
    text(&FILES, path)
}

/// A page without the hashes in the names of its assets, which change with every stroke of the stylesheet.
fn stable(path: &str) -> String {
    let assets = FILES.keys().filter(|path| path.starts_with("assets/"));
    assets.fold(page(path), |page, asset| {
        let parts: Vec<_> = asset.split('.').collect();
        page.replace(asset, &format!("{}.HASH.{}", parts[0], parts[2]))
    })
}

/// A page with plain spaces, so that a test can quote its words.
fn words(path: &str) -> String {
    page(path).replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn the_page_of_a_city() {
    insta::assert_snapshot!(stable("ville/83137/index.html"));
}

#[test]
fn the_page_of_a_commune_with_few_sales() {
    insta::assert_snapshot!(stable("ville/83103/index.html"));
}

#[test]
fn the_page_of_a_city_with_arrondissements() {
    insta::assert_snapshot!(stable("ville/69123/index.html"));
}

#[test]
fn the_page_of_a_departement() {
    insta::assert_snapshot!(stable("departement/83/index.html"));
}

#[test]
fn the_home_page() {
    insta::assert_snapshot!(stable("index.html"));
}

#[test]
fn the_data_of_a_commune_with_few_sales() {
    // As it is published, with the order of its fields; only broken into lines.
    let lines = page("data/villes/83103.json").replace("},", "},\n");
    insta::assert_snapshot!(lines);
}

#[test]
fn small_samples_are_told_in_words() {
    let html = words("ville/83103/index.html");
    assert!(html.contains("Trop peu de ventes pour publier un prix"));
    assert!(html.contains("Médiane fragile : elle repose sur moins de 11 ventes"));
    assert!(html.contains("Période étendue à 60 mois, faute de 30 ventes sur 12 mois"));
    assert!(html.contains("Évolution<dd>non mesurable"));
    assert!(!html.contains("2 800"), "three flats have no price");

    let html = words("ville/69383/index.html");
    assert!(html.contains("Sur un an<dd>+3,2 %"));
    assert!(html.contains("Sur un an<dd>pas d’évolution significative"));
    assert!(html.contains("Arrondissement de <a href=\"../../ville/69123/\">Lyon</a>"));
}

#[test]
fn what_dvf_does_not_cover_is_said() {
    let html = words("ville/97608/index.html");
    assert!(html.contains("DVF ne couvre pas ce territoire"));
    assert!(!html.contains('€'));
    let json: serde_json::Value = serde_json::from_str(&words("data/villes/97608.json")).unwrap();
    assert_eq!(json["metadata"]["status"], "not_covered_by_dvf");
    for missing in [
        "total_transactions",
        "last_update",
        "data_version",
        "coverage",
    ] {
        assert!(json["metadata"][missing].is_null(), "{missing}");
    }
    assert!(json["current_stats"]["volume"].is_null());
    assert!(words("departement/976/index.html").contains("Mayotte ne figurent pas"));
    assert!(words("region/06/index.html").contains("DVF ne couvre pas ce territoire : Mayotte"));
    assert!(words("ville/57463/index.html").contains("inscrites au livre foncier"));
    assert!(words("index.html").contains(">Moselle</a> <small>hors DVF</small>"));
    assert!(words("index.html").contains("dans 5 communes."));

    let files = build(&config(), &FRANCE, &Atlas::default(), None);
    let communes = files.keys().filter(|path| path.starts_with("ville/"));
    assert_eq!(communes.count(), 3, "DVF will never cover these");
    assert!(text(&files, "region/44/index.html").contains("Aucune vente de cette région"));
}

#[test]
fn partial_coverage_is_a_visible_warning() {
    let html = words("departement/83/index.html");
    assert!(html.contains("Ils portent sur 2 communes sur les 153 que DVF couvre"));
    assert!(words("region/93/index.html").contains("Chiffres partiels"));
    assert!(words("index.html").contains("Chiffres partiels"));
    let comparison = words("ville/83137/index.html");
    assert!(comparison.contains("<small>2 communes sur 153</small>"));
    assert!(comparison.contains("2025 <small>partielle</small>"));
}

#[test]
fn the_source_and_its_date_are_on_every_page() {
    for path in [
        "index.html",
        "ville/83137/index.html",
        "departement/69/index.html",
        "404.html",
    ] {
        let html = words(path);
        assert!(
            html.contains("DGFiP et Etalab, ventes jusqu’au 30 juin 2025"),
            "{path}"
        );
        assert!(html.contains("Licence Ouverte 2.0"), "{path}");
    }
}

#[test]
fn data_files_are_what_the_schema_says() {
    let schema: serde_json::Value = serde_json::from_str(CITY_SCHEMA).unwrap();
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
                assert!(!schema.is_valid(&missing), "{part}.{field}");
            }
        }
        let mut wrong = value.clone();
        wrong["metadata"]["last_update"] = "2025-06-31".into();
        assert!(!schema.is_valid(&wrong), "the 31st of June");
    }
    assert_eq!(validated, 5 + 3);
    let published = &files["schemas/ville.schema.json"].1;
    assert_eq!(published, CITY_SCHEMA.as_bytes());
}

#[test]
fn names_and_notes_are_text_and_never_markup() {
    const EVIL: &str = "<script>alert('&')</script>";
    let communes = r#"[{"code":"83137","nom":"NAME","typeLiaison":0,"departement":"83","region":"93",
        "type":"commune-actuelle","codesPostaux":["83000"],"population":1}]"#;
    let geography = Geography::from_json(
        &communes.replace("NAME", EVIL),
        r#"[]"#,
        r#"[{"code":"83","region":"93","nom":"<b>Var</b>","typeLiaison":2,"zone":"metro"}]"#,
        r#"[{"code":"93","nom":"Provence","typeLiaison":0,"zone":"metro"}]"#,
    )
    .unwrap();
    let mut config = Config::default();
    config.site.name = EVIL.into();
    config.notes.push(Note {
        territory: "83".into(),
        partial_years: Vec::new(),
        text: EVIL.into(),
    });
    let atlas = [entry(Level::Commune, "83137", &figures(9, 9))]
        .into_iter()
        .collect();
    let files = build(&config, &geography, &atlas, None);
    for (path, (_, content)) in &files {
        if path.ends_with(".html") {
            let html = String::from_utf8(content.clone()).unwrap();
            assert!(!html.contains("<script"), "{path}");
            assert!(!html.contains("<b>Var"), "{path}");
            assert!(html.contains("&lt;script&gt;alert("), "{path}");
        }
    }
    let json: serde_json::Value =
        serde_json::from_str(&text(&files, "data/villes/83137.json")).unwrap();
    assert_eq!(json["metadata"]["city_name"], EVIL);
}

/// `href` and `src` of a page.
fn targets(html: &str) -> impl Iterator<Item = &str> {
    ["href=\"", "src=\""].into_iter().flat_map(|attribute| {
        html.split(attribute)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
    })
}

#[test]
fn every_link_inside_the_site_leads_to_a_file() {
    let mut config = config();
    config.site.address = "https://example.fr/prix".into();
    let files = build(&config, &FRANCE, &atlas(), None);
    let mut checked = 0;
    for (path, (_, content)) in &files {
        if !path.ends_with(".html") {
            continue;
        }
        let html = std::str::from_utf8(content).unwrap();
        for target in targets(html) {
            let target = target.split('#').next().unwrap_or_default();
            let inside = match target.strip_prefix("https://example.fr/prix/") {
                Some(absolute) => format!("/{absolute}"),
                None if target.contains("://") => continue,
                None => match target.strip_prefix("/prix/") {
                    Some(absolute) => format!("/{absolute}"),
                    None if target.is_empty() => continue,
                    None => {
                        let mut folders: Vec<_> = path.split('/').collect();
                        folders.pop();
                        for part in target.split('/') {
                            match part {
                                "." => {}
                                ".." => assert!(folders.pop().is_some(), "{path}: {target}"),
                                part => folders.push(part),
                            }
                        }
                        format!("/{}", folders.join("/"))
                    }
                },
            };
            let mut file = inside.trim_start_matches('/').to_owned();
            if file.is_empty() || file.ends_with('/') {
                file.push_str("index.html");
            }
            assert!(
                files.contains_key(&file),
                "{path} links to {target}, not a file: {file}"
            );
            checked += 1;
        }
    }
    assert!(checked > 200, "{checked}");
    assert!(text(&files, "404.html").contains("href=\"/prix/\""));
}

#[test]
fn pages_keep_to_their_security_policy() {
    let files = build(&config(), &FRANCE, &atlas(), None);
    for (path, (_, content)) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = std::str::from_utf8(content).unwrap();
        for inline in ["<script", "<style", " style=", " onclick=", "javascript:"] {
            assert!(!html.contains(inline), "{path} holds {inline}");
        }
        assert_eq!(html.matches("<h1>").count(), 1, "{path}");
        assert!(html.contains("<html lang=\"fr\">"), "{path}");
    }
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
    let plan = site.plan().unwrap();
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
            "departement/57",
            "departement/69",
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
        let plan = site.plan().unwrap();
        let planned = plan.iter().find(|planned| planned.path == path).unwrap();
        String::from_utf8(site.render(planned).unwrap()).unwrap()
    };
    let whole = of(&site, "sitemap.xml");
    assert_eq!(whole.matches("<url>").count(), 2 + 4 + 4 + 8);
    assert!(whole.contains("<loc>https://immostats.example/ville/83137/</loc>"));
    assert!(!whole.contains("lastmod"));

    site.sitemap_limit = 7;
    let index = of(&site, "sitemap.xml");
    assert_eq!(index.matches("<sitemap>").count(), 3);
    assert!(index.contains("<loc>https://immostats.example/sitemap-3.xml</loc>"));
    let parts: Vec<_> = (1..=3)
        .map(|part| of(&site, &format!("sitemap-{part}.xml")))
        .collect();
    let counts: Vec<_> = parts
        .iter()
        .map(|part| part.matches("<url>").count())
        .collect();
    assert_eq!(counts, [7, 7, 4]);
    for line in whole.lines().filter(|line| line.starts_with("<url>")) {
        assert_eq!(
            parts.iter().filter(|part| part.contains(line)).count(),
            1,
            "{line}"
        );
    }
}

#[test]
fn a_theme_replaces_templates_and_brings_assets() {
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("404.html"), "{% include \"part.html\" %}");
    write(
        &dir.path().join("part.html"),
        "{{ assets['fonts/a.woff2'] }}",
    );
    write(&dir.path().join("assets/fonts/a.woff2"), "a font");
    write(&dir.path().join("assets/style.css"), "body {}");
    write(&dir.path().join(".hidden.html"), "{% broken");
    write(&dir.path().join("README.md"), "{% broken");
    let files = build(&config(), &FRANCE, &atlas(), Some(dir.path()));
    let font = text(&files, "404.html");
    assert_eq!(files[&font].1, b"a font");
    assert!(font.starts_with("assets/fonts/a.") && font.ends_with(".woff2"));
    let style = files
        .keys()
        .find(|path| path.starts_with("assets/style."))
        .unwrap();
    assert_eq!(files[style].1, b"body {}");
    assert!(text(&files, "ville/83137/index.html").contains(&format!("href=\"../../{style}\"")));
}

#[test]
fn template_errors_name_their_file_and_line() {
    let dir = tempfile::tempdir().unwrap();
    let error_of = |content: &str| {
        write(&dir.path().join("404.html"), content);
        let (config, atlas) = (config(), atlas());
        let site = match Site::new(&config, &FRANCE, &atlas, Some(dir.path())) {
            Ok(site) => site,
            Err(error) => return error.to_string(),
        };
        let plan = site.plan().unwrap();
        let planned = plan
            .iter()
            .find(|planned| planned.path == "404.html")
            .unwrap();
        site.render(planned).unwrap_err().to_string()
    };
    for broken in [
        "<p>\n<p>{% if %}",
        "<p>\n<p>{{ 1 | no_such_filter }}",
        "<p>\n<p>{{ page.no_such_field.x }}",
        "<p>\n<p>{{ site.name | euros }}",
    ] {
        let error = error_of(broken);
        assert!(error.contains("404.html:2:"), "{error}");
    }
    let error = error_of("{% extends \"no-such.html\" %}");
    assert!(error.contains("no-such.html"), "{error}");
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
    let place = Place::new(Level::Commune, "83137");
    let (digest, json) = ("0".repeat(64), "{\"coverage\":1}".into());
    broken.insert(place, Entry { digest, json });
    assert!(error(&config(), &broken, None).contains("figures of commune 83137 cannot be read"));

    let nowhere = Path::new("no/such/folder");
    assert!(error(&config(), &atlas(), Some(nowhere)).contains("no/such/folder cannot be read"));
}

#[test]
fn an_average_commune_stays_small() {
    // 33,300 communes and 700 MB in all; this one sells more houses than most.
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
        html.len() + json.len() < 14_000,
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
