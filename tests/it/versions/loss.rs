//! What a state would take away is said before it is gone: of the project, of the file that is saved over, and of the site.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use super::*;
use crate::contours::VAL_D_OISE;
use crate::market::GUYANE;
use crate::support::sample;

/// A source of each kind whose files are imported by hand.
const SOURCES: &str = r#"
[[sources]]
id = "nuitees"
kind = "facts"
[sources.facts]
folder = "flux"
files = ["{year}.csv"]
date = "Date"
place = "Zone"
zones = "zones.csv"
value = "Volume"
attribution = "Volumes inventés"
licence = "aucune"
[[sources]]
id = "puits"
kind = "table"
[sources.table]
place = "code"
edition = 2025
attribution = "a"
indicators = [{ id = "puits", column = "n", label = "Puits", rollup = "sum" }]
[[sources]]
id = "mairie"
kind = "grist"
[sources.grist]
server = "https://grist.example.fr"
doc = "kHq3ZrNcMqvA"
table = "Notes"
operator = "Mairie de Cayenne"
"#;

/// Imports at a time, with the key that a table asks for.
#[track_caller]
fn import_at(project: &Project, time: &str, arguments: &[&str]) {
    let mut command = project.command();
    command
        .env("IMMOSTATS_CLOCK", format!("2026-11-27T{time}:00Z"))
        .env("GRIST_API_KEY", "hunter2")
        .arg("import")
        .args(arguments);
    let run = crate::source::outcome(&mut command);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_state_that_lacks_what_files_of_sources_brought_is_refused() {
    let project = Project::new(&["15", "95"]);
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!("{configuration}{SOURCES}"));
    project.file("zones.csv", "zone;commune\nAurillac;15014\n");
    let note = |text: &str| {
        format!(
            "{{\"records\": [{{\"id\": 1, \"fields\": {{\"code\": \"15014\", \"text\": \"{text}\"}}}}]}}"
        )
    };
    let contours = sample(VAL_D_OISE);
    let file = |name: &str, text: &str| project.file(name, text).to_str().unwrap().to_owned();
    let wells = file("puits.csv", "code;n\n15014;1\n15187;2\n");
    let notes = file("notes.json", &note("Une note."));
    let day = |day: &str, volume: u32| format!("Date;Zone;Volume\n{day};Aurillac;{volume}\n");
    file("flux/2023.csv", &day("2023-01-02", 5));
    let state = |name: &str| project.path(name).to_str().unwrap().to_owned();
    let (old, new) = (state("old.tar.zst"), state("new.tar.zst"));
    import_at(&project, "10:00", &["--source", "puits", &wells]);
    import_at(&project, "10:00", &["--source", "mairie", &notes]);
    import_at(&project, "10:00", &["--source", "nuitees"]);
    project.run(&["state", "save", &old]);
    project.run(&["state", "restore", &old]);

    let imports: [(&str, &str, String, &[&str]); 6] = [
        (
            "lacks the contours of 95,",
            "zones.csv",
            "zone;commune\nAurillac;15014\n".into(),
            &[contours.to_str().unwrap()],
        ),
        (
            "lacks the facts of nuitees,",
            "flux/2024.csv",
            day("2024-01-02", 5),
            &["--source", "nuitees"],
        ),
        (
            // The same day, told otherwise.
            "lacks the facts of nuitees,",
            "flux/2023.csv",
            day("2023-01-02", 6),
            &["--source", "nuitees"],
        ),
        (
            "lacks the indicators of puits,",
            "puits.csv",
            "code;n\n15014;1\n15187;2\n15258;3\n".into(),
            &["--source", "puits", &wells],
        ),
        (
            "lacks the indicators of puits,",
            "puits.csv",
            "code;n\n15014;1\n15187;3\n".into(),
            &["--source", "puits", &wells],
        ),
        (
            "lacks the notes of mairie,",
            "notes.json",
            note("Une autre."),
            &["--source", "mairie", &notes],
        ),
    ];
    for (says, name, text, import) in imports {
        project.file(name, text);
        import_at(&project, "11:00", import);
        project.run(&["state", "save", &new]);
        let before = fs::read(project.path("data/immostats.db")).unwrap();
        let run = project.try_run(&["state", "restore", &old]);
        assert_eq!(run.code, 3, "{says}: {}", run.stderr);
        for words in [says, "the project stays as it was", "--force"] {
            assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
        }
        assert!(fs::read(project.path("data/immostats.db")).unwrap() == before);
        project.run(&["state", "restore", "--force", &old]);
        // One that went on from it has all that it holds.
        project.run(&["state", "restore", &new]);
        project.run(&["state", "restore", "--force", &old]);
        // Of a folder all files are read.
        for year in [2023, 2024] {
            let _ = fs::remove_file(project.path(&format!("flux/{year}.csv")));
        }
    }
}

#[test]
fn a_state_is_saved_over_no_file_but_a_state() {
    let (project, _) = small_site();
    project.file("mine.txt", "mine");
    fs::create_dir(project.path("folder")).unwrap();
    let _socket = UnixListener::bind(project.path("socket")).unwrap();
    symlink(project.path("data/immostats.db"), project.path("link")).unwrap();
    symlink(project.path("data"), project.path("inside")).unwrap();
    // Journals tell of what was refused.
    let standing = || {
        let mut files = tree(project.root());
        files.retain(|path, _| !path.ends_with(".jsonl"));
        files
    };
    let before = standing();
    let (own, no_state) = ("it is in the project's", "there is no saved state");
    for (file, says) in [
        ("data/immostats.db", own),
        ("data/versions.db", own),
        ("data/lock", own),
        ("data/new.tar.zst", own),
        ("data/new/new.tar.zst", own),
        ("new/../data/immostats.db", own),
        ("inside/immostats.db", own),
        ("site/index.html", own),
        ("site/new.tar.zst", own),
        ("immostats.toml", no_state),
        ("mine.txt", no_state),
        ("link", no_state),
        ("folder", "is no regular file"),
        ("socket", "is no regular file"),
    ] {
        for file in [file, project.path(file).to_str().unwrap()] {
            let run = project.try_run(&["state", "save", file]);
            assert_eq!(run.code, 1, "{file}: {}", run.stdout);
            assert!(
                run.stderr.contains("the state is not saved to") && run.stderr.contains(says),
                "{file}: {}",
                run.stderr
            );
        }
    }
    assert_eq!(
        standing().keys().collect::<Vec<_>>(),
        before.keys().collect::<Vec<_>>()
    );
    assert!(standing() == before);
    project.file("empty", "");
    for file in ["empty", "empty", "new/state.tar.zst"] {
        project.run(&["state", "save", file]);
        project.run(&["state", "restore", file]);
    }
}

#[test]
fn sales_that_vanished_are_missed() {
    let project = Project::new(&["973"]);
    let [earlier, later] = [2023, 2024].map(|year| Release::of_year("973", &GUYANE, year, 5));
    earlier.import(&project);
    later.import(&project);
    project.run(&["build"]);
    let (site, version) = (project.site(), live(&project));
    project.run(&["state", "save", "state.tar.zst"]);
    let state = fs::read(project.path("state.tar.zst")).unwrap();
    let lose = || {
        for name in ["immostats.db", "immostats.db-wal", "immostats.db-shm"] {
            let _ = fs::remove_file(project.path("data").join(name));
        }
    };
    lose();
    let lacks = format!("immostats.db lacks the sales that version {version} was made of (");
    for arguments in [&["verify"][..], &["verify", "--repair"]] {
        let run = project.try_run(arguments);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(run.stdout.contains(&lacks), "{}", run.stdout);
        assert!(run.stdout.contains("`immostats state restore`"));
    }
    assert_fails(
        &project.try_run(&["state", "save", "state.tar.zst"]),
        &lacks,
    );
    assert!(fs::read(project.path("state.tar.zst")).unwrap() == state);
    // A build makes a database, which holds no sales either.
    for arguments in [&["build"][..], &["state", "save", "state.tar.zst"]] {
        assert_fails(&project.try_run(arguments), &lacks);
    }
    assert!(project.try_run(&["verify"]).stdout.contains(&lacks));

    lose();
    project.run(&["state", "restore", "state.tar.zst"]);
    project.run(&["build", "--only-changed"]);
    project.run(&["verify", "--rebuild"]);
    assert_eq!((live(&project), project.site()), (version, site));
}
