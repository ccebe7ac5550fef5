//! Folders that are none of ours, that cannot be written to, or in which a command was stopped at once.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use immostats::base::stop::StopPoint;

use super::*;
use crate::market::small_site;
use crate::stop::kill_at;

#[test]
fn a_folder_without_a_version_stays_as_it_is() {
    for own in [&[][..], &["data/own.txt"]] {
        let folder = Project::new(&["973"]);
        fs::remove_file(folder.path("immostats.toml")).unwrap();
        for file in own {
            folder.file(file, "mine");
        }
        let state = folder.path("absent").to_str().unwrap().to_owned();
        for arguments in [
            &["verify"][..],
            &["verify", "--repair"],
            &["gc", "--keep", "1"],
            &["rollback"],
            &["versions", "pin", "previous"],
            &["state", "restore", &state],
            &["state", "save", &state],
        ] {
            let run = folder.try_run(arguments);
            assert_eq!(run.code, 1, "{arguments:?}: {}", run.stdout);
            let found: Vec<_> = tree(folder.root()).into_keys().collect();
            assert_eq!(found, own, "{arguments:?}");
            assert_eq!(
                folder.path("data").exists(),
                !own.is_empty(),
                "{arguments:?}"
            );
        }
    }
}

#[test]
fn an_empty_database_is_told_from_one_that_holds_something() {
    let (project, release) = small_site();
    let names = ["data/immostats.db", "data/versions.db"];
    let sound = names.map(|name| fs::read(project.path(name)).unwrap());
    fs::write(project.path(names[0]), "").unwrap();
    let run = project.run(&["status"]);
    assert!(
        run.stderr
            .contains("is empty: the command that made it was stopped"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("none yet"), "{}", run.stdout);
    let run = project.try_run(&["verify"]);
    assert_fails(&run, "something is wrong");
    assert!(
        run.stdout.contains("immostats.db holds nothing"),
        "{}",
        run.stdout
    );
    assert_eq!(
        size(&project, names[0]),
        0,
        "looking at it makes nothing of it"
    );
    // It is as good as none for who writes.
    release.import(&project);

    fs::write(project.path(names[0]), &sound[0]).unwrap();
    fs::write(project.path(names[1]), "").unwrap();
    for arguments in [&["versions"][..], &["verify"], &["gc", "--keep", "1"]] {
        assert_fails(&project.try_run(arguments), "there is no version yet");
    }
    assert_eq!(size(&project, names[1]), 0);
    for name in names {
        fs::write(project.path(name), "").unwrap();
    }
    let state = project.path("s.tar.zst").to_str().unwrap().to_owned();
    assert_fails(
        &project.try_run(&["state", "save", &state]),
        "nothing to save",
    );
}

#[test]
fn who_may_not_write_may_look() {
    let (project, mut release) = small_site();
    let first = live(&project);
    let second = reprice(&project, &mut release, "97302", 110);
    assert_may_look(&project, &first, &second);
}

/// What a command that was killed leaves in the journal counts for who may not write, and may be there without the index
/// that SQLite keeps beside it, as in a copy.
#[test]
fn who_may_not_write_may_look_after_a_kill() {
    let (project, mut release) = small_site();
    let first = live(&project);
    release.reprice("97302", 110);
    let file = project.file("973.csv", release.text());
    let mut import = project.command();
    kill_at(
        import.arg("import").arg(file),
        StopPoint::ImportCommitted,
        1,
    );
    let mut build = project.command();
    kill_at(
        build.args(["build", "--only-changed"]),
        StopPoint::VersionCommitted,
        1,
    );
    let journals =
        ["immostats", "versions"].map(|name| project.path(&format!("data/{name}.db-wal")));
    for journal in &journals {
        assert!(
            fs::metadata(journal).unwrap().len() > 0,
            "{}",
            journal.display()
        );
    }
    let second = numbers(&project).into_iter().next_back().unwrap();
    for index in [true, false] {
        if !index {
            for journal in &journals {
                fs::remove_file(journal.with_extension("db-shm")).unwrap();
            }
        }
        let before = tree(&project.path("data"));
        let told = assert_may_look(&project, &first, &second);
        assert!(told[1].contains(&second), "{}", told[1]);
        assert!(told[2].contains("973.csv"), "{}", told[2]);
        assert!(
            tree(&project.path("data")) == before,
            "looking leaves no trace"
        );
    }
    project.run(&["build", "--only-changed"]);
    project.run(&["verify"]);
}

/// That the commands which only look do so for who may not write; gives what they tell.
#[track_caller]
fn assert_may_look(project: &Project, first: &str, second: &str) -> Vec<String> {
    let allow = |write: bool| {
        for entry in walkdir::WalkDir::new(project.root()) {
            let path = entry.unwrap().into_path();
            let mode = if path.is_dir() { 0o555 } else { 0o444 };
            let mode = if write { mode | 0o200 } else { mode };
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    allow(false);
    let mut all = Vec::new();
    for arguments in [
        &["status"][..],
        &["versions"],
        &["log"],
        &["releases"],
        &["diff", first, second],
    ] {
        let mut command = project.command();
        command.args(arguments);
        // Nothing is forbidden to root.
        if is_root() {
            command.uid(65_534).gid(65_534);
        }
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {told}");
        all.push(String::from_utf8(output.stdout).unwrap());
    }
    allow(true);
    all
}

/// Whether the test may do anything.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").unwrap().uid() == 0
}
