//! Deeds that are registered late: a month that is not full says so, by what two editions showed.

use serde_json::{Value, json};

use super::{file_of, flat};
use crate::support::Project;

/// So many sales of Toulon in each of some months of a year.
fn months(year: u16, counts: &[u32]) -> Vec<String> {
    let months = (1..).zip(counts);
    let sales = months.flat_map(|(month, &count)| {
        (0..count).map(move |n| {
            let date = format!("{year}-{month:02}-{:02}", n % 28 + 1);
            flat(100_000 * month + n, &date, "83137", 150_000 + 100 * n)
        })
    });
    sales.collect()
}

const FULL: u32 = 200;

/// What the site says after an edition of one file was imported.
fn after(project: &Project, released: &str, year: u16, counts: &[u32]) -> (Value, String) {
    let lines = months(year, counts);
    after_lines(project, released, year, &lines)
}

/// As [`after`].
fn after_lines(project: &Project, released: &str, year: u16, lines: &[String]) -> (Value, String) {
    let file = file_of(project, &format!("{year}.csv"), lines);
    project.run(&["import", "--released", released, &file]);
    project.run(&["build"]);
    let page = std::fs::read_to_string(project.path("site/ville/83137/index.html")).unwrap();
    let data = project.json("data/villes/83137.json");
    (data, page.replace(['\u{a0}', '\u{202f}'], " "))
}

#[test]
fn a_month_that_is_not_full_says_what_is_to_come() {
    let project = Project::new(&["83"]);
    let (data, _) = after(&project, "2024-04-25", 2023, &[FULL; 12]);
    assert_eq!(data["incomplete_months"], json!([]));

    // Nothing was measured yet: the end of an October edition is provisional.
    let october = [FULL, FULL, FULL, FULL, 180, 100];
    let (data, page) = after(&project, "2024-10-25", 2024, &october);
    let provisional = |month: &str, volume: u32| json!({ "month": month, "volume": volume, "volume_attendu": null, "a_venir_percent": null });
    assert_eq!(
        data["incomplete_months"],
        json!([provisional("2024-05", 180), provisional("2024-06", 100)])
    );
    assert!(
        page.contains("Les derniers mois sont provisoires."),
        "{page}"
    );
    assert!(
        page.contains("Mai 2024 : 180 ventes retenues à ce jour ; juin 2024 : 100, d’autres"),
        "{page}"
    );

    // The April edition has them whole: 180 of 200, 100 of 200. That new homes have come in tells nothing of late deeds.
    let mut lines = months(2024, &[FULL; 12]);
    let new_homes = (0..60).map(|n| {
        let line = flat(9_000_000 + n, "2024-06-20", "83137", 200_000 + 100 * n);
        line.replace(",Vente,", ",Vente en l'état futur d'achèvement,")
    });
    lines.extend(new_homes);
    let (data, page) = after_lines(&project, "2025-04-25", 2024, &lines);
    assert_eq!(data["by_type"]["appartement"]["current"]["volume_neuf"], 60);
    assert_eq!(data["incomplete_months"], json!([]));
    assert!(
        !page.contains("provisoire") && !page.contains("ne sont pas complets"),
        "{page}"
    );
    assert_ne!(data["evolution"]["yearly"][1]["partial"], true);

    let (data, page) = after(
        &project,
        "2025-10-25",
        2025,
        &[FULL, FULL, FULL, FULL, 190, 90],
    );
    let incomplete = data["incomplete_months"].as_array().unwrap();
    assert_eq!(incomplete.len(), 2, "{incomplete:?}");
    for (month, name, known, finally) in [
        (&incomplete[0], "2025-05", 190, 211),
        (&incomplete[1], "2025-06", 90, 180),
    ] {
        assert_eq!(
            (&month["month"], &month["volume"]),
            (&json!(name), &json!(known))
        );
        let bound = |index: usize| month["volume_attendu"][index].as_u64().unwrap();
        assert!(bound(0) <= finally && finally <= bound(1), "{month}");
        assert!(bound(0) >= known && bound(1) < 2 * finally, "{month}");
    }
    let told = page.matches("Les derniers mois ne sont pas complets.");
    assert_eq!(told.count(), 1, "{page}");
    assert_eq!(data["evolution"]["yearly"][2]["partial"], true);

    // The same edition by another way measures nothing anew.
    let file = file_of(
        &project,
        "again.csv",
        &months(2025, &[FULL, FULL, FULL, FULL, 190, 90]),
    );
    project.run(&["import", "--released", "2025-10-25", &file]);
    project.run(&["build"]);
    assert_eq!(
        project.json("data/villes/83137.json")["incomplete_months"],
        data["incomplete_months"]
    );
}
