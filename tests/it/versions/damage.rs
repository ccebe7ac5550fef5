//! What `immostats verify` finds and restores.

use std::fs;

use rusqlite::Connection;

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
            "SELECT c.object, c.data FROM contents c JOIN entries e USING (object) JOIN paths p ON p.id = e.path
             WHERE p.path = ? AND e.version = (SELECT version FROM history ORDER BY id DESC LIMIT 1)",
            [path],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let mut altered = data.clone();
    let position = position % data.len();
    altered[position] ^= 0xff;
    connection
        .execute(
            "UPDATE contents SET data = ? WHERE object = ?",
            (&altered, id),
        )
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
            .execute("UPDATE contents SET data = ? WHERE object = ?", (&data, id))
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

    // What it says of itself: what a release lists of its files is told by it.
    let sizes = "SELECT sum(size) FROM objects";
    let right: i64 = store(&project)
        .query_one(sizes, [], |row| row.get(0))
        .unwrap();
    let object = "id = (SELECT max(object) FROM contents)";
    for alteration in ["size + 64", "size - 1", "-size", "1 << 62"] {
        let sql = format!("UPDATE objects SET size = {alteration} WHERE {object}");
        assert_eq!(store(&project).execute(&sql, []).unwrap(), 1);
        assert_fails(&project.try_run(&["verify"]), "--repair");
        project.run(&["verify", "--repair"]);
        let repaired: i64 = store(&project)
            .query_one(sizes, [], |row| row.get(0))
            .unwrap();
        assert_eq!(repaired, right, "{alteration}");
    }

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

/// What of the store a visitor may come to see, now or after a rollback. Contents are compared as they are unpacked: there are
/// bits that zstd does not read, and what they are packed with is as good as it was when it unpacks them.
fn content(connection: &Connection) -> Vec<String> {
    let queries = [
        "SELECT v.number || p.path || hex(o.hash) FROM entries e JOIN versions v ON v.id = e.version
         JOIN paths p ON p.id = e.path JOIN objects o ON o.id = e.object ORDER BY 1",
        "SELECT id || number || date || cause || changes || health FROM versions ORDER BY 1",
        "SELECT id || ' ' || version || date || action || coalesce(run, '') FROM history ORDER BY 1",
        "SELECT path || hex(hash) FROM operator_files JOIN objects ON objects.id = object ORDER BY 1",
    ];
    let mut all = Vec::new();
    for query in queries {
        let mut statement = connection.prepare(query).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0));
        all.extend(rows.unwrap().map(Result::unwrap));
    }
    let mut statement = connection
        .prepare(
            "SELECT hex(hash), size, coalesce(dictionaries.data, x''), contents.data FROM objects
             JOIN contents ON object = objects.id LEFT JOIN dictionaries ON dictionaries.id = dictionary
             ORDER BY hash",
        )
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (hash, size): (String, u32) = (row.get(0).unwrap(), row.get(1).unwrap());
        let (dictionary, packed): (Vec<u8>, Vec<u8>) = (row.get(2).unwrap(), row.get(3).unwrap());
        let mut decompressor = zstd::bulk::Decompressor::with_dictionary(&dictionary).unwrap();
        let bytes = decompressor.decompress(&packed, size as usize).unwrap();
        all.push(format!("{hash} {size} {}", String::from_utf8_lossy(&bytes)));
    }
    all
}

#[test]
fn an_altered_byte_anywhere_in_the_store_is_found() {
    let (project, mut release) = small_site();
    reprice(&project, &mut release, "97302", 110);
    let path = project.path("data/versions.db");
    let sound = fs::read(&path).unwrap();
    let before = content(&store(&project));
    let mut found = 0;
    for position in (0..sound.len()).step_by(sound.len() / 97) {
        let mut altered = sound.clone();
        altered[position] ^= 1 << (position % 8);
        fs::write(&path, altered).unwrap();
        if project.try_run(&["verify"]).code == 0 {
            // Where nothing is kept, or what no version is made of.
            assert!(content(&store(&project)) == before, "byte {position}");
        } else {
            found += 1;
        }
        for journal in ["data/versions.db-wal", "data/versions.db-shm"] {
            let _ = fs::remove_file(project.path(journal));
        }
    }
    assert!(found > 10, "{found} alterations were found");
}

#[test]
fn a_version_whose_record_was_altered_is_found_and_never_served() {
    let (project, mut release) = small_site();
    let first = live(&project);
    let second = reprice(&project, &mut release, "97302", 110);
    let site = project.site();
    let path = project.path("data/versions.db");
    let sound = fs::read(&path).unwrap();
    let page = "path = (SELECT id FROM paths WHERE path = 'ville/97302/index.html')";
    let alter = |alteration: &str| {
        let changed = store(&project).execute(alteration, []).unwrap();
        assert_eq!(changed, 1, "{alteration}");
        let run = project.try_run(&["verify"]);
        assert_eq!(run.code, 1, "{alteration}: {}", run.stdout);
        run.stdout
    };
    // All of the first version, which is not live: what is in site/ says nothing of it.
    for alteration in [
        // One content for another: each is what its hash says.
        &*format!(
            "UPDATE spans SET object = (SELECT object FROM spans WHERE since = 2 AND {page})
             WHERE since = 1 AND {page}"
        ),
        &format!("DELETE FROM spans WHERE since = 1 AND {page}"),
        "UPDATE versions SET date = replace(date, '20', '21') WHERE id = 1",
        "UPDATE versions SET cause = 'second build' WHERE id = 1",
        "UPDATE versions SET changes = replace(changes, '252', '253') WHERE id = 1",
        "UPDATE versions SET health = replace(health, '252', '253') WHERE id = 1",
        "UPDATE versions SET digest = NULL WHERE id = 1",
    ] {
        let told = alter(alteration);
        assert!(told.contains(&first), "{alteration}: {told}");
        assert_fails(&project.try_run(&["rollback", &first]), &first);
        assert_eq!(live(&project), second);
        assert!(project.site() == site, "{alteration}");
        fs::write(&path, &sound).unwrap();
    }
    let told = alter("UPDATE history SET version = 2 WHERE id = 1");
    assert!(told.contains("the history in the version store"), "{told}");
    assert_fails(&project.try_run(&["build", "--only-changed"]), "history");
    assert!(project.site() == site);
    fs::write(&path, &sound).unwrap();

    // A content that should have ended with the first version goes on beside the one that follows it.
    let told = alter(&format!(
        "UPDATE spans SET until = 9 WHERE since = 1 AND {page}"
    ));
    assert!(told.contains(&second), "{told}");
    fs::write(&path, &sound).unwrap();

    // The live version, too: another can be brought back in its stead.
    let told = alter(&format!("DELETE FROM spans WHERE since = 2 AND {page}"));
    assert!(told.contains(&second), "{told}");
    assert_fails(&project.try_run(&["build", "--only-changed"]), &second);
    assert!(project.site() == site);
    project.run(&["rollback", &first]);
    assert_eq!(live(&project), first);
    fs::write(&path, &sound).unwrap();
    project.run(&["verify", "--repair"]);
    assert!(project.site() == site);

    // What a page was last rendered to is no shortcut to another page.
    let exchanged = store(&project)
        .execute(
            "UPDATE rendered SET object =
                 (SELECT object FROM rendered r JOIN paths p ON p.id = r.path WHERE p.path = '404.html')
             WHERE path = (SELECT id FROM paths WHERE path = 'ville/97302/index.html')",
            [],
        )
        .unwrap();
    assert_eq!(exchanged, 1);
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!("{configuration}[build]\nmaximum_removals = 4.0\n"));
    project.run(&["build", "--only-changed"]);
    assert!(project.site() == site);
}
