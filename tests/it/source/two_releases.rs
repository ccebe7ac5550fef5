//! Two releases, one after the other: the second renumbers and reorders, adds late sales, withdraws some, corrects some,
//! drops the oldest half-year and adds a partial one. What the database then holds is told mutation by mutation.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rusqlite::types::Value;
use serde_json::json;

use super::bench::{Bench, folder, gzip};
use crate::market::{column, with};
use crate::material::{TOULON_2023, TOULON_2024, TOULON_2025, extract, rows, text};

/// Where columns stand in the lines of geo-DVF.
const NUMBER: usize = 0;
const DATE: usize = 1;
const NATURE: usize = 3;
const PRICE: usize = 4;
const COMMUNE: usize = 10;
const PARCEL: usize = 15;
const KIND: usize = 29;
const SURFACE: usize = 31;

/// The lines of a mutation.
type Mutation = Vec<String>;

/// The mutations of the first days of each month, in the order of the file.
fn mutations(file: &str, keep: impl Fn(&str) -> bool) -> Vec<Mutation> {
    let lines = extract(file, |date| &date[8..] <= "03" && keep(date));
    lines[1..]
        .chunk_by(|a, b| column(a, NUMBER) == column(b, NUMBER))
        .map(<[String]>::to_vec)
        .collect()
}

fn header() -> String {
    extract(TOULON_2024, |_| true).swap_remove(0)
}

/// The text of a file with some mutations.
fn file(mutations: &[Mutation]) -> Vec<u8> {
    let lines: Vec<_> = std::iter::once(header())
        .chain(mutations.iter().flatten().cloned())
        .collect();
    gzip(text(&lines).as_bytes())
}

fn publish(bench: &Bench, day: &str, files: &[(&str, &[Mutation])]) {
    let resources: Vec<_> = files
        .iter()
        .map(|(year, mutations)| {
            bench.server.file(&folder(year), file(mutations));
            let released = format!("{day}T08:00:00+00:00");
            bench
                .server
                .resource(&format!("DVF {year}"), &folder(year), &released)
        })
        .collect();
    bench.server.dataset(&resources);
}

/// Renumbers and reorders: the last mutation first, each under a number that another one had.
fn stir(mutations: &mut [Mutation]) {
    mutations.reverse();
    for (place, mutation) in mutations.iter_mut().enumerate() {
        for line in mutation {
            let year = column(line, DATE)[..4].to_owned();
            *line = with(line, NUMBER, &format!("{year}-{}", place + 1));
        }
    }
}

/// Whether the method keeps a mutation, and of what it is a sale, by plain reading.
fn sale(mutation: &Mutation) -> Option<(String, f64, f64)> {
    let properties: BTreeSet<_> = mutation
        .iter()
        .filter(|line| ["1", "2", "4"].contains(&column(line, KIND)))
        .map(|line| [COMMUNE, PARCEL, KIND, SURFACE].map(|of| column(line, of).to_owned()))
        .collect();
    let kept = [
        "Vente",
        "Vente en l'état futur d'achèvement",
        "Adjudication",
    ];
    if properties.len() != 1 || !kept.contains(&column(&mutation[0], NATURE)) {
        return None;
    }
    let [_, _, kind, surface] = properties.first().unwrap();
    let (price, surface) = (
        column(&mutation[0], PRICE).parse::<f64>().ok()?,
        surface.parse::<f64>().ok()?,
    );
    (surface > 0.0 && price / surface < 100_000.0).then(|| (kind.clone(), price, surface))
}

/// A mutation as the database should have it.
fn described(mutation: &Mutation) -> String {
    let line = &mutation[0];
    let price = column(line, PRICE).parse::<f64>().ok();
    format!(
        "{} {} {} {price:?} {} {:?}",
        column(line, COMMUNE),
        column(line, DATE),
        column(line, NATURE),
        mutation.len(),
        sale(mutation)
    )
}

/// The mutations of the database, the same way, each with its batch and its identity.
fn held(bench: &Bench) -> Vec<(String, i64, String)> {
    let query = "SELECT t.commune, t.date_mutation, n.libelle, t.prix, t.lignes,
                        CASE WHEN t.prix_m2 < 100000 THEN t.type_local END, t.surface_reelle, t.batch_id, hex(t.id)
                 FROM transactions t JOIN natures n ON n.id = t.nature";
    let text = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    let number = |value: &Value| match value {
        Value::Null => None,
        Value::Real(number) => Some(*number),
        Value::Integer(number) => Some(*number as f64),
        other => panic!("{other:?}"),
    };
    rows(&bench.project, query)
        .iter()
        .map(|row| {
            let price = number(&row[3]);
            let sale = number(&row[5])
                .map(|kind| (kind.to_string(), price.unwrap(), number(&row[6]).unwrap()));
            let described = format!(
                "{} {} {} {price:?} {} {sale:?}",
                text(&row[0]),
                text(&row[1]),
                text(&row[2]),
                number(&row[4]).unwrap(),
            );
            (described, number(&row[7]).unwrap() as i64, text(&row[8]))
        })
        .collect()
}

#[track_caller]
fn assert_holds<'m>(bench: &Bench, expected: impl Iterator<Item = &'m Mutation>) {
    let mut expected: Vec<_> = expected.map(described).collect();
    let mut found: Vec<_> = held(bench).into_iter().map(|(text, ..)| text).collect();
    expected.sort();
    found.sort();
    assert!(expected.len() > 500, "{}", expected.len());
    assert_eq!(found, expected);
}

/// The places of the first sales of a kind among mutations.
fn some_sales(mutations: &[Mutation], count: usize) -> Vec<usize> {
    let sales = (0..mutations.len()).filter(|&place| {
        sale(&mutations[place]).is_some_and(|(kind, _, surface)| kind == "2" && surface > 20.0)
    });
    // Apart from each other, so that none stands for another of its day.
    sales.step_by(7).take(count).collect()
}

#[test]
fn the_second_release_changes_what_it_says_and_nothing_else() {
    let bench = Bench::new();
    let whole = |_: &str| true;
    let (all_2023, all_2024, all_2025) = (
        mutations(TOULON_2023, whole),
        mutations(TOULON_2024, whole),
        mutations(TOULON_2025, whole),
    );
    // Three sales of 2024 come late: the first release does not have them.
    let late = some_sales(&all_2024, 3);
    let a_2024: Vec<_> = (0..all_2024.len())
        .filter(|place| !late.contains(place))
        .map(|place| all_2024[place].clone())
        .collect();
    publish(
        &bench,
        "2026-04-28",
        &[("2023", &all_2023), ("2024", &a_2024)],
    );
    bench.ends(0, &["update"]);
    assert_holds(&bench, all_2023.iter().chain(&a_2024));
    let before: BTreeMap<_, _> = held(&bench)
        .into_iter()
        .map(|(_, batch, id)| (id, batch))
        .collect();
    let page = || {
        let site = bench.project.site();
        String::from_utf8(site["ville/83137/index.html"].clone()).unwrap()
    };
    assert!(
        !page().contains("La version "),
        "the first release opened all years: it tells nothing of what is new"
    );

    // The second: two sales of 2023 withdrawn, one of 2024 corrected, the first half of 2023 dropped, 2025 begun.
    let mut b_2023: Vec<_> = all_2023
        .iter()
        .filter(|mutation| &column(&mutation[0], DATE)[5..7] >= "07")
        .cloned()
        .collect();
    for place in some_sales(&b_2023, 2).into_iter().rev() {
        b_2023.remove(place);
    }
    let mut b_2024 = all_2024.clone();
    let place = (0..b_2024.len())
        .rev()
        .find(|&place| sale(&b_2024[place]).is_some_and(|(kind, ..)| kind == "1"))
        .unwrap();
    for line in &mut b_2024[place] {
        let price: f64 = column(line, PRICE).parse().unwrap();
        *line = with(line, PRICE, &(price + 1_000.0).to_string());
    }
    let mut b_2025 = all_2025.clone();
    for mutations in [&mut b_2023, &mut b_2024, &mut b_2025] {
        stir(mutations);
    }
    publish(
        &bench,
        "2026-10-20",
        &[("2023", &b_2023), ("2024", &b_2024), ("2025", &b_2025)],
    );
    let run = bench.ends(0, &["update"]);
    assert!(
        run.stdout
            .contains("It covers one half-year whole, 2023-H2."),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains("It covers one half-year whole, 2025-H1."),
        "{}",
        run.stdout
    );
    let old = |mutation: &&Mutation| &column(&mutation[0], DATE)[5..7] < "07";
    assert_holds(
        &bench,
        all_2023
            .iter()
            .filter(old)
            .chain(&b_2023)
            .chain(&b_2024)
            .chain(&b_2025),
    );
    // What did not change was not written again, whatever its number and its place in the file.
    let after = held(&bench);
    let kept = after
        .iter()
        .filter(|(_, batch, id)| before.get(id) == Some(batch));
    assert_eq!(kept.count(), before.len() - 2 - 1);

    // What it changed, as commands, page and data file tell it.
    let releases: serde_json::Value =
        serde_json::from_str(&bench.ends(0, &["releases", "--json"]).stdout).unwrap();
    let of = |file: &str| {
        let release = releases.as_array().unwrap().iter().find(|release| {
            let source = release["source_file"].as_str().unwrap();
            source.starts_with(file) && release["released"] == "2026-10-20"
        });
        release.unwrap()["years"].clone()
    };
    assert_eq!(
        of("2023"),
        json!([{"year": 2023, "added": 0, "withdrawn": 2, "corrected": 0}])
    );
    assert_eq!(
        of("2024"),
        json!([{"year": 2024, "added": 3, "withdrawn": 0, "corrected": 1}])
    );
    let sales_2025 = b_2025.iter().filter(|mutation| sale(mutation).is_some());
    assert_eq!(
        of("2025"),
        json!([{"year": 2025, "added": sales_2025.count(), "withdrawn": 0, "corrected": 0}])
    );
    bench.ends(0, &["export", "releases", "--out", "out"]);
    let csv = fs::read_to_string(bench.project.path("out/releases.csv")).unwrap();
    assert!(
        csv.lines()
            .any(|line| line.ends_with("2026-10-20,83137,2024,3,0,1")),
        "{csv}"
    );
    let sentence = "La version d’octobre 2026 ajoute 3\u{a0}ventes à 2024\u{202f}; elle retire 2\u{a0}ventes de 2023\u{202f}; elle corrige 1\u{a0}vente de 2024.";
    assert!(page().contains(sentence), "{}", page());
    let data = bench.project.json("data/villes/83137.json");
    assert_eq!(
        data["last_release"],
        json!({"month": "2026-10", "years": [
            {"year": "2024", "added": 3, "withdrawn": 0, "corrected": 1},
            {"year": "2023", "added": 0, "withdrawn": 2, "corrected": 0},
        ]})
    );
    let site = bench.project.site();
    let method = String::from_utf8(site["methodologie/index.html"].clone()).unwrap();
    for row in [
        "2025 <small>Toulon</small><td>janvier – juin 2025<td>20 octobre 2026 <small>geo-DVF</small><td>un numéro par mutation",
        "2023 <small>Toulon</small><td>juillet – décembre 2023<td>20 octobre 2026",
    ] {
        assert!(method.contains(row), "{row}: {method}");
    }

    // The same bytes as a build from nothing, and as the next run, which finds nothing new.
    bench.ends(0, &["verify", "--rebuild"]);
    bench.ends(0, &["update"]);
    assert!(bench.project.site() == site);
    fs::remove_dir_all(bench.project.path("site")).unwrap();
    fs::remove_file(bench.project.path("data/versions.db")).unwrap();
    bench.ends(0, &["build"]);
    assert!(bench.project.site() == site);
}
