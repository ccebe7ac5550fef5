//! The figures of each release, which stay at their addresses whatever comes after.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use super::*;
use crate::market::small_site;
use crate::support::Project;

/// The files of the archive, its index apart.
fn archived(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(&project.path("site/archive"));
    files.remove("index.json");
    files
}

/// The releases of the index by name, each whether it is rolled back. Every file has the hash that the index says.
fn releases(project: &Project) -> BTreeMap<String, bool> {
    let index = project.json("archive/index.json");
    let mut listed = 0;
    let releases = index["releases"].as_array().unwrap().iter();
    let releases = releases.map(|release| {
        for file in release["files"].as_object().unwrap().values() {
            let bytes = fs::read(project.path("site").join(text(&file["path"]))).unwrap();
            assert_eq!(
                text(&file["blake3"]),
                blake3::hash(&bytes).to_hex().as_str()
            );
            assert_eq!(file["bytes"], bytes.len());
            listed += 1;
        }
        let name = text(&release["release"]).to_owned();
        (name, release["rolled_back"].as_bool().unwrap())
    });
    let releases = releases.collect();
    assert_eq!(listed, archived(project).len());
    releases
}

#[test]
fn what_a_release_said_stays_whatever_comes_after() {
    let (project, mut release) = small_site();
    let first = archived(&project);
    let names: Vec<_> = first.keys().cloned().collect();
    assert_eq!(
        names,
        [
            "ventes-2024-12/83.json",
            "ventes-2024-12/973.json",
            "ventes-2024-12/france.json"
        ]
    );
    assert_eq!(
        releases(&project),
        BTreeMap::from([("ventes-2024-12".to_owned(), false)])
    );

    // The page of a commune cites it, and the figures are those of the commune's data file.
    let page = project.site()["ville/97302/index.html"].clone();
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("href=\"../../archive/ventes-2024-12/973.json\""));
    let kept: Value = serde_json::from_slice(&first["ventes-2024-12/973.json"]).unwrap();
    let columns = &kept["columns"];
    let codes = columns["code"].as_array().unwrap();
    let mut compared = 0;
    for (place, code) in codes.iter().enumerate() {
        if columns["niveau"][place] != "commune" {
            continue;
        }
        let data = project.json(&format!("data/villes/{}.json", text(code)));
        for kind in ["appartement", "maison"] {
            let current = &data["by_type"][kind]["current"];
            for (column, field) in [
                ("prix_m2", "prix_m2"),
                ("ventes", "volume"),
                ("dernier_mois", "to"),
            ] {
                assert_eq!(
                    columns[format!("{column}_{kind}")][place],
                    current[field],
                    "{code} {column}"
                );
                compared += usize::from(!current[field].is_null());
            }
        }
    }
    assert!(compared > 10, "{compared}");

    // The same release with other figures is a revision; what was said stays.
    let before = live(&project);
    reprice(&project, &mut release, "97302", 130);
    let second = archived(&project);
    for (path, bytes) in &first {
        assert!(second[path] == *bytes, "{path}");
    }
    assert!(second["ventes-2024-12.2/973.json"] != first["ventes-2024-12/973.json"]);
    assert!(
        !second.contains_key("ventes-2024-12.2/83.json"),
        "nothing changed there"
    );
    assert!(!releases(&project)["ventes-2024-12.2"]);

    // Rolled back, it is marked, and there still; collections and restored states keep it.
    project.run(&["rollback", &before]);
    assert!(archived(&project) == second);
    assert!(releases(&project)["ventes-2024-12.2"] && !releases(&project)["ventes-2024-12"]);
    project.run(&["build", "--resume"]);
    assert!(!releases(&project)["ventes-2024-12.2"]);
    reprice(&project, &mut release, "97303", 120);
    reprice(&project, &mut release, "97303", 120);
    let last = archived(&project);
    project.run(&["gc", "--keep", "0"]);
    assert!(archived(&project) == last);
    project.run(&["archive", "verify"]);
    project.run(&["state", "save", "state.tar.zst"]);
    let other = Project::new(&["973", "83"]);
    let state = project.path("state.tar.zst");
    other.run(&["state", "restore", state.to_str().unwrap()]);
    other.run(&["verify", "--repair"]);
    assert!(archived(&other) == last);
    other.run(&["archive", "verify"]);
}

#[test]
fn an_altered_archive_is_found_and_mended() {
    let (project, _) = small_site();
    let sound = archived(&project);
    let path = project.path("site/archive/ventes-2024-12/973.json");
    fs::write(&path, "{}").unwrap();
    let run = project.try_run(&["archive", "verify"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout
            .contains("archive/ventes-2024-12/973.json was altered"),
        "{}",
        run.stdout
    );
    project.run(&["verify", "--repair"]);
    assert!(archived(&project) == sound);
    project.run(&["archive", "verify"]);
    fs::remove_file(&path).unwrap();
    project.run(&["build"]);
    assert!(archived(&project) == sound);
}

#[test]
fn an_altered_list_of_the_archive_is_never_published_nor_sealed_anew() {
    let (project, mut release) = small_site();
    let path = project.path("data/versions.db");
    let sql = |sql: &str| {
        rusqlite::Connection::open(&path)
            .unwrap()
            .execute_batch(sql)
            .unwrap()
    };
    // A store from before the archive had a seal of its own gets one, of what it holds.
    sql("DROP TABLE archive_seal; PRAGMA user_version = 8;");
    reprice(&project, &mut release, "97302", 130);
    project.run(&["archive", "verify"]);
    let sound = archived(&project);
    let whole = fs::read(&path).unwrap();
    release.reprice("97303", 120);
    release.import(&project);
    for altered in [
        "DELETE FROM archive WHERE path LIKE '%/973.json'",
        "UPDATE archive SET object = (SELECT object FROM archive WHERE path = 'archive/ventes-2024-12/83.json') WHERE path = 'archive/ventes-2024-12/973.json'",
        "UPDATE archive SET path = 'archive/ventes-2023-12/973.json' WHERE path = 'archive/ventes-2024-12/973.json'",
        "DELETE FROM archive_seal",
    ] {
        fs::write(&path, &whole).unwrap();
        sql(altered);
        let before = live(&project);
        for command in [&["archive", "verify"][..], &["verify"]] {
            let run = project.try_run(command);
            assert_eq!(run.code, 1, "{altered} {command:?}: {}", run.stderr);
        }
        // Neither a new version nor a rollback makes it the one that was written.
        for command in [&["build"][..], &["rollback", "previous"]] {
            let run = project.try_run(command);
            assert_eq!(run.code, 1, "{altered} {command:?}: {}", run.stderr);
            assert!(
                run.stderr.contains("the archive in the version store"),
                "{}",
                run.stderr
            );
        }
        assert!(archived(&project) == sound, "{altered}");
        assert_eq!(live(&project), before);
    }
    fs::write(&path, &whole).unwrap();
    project.run(&["build"]);
    project.run(&["archive", "verify"]);
}
