//! The files for operators are kept as they were made when a version went live.

use std::fs;

use super::*;
use crate::market::small_site;

const ADMIN: &str = "admin/index.html";

/// The files for operators, as they are in `site/`.
fn operator_files(project: &Project) -> Site {
    let mut files = tree(&project.path("site"));
    let pages = project.site();
    files.retain(|path, _| !pages.contains_key(path) && !path.starts_with("archive/"));
    assert_eq!(files.len(), 3, "{:?}", files.keys());
    files
}

/// Takes away what the operator's page was made of: made again, as by a program with another template, it would be
/// another page.
fn forget_runs(project: &Project) {
    assert!(store(project).execute("DELETE FROM runs", []).unwrap() > 0);
}

#[track_caller]
fn assert_finds(project: &Project, kind: &str, paths: &[&str]) {
    let run = project.try_run(&["verify", "--log-format", "json"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    let found = &run.json()[0]["findings"][kind];
    let found: Vec<_> = found.as_array().unwrap().iter().collect();
    let found: Vec<_> = found
        .iter()
        .map(|entry| entry.as_str().unwrap_or_else(|| text(&entry["path"])))
        .collect();
    assert_eq!(found, paths);
}

#[test]
fn the_files_for_operators_stay_as_they_were_made() {
    let (project, mut release) = small_site();
    let first = live(&project);
    let second = reprice(&project, &mut release, "97302", 120);
    let made = operator_files(&project);
    forget_runs(&project);
    project.run(&["verify"]);

    project.file("site/admin/index.html", "altered");
    fs::remove_file(project.path("site/version.json")).unwrap();
    assert_finds(&project, "altered", &[ADMIN]);
    project.run(&["verify", "--repair"]);
    assert!(operator_files(&project) == made);
    fs::remove_dir_all(project.path("site")).unwrap();
    project.run(&["build", "--only-changed"]);
    assert!(operator_files(&project) == made);
    let state = project.path("state.tar.zst");
    project.run(&["state", "save", state.to_str().unwrap()]);
    fs::remove_dir_all(project.path("data")).unwrap();
    project.run(&["state", "restore", state.to_str().unwrap()]);
    project.run(&["verify", "--repair"]);
    assert!(operator_files(&project) == made);

    // What a rollback puts live has files of its own, which stay as they are in turn.
    project.run(&["rollback", &first]);
    let rolled_back = operator_files(&project);
    for (path, bytes) in &rolled_back {
        assert!(*bytes != made[path], "{path}");
    }
    let page = String::from_utf8_lossy(&rolled_back[ADMIN]);
    assert!(page.contains("1\u{a0}retour en arrière"), "{page}");
    forget_runs(&project);
    project.run(&["build", "--only-changed"]);
    project.run(&["verify"]);
    assert!(operator_files(&project) == rolled_back);

    // A version that is dropped is listed no longer; the one that is live stays as it is.
    let third = reprice(&project, &mut release, "97303", 130);
    project.run(&["gc", "--keep", "1"]);
    project.run(&["verify"]);
    assert_eq!(numbers(&project), BTreeSet::from([first.clone(), third]));
    let listed = String::from_utf8_lossy(&operator_files(&project)["version.json"]).into_owned();
    assert!(
        listed.contains(&first) && !listed.contains(&second),
        "{listed}"
    );
}

#[test]
fn damaged_files_for_operators_are_restored_or_made_anew() {
    let (project, _) = small_site();
    let made = operator_files(&project);
    let damage = || {
        let damaged = store(&project).execute(
            "UPDATE contents SET data = CAST(zeroblob(length(data)) AS BLOB)
             WHERE object = (SELECT object FROM operator_files WHERE path = ?)",
            [ADMIN],
        );
        assert_eq!(damaged.unwrap(), 1);
        assert_finds(&project, "damaged", &[ADMIN]);
    };
    damage();
    project.run(&["verify", "--repair"]);
    project.run(&["verify"]);
    assert!(operator_files(&project) == made);

    damage();
    project.file("site/admin/index.html", "altered");
    assert_fails(&project.try_run(&["build", "--only-changed"]), ADMIN);
    project.run(&["verify", "--repair"]);
    project.run(&["verify"]);
    let anew = operator_files(&project);
    assert!(anew["version.json"] == made["version.json"]);
    assert!(anew[ADMIN].starts_with(b"<!DOCTYPE html>"));
}

#[test]
fn a_store_from_before_gets_them_once() {
    let (project, mut release) = small_site();
    reprice(&project, &mut release, "97302", 120);
    let made = operator_files(&project);
    store(&project)
        .execute_batch(
            "DELETE FROM objects WHERE id IN (SELECT object FROM operator_files);
             DROP TABLE archive; DELETE FROM checkout WHERE path LIKE 'archive/%';
             DROP TABLE archive_seal; DROP TABLE operator_files; DROP TABLE numbers;
             ALTER TABLE history DROP COLUMN digest;
             PRAGMA user_version = 5;",
        )
        .unwrap();
    fs::remove_dir_all(project.path("site/archive")).unwrap();
    forget_runs(&project);
    // What an older program wrote to site/ is as it was written.
    project.run(&["verify"]);
    project.file("site/admin/index.html", "altered");
    assert_finds(&project, "altered", &[ADMIN]);

    fs::remove_dir_all(project.path("site")).unwrap();
    project.run(&["build", "--only-changed"]);
    let anew = operator_files(&project);
    for path in ["version.json", "api/health.json"] {
        assert!(anew[path] == made[path], "{path}");
    }
    assert!(anew[ADMIN] != made[ADMIN]);
    project.run(&["verify"]);
}
