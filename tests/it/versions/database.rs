//! What comes of a database of sales that was altered behind the program's back: a flipped bit, a hand.

use std::fs;

use rusqlite::Connection;

use super::*;
use crate::market::{GUYANE, Release};
use crate::material::{a_few_days, text};
use crate::support::Project;

/// A small site of one département.
fn guyane() -> (Project, Release) {
    let project = Project::new(&["973"]);
    let release = Release::of_year("973", &GUYANE, 2024, 5);
    release.import(&project);
    project.run(&["build"]);
    (project, release)
}

/// Another name, so that all pages are made again.
fn rename(project: &Project) {
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!("{configuration}name = \"B\"\n"));
}

fn alter(project: &Project, alteration: &str) {
    let database = Connection::open(project.path("data/immostats.db")).unwrap();
    let altered = database.execute(alteration, []).unwrap();
    assert!(altered > 0, "{alteration}");
}

/// The files of a project that a build writes.
fn saved(project: &Project) -> [Site; 2] {
    [databases(project), tree(&project.path("site"))]
}

fn bring_back(project: &Project, [data, site]: &[Site; 2]) {
    for (folder, files) in [("data", data), ("site", site)] {
        fs::remove_dir_all(project.path(folder)).unwrap();
        for (path, bytes) in files {
            project.file(&format!("{folder}/{path}"), bytes);
        }
    }
}

#[test]
fn altered_figures_are_found_never_published_and_computed_again() {
    let (project, _) = guyane();
    let (old, base) = (project.site(), saved(&project));
    rename(&project);
    project.run(&["build"]);
    let new = project.site();
    for (alteration, is_refused) in [
        (
            "UPDATE city_stats SET figures = replace(figures, '\"median\":2', '\"median\":7') WHERE city_code = '97302'",
            true,
        ),
        (
            "UPDATE city_stats SET figures = '{}' WHERE city_code = 'FR'",
            true,
        ),
        // What is known of a place is computed again at once.
        (
            "UPDATE city_keys SET summary = replace(summary, '\"median\":2', '\"median\":7')",
            false,
        ),
        (
            "UPDATE city_keys SET hash = digest WHERE city_code = '97302'",
            false,
        ),
        (
            "UPDATE city_keys SET digest = hash WHERE city_code = '973'",
            false,
        ),
        ("DELETE FROM city_keys WHERE city_code = '97303'", false),
    ] {
        bring_back(&project, &base);
        alter(&project, alteration);
        let run = project.try_run(&["verify"]);
        assert_fails(&run, "verify --repair");
        assert!(
            run.stdout.contains("are not those that were computed"),
            "{alteration}: {}",
            run.stdout
        );
        let run = project.try_run(&["build"]);
        if is_refused {
            assert_fails(
                &run,
                "are not those that were computed; `immostats verify --repair`",
            );
            assert!(project.site() == old, "{alteration}");
        } else {
            assert_eq!(run.code, 0, "{alteration}: {}", run.stderr);
            assert!(project.site() == new, "{alteration}");
        }
        project.run(&["verify", "--repair"]);
        project.run(&["verify"]);
        project.run(&["build"]);
        assert!(project.site() == new, "{alteration}");
    }
}

#[test]
fn altered_sales_and_records_are_found_and_never_published() {
    let (project, mut release) = guyane();
    let (site, base) = (project.site(), saved(&project));
    // One commune has other sales, so that the columns of the others are read, and their rows written to columns anew.
    release.reprice("97303", 110);
    for (alteration, says, by) in [
        (
            "UPDATE sales SET communes = replace(communes, '97302', '97312')",
            "the sales of département 973",
            "build",
        ),
        (
            "UPDATE sales SET prix = surface_reelle",
            "the sales of département 973",
            "build",
        ),
        (
            "UPDATE mutations SET prix = prix * 2 WHERE commune = '97302'",
            "the sales of 97302 in 2024",
            "import",
        ),
        (
            "UPDATE mutations SET surface_reelle = 10.0 WHERE commune = '97304'",
            "the sales of 97304 in 2024",
            "import",
        ),
        (
            "UPDATE mutations SET surface_reelle = surface_reelle + 7 WHERE commune = '97303'",
            "the sales of 97303 in 2024",
            "import",
        ),
        (
            "UPDATE natures SET libelle = 'zz' WHERE id = 1",
            "the table natures",
            "import",
        ),
        (
            "DELETE FROM coverage WHERE mois = '2024-12'",
            "what the database tells of the imported files",
            "build",
        ),
        (
            "UPDATE commune_digests SET digest = zeroblob(32) WHERE commune = '97302'",
            "what the database tells",
            "build",
        ),
        (
            "UPDATE commune_digests SET digest = zeroblob(32) WHERE commune = '97306'",
            "what the database tells",
            "build under another name",
        ),
        (
            "UPDATE update_log SET mutations = 9999",
            "what the database tells of the imported files",
            "build",
        ),
        (
            "UPDATE update_log SET mutations = 9999",
            "the table update_log",
            "import",
        ),
        (
            "UPDATE changes SET ventes_corrigees = 500 WHERE commune = '97302'",
            "the table changes",
            "build",
        ),
        (
            "UPDATE edition_months SET ventes = 2 * ventes",
            "the table edition_months",
            "build under another name",
        ),
        (
            "UPDATE best_editions SET nombre = 1",
            "the table best_editions",
            "import",
        ),
    ] {
        bring_back(&project, &base);
        if by == "import" {
            alter(&project, alteration);
            assert_fails(&project.try_run(&["verify"]), "something is wrong");
            let arguments = release.arguments(&project);
            // A part of the year: all of it would be taken from the file.
            let arguments: Vec<_> = arguments
                .iter()
                .map(|text| text.replace("973@2024-01..2024-12", "97303@2024-01..2024-12"))
                .collect();
            let file = project.file("releases/97303@2024-01..2024-12.csv", part(&release));
            assert!(file.exists());
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            assert_fails(&project.try_run(&arguments), says);
        } else {
            alter(&project, alteration);
            if alteration.contains("UPDATE sales") {
                // Figures that have to be computed again are computed from them.
                alter(&project, "DELETE FROM city_keys");
            }
            assert_fails(&project.try_run(&["verify"]), "something is wrong");
            let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
            if by != "build" {
                rename(&project);
            }
            assert_fails(&project.try_run(&["build"]), says);
            project.configure(&configuration);
        }
        assert!(project.site() == site, "{alteration}");
    }
}

#[test]
fn what_is_kept_of_places_and_land_is_verified() {
    let project = Project::new(&["83"]);
    let lines = text(&a_few_days());
    let file = project.file("toulon.csv", lines);
    project.import(&[&file]);
    project.run(&["build"]);
    project.run(&["verify"]);
    let base = saved(&project);
    let (sales, coordinates) = (
        "the sales of département 83",
        "the coordinates of département 83",
    );
    for (alteration, says) in [
        ("UPDATE positions SET latitude = longitude", coordinates),
        (
            "UPDATE positions SET communes = replace(communes, '83137', '83138')",
            coordinates,
        ),
        ("DELETE FROM positions", coordinates),
        (
            "UPDATE mutations SET latitude_e6 = latitude_e6 + 1 WHERE jour = 106",
            coordinates,
        ),
        ("UPDATE sales SET neuf = NULL", sales),
        ("UPDATE sales SET section = mois", sales),
        ("UPDATE mutations SET nature = 2 WHERE jour = 106", sales),
        (
            "UPDATE mutations SET surface_terrain = 1000.0 WHERE jour = 106 AND biens = 1",
            sales,
        ),
        (
            "UPDATE mutations SET section = '000ZZ' WHERE jour = 106 AND biens = 1",
            sales,
        ),
    ] {
        bring_back(&project, &base);
        alter(&project, alteration);
        let run = project.try_run(&["verify"]);
        assert_fails(&run, "something is wrong");
        let told = format!("{}{}", run.stdout, run.stderr);
        assert!(told.contains(says), "{alteration}: {told}");
    }
}

/// The lines of one commune.
fn part(release: &Release) -> String {
    let mut part = release.clone();
    part.lines
        .retain(|line| crate::market::column(line, 10) == "97303");
    part.text()
}

#[test]
fn a_flipped_bit_of_the_database_never_makes_another_site() {
    let (project, _) = guyane();
    let (old, base) = (project.site(), saved(&project));
    rename(&project);
    project.run(&["build"]);
    let new = project.site();
    let sound = base[0]["immostats.db"].clone();
    let mut refused = 0;
    for position in (0..sound.len()).step_by(sound.len() / 23) {
        bring_back(&project, &base);
        let mut altered = sound.clone();
        altered[position] ^= 1 << (position % 8);
        fs::write(project.path("data/immostats.db"), altered).unwrap();
        let run = project.try_run(&["build"]);
        assert!(
            run.code == 0 || run.code == 1,
            "byte {position}: {} {}",
            run.code,
            run.stderr
        );
        refused += run.code;
        let expected = if run.code == 0 { &new } else { &old };
        assert!(project.site() == *expected, "byte {position}");
    }
    println!("{refused} builds of 23 were refused");
}
