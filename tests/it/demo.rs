//! The demonstration's site, whole: every file of data against the published schema, every address of the sitemap.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::french::mistakes;
use crate::material::packed;
use crate::support::{Project, tree};

/// The prices and surfaces that an object of figures may publish.
const PUBLISHED: [&str; 6] = [
    "prix_m2",
    "prix_m2_interval",
    "prix_m2_q1",
    "prix_m2_q3",
    "prix_median",
    "surface_moyenne",
];

/// Walks through all objects that count sales, with their path.
fn counted<'a>(path: &str, value: &'a Value, see: &mut dyn FnMut(&str, u64, &'a Value)) {
    match value {
        Value::Object(fields) => {
            if let Some(volume) = fields.get("volume").and_then(Value::as_u64) {
                see(path, volume, value);
            }
            for (name, field) in fields {
                counted(&format!("{path}/{name}"), field, see);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                counted(&format!("{path}/{index}"), item, see);
            }
        }
        _ => {}
    }
}

fn text(site: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(site[path].clone()).unwrap()
}

/// One build of some 2,300 communes serves all that is to be seen on many of them.
#[test]
fn the_site_of_the_sample_keeps_its_promises() {
    let project = Project::new(&[]);
    let run = project.run(&["demo", "--no-serve"]);
    assert!(
        run.stdout.contains("83137-toulon-2023.csv.gz: geo-DVF"),
        "{}",
        run.stdout
    );
    let site = tree(&project.path("demo/site"));
    let cities: Vec<_> = site
        .keys()
        .filter(|path| path.starts_with("data/villes/"))
        .collect();
    assert!(cities.len() > 2_000, "{} communes", cities.len());

    the_data_keeps_to_its_schema(&site, &cities);
    few_sales_give_no_price(&site, &cities);
    each_page_has_its_data(&site, &cities);
    the_sitemap_names_the_pages(&site);
    the_files_that_hosts_look_for_are_there(&site);
    the_french_is_right(&site);
    what_a_phone_loads_is_light(&site);

    // Where no home is valued, the true reason is given.
    for (commune, told) in [
        ("67482", "the sales of Strasbourg are not in DVF"),
        ("97608", "are not in DVF"),
        ("69123", "Lyon is valued arrondissement by arrondissement"),
    ] {
        let home = ["--type", "appartement", "--surface", "60", "--rooms", "3"];
        let mut command = Command::new(env!("CARGO_BIN_EXE_immostats"));
        command.current_dir(project.path("demo"));
        command.args(["estimate", "--commune", commune]).args(home);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(1) && said.contains(told),
            "{said}"
        );
    }
    let again = project.run(&["demo", "--no-serve"]);
    assert_eq!(
        again.stdout.matches("nothing changed").count(),
        11,
        "ten files of sales and the build: {}",
        again.stdout
    );
    assert!(tree(&project.path("demo/site")) == site);
}

fn the_data_keeps_to_its_schema(site: &BTreeMap<String, Vec<u8>>, cities: &[&String]) {
    let schema: Value = serde_json::from_slice(&site["schemas/ville.schema.json"]).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    for path in cities {
        let data: Value = serde_json::from_slice(&site[*path]).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&data)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{path}: {errors:#?}");
        let code = path
            .strip_prefix("data/villes/")
            .unwrap()
            .strip_suffix(".json")
            .unwrap();
        assert_eq!(data["metadata"]["city_code"], code);
    }
    let mut wrong: Value = serde_json::from_slice(&site["data/villes/83137.json"]).unwrap();
    wrong["current_stats"]["prix_m2_appartement"] = Value::from("cher");
    assert!(!validator.is_valid(&wrong), "the schema lets anything pass");
}

/// Invariants 5 and 6.
fn few_sales_give_no_price(site: &BTreeMap<String, Vec<u8>>, cities: &[&String]) {
    let (mut few, mut enough) = (0, 0);
    for path in cities {
        let data: Value = serde_json::from_slice(&site[*path]).unwrap();
        counted(path, &data["evolution"], &mut |path, volume, figures| {
            assert!(
                volume >= 5 || figures["prix_m2"].is_null(),
                "{path}: {figures}"
            );
        });
        counted(path, &data["by_type"], &mut |path, volume, figures| {
            if path.ends_with("/estimate") {
                // Of fewer than five sales it is the neighbours' alone.
                assert!(
                    volume >= 5 || figures["own_share"] == 0.0,
                    "{path}: {figures}"
                );
                return;
            }
            let published: Vec<_> = PUBLISHED
                .iter()
                .filter(|name| figures.get(**name).is_some_and(|v| !v.is_null()))
                .collect();
            assert!(
                volume >= 5 || published.is_empty(),
                "{path}: {published:?} of {volume} sales"
            );
            for name in published {
                assert_ne!(figures[name], 0, "{path}/{name}");
                assert_ne!(figures[name], Value::from(0.0), "{path}/{name}");
            }
            *(if volume < 5 { &mut few } else { &mut enough }) += 1;
        });
        let covered = data["metadata"]["status"] == "covered";
        assert_eq!(covered, !data["by_type"].is_null(), "{path}");
    }
    assert!(
        few > 100 && enough > 100,
        "{few} and {enough}: both kinds have to be seen"
    );
}

fn each_page_has_its_data(site: &BTreeMap<String, Vec<u8>>, cities: &[&String]) {
    let pages = site
        .keys()
        .filter(|path| path.starts_with("ville/"))
        .count();
    assert_eq!(pages, cities.len());
    let mut prices = 0;
    for path in cities {
        let code = path
            .strip_prefix("data/villes/")
            .unwrap()
            .strip_suffix(".json")
            .unwrap();
        let page = text(site, &format!("ville/{code}/index.html"));
        let data: Value = serde_json::from_slice(&site[*path]).unwrap();
        assert!(page.contains(&format!("data/villes/{code}.json")), "{code}");
        let covered = data["metadata"]["status"] == "covered";
        assert_eq!(
            page.contains("DVF ne couvre pas ce territoire"),
            !covered,
            "{code}"
        );
        let shown = |figure: &Value| {
            // Thousands are apart, by a narrow no-break space.
            let digits = figure.as_u64().unwrap().to_string();
            if digits.len() > 3 {
                let (thousands, rest) = digits.split_at(digits.len() - 3);
                format!("{thousands}\u{202f}{rest}")
            } else {
                digits
            }
        };
        for name in ["prix_m2_appartement", "prix_m2_maison"] {
            let figure = &data["current_stats"][name];
            if !figure.is_null() {
                assert!(page.contains(&shown(figure)), "{code}: {name} {figure}");
                prices += 1;
            }
        }
    }
    assert!(prices > 100, "{prices}");
}

fn the_sitemap_names_the_pages(site: &BTreeMap<String, Vec<u8>>) {
    let sitemap = text(site, "sitemap.xml");
    let addresses: BTreeSet<_> = sitemap
        .split("<loc>")
        .skip(1)
        .map(|rest| rest.split("</loc>").next().unwrap())
        .map(|address| {
            address
                .strip_prefix("http://127.0.0.1:8080/")
                .expect(address)
                .to_owned()
                + "index.html"
        })
        .collect();
    let pages = site
        .keys()
        .filter(|path| path.ends_with("index.html") && *path != "admin/index.html");
    // Of pages without a price of their own search engines are told by none of both.
    let is_listed = |path: &&String| !text(site, path).contains("content=\"noindex, follow\"");
    let pages: BTreeSet<_> = pages.filter(is_listed).cloned().collect();
    assert_eq!(addresses, pages);
    assert!(addresses.contains("ville/83137/index.html"));
    assert!(!addresses.contains("ville/67482/index.html"));
    assert!(text(site, "robots.txt").contains("Sitemap: http://127.0.0.1:8080/sitemap.xml"));
}

/// The Val-d'Oise has all that a page can tell: curves, sections, indicators. Bytes gzipped.
fn what_a_phone_loads_is_light(site: &BTreeMap<String, Vec<u8>>) {
    let of = |folder: &str| {
        let files = site.iter().filter(|(path, _)| path.starts_with(folder));
        let mut weights: Vec<_> = files.map(|(_, bytes)| packed(bytes)).collect();
        weights.sort_unstable();
        assert!(weights.len() > 150, "{folder}");
        (weights[weights.len() / 2], weights[weights.len() - 1])
    };
    let asset = |name: &str, kind: &str| {
        let mut files = site.iter().filter(|(path, _)| {
            path.strip_prefix("assets/")
                .is_some_and(|file| file.starts_with(name) && file.ends_with(kind))
        });
        packed(files.next().unwrap().1)
    };
    let (page, largest) = of("ville/95");
    let (data, _) = of("data/villes/95");
    let (style, script) = (asset("style.", ".css"), asset("script.", ".js"));
    for (what, weight, most) in [
        ("a commune's page, in the median", page, 7_000),
        ("the largest page", largest, 14_000),
        (
            "the first view of the largest",
            largest + style + script,
            30_000,
        ),
        ("the style", style, 9_000),
        ("the script", script, 6_000),
        ("a commune's data, in the median", data, 2_000),
    ] {
        assert!(weight <= most, "{what}: {weight} of {most} bytes");
    }
}

fn the_french_is_right(site: &BTreeMap<String, Vec<u8>>) {
    let pages = site.iter().filter(|(path, _)| path.ends_with(".html"));
    let pages = pages.map(|(path, page)| (path.as_str(), std::str::from_utf8(page).unwrap()));
    let mistakes = mistakes(pages);
    assert!(mistakes.is_empty(), "{mistakes:#?}");
}

fn the_files_that_hosts_look_for_are_there(site: &BTreeMap<String, Vec<u8>>) {
    let headers = text(site, "_headers");
    for part in [
        "/*\n  Content-Security-Policy: default-src 'none'",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: ",
        "/data/*\n  Cache-Control: public, max-age=3600, s-maxage=604800, stale-while-revalidate=86400\n",
        "/ville/*\n  Cache-Control: public, max-age=3600, s-maxage=604800, stale-while-revalidate=86400\n",
        "/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n",
    ] {
        assert!(headers.contains(part), "{part}\n{headers}");
    }
    assert!(text(site, "404.html").contains("Page introuvable"));
    for path in [
        "index.html",
        "methodologie/index.html",
        "version.json",
        "api/health.json",
    ] {
        assert!(site.contains_key(path), "{path}");
    }
    let assets: Vec<_> = site
        .iter()
        .filter(|(path, _)| path.starts_with("assets/"))
        .collect();
    assert!(!assets.is_empty());
    for (path, bytes) in assets {
        let hash = path.rsplit('.').nth(1).unwrap();
        assert!(
            blake3::hash(bytes).to_hex().starts_with(hash),
            "{path} does not carry its hash"
        );
    }
}
