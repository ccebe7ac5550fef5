//! The record of runs: one row a command that publishes, whatever its outcome.

use std::fs;

use rusqlite::Connection;
use serde_json::{Value, json};

use super::bench::{Bench, outcome, sales};
use crate::support::tree;
use crate::versions::live;

/// Command, outcome, version, message and details of a run.
type Run = (String, String, Option<String>, Option<String>, Value);

/// The runs of a project, the first first.
pub fn runs(bench: &Bench) -> Vec<Run> {
    let store = Connection::open(bench.project.path("data/versions.db")).unwrap();
    let mut statement = store
        .prepare("SELECT command, outcome, version, message, details, started_at, completed_at FROM runs ORDER BY id")
        .unwrap();
    let runs = statement
        .query_map([], |row| {
            let time = |n| {
                row.get::<_, String>(n)
                    .unwrap()
                    .parse::<jiff::Timestamp>()
                    .unwrap()
            };
            let (started, completed) = (time(5), time(6));
            let now = jiff::Timestamp::now();
            assert!(
                started <= completed && completed <= now,
                "{started} {completed} {now}"
            );
            let details: String = row.get(4)?;
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                serde_json::from_str(&details).unwrap(),
            ))
        })
        .unwrap();
    runs.map(Result::unwrap).collect()
}

#[test]
fn every_outcome_is_recorded() {
    let bench = Bench::new();
    bench.publish(&[("2023", &sales("2023", "12"))]);
    bench.ends(0, &["update"]);
    let first = live(&bench.project);
    let site = tree(&bench.project.path("site"));
    // Nothing is new.
    bench.ends(0, &["update"]);
    assert_eq!(tree(&bench.project.path("site")), site);
    // A look at what would be done is no run.
    bench.ends(0, &["update", "--dry-run"]);
    bench.publish(&[
        ("2023", &sales("2023", "12")),
        ("2024", &sales("2024", "12")),
    ]);
    let mut command = bench.command(&["update"]);
    command
        .env("GITHUB_SERVER_URL", "https://github.example")
        .env("GITHUB_REPOSITORY", "me/prix")
        .env("GITHUB_RUN_ID", "42");
    assert_eq!(outcome(&mut command).code, 0);
    let second = live(&bench.project);
    bench.publish(&[
        ("2023", &sales("2023", "12")),
        ("2024", &sales("2024", "04")),
    ]);
    let refused = bench.ends(3, &["update", "--quiet"]);
    bench.ends(0, &["rollback"]);
    bench.ends(0, &["rollback", &first]);
    bench.ends(1, &["rollback", "2001.01.01.1"]);
    bench.ends(0, &["build", "--resume"]);
    let third = live(&bench.project);

    let runs = runs(&bench);
    let told: Vec<_> = runs
        .iter()
        .map(|(command, outcome, version, message, details)| {
            (
                command.as_str(),
                outcome.as_str(),
                version.as_deref().unwrap(),
                message.is_some(),
                details["previous"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("update", "published", first.as_str(), false, None),
            ("update", "unchanged", &first, false, None),
            ("update", "published", &second, false, Some(first.as_str())),
            ("update", "refused", &second, true, None),
            ("rollback", "rolled-back", &first, false, Some(&second)),
            ("rollback", "unchanged", &first, false, None),
            ("rollback", "failed", &first, true, None),
            ("build", "published", &third, false, Some(&first)),
        ]
    );
    let details = |n: usize| &runs[n].4;
    assert_eq!(
        details(0)["sources"],
        json!([{"id": "dvf", "new": ["2023"], "imported": ["2023"], "unreachable": []}])
    );
    assert_eq!(
        details(1)["sources"],
        json!([{"id": "dvf", "new": [], "imported": [], "unreachable": []}])
    );
    assert_eq!(details(1)["new_transactions"], 0);
    assert_eq!(details(1)["run_url"], Value::Null);
    assert!(details(2)["new_transactions"].as_u64().unwrap() > 10);
    assert_eq!(details(2)["cities_updated"], 1);
    assert_eq!(
        details(2)["run_url"],
        "https://github.example/me/prix/actions/runs/42"
    );
    let message = runs[3].3.as_deref().unwrap();
    assert!(
        refused.stderr.contains(message),
        "{message}\n{}",
        refused.stderr
    );
    let refusals = details(3)["refusals"].as_array().unwrap();
    // It ends early, and so it has lost what comes after.
    let gates: Vec<_> = refusals
        .iter()
        .map(|refusal| refusal["gate"].as_str().unwrap())
        .collect();
    assert!(gates.contains(&"lost"), "{gates:?}");
    for refusal in refusals {
        assert_eq!(refusal["source"], "dvf");
        if refusal["gate"] == "lost" {
            assert_eq!(refusal["departement"], "83");
            let counts = &refusal["counts"];
            assert!(
                counts["found"].as_u64() < counts["before"].as_u64(),
                "{refusal}"
            );
        } else {
            assert_eq!(refusal["gate"], "part");
        }
        assert!(
            message.contains(refusal["reason"].as_str().unwrap()),
            "{message}"
        );
        assert!(
            message.contains(refusal["file"].as_str().unwrap()),
            "{message}"
        );
    }
    assert_eq!(details(3)["sources"][0]["imported"], json!([]));

    // They are part of the state, and no complaint of a verification.
    bench.ends(0, &["verify"]);
    bench.ends(0, &["gc", "--keep", "1"]);
    let state = bench.project.path("state");
    bench.ends(0, &["state", "save", state.to_str().unwrap()]);
    fs::remove_dir_all(bench.project.path("data")).unwrap();
    bench.ends(0, &["state", "restore", state.to_str().unwrap()]);
    assert_eq!(self::runs(&bench), runs);
}

#[test]
fn a_run_that_fails_before_the_first_version_is_recorded_too() {
    let bench = Bench::new();
    let run = bench.ends(1, &["update", "--quiet"]);
    let runs = runs(&bench);
    assert_eq!(runs.len(), 1);
    assert_eq!((runs[0].1.as_str(), &runs[0].2), ("failed", &None));
    let message = runs[0].3.as_deref().unwrap();
    assert!(
        !message.is_empty() && run.stderr.contains(message),
        "{message}\n{}",
        run.stderr
    );
    // No file of the source is known by name.
    assert_eq!(
        runs[0].4["sources"],
        json!([{"id": "dvf", "new": [], "imported": [], "unreachable": [""]}])
    );
    let run = bench.ends(1, &["rollback"]);
    assert!(run.stderr.contains("no version yet"), "{}", run.stderr);
}

#[test]
fn what_cannot_be_recorded_hides_no_error_and_a_second_run_leaves_no_trace() {
    let bench = Bench::new();
    bench.publish(&[("2023", &sales("2023", "12"))]);
    bench.ends(0, &["update"]);
    let store = bench.project.path("data/versions.db");
    let sound = fs::read(&store).unwrap();
    bench.publish(&[("2023", &sales("2023", "04"))]);

    fs::write(
        &store,
        "this is no database, and long enough to be seen for what it is".repeat(20),
    )
    .unwrap();
    let run = bench.ends(3, &["update", "--quiet"]);
    assert!(run.stderr.contains("gates.lost"), "{}", run.stderr);
    assert!(!run.stderr.contains("recorded"), "{}", run.stderr);

    fs::write(&store, sound).unwrap();
    let lock = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(bench.project.path("data/lock"))
        .unwrap();
    lock.lock().unwrap();
    let run = bench.ends(1, &["update"]);
    assert!(run.stderr.contains("another immostats"), "{}", run.stderr);
    assert_eq!(runs(&bench).len(), 1);
}

#[test]
fn a_file_that_came_damaged_is_what_was_refused() {
    let bench = Bench::new();
    let mut file = sales("2023", "12");
    let middle = file.len() / 2;
    file[middle] ^= 1;
    bench.publish(&[("2023", &file)]);
    bench.ends(3, &["update", "--quiet"]);
    let runs = runs(&bench);
    assert_eq!(runs[0].1, "refused");
    let refusals = runs[0].4["refusals"].as_array().unwrap();
    assert_eq!(refusals.len(), 1);
    assert_eq!(
        (&refusals[0]["source"], &refusals[0]["gate"]),
        (&json!("dvf"), &Value::Null)
    );
    assert_eq!(refusals[0]["reason"], runs[0].3.as_deref().unwrap());
}
