//! One command writes at a time; those that only look are not kept out.

use std::fs;

use rusqlite::Connection;

use super::*;
use crate::market::{Release, small_site};
use crate::support::Project;

#[test]
fn one_command_writes_at_a_time() {
    let (project, mut release) = small_site();
    let site = project.site();
    release.revise(7);
    // An import that waits for its file.
    let pipe = project.path("releases/pipe.csv");
    let made = std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .unwrap();
    assert!(made.success());
    let import = || {
        let mut command = project.command();
        command.args(["import", "--scope", &release.scope, pipe.to_str().unwrap()]);
        command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        let child = command.spawn().unwrap();
        let pid = child.id().to_string();
        let holds =
            || fs::read_to_string(project.path("data/lock")).is_ok_and(|text| text.contains(&pid));
        wait_for(holds);
        child
    };
    let mut holder = import();
    let pid = holder.id().to_string();
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
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(waiting.try_wait().unwrap().is_none(), "it waits");
    assert_eq!(project.site(), site);
    fs::write(&pipe, release.text()).unwrap();
    assert!(holder.wait().unwrap().success());
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
    let mut holder = import();
    holder.kill().unwrap();
    holder.wait().unwrap();
    project.run(&["gc", "--keep", "1"]);
}

#[test]
fn who_only_looks_waits_for_nobody() {
    let (project, mut release) = small_site();
    let first = live(&project);
    let second = reprice(&project, &mut release, "97302", 110);
    // As a long build does: a transaction that writes, on each database.
    let writers = ["data/immostats.db", "data/versions.db"].map(|name| {
        let connection = Connection::open(project.path(name)).unwrap();
        connection
            .execute_batch("BEGIN IMMEDIATE; CREATE TABLE half (way INTEGER)")
            .unwrap();
        connection
    });
    let started = std::time::Instant::now();
    let state = project.path("state.tar.zst");
    for arguments in [
        &["versions"][..],
        &["status"],
        &["diff", &first, &second],
        &["state", "save", state.to_str().unwrap()],
    ] {
        project.run(arguments);
    }
    let seconds = started.elapsed().as_secs();
    assert!(
        seconds < 8,
        "{seconds} s; SQLite waits ten for another's transaction"
    );
    drop(writers);
    let fresh = Project::new(&["973", "83"]);
    fresh.run(&["state", "restore", state.to_str().unwrap()]);
    fresh.run(&["verify", "--repair"]);
    assert_eq!(fresh.site(), project.site());
}

fn wait_for(condition: impl Fn() -> bool) {
    for _ in 0..3_000 {
        if condition() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("waited for half a minute in vain");
}
