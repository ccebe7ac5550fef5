//! The other ways to deploy: as a branch, and to a bucket; and what a release of the program holds.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use serde_json::Value;

use super::mondays::{UPDATE, assert_ended, current, year};
use super::world::{Start, World};
use crate::s3::S3;

/// Two releases go online, and nothing the week after.
fn two_releases(world: &World, deploys: &str) {
    world.release(&[("2023", &year(2023))]);
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "success");
    assert!(run.ran().contains(&deploys) && !run.ran().contains(&"Deploy to GitHub Pages"));
    assert!(world.pages().contains_key("ville/97302/index.html"));
    let first = current(world);

    world.release(&[("2023", &year(2023)), ("2024", &year(2024))]);
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "success");
    assert_eq!(world.versions()["previous"], first);
    assert!(world.internet.is_purged("/ville/97302/"));

    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "success");
    assert!(!run.ran().contains(&deploys), "nothing is new");
}

#[test]
fn as_a_branch() {
    let world = World::with("[deploy]\nhost = \"branch\"\nbranch = \"pages\"\n");
    let repository = world.repository.clone();
    world.internet.serve_from(move || repository.files("pages"));
    two_releases(&world, "Deploy as a branch");
    assert!(world.pages().contains_key(".nojekyll"));
    assert_eq!(
        world.repository.commits("pages"),
        1,
        "no history is kept there"
    );
}

#[test]
fn to_a_bucket() {
    let s3 = Arc::new(S3::start());
    let world = World::with(&s3.configuration());
    let bucket = Arc::clone(&s3);
    world.internet.serve_from(move || bucket.objects());
    two_releases(&world, "Deploy to the bucket");
}

#[test]
fn the_first_run_of_a_month_archives_the_journal_of_the_last() {
    let s3 = S3::start();
    let world = World::with(&s3.archive());
    world.release(&[("2023", &year(2023))]);
    let monday = |clock| {
        let start = Start {
            clock: Some(clock),
            ..Start::default()
        };
        let run = world.run(UPDATE, &start);
        assert_ended(&run, "success");
        run.log()
    };
    monday("2026-10-19T03:00:00Z");
    monday("2026-10-26T03:00:00Z");
    assert!(s3.objects().is_empty(), "October is not over");
    let log = monday("2026-11-02T03:00:00Z");
    let path = "monthly/2026/immostats-log-2026-10.jsonl.gz";
    assert!(log.contains(&format!("2026-10: sent as {path}")), "{log}");
    let objects = s3.objects();
    assert_eq!(objects.keys().collect::<Vec<_>>(), [path]);
    // Each machine began with an empty journal: what the first noted came along with the state.
    let mut text = String::new();
    flate2::read::GzDecoder::new(objects[path].as_slice())
        .read_to_string(&mut text)
        .unwrap();
    let updates = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["arguments"].as_str() == Some("[\"update\", \"--\"]"));
    assert_eq!(updates.count(), 2, "{text}");

    s3.requests();
    let log = monday("2026-11-09T03:00:00Z");
    assert!(log.contains(&format!("2026-10: stands as {path}")), "{log}");
    assert_eq!(s3.requests(), [format!("GET /{path}")]);
    assert_eq!(s3.objects(), objects);
}

#[test]
fn a_release_is_packed_with_its_checksum() {
    let folder = tempfile::tempdir().unwrap();
    let built = folder.path().join("target/release");
    fs::create_dir_all(&built).unwrap();
    fs::write(built.join("immostats"), "program").unwrap();
    fs::write(folder.path().join("README.md"), "readme").unwrap();
    let run = |folder: &Path, program: &str, arguments: &[&str]| {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .output()
            .unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{errors}");
        String::from_utf8(output.stdout).unwrap()
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/ci/pack");
    run(folder.path(), script.to_str().unwrap(), &["x86_64-linux"]);
    let packed = folder.path().join("target/dist");
    assert_eq!(fs::read_dir(&packed).unwrap().count(), 2);
    let checked = run(
        &packed,
        "sha256sum",
        &["--check", "immostats-x86_64-linux.tar.gz.sha256"],
    );
    assert_eq!(checked, "immostats-x86_64-linux.tar.gz: OK\n");
    run(&packed, "tar", &["-xf", "immostats-x86_64-linux.tar.gz"]);
    let program = fs::read(packed.join("immostats-x86_64-linux/immostats")).unwrap();
    assert_eq!(program, b"program");
}
