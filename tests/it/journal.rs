//! `immostats log export`: the journal of a month as a file, and in the archive; journals in a saved state.

use std::fs;
use std::io::Read as _;
use std::process::{Command, Output};

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::market::{GUYANE, Release};
use crate::s3::{KEY, S3, SECRET};
use crate::support::Project;

const OCTOBER: &str = "{\"timestamp\":\"2026-10-05T03:00:00.000001Z\",\"message\":\"started\"}\n{\"timestamp\":\"2026-10-05T03:00:09.000001Z\",\"message\":\"done\"}\n";
const NAME: &str = "monthly/2026/immostats-log-2026-10.jsonl.gz";

/// A project that has a journal of October 2026, and an archive.
fn project(s3: &S3) -> Project {
    let project = Project::new(&["973"]);
    project.configure(&s3.archive());
    write(&project, "2026-10", OCTOBER);
    project
}

fn write(project: &Project, month: &str, text: &str) {
    project.file(&format!("data/logs/{month}.jsonl"), text);
}

/// `immostats log export --to s3` in November 2026.
fn export(project: &Project, arguments: &[&str]) -> Output {
    let mut command = project.command();
    with_keys(&mut command)
        .args(["log", "export"])
        .args(arguments)
        .args(["--to", "s3"])
        .output()
        .unwrap()
}

fn with_keys(command: &mut Command) -> &mut Command {
    command
        .env("IMMOSTATS_CLOCK", "2026-11-02T03:00:00Z")
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env_remove("AWS_SESSION_TOKEN")
}

#[track_caller]
fn done(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{error}");
    text
}

#[track_caller]
fn failed(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(!text.contains(SECRET) && !text.contains(KEY), "{text}");
    text
}

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

fn of<'a>(requests: &'a [String], method: &str) -> Vec<&'a String> {
    let requests = requests.iter();
    requests.filter(|it| it.starts_with(method)).collect()
}

#[test]
fn a_month_that_is_over_is_sent_once_and_proved() {
    let s3 = S3::start();
    let project = project(&s3);
    write(
        &project,
        "2026-11",
        "{\"timestamp\":\"2026-11-02T03:00:00.000001Z\"}\n",
    );
    let first = done(&export(&project, &["2026-10"]));
    assert!(
        first.starts_with(&format!(
            "2026-10: sent as {NAME} ({} bytes unpacked, SHA-256 ",
            OCTOBER.len()
        )),
        "{first}"
    );
    let objects = s3.objects();
    assert_eq!(objects.keys().collect::<Vec<_>>(), [NAME]);
    assert_eq!(unpacked(&objects[NAME]), OCTOBER);
    assert_eq!(
        s3.get(NAME).unwrap().headers["content-type"],
        "application/gzip"
    );

    s3.requests();
    let second = done(&export(&project, &["2026-10", "--json"]));
    let report: Value = serde_json::from_str(&second).unwrap();
    assert_eq!(report["months"][0]["month"], "2026-10");
    assert_eq!(report["months"][0]["is_new"], false);
    let digest = report["months"][0]["sha256"].as_str().unwrap();
    assert!(digest.len() == 64 && first.contains(digest));
    assert!(of(&s3.requests(), "PUT").is_empty());

    // Without a month, all that are over: the one that runs is not.
    write(
        &project,
        "2025-12",
        "{\"timestamp\":\"2025-12-01T03:00:00.000001Z\"}\n",
    );
    let all = done(&export(&project, &[]));
    assert!(
        all.contains("2025-12: sent as monthly/2025/") && all.contains("2026-10: stands as"),
        "{all}"
    );
    assert_eq!(s3.objects().len(), 2);
}

#[test]
fn what_the_archive_holds_is_never_replaced() {
    let s3 = S3::start();
    let project = project(&s3);
    done(&export(&project, &[]));
    let before = s3.objects();
    write(&project, "2026-10", &OCTOBER.replace("done", "failed"));
    write(
        &project,
        "2026-09",
        "{\"timestamp\":\"2026-09-07T03:00:00.000001Z\"}\n",
    );
    let text = failed(&export(&project, &[]));
    assert!(
        text.contains(NAME) && text.contains("it stays as it is"),
        "{text}"
    );
    // The other months do not wait for it.
    let mut objects = s3.objects();
    assert!(
        objects
            .remove("monthly/2026/immostats-log-2026-09.jsonl.gz")
            .is_some()
    );
    assert_eq!(objects, before);

    // What is no journal at all is told, and stays.
    fs::write(s3.file(NAME), "not gzipped").unwrap();
    assert!(failed(&export(&project, &["2026-10"])).contains("it stays as it is"));
}

#[test]
fn what_cannot_be_archived_is_told() {
    let s3 = S3::start();
    let project = project(&s3);
    let text = failed(&export(&project, &["2026-11"]));
    assert!(text.contains("2026-11 is not over"), "{text}");
    let text = failed(&export(&project, &["2026-08"]));
    assert!(text.contains("nothing was logged in 2026-08"), "{text}");
    assert!(s3.objects().is_empty());

    let mut command = project.command();
    command
        .args(["log", "export", "--to", "s3"])
        .env("IMMOSTATS_CLOCK", "2026-11-02T03:00:00Z");
    let output = command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .output()
        .unwrap();
    assert!(failed(&output).contains("AWS_ACCESS_KEY_ID is not set"));

    let settings = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&settings.replace("bucket = \"prix\"", "bucket = \"elsewhere\""));
    let text = failed(&export(&project, &["2026-10"]));
    assert!(text.contains("(NoSuchBucket); see archive.s3"), "{text}");

    // Where the site is, anybody could read it.
    let site = s3.configuration();
    let archive = s3.archive();
    for (site_prefix, prefix, is_refused) in [
        ("", "logs", true),
        ("site", "site/logs", true),
        ("site", "logs", false),
        ("site", "sites", false),
    ] {
        project.configure(&format!(
            "{site}prefix = \"{site_prefix}\"\n{archive}prefix = \"{prefix}\"\n"
        ));
        let output = export(&project, &["2026-10"]);
        match is_refused {
            true => assert!(
                failed(&output).contains("archive.s3 is where deploy.s3 publishes the site"),
                "{prefix}"
            ),
            false => assert!(done(&output).contains("sent as monthly/2026/"), "{prefix}"),
        }
    }

    // Without an archive there is nothing to do, unless a month is asked for.
    project.configure("");
    assert!(done(&export(&project, &[])).contains("nothing is archived"));
    assert!(failed(&export(&project, &["2026-10"])).contains("set it"));
}

#[test]
fn a_file_of_a_month_has_its_whole_lines_in_the_order_of_their_times() {
    let project = Project::new(&["973"]);
    let (first, second) = OCTOBER.split_at(OCTOBER.find('\n').unwrap() + 1);
    write(&project, "2026-10", &format!("{second}{first}{{\"timest"));
    let output = project
        .command()
        .args(["log", "export", "2026-10", "--out"])
        .arg(project.path("log.gz"))
        .output()
        .unwrap();
    done(&output);
    assert_eq!(
        unpacked(&fs::read(project.path("log.gz")).unwrap()),
        OCTOBER
    );
}

#[test]
fn a_state_brings_its_journals_along_and_takes_none_away() {
    let [here, there] = [(); 2].map(|()| Project::new(&["973"]));
    for project in [&here, &there] {
        Release::of_year("973", &GUYANE, 2024, 5).import(project);
    }
    write(&here, "2026-10", OCTOBER);
    let state = here.path("state.tar.zst");
    done(
        &here
            .command()
            .args(["state", "save"])
            .arg(&state)
            .output()
            .unwrap(),
    );

    let (first, second) = OCTOBER.split_at(OCTOBER.find('\n').unwrap() + 1);
    let own = "{\"timestamp\":\"2026-10-06T03:00:00.000001Z\",\"message\":\"own\"}\n";
    // Its last line was cut off by a kill.
    write(&there, "2026-10", &format!("{first}{own}{{\"timest"));
    for _ in 0..2 {
        done(
            &there
                .command()
                .args(["state", "restore", "--force"])
                .arg(&state)
                .output()
                .unwrap(),
        );
        let journal = fs::read_to_string(there.path("data/logs/2026-10.jsonl")).unwrap();
        assert_eq!(journal, format!("{first}{own}{{\"timest\n{second}"));
    }
}
