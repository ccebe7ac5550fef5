//! No figure is published on fewer than five sales (invariant 6): read from what was stored and published, whatever the
//! method that made it.

use rusqlite::Connection;
use serde_json::Value;

use super::compare::stored_figures;
use super::{SAMPLE, project_with};
use crate::naive::{Sale, is_of_kind, month_name};

/// Fields that would tell a price or a surface, in the database and in the site's files.
const TELLING: [&str; 23] = [
    "median",
    "q1",
    "q3",
    "interval",
    "p10",
    "p90",
    "mean_surface",
    "median_price",
    "price_q1",
    "price_q3",
    "prix_m2",
    "prix_m2_interval",
    "prix_m2_q1",
    "prix_m2_q3",
    "prix_m2_d1",
    "prix_m2_d9",
    "prix_median",
    "prix_q1",
    "prix_q3",
    "surface_moyenne",
    "fragile",
    "percent",
    "significant",
];

/// Fields that count the sales behind those beside them.
const COUNTS: [&str; 2] = ["n", "volume"];

/// How many objects hold a figure, and how many hide it because of their sales.
#[derive(Debug, Default)]
struct Seen {
    shown: usize,
    hidden: usize,
}

/// Looks through a value: each object with a telling field counts its sales, and those are five at the least.
fn look(path: &str, value: &Value, seen: &mut Seen) {
    match value {
        Value::Object(object) => {
            let tells = |key: &&str| {
                !matches!(
                    object.get(*key),
                    None | Some(Value::Null | Value::Bool(false))
                )
            };
            let telling: Vec<&str> = TELLING.into_iter().filter(tells).collect();
            let counts: Vec<u64> = COUNTS
                .iter()
                .filter_map(|name| object.get(*name))
                .flat_map(|count| match count {
                    Value::Array(windows) => windows.iter().map(|n| n.as_u64().unwrap()).collect(),
                    n => vec![n.as_u64().unwrap()],
                })
                .collect();
            if telling.is_empty() {
                seen.hidden += usize::from(counts.iter().any(|n| (1..5).contains(n)));
            } else {
                let least = counts.iter().min();
                assert!(
                    least.is_some_and(|&n| n >= 5),
                    "{path} tells {telling:?} of {counts:?} sales: {value}"
                );
                seen.shown += 1;
            }
            for (key, value) in object {
                match key.as_str() {
                    "estimate" => look_at_estimate(path, value),
                    _ => look(&format!("{path}.{key}"), value, seen),
                }
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                look(&format!("{path}[{index}]"), value, seen);
            }
        }
        _ => {}
    }
}

/// An estimate has nothing of the commune's own sales where they are fewer than five.
fn look_at_estimate(path: &str, estimate: &Value) {
    let counts = COUNTS
        .iter()
        .filter_map(|name| estimate.get(*name)?.as_u64());
    for n in counts {
        let own_share = estimate["own_share"].as_f64().unwrap();
        assert!(n >= 5 || own_share == 0.0, "{path}: {estimate}");
    }
}

/// The figures of a city's head with the kind and the name under which they stand with their sales.
const REPEATED: [(&str, &str, &str); 7] = [
    ("prix_m2_appartement", "appartement", "prix_m2"),
    ("prix_m2_maison", "maison", "prix_m2"),
    ("prix_m2_apt_maison", "apt_maison", "prix_m2"),
    ("prix_m2_local", "local", "prix_m2"),
    ("prix_median_appartement", "appartement", "prix_median"),
    ("prix_median_maison", "maison", "prix_median"),
    ("surface_moyenne", "apt_maison", "surface_moyenne"),
];

#[test]
fn no_figure_is_published_on_fewer_than_five_sales() {
    let files = [("69-rhone-2018-extract.csv.gz", "69")];
    let (project, _) = project_with(&files, &["69"]);
    project.run(&["build"]);

    let mut stored = Seen::default();
    for (place, figures) in stored_figures(&project) {
        look(&format!("{place:?}"), &figures, &mut stored);
    }
    assert!(stored.shown > 1_000 && stored.hidden > 1_000, "{stored:?}");

    let mut published = Seen::default();
    for file in project
        .site()
        .keys()
        .filter(|file| file.starts_with("data/villes/"))
    {
        let mut city = project.json(file);
        // The head repeats figures of the windows, which are looked at where they stand with their sales.
        let head = city
            .as_object_mut()
            .unwrap()
            .remove("current_stats")
            .unwrap();
        // What a budget buys is the median turned round, and the classes of prices added up.
        let budgets = city.as_object_mut().unwrap().remove("budgets");
        let has_price = |kind: &str| {
            let current = &city["by_type"][kind]["current"];
            !current["prix_m2"].is_null() && current["fragile"] != true
        };
        assert_eq!(
            budgets.is_some(),
            ["appartement", "maison"].into_iter().any(has_price),
            "{file}"
        );
        look(file, &city, &mut published);
        for (name, kind, repeated) in REPEATED {
            assert_eq!(
                head[name], city["by_type"][kind]["current"][repeated],
                "{file}: {name}"
            );
        }
        for name in head.as_object().unwrap().keys() {
            let known = REPEATED.iter().any(|(repeated, ..)| repeated == name);
            assert!(
                known || ["volume", "window"].contains(&name.as_str()),
                "{file}: this test does not know the figure {name} of the head"
            );
        }
    }
    assert!(
        published.shown > 1_000 && published.hidden > 500,
        "{published:?}"
    );

    // The long form of the database: one row a figure, its count in another row of the same period.
    let connection = Connection::open(project.path("data/immostats.db")).unwrap();
    let count = |sql: &str| {
        connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let figures = "SELECT count(*) FROM stats_cache f JOIN stats_cache c USING (niveau, city_code, period)
         WHERE f.stat_type NOT LIKE 'nb_ventes%' AND c.stat_type = 'nb_ventes_' || replace(replace(replace(replace(replace(
             f.stat_type, 'prix_m2_median_', ''), 'prix_m2_q1_', ''), 'prix_m2_q3_', ''), 'surface_moyenne_', ''),
             'prix_median_', '')";
    let all = count("SELECT count(*) FROM stats_cache WHERE stat_type NOT LIKE 'nb_ventes%'");
    assert!(all > 1_000);
    assert_eq!(count(figures), all, "each figure has its count");
    assert_eq!(count(&format!("{figures} AND c.value < 5")), 0);
    let small = count(
        "SELECT count(*) FROM stats_cache WHERE stat_type LIKE 'nb_ventes%' AND value BETWEEN 1 AND 4",
    );
    assert!(small > 1_000);
}

/// The kinds of property and their two pooled.
const KINDS: [&str; 4] = ["appartement", "maison", "local", "apt_maison"];

/// docs/method.md, section 7, points 1 and 2, over all real files: a reader who has the deeds and the data files finds no deed's
/// price in them, and no mean of few sales by taking one mean from another.
#[test]
fn no_sale_is_found_by_its_price_or_by_subtraction() {
    let (project, sources) = project_with(&SAMPLE, &["01", "69", "83"]);
    project.run(&["build"]);
    let sales: Vec<Sale> = sources.iter().flat_map(|source| source.sales()).collect();
    let (mut single, mut prices, mut hidden) = (0, 0, 0);
    let files = project.site();
    for file in files.keys().filter(|file| file.starts_with("data/villes/")) {
        let city = project.json(file);
        no_price_is_a_mean(file, &city);
        let code = city["metadata"]["city_code"].as_str().unwrap();
        let own: Vec<&Sale> = sales
            .iter()
            .filter(|sale| sale.commune == code && sale.price_m2 < 100_000.0)
            .collect();
        for kind in KINDS {
            let segment = &city["by_type"][kind];
            let window = &segment["current"];
            let (Some(from), Some(to)) = (window["from"].as_str(), window["to"].as_str()) else {
                continue;
            };
            let in_window = |sale: &&&Sale| {
                let month = month_name(sale.month);
                is_of_kind(sale, kind) && *from <= *month && *month <= *to
            };
            let sold: Vec<&Sale> = own.iter().filter(in_window).copied().collect();
            let mut look = |sold: Vec<&Sale>, figures: &Value| {
                let Some(price) = figures["prix_median"].as_u64() else {
                    return;
                };
                let digits = price.to_string();
                assert_eq!(
                    digits.trim_end_matches('0').len().max(3),
                    3,
                    "{file} {kind}: {figures}"
                );
                let cost = sold
                    .iter()
                    .filter(|sale| sale.price == price as f64)
                    .count();
                assert!(
                    !(1..5).contains(&cost),
                    "{file} {kind}: {figures} is the price of {cost}"
                );
                let mut sorted: Vec<f64> = sold.iter().map(|sale| sale.price).collect();
                sorted.sort_by(f64::total_cmp);
                single += usize::from(sorted.len() % 2 == 1);
                prices += 1;
                if figures["volume"].as_u64().unwrap() < 30 {
                    for name in ["prix_m2", "prix_m2_q1", "prix_m2_q3", "prix_m2_d1"] {
                        assert_eq!(
                            figures[name].as_u64().unwrap_or(0) % 10,
                            0,
                            "{file} {kind}: {figures}"
                        );
                    }
                }
            };
            look(sold.clone(), window);
            for class in segment["rooms"].as_array().into_iter().flatten() {
                let rooms = class["rooms"].as_u64().unwrap();
                let of_class = sold
                    .iter()
                    .filter(|sale| u64::from(sale.rooms.min(5)) == rooms);
                look(of_class.copied().collect(), class);
            }
        }
        hidden += no_mean_is_the_rest_of_others(file, &city);
    }
    assert!(prices > 500 && single > 200, "{prices}, {single}");
    assert!(
        hidden > 5,
        "{hidden} means are hidden beside two that are not"
    );
}

/// No field is a mean of prices.
fn no_price_is_a_mean(path: &str, value: &Value) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            assert!(
                !name.contains("moyen") || name == "surface_moyenne",
                "{path}: {name}"
            );
            no_price_is_a_mean(path, value);
        }),
        Value::Array(items) => items.iter().for_each(|item| no_price_is_a_mean(path, item)),
        _ => {}
    }
}

/// What is known of a hidden mean surface from that of both kinds and that of the other: never within ten m². Gives how
/// often there was one to be found.
fn no_mean_is_the_rest_of_others(path: &str, city: &Value) -> usize {
    let mut hidden = 0;
    let pooled = &city["by_type"]["apt_maison"]["current"];
    for (shown, sought) in [("maison", "appartement"), ("appartement", "maison")] {
        let shown = &city["by_type"][shown]["current"];
        let sought = &city["by_type"][sought]["current"];
        let same = ["from", "to"].iter().all(|end| shown[end] == pooled[end]);
        let sum = |window: &Value| {
            let n = window["volume"].as_f64()?;
            let error = [5.0, 2.5, 0.5][usize::from(n >= 60.0) + usize::from(n >= 300.0)];
            Some((n, window["surface_moyenne"].as_f64()? * n, error * n))
        };
        let (Some((all, _, error)), Some((n, _, other_error))) = (sum(pooled), sum(shown)) else {
            continue;
        };
        if same && sought["surface_moyenne"].is_null() && all > n {
            hidden += 1;
            let width = 2.0 * (error + other_error) / (all - n);
            assert!(width > 10.0, "{path}: within {width} m²");
        }
    }
    hidden
}
