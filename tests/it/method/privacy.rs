//! No figure is published on fewer than five sales (invariant 6): read from what was stored and published, whatever the
//! method that made it.

use rusqlite::Connection;
use serde_json::Value;

use super::compare::stored_figures;
use super::project_with;

/// Fields that would tell a price or a surface, in the database and in the site's files.
const TELLING: [&str; 17] = [
    "median",
    "mean",
    "q1",
    "q3",
    "interval",
    "mean_surface",
    "median_price",
    "prix_m2",
    "prix_m2_interval",
    "prix_m2_q1",
    "prix_m2_q3",
    "prix_m2_moyen",
    "prix_median",
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
                look(&format!("{path}.{key}"), value, seen);
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
         WHERE f.stat_type NOT LIKE 'nb_ventes%' AND c.stat_type = 'nb_ventes_' || replace(replace(replace(replace(
             replace(replace(f.stat_type, 'prix_m2_median_', ''), 'prix_m2_moyen_', ''), 'prix_m2_q1_', ''),
             'prix_m2_q3_', ''), 'surface_moyenne_', ''), 'prix_median_', '')";
    let all = count("SELECT count(*) FROM stats_cache WHERE stat_type NOT LIKE 'nb_ventes%'");
    assert!(all > 1_000);
    assert_eq!(count(figures), all, "each figure has its count");
    assert_eq!(count(&format!("{figures} AND c.value < 5")), 0);
    let small = count(
        "SELECT count(*) FROM stats_cache WHERE stat_type LIKE 'nb_ventes%' AND value BETWEEN 1 AND 4",
    );
    assert!(small > 1_000);
}
