//! The state of a project as one file.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::*;
use crate::market::{Release, small_site};
use crate::support::{Project, tree};

#[test]
fn a_fresh_machine_goes_on_from_a_saved_state() {
    let (project, mut release) = small_site();
    let (first, site_1) = (live(&project), project.site());
    let second = reprice(&project, &mut release, "97302", 110);
    let site_2 = project.site();
    let file = project.path("state.tar.zst");
    let state = file.to_str().unwrap().to_owned();
    project.run(&["state", "save", &state]);
    assert_eq!(
        tree(&project.path("data"))
            .keys()
            .filter(|path| path.contains(".immostats-"))
            .count(),
        0
    );

    let fresh = Project::new(&["973", "83"]);
    fresh.run(&["state", "restore", &state]);
    let run = fresh.run(&["build", "--only-changed"]);
    assert!(
        run.stdout.contains("nothing changed") && run.stdout.contains(" 0 rendered"),
        "{}",
        run.stdout
    );
    assert_eq!(
        (live(&fresh), fresh.site()),
        (second.clone(), site_2.clone())
    );
    fresh.run(&["verify", "--rebuild"]);
    fresh.run(&["rollback"]);
    assert_eq!((live(&fresh), fresh.site()), (first, site_1));
    // What only this machine does from here on is as if it had done all.
    let third = [&fresh, &project].map(|project| {
        let mut release = release.clone();
        reprice(project, &mut release, "97303", 110)
    });
    assert_eq!(third[0], third[1]);
    assert_eq!(fresh.site(), project.site());

    // An older state over a newer one: pages that it does not know go.
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.file("site/CNAME", "prix.example.fr\n");
    project.configure(&configuration.replace("\"83\"]", "\"83\", \"69\"]"));
    Release::of_year("69381", &["69381"], 2024, 9).import(&project);
    project.run(&["build"]);
    assert!(project.site().len() > site_2.len());
    project.configure(&configuration);
    project.run(&["state", "restore", "--force", &state]);
    project.run(&["build", "--only-changed"]);
    let mut expected = site_2;
    expected.insert("CNAME".into(), b"prix.example.fr\n".to_vec());
    assert_eq!(
        project.site().keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>()
    );
    assert_eq!((live(&project), project.site()), (second, expected));
}

#[test]
fn a_state_is_restored_into_a_project_only() {
    let (project, _) = small_site();
    project.run(&["state", "save", "state.tar.zst"]);
    let state = project.path("state.tar.zst").to_str().unwrap().to_owned();
    let other = project.path("other");
    let restore = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_immostats"));
        command.arg("--root").arg(&other);
        command.args(["state", "restore", &state]).output().unwrap()
    };
    for there in [false, true] {
        if there {
            fs::create_dir(&other).unwrap();
        }
        let run = restore();
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(1), "{said}");
        assert!(said.contains("immostats.toml is missing"), "{said}");
        assert_eq!(other.exists(), there);
        assert!(!other.join("data").exists());
    }
    // What the configuration says is of no matter.
    fs::write(other.join("immostats.toml"), "[site\n").unwrap();
    assert!(restore().status.success());
}

#[test]
fn a_truncated_or_altered_state_is_refused_and_nothing_is_lost() {
    let (project, mut release) = small_site();
    let state = project.path("state.tar.zst").to_str().unwrap().to_owned();
    project.run(&["state", "save", &state]);
    let sound = fs::read(&state).unwrap();
    reprice(&project, &mut release, "97302", 110);
    let (before, site) = (databases(&project), project.site());

    let refused = |bytes: &[u8], what: &str| {
        fs::write(&state, bytes).unwrap();
        let run = project.try_run(&["state", "restore", &state]);
        assert_eq!(run.code, 3, "{what}: {}", run.stdout);
        assert!(
            run.stderr.contains("the project stays as it was"),
            "{what}: {}",
            run.stderr
        );
        assert!(
            databases(&project) == before,
            "{what}: {:?}",
            tree(&project.path("data")).keys()
        );
    };
    for part in 0..8 {
        refused(&sound[..sound.len() * part / 8], &format!("{part}/8 of it"));
    }
    refused(&sound[..sound.len() - 1], "a byte less");
    refused(&[&sound[..], b"more"].concat(), "four bytes more");
    let positions = (0..16)
        .chain((16..sound.len()).step_by(sound.len() / 24))
        .chain([sound.len() - 1]);
    for position in positions {
        for bits in [0x01, 0x10, 0xff] {
            let mut altered = sound.clone();
            altered[position] ^= bits;
            refused(
                &altered,
                &format!("byte {position} of {} by {bits:#x}", sound.len()),
            );
        }
    }
    refused(b"", "nothing");
    refused(
        &zstd::encode_all(&b"no archive"[..], 1).unwrap(),
        "no archive",
    );
    assert_eq!(project.site(), site);
    let run = project.try_run(&["state", "restore", "absent.tar.zst"]);
    assert_eq!(run.code, 1);

    fs::write(&state, sound).unwrap();
    project.run(&["state", "restore", "--force", &state]);
    project.run(&["verify", "--repair"]);
    assert_eq!(versions(&project).len(), 1);

    // It is there for the day when the databases are beyond repair.
    let site = project.site();
    for name in ["data/immostats.db", "data/versions.db"] {
        fs::write(project.path(name), "no database").unwrap();
    }
    assert_eq!(project.try_run(&["verify"]).code, 1);
    project.run(&["state", "restore", &state]);
    project.run(&["verify", "--rebuild"]);
    assert_eq!(project.site(), site);
}

/// Imports the sales of a year of Kourou, which no release of [`small_site`] covers.
fn import_more(project: &Project) {
    Release::of_year("97304", &["97304"], 2022, 7).import(project);
}

#[test]
fn a_state_that_lacks_what_the_project_holds_is_refused() {
    let (project, mut release) = small_site();
    let old = project.path("old.tar.zst").to_str().unwrap().to_owned();
    project.run(&["state", "save", &old]);
    let refused = |lacks: &[&str]| {
        let before = (versions(&project), project.run(&["status"]).stdout);
        let run = project.try_run(&["state", "restore", &old]);
        assert_eq!(run.code, 3, "{}", run.stderr);
        for words in lacks
            .iter()
            .chain(&["the project stays as it was", "--force"])
        {
            assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
        }
        assert_eq!(
            before,
            (versions(&project), project.run(&["status"]).stdout)
        );
    };
    // Nothing but the state itself.
    project.run(&["state", "restore", &old]);
    // A version of the same sales.
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!("{configuration}name = \"A\"\n"));
    project.run(&["build"]);
    let second = live(&project);
    refused(&["its versions", &second]);
    // Sales of no version.
    import_more(&project);
    refused(&["mutations of the project (36 of them)", &second]);

    // A state that has gone on from the project replaces it, whatever was withdrawn or dropped since.
    let elsewhere = Project::new(&["973", "83"]);
    let state = project.path("state.tar.zst").to_str().unwrap().to_owned();
    project.run(&["state", "save", &state]);
    elsewhere.run(&["state", "restore", &state]);
    for percent in [110, 90, 105] {
        reprice(&elsewhere, &mut release, "97302", percent);
    }
    elsewhere.run(&["gc", "--keep", "1"]);
    elsewhere.run(&["state", "save", &state]);
    project.run(&["state", "restore", &state]);
    assert_eq!(versions(&project), versions(&elsewhere));
}

/// Puts a state beside that of a project, of which one database is another: this program saves only what it understands.
fn with_database(sound: &Path, name: &str, database: &Path, to: &Path) {
    let bytes = fs::read(sound).unwrap();
    // Behind the archive stands a frame of 8 bytes with its hash.
    let (archive, seal) = bytes.split_at(bytes.len() - 8 - blake3::OUT_LEN);
    let mut archive = tar::Archive::new(zstd::Decoder::new(archive).unwrap());
    let members = archive.entries().unwrap().map(|member| {
        let mut member = member.unwrap();
        let path = member.path().unwrap().to_str().unwrap().to_owned();
        let mut content = Vec::new();
        member.read_to_end(&mut content).unwrap();
        (path, content)
    });
    let mut members: Vec<_> = members.collect();
    let altered = fs::read(database).unwrap();
    let mut list: Value = serde_json::from_slice(&members[0].1).unwrap();
    for file in list["files"].as_array_mut().unwrap() {
        if file["name"] == name {
            file["size"] = altered.len().into();
            file["blake3"] = blake3::hash(&altered).to_hex().as_str().into();
        }
    }
    members[0].1 = serde_json::to_vec(&list).unwrap();
    let member = members.iter_mut().find(|(path, _)| path == name).unwrap();
    member.1 = altered;
    let mut archive = tar::Builder::new(zstd::Encoder::new(Vec::new(), 1).unwrap());
    for (path, content) in &members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive
            .append_data(&mut header, path, content.as_slice())
            .unwrap();
    }
    let mut bytes = archive.into_inner().unwrap().finish().unwrap();
    let hash = blake3::hash(&bytes);
    bytes.extend_from_slice(&seal[..8]);
    bytes.extend_from_slice(hash.as_bytes());
    fs::write(to, bytes).unwrap();
}

#[test]
fn a_state_of_a_newer_or_another_program_is_refused_before_anything_is_touched() {
    let (project, _) = small_site();
    let state = project.path("state.tar.zst").to_str().unwrap().to_owned();
    let saved = project.path("sound.tar.zst");
    let site = project.site();
    let other = Project::new(&["973", "83"]);
    import_more(&other);
    other.run(&["build"]);
    other.run(&["state", "save", saved.to_str().unwrap()]);
    let sound = databases(&other);
    for (database, alteration, says) in [
        (
            "immostats",
            "PRAGMA user_version = 99",
            "its database was made by a newer immostats (schema 99",
        ),
        (
            "versions",
            "PRAGMA user_version = 99",
            "its version store was made by a newer immostats (schema 99",
        ),
        (
            "immostats",
            "PRAGMA application_id = 7",
            "its database is none that an immostats made",
        ),
        (
            "versions",
            "PRAGMA application_id = 7",
            "its version store is none that an immostats made",
        ),
        (
            "immostats",
            "DROP INDEX IF EXISTS x; DROP TABLE coverage",
            "its database is none that",
        ),
        (
            "versions",
            "UPDATE history SET date = '2020-01-01T00:00:00Z'",
            "the history in the version store",
        ),
        (
            "versions",
            "UPDATE versions SET cause = 'other'",
            "is not the one that was built",
        ),
    ] {
        for (name, bytes) in &sound {
            fs::write(other.path("data").join(name), bytes).unwrap();
        }
        let name = format!("{database}.db");
        let path = other.path("data").join(&name);
        let altered = Connection::open(&path).unwrap();
        altered.execute_batch(alteration).unwrap();
        altered
            .pragma_update(None, "journal_mode", "DELETE")
            .unwrap();
        drop(altered);
        with_database(&saved, &name, &path, Path::new(&state));
        if !says.starts_with("the history") && !says.starts_with("is not") {
            assert_eq!(other.try_run(&["state", "save", "other.tar.zst"]).code, 1);
        }
        let before = databases(&project);
        for force in [&["--force"][..], &[]] {
            let run = project.try_run(&[&["state", "restore", &state], force].concat());
            // Only that it is newer says nothing against the state itself.
            assert_eq!(
                run.code,
                if says.contains("newer") { 1 } else { 3 },
                "{}",
                run.stderr
            );
            assert!(run.stderr.contains(says), "{says}: {}", run.stderr);
            assert!(
                run.stderr.contains("the project stays as it was"),
                "{}",
                run.stderr
            );
            assert!(databases(&project) == before, "{alteration}");
        }
    }
    project.run(&["verify"]);
    assert_eq!(project.site(), site);
}

#[test]
fn the_number_of_a_version_is_never_given_again() {
    let (project, _) = small_site();
    let state = project.path("state.tar.zst").to_str().unwrap().to_owned();
    project.run(&["state", "save", &state]);
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    let mut given = vec![live(&project)];
    for name in ["A", "B", "C"] {
        project.configure(&format!("{configuration}name = \"{name}\"\n"));
        project.run(&["build"]);
        given.push(live(&project));
        match name {
            "A" => project.run(&["state", "restore", "--force", &state]),
            // The newest is dropped.
            _ => {
                project.run(&["rollback", &given[0]]);
                project.configure(&configuration);
                project.run(&["build", "--resume"]);
                project.run(&["gc", "--keep", "1"])
            }
        };
    }
    given.sort();
    given.dedup();
    assert_eq!(given.len(), 4, "{given:?}");
}

#[test]
fn a_state_saved_while_others_write_is_whole() {
    let (project, mut release) = small_site();
    let states: Vec<String> = std::thread::scope(|scope| {
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let saver = scope.spawn({
            let project = &project;
            move || {
                let mut states = Vec::new();
                // Until the others are done, at least once.
                while states.is_empty()
                    || stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty)
                {
                    let name = format!("state-{}.tar.zst", states.len());
                    project.run(&["state", "save", &name]);
                    states.push(name);
                }
                states
            }
        });
        for percent in [110, 90, 105] {
            reprice(&project, &mut release, "97302", percent);
        }
        drop(stop);
        saver.join().unwrap()
    });
    // The latest are those of a project at rest; look at some of all.
    for state in states.iter().step_by(states.len().div_ceil(8)) {
        let fresh = Project::new(&["973", "83"]);
        fresh.run(&["state", "restore", project.path(state).to_str().unwrap()]);
        fresh.run(&["verify", "--repair"]);
        let live = live(&fresh);
        assert!(
            versions(&fresh)
                .iter()
                .any(|version| version["version"] == live.as_str())
        );
    }
    let fresh = Project::new(&["973", "83"]);
    fresh.run(&[
        "state",
        "restore",
        project.path(&states[0]).to_str().unwrap(),
    ]);
    release.import(&fresh);
    fresh.run(&["build", "--only-changed"]);
    assert_eq!(fresh.site(), project.site());
}

#[test]
fn what_a_killed_save_left_goes_with_the_next() {
    let (project, _) = small_site();
    let dead = project.path("data/.immostats-tmp-deaddeaddead");
    let used = project.path("data/.immostats-tmp-usedusedused");
    for folder in [&dead, &used] {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("versions.db"), "half a copy").unwrap();
    }
    let user = fs::File::open(&used).unwrap();
    user.lock().unwrap();
    project.run(&[
        "state",
        "save",
        project.path("state.tar.zst").to_str().unwrap(),
    ]);
    assert!(!dead.exists());
    assert!(used.exists(), "another save is at work there");
}
