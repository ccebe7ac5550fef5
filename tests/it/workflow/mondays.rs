//! What the operator lives through: four Mondays and a rollback.

use serde_json::{Value, json};

use super::actions::Outcome;
use super::world::{Start, World};
use crate::market::{GUYANE, Release};

pub const UPDATE: &str = "update-data.yml";
pub const ROLLBACK: &str = "rollback.yml";

/// A year of sales.
pub fn year(year: u16) -> Release {
    Release::of_year("973", &GUYANE, year, year.into())
}

/// A year of which every month lacks most of its sales.
fn broken(number: u16) -> Release {
    let mut release = year(number);
    release.lines = release.lines.into_iter().step_by(3).collect();
    release
}

/// The version that is online.
#[track_caller]
pub fn current(world: &World) -> Value {
    let current = world.versions()["current"].clone();
    assert!(current.is_string(), "no version is online");
    current
}

#[track_caller]
pub fn assert_ended(run: &Outcome, conclusion: &str) {
    assert_eq!(run.conclusion, conclusion, "{}{}", run.log(), run.summary);
}

#[test]
fn four_mondays_and_a_rollback() {
    let world = World::new();
    let scheduled = Start::default();

    // The first run, from nothing: no program, no state, no site.
    world.release(&[("2023", &year(2023))]);
    let first = world.run(UPDATE, &scheduled);
    assert_ended(&first, "success");
    assert!(first.ran().contains(&"Build the program"));
    assert!(
        first
            .summary
            .contains("There is no state of an earlier run"),
        "{}",
        first.summary
    );
    assert!(
        first.summary.contains("update: published"),
        "{}",
        first.summary
    );
    let version = current(&world);
    assert!(world.pages().contains_key("ville/97302/index.html"));
    let pages = world.pages();
    assert_eq!(world.internet.told().len(), 1);
    world.calls();

    // Nothing new: nothing is built, deployed, purged; the state is kept for the record of the run.
    let second = world.run(UPDATE, &scheduled);
    assert_ended(&second, "success");
    assert_eq!(
        second.ran(),
        [
            "actions/checkout",
            "Look for the program in the draft release",
            "actions/checkout",
            "Take the program from the draft release",
            "actions/cache",
            "Restore the state",
            "Update",
            "Keep the state",
            "Compare with what is online",
            "Purge the CDN",
            "Archive the journal of the month that is over",
            "Tell",
        ]
    );
    assert!(
        second.summary.contains("update: unchanged"),
        "{}",
        second.summary
    );
    assert_eq!(current(&world), version);
    let downloads = |calls: &[String]| {
        let octets = calls
            .iter()
            .filter(|call| call.contains("Accept: application/octet-stream"));
        octets.cloned().collect::<Vec<_>>()
    };
    let calls = world.calls();
    assert!(
        !calls.iter().any(|call| call.starts_with("cargo")),
        "{calls:?}"
    );
    let downloaded = downloads(&calls);
    assert!(
        downloaded.len() == 1 && !downloaded[0].contains(".state/"),
        "the cache spares the download of the state: {calls:?}"
    );
    let purged = world.internet.purges();

    // A new release. The cache was not used for a week, and is gone.
    world.drop_cache();
    world.release(&[("2023", &year(2023)), ("2024", &year(2024))]);
    let third = world.run(UPDATE, &scheduled);
    assert_ended(&third, "success");
    assert_eq!(
        downloads(&world.calls()).len(),
        2,
        "the program and the state"
    );
    assert!(
        third
            .summary
            .contains("| Source | dvf: new: 2024; imported: 2024 |"),
        "{}",
        third.summary
    );
    assert_eq!(world.versions()["previous"], version);
    assert_ne!(world.pages(), pages);
    assert!(world.internet.purges() > purged);
    assert!(world.internet.is_purged("/ville/97302/") && world.internet.is_purged("/version.json"));
    let newer = (current(&world), world.pages());

    // A release that a gate refuses: online it is as before, the run fails, and it is told.
    world.internet.told();
    world.release(&[("2023", &year(2023)), ("2024", &broken(2024))]);
    let fourth = world.run(UPDATE, &scheduled);
    assert_ended(&fourth, "failure");
    assert!(fourth.summary.contains("gates.lost"), "{}", fourth.summary);
    assert!(!fourth.ran().contains(&"Deploy to GitHub Pages"));
    assert_eq!((current(&world), world.pages()), newer);
    let messages = world.internet.told();
    assert!(
        messages.len() == 1 && messages[0].contains("2024"),
        "{messages:?}"
    );

    // A rollback, while that release is still upstream.
    let previous = Start {
        inputs: json!({"version": "previous"}),
        ..Start::default()
    };
    let back = world.run(ROLLBACK, &previous);
    assert_ended(&back, "success");
    assert_eq!(
        (current(&world), world.pages()),
        (version.clone(), pages.clone())
    );
    assert_eq!(world.internet.told().len(), 1);

    // It holds: nothing moves the site while upstream is what it was.
    world.release(&[("2023", &year(2023)), ("2024", &year(2024))]);
    let after = world.run(UPDATE, &scheduled);
    assert_ended(&after, "success");
    assert_eq!((current(&world), world.pages()), (version, pages));
    if let Some(path) = std::env::var_os("IMMOSTATS_TRANSCRIPT") {
        write_transcript(
            path.as_ref(),
            &[
                ("First Monday: from nothing", &first),
                ("Second Monday: nothing new", &second),
                ("Third Monday: a new release", &third),
                ("Fourth Monday: a release that a gate refuses", &fourth),
                ("A rollback to the previous version", &back),
                ("The Monday after it", &after),
            ],
        );
    }
}

/// Writes down what each run printed, with its summary and wall times.
fn write_transcript(path: &std::path::Path, runs: &[(&str, &Outcome)]) {
    let mut text = String::new();
    for (title, run) in runs {
        text.push_str(&format!(
            "=== {title}: {} in {:.1} s\n\n{}\n--- summary of the job\n\n{}\n",
            run.conclusion,
            run.time.as_secs_f64(),
            run.log(),
            run.summary
        ));
    }
    std::fs::write(path, text).unwrap();
}

#[test]
fn by_hand() {
    let world = World::new();
    world.release(&[("2023", &year(2023))]);
    let by_hand = |inputs: Value| {
        world.run(
            UPDATE,
            &Start {
                inputs,
                ..Start::default()
            },
        )
    };

    // A dry run tells, and leaves nothing.
    let run = by_hand(json!({"force": false, "sources": "", "dry_run": true}));
    assert_ended(&run, "success");
    assert!(
        run.step("Update")
            .log
            .contains("would be fetched: dvf 2023"),
        "{}",
        run.log()
    );
    assert_eq!(world.versions(), Value::Null);
    assert!(world.github.assets("state-").is_empty());

    // A source that is not there.
    let run = by_hand(json!({"force": false, "sources": "dvf rents", "dry_run": false}));
    assert_ended(&run, "failure");
    assert!(run.step("Update").log.contains("rents"), "{}", run.log());
    assert_eq!(world.versions(), Value::Null);

    // One that is.
    let run = by_hand(json!({"force": false, "sources": "dvf", "dry_run": false}));
    assert_ended(&run, "success");
    let first = current(&world);

    // What a gate refuses, by force.
    world.release(&[("2023", &broken(2023))]);
    assert_ended(&by_hand(json!({})), "failure");
    assert_eq!(current(&world), first);
    let run = by_hand(json!({"force": true, "sources": "", "dry_run": false}));
    assert_ended(&run, "success");
    assert_ne!(current(&world), first);

    // A version that there never was.
    let unknown = Start {
        inputs: json!({"version": "2020.01.01.1"}),
        ..Start::default()
    };
    let now = current(&world);
    let run = world.run(ROLLBACK, &unknown);
    assert_ended(&run, "failure");
    assert!(
        run.log().contains("there is no version 2020.01.01.1"),
        "{}",
        run.log()
    );
    assert!(run.ran().contains(&"Tell"));
    assert_eq!(current(&world), now);
}
