//! What pages say, to the letter and in words.

use super::*;
use crate::intake::cog::Edition;
use crate::stats::Current;

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
fn the_page_of_an_epci() {
    let html = words("epci/248300543/index.html");
    for part in [
        "<h1>Prix de l’immobilier dans la métropole Toulon-Provence-Méditerranée</h1>",
        "<p class=\"place\">3 communes du Var</p>",
        "<li><a href=\"../../departement/83/\">Var</a><li aria-current",
        "ne contiennent les ventes que de 2 des 12 communes que DVF couvre dans cette intercommunalité",
        "<a href=\"../../ville/83103/\">Le Revest-les-Eaux</a>",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("La Seyne"), "it has no page");
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
    assert!(html.contains(
        "3 ventes de janvier 2023 à juin 2025 : sous 5 ventes, aucun prix n’est publié."
    ));
    assert!(
        html.contains(
            "8 ventes seulement : ce prix donne un ordre de grandeur, pas une estimation."
        )
    );
    assert!(html.contains(
        "Période étendue à 30 mois, les seuls des 60 derniers que les données couvrent, faute de 30 ventes sur 12 mois"
    ));
    assert!(!html.contains("2 800"), "three flats have no price");

    let html = words("ville/69383/index.html");
    assert!(html.contains(
        "<dt>Sur un an<dd><b class=\"change unsure\">+1,1 %</b> <small>comme le département</small>"
    ));
    assert!(html.contains("rien n’indique que la commune s’en écarte."));
    assert!(html.contains(
        "<dt>Sur quatre ans<dd><b class=\"change\">−5,1 %</b> <small>entre −7,7 et −2,4 %</small>"
    ));
    assert!(html.contains(
        "<p class=\"place\"><a href=\"../../ville/69123/\">Lyon</a>, Rhône (69), 69003,"
    ));
}

#[test]
fn a_window_is_called_extended_only_by_months_that_the_data_covers() {
    let told = |months: u32, covered: u32| {
        let mut figures = figures(0, 1);
        figures.maison.current = Some(Current {
            covered,
            ..fixtures::current(months, 8, 3_900, 118)
        });
        let mut atlas = atlas();
        let (place, entry) = entry(Level::Commune, "83137", &figures);
        atlas.insert(place, entry);
        let site = build(&config(), &FRANCE, &atlas, None);
        let page = |path| text(&site, path).replace(['\u{a0}', '\u{202f}'], " ");
        (
            page("ville/83137/index.html"),
            page("departement/83/index.html"),
        )
    };
    let why = "faute de 30 ventes sur 12 mois.";
    for (months, covered, expected) in [
        (60, 60, format!("Période étendue à 60 mois, {why}")),
        (
            36,
            18,
            format!("Période étendue à 18 mois, les seuls des 36 derniers que les données couvrent, {why}"),
        ),
        (
            60,
            12,
            "Il y en a moins de 30, mais la période ne peut pas être étendue : les données ne couvrent que 12 mois."
                .to_owned(),
        ),
    ] {
        let (commune, departement) = told(months, covered);
        assert!(commune.contains(&expected), "{commune}");
        let is_marked = departement.contains(&format!("3 900* <small>{covered} mois</small>"));
        assert_eq!(is_marked, covered > 12, "{covered}");
    }
    assert!(!told(12, 12).0.contains("Période étendue"));
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
    assert!(words("index.html").contains(">Moselle</a> <small>pas de données</small>"));
    assert!(words("index.html").contains(", dans 3 communes ;"));

    let files = build(&config(), &FRANCE, &Atlas::default(), None);
    let communes = files.keys().filter(|path| path.starts_with("ville/"));
    assert_eq!(communes.count(), 3, "DVF will never cover these");
    assert!(text(&files, "region/44/index.html").contains("Aucune vente de cette région"));
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
fn names_and_notes_are_text_and_never_markup() {
    const EVIL: &str = "<script>alert('&')</script>";
    let communes = r#"[{"code":"83137","nom":"NAME","typeLiaison":0,"departement":"83","region":"93",
        "type":"commune-actuelle","codesPostaux":["83000"],"population":1}]"#;
    let texts = [
        &communes.replace("NAME", EVIL),
        r#"[]"#,
        r#"[{"code":"83","region":"93","nom":"<b>Var</b>","typeLiaison":2,"zone":"metro"}]"#,
        r#"[{"code":"93","nom":"Provence","typeLiaison":0,"zone":"metro"}]"#,
    ];
    let edition = Edition::from_texts(texts.map(str::to_owned)).unwrap();
    let geography = edition.geography;
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
            assert!(!html.contains("<script>"), "{path}");
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
            let (inside, _) = inside.split_once('?').unwrap_or((&inside, ""));
            let mut file = inside.trim_start_matches('/').to_owned();
            if file.is_empty() || file.ends_with('/') {
                file.push_str("index.html");
            }
            // What stays of a release is the version store's, and no part of a plan.
            assert!(
                files.contains_key(&file) || file.starts_with("archive/"),
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
        for inline in ["<script>", "<style", " style=", " onclick=", "javascript:"] {
            assert!(!html.contains(inline), "{path} holds {inline}");
        }
        // Data for search engines, which is no script, and the file that they all share.
        let allowed = ["<script src=\"", "<script type=\"application/ld+json\">"];
        let allowed: usize = allowed.iter().map(|tag| html.matches(tag).count()).sum();
        assert_eq!(html.matches("<script").count(), allowed, "{path}");
        assert_eq!(html.matches("<h1>").count(), 1, "{path}");
        assert!(html.contains("<html lang=\"fr\">"), "{path}");
    }
}
