//! What a file covers is what it fills, and not the span from its first to its last date.

use rusqlite::Connection;
use rusqlite::types::Value;

use super::{file_of, flat, held};
use crate::market::{GUYANE, Release};
use crate::material::{WITHOUT_SEALS, rows, value};
use crate::support::Project;

/// So many sales of Toulon in a year, spread over it.
fn year(year: u16, count: u32) -> Vec<String> {
    let sale = |n: u32| {
        let date = format!("{year}-{:02}-{:02}", n % 12 + 1, n % 28 + 1);
        flat(n, &date, "83137", 150_000 + 100 * n)
    };
    (0..count).map(sale).collect()
}

fn coverage(project: &Project) -> Vec<Vec<Value>> {
    rows(project, "SELECT code, mois FROM coverage")
}

/// By hand, where each line has to be readable.
#[test]
fn a_line_dated_after_today_or_the_release_cannot_be_read() {
    let project = Project::new(&["83"]);
    let mut lines = year(2024, 3_000);
    lines.insert(1_500, flat(9_999, "2042-06-15", "83137", 200_000));
    let file = file_of(&project, "2024.csv", &lines);
    let run = project.try_run(&["import", &file]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(
        run.stderr.contains(
            "2024.csv, line 1502: the mutation is dated 2042-06-15; the file was made by "
        ),
        "{}",
        run.stderr
    );

    let file = file_of(&project, "2024.csv", &year(2024, 48));
    let run = project.try_run(&["import", "--released", "2024-12-03", &file]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("the file was made by 2024-12-03, and a day up to then was expected"),
        "{}",
        run.stderr
    );
    let on_the_day = |day: &str| {
        let mut command = project.command();
        command.env("IMMOSTATS_CLOCK", format!("{day}T08:00:00Z"));
        command
            .args(["import", "--dry-run", &file])
            .output()
            .unwrap()
            .status
            .code()
    };
    assert_eq!(on_the_day("2024-12-03"), Some(3));
    assert_eq!(on_the_day("2024-12-31"), Some(0));
    assert!(held(&project).is_empty());
}

#[test]
fn one_line_of_another_year_deletes_nothing() {
    let project = Project::new(&["83"]);
    for held in [2021, 2022, 2023] {
        project.run(&["import", &file_of(&project, "held.csv", &year(held, 300))]);
    }
    let before = (held(&project), coverage(&project));
    let mut lines = year(2024, 300);
    lines.push(flat(301, "2021-03-15", "83137", 200_000));
    let file = file_of(&project, "2024.csv", &lines);
    let run = project.run(&["import", &file]);
    for words in [
        "commune 83137, 2024-01 to 2024-12",
        "1 mutation is of half-years that the file does not fill (1 in 2021-H1): they were left out, and what is known of these stays.",
        "changed: 300 mutations added, 0 removed",
    ] {
        assert!(run.stdout.contains(words), "{words}\n{}", run.stdout);
    }
    let after = held(&project);
    assert_eq!(after[..before.0.len()], before.0);
    assert_eq!(coverage(&project)[..before.1.len()], before.1);
    assert_eq!(coverage(&project).len(), before.1.len() + 12);
    let log =
        "SELECT rows_imported || ' ' || rows_stray FROM update_log ORDER BY batch_id DESC LIMIT 1";
    assert_eq!(value(&project, log), Value::from("300 1".to_owned()));
    // Without other files it claims no more.
    let alone = Project::new(&["83"]);
    alone.run(&["import", &file_of(&alone, "2024.csv", &lines)]);
    assert_eq!(coverage(&alone).len(), 12);
    // With its months given it has to keep to them.
    let run = alone.try_run(&["import", "--scope", "83@2024-01..2024-12", &file]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(
        run.stderr.contains("a mutation of 83137 on 2021-03-15"),
        "{}",
        run.stderr
    );
}

/// A line of another place does not make a file one of that place, too.
#[test]
fn one_line_of_another_place_covers_nothing() {
    for (name, own, place, other) in [
        ("lines.csv", "commune 83137", "83137", "59350"),
        ("lines.csv", "commune 83137", "83137", "83062"),
        ("83.csv", "département 83", "83", "59350"),
    ] {
        let project = Project::new(&[]);
        let mut lines = year(2024, 300);
        lines.push(flat(301, "2024-03-15", other, 200_000));
        let run = project.run(&["import", &file_of(&project, name, &lines)]);
        for words in [
            format!("{name}: geo-DVF, {own}, 2024-01 to 2024-12"),
            format!(
                "1 mutation is of other places than {own} ({other}): they were left out, for the file does not cover these"
            ),
        ] {
            assert!(run.stdout.contains(&words), "{words}\n{}", run.stdout);
        }
        let covered = value(&project, "SELECT group_concat(DISTINCT code) FROM coverage");
        assert_eq!(covered, Value::from(place.to_owned()));
        assert_eq!(
            value(&project, "SELECT count(*) FROM mutations"),
            Value::from(300)
        );
    }
    // Two places are two places.
    let project = Project::new(&[]);
    let mut lines = year(2024, 300);
    lines.extend((0..10).map(|n| flat(400 + n, "2024-03-15", "59350", 200_000 + n)));
    let run = project.run(&["import", &file_of(&project, "lines.csv", &lines)]);
    assert!(
        run.stdout.contains("départements 59, 83, 2024-01"),
        "{}",
        run.stdout
    );
}

#[test]
fn two_years_with_nothing_between_them_are_two_files() {
    let project = Project::new(&["83"]);
    let both = [year(2021, 300), year(2024, 300)].concat();
    let run = project.try_run(&["import", &file_of(&project, "both.csv", &both)]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(
        run.stderr.contains("it holds sales of 2021-01 to 2021-12 and of 2024-01 to 2024-12, and next to nothing between them"),
        "{}",
        run.stderr
    );
}

/// Official files come by half-years: that no sale is left in a month says nothing of what the file covers.
#[test]
fn the_last_sale_of_a_month_goes_when_it_is_withdrawn() {
    let project = Project::new(&["83"]);
    let months = ["01", "03", "04", "06", "07", "09", "10", "12"];
    let sale =
        |(n, month): (usize, &&str)| flat(n as u32, &format!("2024-{month}-10"), "83137", 200_000);
    let eight: Vec<_> = months.iter().enumerate().map(sale).collect();
    project.run(&["import", &file_of(&project, "83137.csv", &eight)]);
    project.run(&["build"]);
    let before = coverage(&project);
    let run = project.run(&["import", &file_of(&project, "83137.csv", &eight[..7])]);
    assert!(
        run.stdout.contains("0 mutations added, 1 removed"),
        "{}",
        run.stdout
    );
    assert!(!held(&project).contains(&"83137 2024-12 1".to_owned()));
    assert_eq!(coverage(&project), before);
    assert_eq!(before.len(), 12);
    let run = project.run(&["import", &file_of(&project, "83137.csv", &eight[..7])]);
    assert!(run.stdout.contains("nothing changed"), "{}", run.stdout);
}

/// What the program of November made of a slip: a month that is covered, with one sale.
#[test]
fn the_corrected_file_withdraws_what_the_slip_claimed() {
    let release = Release::of_year("973", &GUYANE, 2024, 7);
    let (project, clean) = (Project::new(&["973"]), Project::new(&["973"]));
    for project in [&project, &clean] {
        let file = project.file("973.csv", release.text());
        project.run(&["import", file.to_str().unwrap()]);
    }
    let database = Connection::open(project.path("data/immostats.db")).unwrap();
    database
        .execute_batch(
            "INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, batch_id)
                 VALUES (2042, '97302', 615, randomblob(16), 1, 1000, 1, 0, 1),
                        (2021, '97302', 615, randomblob(16), 1, 1000, 1, 0, 1);
             WITH RECURSIVE month (n) AS (SELECT 2021 * 12 + 5 UNION ALL SELECT n + 1 FROM month WHERE n < 2042 * 12 + 5)
             INSERT OR IGNORE INTO coverage SELECT '973', printf('%04d-%02d', n / 12, n % 12 + 1), 1 FROM month;
             UPDATE update_log SET first_month = '2021-06', last_month = '2042-06';",
        )
        .unwrap();
    database.execute_batch(WITHOUT_SEALS).unwrap();
    drop(database);
    assert_ne!(coverage(&project), coverage(&clean));
    let file = project.path("973.csv");
    let run = project.run(&["import", file.to_str().unwrap()]);
    for words in [
        "An earlier edition claimed to cover 2021-06 to 2023-12 and held next to nothing there",
        "An earlier edition claimed to cover 2025-01 to 2042-06 and held next to nothing there",
        "changed: 0 mutations added, 2 removed",
    ] {
        assert!(run.stdout.contains(words), "{words}\n{}", run.stdout);
    }
    assert_eq!(held(&project), held(&clean));
    for project in [&project, &clean] {
        project.run(&["build"]);
    }
    assert!(project.site() == clean.site());
}

/// The half-year that drops out of the official files after five years stays covered, with its sales.
#[test]
fn a_half_year_that_an_edition_drops_stays() {
    let project = Project::new(&["973"]);
    let mut release = Release::of_year("973", &GUYANE, 2021, 7);
    let file = |text: String| project.file("973.csv", text).to_str().unwrap().to_owned();
    project.run(&["import", &file(release.text())]);
    let before = (held(&project), coverage(&project));
    release.lines.drain(..108);
    let run = project.run(&["import", &file(release.text())]);
    assert!(run.stdout.contains("2021-07 to 2021-12"), "{}", run.stdout);
    assert_eq!((held(&project), coverage(&project)), before);
}
