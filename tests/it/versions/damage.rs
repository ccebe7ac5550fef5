//! What `immostats verify` finds and restores.

use std::fs;

use super::*;
use crate::market::small_site;
use crate::support::Project;

#[test]
fn verify_finds_what_is_missing_altered_or_unknown() {
    let (project, _) = small_site();
    let site = project.site();
    project.run(&["verify"]);
    fs::remove_file(project.path("site/index.html")).unwrap();
    fs::remove_dir_all(project.path("site/ville/97302")).unwrap();
    let altered = project.path("site/data/villes/97303.json");
    let times = fs::metadata(&altered).unwrap();
    let mut bytes = fs::read(&altered).unwrap();
    bytes[100] ^= 1;
    fs::write(&altered, &bytes).unwrap();
    // As a disk would do it: at the same size and time.
    fs::File::options()
        .write(true)
        .open(&altered)
        .unwrap()
        .set_modified(times.modified().unwrap())
        .unwrap();
    fs::write(project.path("site/version.json"), "{}").unwrap();
    project.file("site/own/page.html", "mine");

    let run = project.try_run(&["verify"]);
    assert_fails(&run, "--repair");
    let run = project.try_run(&["verify", "--log-format", "json"]);
    let findings = &run.json()[0]["findings"];
    assert_eq!(
        findings["missing"],
        serde_json::json!(["index.html", "ville/97302/index.html"])
    );
    assert_eq!(
        findings["altered"],
        serde_json::json!(["data/villes/97303.json", "version.json"])
    );
    assert_eq!(findings["unknown"], serde_json::json!(["own/page.html"]));
    assert_eq!(findings["damaged"], serde_json::json!([]));

    project.run(&["verify", "--repair"]);
    let mut expected = site;
    expected.insert("own/page.html".into(), b"mine".to_vec());
    assert_eq!(project.site(), expected);
    project.run(&["verify"]);
}

/// Alters one byte of the stored content of a path of the live version. Gives the content as it was.
fn damage(project: &Project, path: &str, position: usize) -> (i64, Vec<u8>) {
    let connection = store(project);
    let (id, data): (i64, Vec<u8>) = connection
        .query_row(
            "SELECT o.id, o.data FROM objects o JOIN entries e ON e.object = o.id JOIN paths p ON p.id = e.path
             WHERE p.path = ? AND e.version = (SELECT version FROM history ORDER BY id DESC LIMIT 1)",
            [path],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let mut altered = data.clone();
    let position = position % data.len();
    altered[position] ^= 0xff;
    connection
        .execute("UPDATE objects SET data = ? WHERE id = ?", (&altered, id))
        .unwrap();
    (id, data)
}

#[test]
fn an_altered_content_is_found_and_never_served() {
    let (project, mut release) = small_site();
    let (first, site_1) = (live(&project), project.site());
    let original = release.clone();
    let page = "ville/97302/index.html";
    // Every part of a stored content: its header, its middle, its end.
    let length = damage(&project, page, 0).1.len();
    project.run(&["verify", "--repair"]);
    for position in (0..length).step_by(length / 12) {
        let (id, data) = damage(&project, page, position);
        let run = project.try_run(&["verify", "--log-format", "json"]);
        assert_eq!(run.code, 1, "byte {position}");
        assert_eq!(run.json()[0]["findings"]["damaged"][0]["path"], page);
        store(&project)
            .execute("UPDATE objects SET data = ? WHERE id = ?", (&data, id))
            .unwrap();
    }
    project.run(&["verify"]);

    damage(&project, page, length / 2);
    let second = reprice(&project, &mut release, "97302", 120);
    let site_2 = project.site();
    let run = project.try_run(&["rollback", &first]);
    assert_fails(&run, page);
    assert!(
        run.stderr.contains("damaged") && run.stderr.contains("immostats verify"),
        "{}",
        run.stderr
    );
    // The version that cannot be brought back whole does not go live.
    assert_eq!(project.site(), site_2);
    assert_eq!(live(&project), second);
    assert!(!project.path("site/.immostats-staging").exists());
    project.run(&["rollback", &second]);

    // Neither site/ nor the sales give it any more.
    let run = project.try_run(&["verify", "--repair"]);
    assert_fails(&run, "not all could be repaired");
    // The sales do again once they are as they were.
    original.import(&project);
    assert_fails(&project.try_run(&["build", "--only-changed"]), page);
    assert_eq!(project.site(), site_2);
    project.run(&["verify", "--repair"]);
    assert_eq!(project.site(), site_1);
    project.run(&["rollback", &first]);
    assert_eq!(project.site(), site_1);
}

#[test]
fn a_damaged_content_is_restored_from_site_or_by_rendering() {
    let (project, _) = small_site();
    let site = project.site();
    let page = "ville/97302/index.html";
    damage(&project, page, 50);
    project.run(&["verify", "--repair"]);
    project.run(&["verify"]);

    damage(&project, page, 50);
    fs::remove_file(project.path("site").join(page)).unwrap();
    // A build needs the content for the missing file.
    assert_fails(&project.try_run(&["build", "--only-changed"]), page);
    assert!(
        !project.path("site").join(page).exists(),
        "nothing wrong is served in its place"
    );
    project.run(&["verify", "--repair"]);
    assert_eq!(project.site(), site);
    project.run(&["verify"]);

    // A dictionary is a content like any other: without it, all are lost but those that can be made again.
    let altered = store(&project)
        .execute(
            "UPDATE dictionaries SET data = CAST(zeroblob(length(data)) AS BLOB)",
            [],
        )
        .unwrap();
    if altered > 0 {
        assert_fails(&project.try_run(&["verify"]), "--repair");
        project.run(&["verify", "--repair"]);
    }
    project.run(&["verify"]);
}
