//! One command writes at a time; those that only look are not kept out.

use immostats::base::stop::StopPoint;
use rusqlite::Connection;

use super::*;
use crate::market::{Release, small_site};
use crate::stop::{start_until, wait_until_blocked};
use crate::support::Project;

#[test]
fn one_command_writes_at_a_time() {
    let (project, mut release) = small_site();
    let site = project.site();
    release.revise(7);
    let import = || {
        let arguments = release.arguments(&project);
        let mut command = project.command();
        start_until(command.args(arguments), StopPoint::ImportBegun, 1)
    };
    let holder = import();
    let pid = holder.pid();
    let state = project.path("state.tar.zst").to_str().unwrap().to_owned();
    // Readers are not kept out, and saving is reading.
    for arguments in [&["versions"][..], &["status"], &["state", "save", &state]] {
        project.run(arguments);
    }
    let number = live(&project);
    for arguments in [
        &["import", &state][..],
        &["build"],
        &["rollback"],
        &["verify"],
        &["gc", "--keep", "1"],
        &["versions", "pin", &number],
        &["state", "restore", &state],
    ] {
        let run = project.try_run(arguments);
        assert_fails(&run, &format!("process {pid}, import, since 20"));
        assert!(run.stderr.contains("--wait"), "{}", run.stderr);
    }
    let mut waiting = project
        .command()
        .args(["build", "--only-changed", "--wait", "--quiet"])
        .spawn()
        .unwrap();
    wait_until_blocked(&mut waiting);
    assert_eq!(project.site(), site);
    assert!(holder.go_on().success());
    assert!(waiting.wait().unwrap().success());
    let fresh = Project::new(&["973", "83"]);
    release.import(&fresh);
    Release::of_year("83061", &["83061"], 2024, 6).import(&fresh);
    fresh.run(&["build"]);
    assert_eq!(
        project.site(),
        fresh.site(),
        "the build saw what it waited for"
    );

    // A lock whose holder was killed is nobody's.
    import().kill();
    project.run(&["gc", "--keep", "1"]);
}

#[test]
fn who_only_looks_waits_for_nobody() {
    let (project, mut release) = small_site();
    let first = live(&project);
    let second = reprice(&project, &mut release, "97302", 110);
    // As a long build does: a transaction that writes, on each database. Who waited for its end would fail.
    let writers = ["data/immostats.db", "data/versions.db"].map(|name| {
        let connection = Connection::open(project.path(name)).unwrap();
        connection
            .execute_batch("BEGIN IMMEDIATE; CREATE TABLE half (way INTEGER)")
            .unwrap();
        connection
    });
    let state = project.path("state.tar.zst");
    for arguments in [
        &["versions"][..],
        &["status"],
        &["diff", &first, &second],
        &["state", "save", state.to_str().unwrap()],
    ] {
        project.run(arguments);
    }
    drop(writers);
    let fresh = Project::new(&["973", "83"]);
    fresh.run(&["state", "restore", state.to_str().unwrap()]);
    fresh.run(&["verify", "--repair"]);
    assert_eq!(fresh.site(), project.site());
}
