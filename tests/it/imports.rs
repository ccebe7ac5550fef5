//! Imports: what a file replaces, what it leaves alone, and what the report says.

use immostats::db::Database;
use rusqlite::types::Value;
use serde_json::json;

use crate::material::{TOULON_2023, TOULON_2025, a_few_days, database, extract, rows, text, value};
use crate::support::{GEO_DVF_HEADER, Project, sample, tree};

mod acts;
mod cuts;
mod extent;
mod gates;
mod late;

/// A line of geo-DVF: a flat sold alone.
fn flat(number: u32, date: &str, commune: &str, price: u32) -> String {
    let departement = &commune[..2];
    format!(
        "{number},{date},1,Vente,{price},1,,RUE NEUVE,0001,{departement}000,{commune},Commune,{departement},,,\
         {commune}000AB0001,,,{number},,,,,,,,,,1,2,Appartement,50,2,,,,,,5.9,43.1"
    )
}

/// A file of geo-DVF with some lines.
fn file_of(project: &Project, name: &str, lines: &[String]) -> String {
    let header = GEO_DVF_HEADER.to_owned();
    let all: Vec<_> = std::iter::once(header)
        .chain(lines.iter().cloned())
        .collect();
    project.file(name, text(&all)).to_str().unwrap().to_owned()
}

/// How many mutations the database holds, by commune and month.
fn held(project: &Project) -> Vec<String> {
    rows(
        project,
        "SELECT commune || ' ' || substr(date_mutation, 1, 7) || ' ' || count(*) FROM transactions
         GROUP BY commune, substr(date_mutation, 1, 7) ORDER BY 1",
    )
    .into_iter()
    .map(|row| match &row[0] {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    })
    .collect()
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let project = Project::new(&["83"]);
    let toulon = sample(TOULON_2023);
    let toulon = toulon.to_str().unwrap();
    let run = project.run(&["--log-format", "json", "import", "--dry-run", toulon]);
    let [report] = &run.json()[..] else {
        panic!("{}", run.stdout)
    };
    assert_eq!(report["format"], "geo-DVF");
    assert_eq!(report["scope"], "commune 83137, 2023-01 to 2023-12");
    assert_eq!(report["dry_run"], true);
    let [year] = &report["years"].as_array().unwrap()[..] else {
        panic!("{report}")
    };
    for (name, count) in [
        ("year", 2023),
        ("lines", 8607),
        ("mutations", 3966),
        ("sales", 3157),
        ("mutations_added", 3966),
        ("mutations_removed", 0),
        ("sales_added", 3157),
        ("sales_removed", 0),
    ] {
        assert_eq!(year[name], count, "{name}");
    }
    assert_eq!(
        year["excluded"],
        json!({
            "nature": 33, "no property": 538, "several properties": 235, "no price": 2, "no surface": 1,
            "100,000 €/m² or more": 0
        })
    );
    for line in run.stderr.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("the log is JSON too");
    }
    assert_eq!(
        tree(project.root()).into_keys().collect::<Vec<_>>(),
        ["immostats.toml"]
    );
    assert!(!project.path("data").exists());

    project.import(&[&project.file("days.csv", text(&a_few_days()))]);
    project.run(&["build"]);
    let before = tree(project.root());
    let run = project.run(&["import", "--dry-run", toulon]);
    assert!(
        run.stdout.contains("8607") && run.stdout.contains("3966"),
        "{}",
        run.stdout
    );
    let left = 3966 - rows(&project, "SELECT 1 FROM transactions").len();
    let would = format!("would change: {left} mutations added, 0 removed");
    assert!(run.stdout.contains(&would), "{}", run.stdout);
    let after = tree(project.root());
    assert_eq!(
        after.keys().collect::<Vec<_>>(),
        before.keys().collect::<Vec<_>>()
    );
    assert!(after == before);
}

#[test]
fn the_same_file_again_changes_nothing() {
    let project = Project::new(&["83"]);
    let toulon = sample(TOULON_2025);
    let first = project.import(&[&toulon]);
    assert!(
        first
            .stdout
            .contains("changed: 1589 mutations added, 0 removed"),
        "{}",
        first.stdout
    );
    let before = database(&project);
    let second = project.import(&[&toulon]);
    assert!(
        second.stdout.contains("nothing changed"),
        "{}",
        second.stdout
    );
    let mut after = database(&project);
    let log = after
        .insert("update_log".into(), before["update_log"].clone())
        .unwrap();
    // What an edition had is kept of each batch, as the log is.
    let months = "edition_months";
    after.insert(months.into(), before[months].clone());
    assert!(after == before);
    assert_eq!(log.len(), 2);
    let statuses = rows(
        &project,
        "SELECT status, rows_imported, mutations FROM update_log ORDER BY batch_id",
    );
    assert_eq!(statuses[0][0], Value::from("done".to_owned()));
    assert_eq!(statuses[1][0], Value::from("unchanged".to_owned()));
    assert_eq!(statuses[0][1..], statuses[1][1..]);
}

/// The columns that figures are computed from are what the rows make.
#[track_caller]
fn assert_columns(project: &Project) {
    let database = Database::open(&project.path("data/immostats.db")).unwrap();
    let columns = database.sales().unwrap();
    assert!(!columns.is_empty());
    assert!(columns == database.sales_of_rows().unwrap());
}

/// Invariant 7.
#[test]
fn a_file_replaces_only_the_months_that_it_covers() {
    let project = Project::new(&["83"]);
    let winter = extract(TOULON_2023, |date| date < "2023-04-01");
    project.import(&[&project.file("winter.csv", text(&winter))]);
    let before = rows(&project, "SELECT * FROM transactions");
    assert_columns(&project);
    let outside = "SELECT * FROM transactions WHERE date_mutation NOT LIKE '2023-02%'";
    let others = rows(&project, outside);

    // A later file of the month of February alone, from which most sales are gone.
    let february = extract(TOULON_2023, |date| date.starts_with("2023-02-1"));
    let february = project.file("february.csv", text(&february));
    let run = project.run(&["import", "--force", february.to_str().unwrap()]);
    assert!(
        run.stdout.contains("commune 83137, 2023-02 to 2023-02"),
        "{}",
        run.stdout
    );
    assert_eq!(rows(&project, outside), others);
    assert_columns(&project);
    let left = rows(
        &project,
        "SELECT date_mutation FROM transactions WHERE date_mutation LIKE '2023-02%'",
    );
    assert!(!left.is_empty() && left.len() + others.len() < before.len());
    assert!(
        left.iter()
            .all(|row| matches!(&row[0], Value::Text(date) if date.starts_with("2023-02-1")))
    );

    // Another year, two years later: what the new file no longer holds stays.
    project.import(&[&sample(TOULON_2025)]);
    assert_columns(&project);
    assert_eq!(
        rows(&project, &format!("{outside} AND date_mutation < '2025'")),
        others
    );

    // The whole of the winter again: as it was at first.
    project.import(&[&project.file("winter.csv", text(&winter))]);
    let held = "SELECT hex(id), commune, date_mutation, prix, lignes, biens FROM transactions WHERE date_mutation < '2025'";
    let other = Project::new(&["83"]);
    other.import(&[&other.file("winter.csv", text(&winter))]);
    assert_eq!(rows(&project, held), rows(&other, held));
}

#[test]
fn a_file_replaces_only_the_territory_that_it_covers() {
    let project = Project::new(&["83"]);
    let both = [
        flat(1, "2024-01-10", "83050", 200_000),
        flat(2, "2024-01-11", "83137", 210_000),
        flat(3, "2024-02-12", "83137", 220_000),
        flat(4, "2024-01-13", "13055", 230_000),
    ];
    let run = project.run(&["import", &file_of(&project, "both.csv", &both)]);
    assert!(
        run.stdout
            .contains("départements 13, 83, 2024-01 to 2024-06"),
        "{}",
        run.stdout
    );

    // A file of one commune leaves its neighbours alone; what it no longer holds of the half-year goes.
    let toulon = file_of(
        &project,
        "toulon.csv",
        &[flat(1, "2024-01-20", "83137", 240_000)],
    );
    project.run(&["import", &toulon]);
    assert_eq!(
        held(&project),
        ["13055 2024-01 1", "83050 2024-01 1", "83137 2024-01 1"]
    );

    // The same lines as a file of the whole département, by its name.
    let named = file_of(
        &project,
        "83.csv",
        &[flat(1, "2024-01-20", "83137", 240_000)],
    );
    let dry = project.run(&["import", "--dry-run", &named]);
    assert!(
        dry.stdout.contains("département 83, 2024-01 to 2024-06"),
        "{}",
        dry.stdout
    );
    assert!(
        dry.stdout
            .contains("would change: 0 mutations added, 1 removed"),
        "{}",
        dry.stdout
    );
    project.run(&["import", &named]);
    assert_eq!(held(&project), ["13055 2024-01 1", "83137 2024-01 1"]);

    // And by hand, with months that the file does not fill.
    let scope = ["import", "--scope", "83@2024-01..2024-12", &toulon];
    let run = project.run(&scope);
    assert!(
        run.stdout.contains("It covers 2 half-years whole"),
        "{}",
        run.stdout
    );
    assert_columns(&project);
    project.run(&["import", "--force", "--scope", "FR", &toulon]);
    assert_eq!(held(&project), ["83137 2024-01 1"]);
    assert_columns(&project);
    let france = value(
        &project,
        "SELECT group_concat(mois) FROM coverage WHERE code = 'FR'",
    );
    let half_year = "2024-01,2024-02,2024-03,2024-04,2024-05,2024-06";
    assert_eq!(france, Value::from(half_year.to_owned()));
}

/// Pierre-Bénite (69152) has been part of Oullins-Pierre-Bénite (69149) since 2024.
#[test]
fn the_report_and_the_method_page_say_what_a_file_is() {
    let project = Project::new(&["69"]);
    let lines = [
        flat(1, "2024-05-10", "69149", 200_000),
        flat(2, "2024-06-11", "69152", 210_000),
        flat(3, "2024-07-12", "69152", 220_000),
        flat(4, "2024-12-13", "69399", 230_000),
    ];
    let file = file_of(&project, "69.csv", &lines);
    let arguments = ["import", "--force", "--released", "2026-10-20", &file];
    let run = project.run(&arguments);
    for sentence in [
        "It covers 2 half-years whole, 2024-H1 to 2024-H2.",
        "Its numbers are sound: one a mutation.",
        "2 lines are of 1 commune that has merged since (69152): their sales count for the communes of today.",
        "1 line is of 1 commune that does not exist (69399): their sales are kept and make no page.",
    ] {
        assert!(run.stdout.contains(sentence), "{sentence}\n{}", run.stdout);
    }
    let method = || {
        project.run(&["build", "--only-changed"]);
        String::from_utf8(project.site()["methodologie/index.html"].clone()).unwrap()
    };
    let page = method();
    for text in [
        "2024 <small>Rhône</small><td>janvier – décembre 2024<td>20 octobre 2026",
        "2\u{a0}lignes sur 4 sont sous le code d’une commune qui a fusionné depuis",
    ] {
        assert!(page.contains(text), "{text}\n{page}");
    }

    // The same again changes nothing, a file of a commune stands beside, one of the country takes the place of all.
    project.run(&arguments);
    assert_eq!(method(), page);
    let toulon = file_of(
        &project,
        "t.csv",
        &[flat(1, "2024-05-20", "83137", 240_000)],
    );
    project.run(&["import", &toulon]);
    let both = method();
    assert!(
        both.contains("2024 <small>Toulon</small><td>janvier – juin 2024<td>inconnue"),
        "{both}"
    );
    assert!(both.contains("2024 <small>Rhône</small>"), "{both}");
    project.run(&["import", "--force", "--scope", "FR@2024-01..2024-12", &file]);
    let country = method();
    assert!(
        country.contains("2024 <small>France</small><td>janvier – décembre 2024<td>inconnue"),
        "{country}"
    );
    assert!(!country.contains("<small>Rhône</small>"), "{country}");
    assert!(!country.contains("semestre 2024"), "{country}");
}
