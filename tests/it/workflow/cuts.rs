//! Runs that are cut, servers that fail, states that are lost: the next run converges.

use serde_json::Value;

use super::actions::Workflow;
use super::mondays::{ROLLBACK, UPDATE, assert_ended, current, year};
use super::world::{Start, World};

/// A site of one release that is online, and a second release upstream.
fn waiting() -> World {
    let world = World::new();
    world.release(&[("2023", &year(2023))]);
    assert_ended(&world.run(UPDATE, &Start::default()), "success");
    world.release(&[("2023", &year(2023)), ("2024", &year(2024))]);
    world
}

/// The second release is online, and all that keeps copies was told of each page that it changed.
#[track_caller]
fn assert_converged(world: &World, what: &str) {
    let history = world.versions()["history"].clone();
    assert_eq!(history.as_array().unwrap().len(), 2, "{what}: {history}");
    assert_eq!(history[0]["cause"], "release imported", "{what}");
    let page = String::from_utf8(world.pages()["ville/97302/index.html"].clone()).unwrap();
    assert!(page.contains("2024"), "{what}");
    assert!(world.internet.is_purged("/ville/97302/"), "{what}");
}

/// Cuts the weekly run before each of these steps, and lets the next one follow.
fn cut_everywhere(numbers: impl Iterator<Item = usize>) -> World {
    let steps = Workflow::load(UPDATE);
    let world = waiting();
    let before = world.save();
    let mut cuts = 0;
    for number in numbers {
        cuts += 1;
        world.reset(&before);
        let what = format!("cut before {}", steps.steps()[number].title());
        let cut = Start {
            inputs: Value::Null,
            cut: Some(number),
            ..Start::default()
        };
        assert_ended(&world.run(UPDATE, &cut), "lost");
        assert_ended(&world.run(UPDATE, &Start::default()), "success");
        assert_converged(&world, &what);
    }
    assert!(cuts > 1, "{cuts} cuts");
    world
}

#[test]
fn cut_before_the_site_is_packed() {
    let steps = Workflow::load(UPDATE);
    let packed = steps.position("Pack the site for GitHub Pages");
    // Up to the update nothing has been done that could be lost.
    cut_everywhere(steps.position("Update") + 1..packed);
}

#[test]
fn cut_while_the_site_is_deployed() {
    let steps = Workflow::load(UPDATE);
    let world = cut_everywhere(
        steps.position("Pack the site for GitHub Pages")..steps.position("Deploy to the bucket"),
    );
    let quiet = world.run(UPDATE, &Start::default());
    assert!(
        !quiet.ran().contains(&"Deploy to GitHub Pages"),
        "it is done"
    );
}

#[test]
fn cut_after_the_deployment() {
    let steps = Workflow::load(UPDATE);
    cut_everywhere(steps.position("Purge the CDN")..steps.steps().len() - 1);
}

#[test]
fn a_deployment_that_fails_is_made_up_for() {
    let world = waiting();
    let before = current(&world);
    *world.pages_fail.lock().unwrap() = true;
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "failure");
    assert!(run.ran().contains(&"Tell"));
    assert_eq!(current(&world), before);
    // Nothing is new any more, and what waits goes online all the same.
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "success");
    assert!(run.summary.contains("update: unchanged"), "{}", run.summary);
    assert_converged(&world, "after a deployment that failed");
}

#[test]
fn a_purge_that_is_refused_is_made_up_for() {
    let world = waiting();
    world.internet.forget();
    world.internet.set_cdn_closed(true);
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "failure");
    assert_eq!(run.step("Purge the CDN").outcome, "failure");
    let told = world.internet.told();
    assert!(told.len() == 1 && told[0].contains("chec"), "{told:?}");
    // The site is online, and what the CDN keeps of the old one is remembered.
    world.internet.set_cdn_closed(false);
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "success");
    assert!(!run.ran().contains(&"Deploy to GitHub Pages"));
    assert_converged(&world, "after a purge that was refused");
}

#[test]
fn a_rollback_that_is_cut_is_finished_or_has_not_begun() {
    let world = waiting();
    let first = (current(&world), world.pages());
    assert_ended(&world.run(UPDATE, &Start::default()), "success");
    let second = (current(&world), world.pages());
    let before = world.save();
    for (title, after) in [
        ("Keep the state", &second),
        ("Compare with what is online", &first),
        ("Deploy to GitHub Pages", &first),
        ("Purge the CDN", &first),
        ("Keep the state with what was deployed", &first),
    ] {
        world.reset(&before);
        let cut = Start {
            inputs: serde_json::json!({"version": "previous"}),
            cut: Some(Workflow::load(ROLLBACK).position(title)),
            ..Start::default()
        };
        assert_ended(&world.run(ROLLBACK, &cut), "lost");
        // The weekly run knows of it from the state.
        assert_ended(&world.run(UPDATE, &Start::default()), "success");
        assert_eq!(current(&world), after.0, "cut before {title}");
        assert!(world.pages() == after.1, "cut before {title}");
        let purged = world.internet.is_purged("/ville/97302/");
        assert_eq!(purged, after.0 == first.0, "cut before {title}");
    }
}

#[test]
fn an_upload_that_is_cut_is_tried_again() {
    let world = waiting();
    world.github.cut_uploads(1);
    assert_ended(&world.run(UPDATE, &Start::default()), "success");
    assert_converged(&world, "after an upload that was cut");
    let assets = world.github.assets("state-");
    assert!(
        assets.iter().all(|asset| asset.whole),
        "what was cut is gone"
    );
    assert_eq!(assets.len(), 3, "the newest few are kept");
}

#[test]
fn a_damaged_state_gives_way_to_the_one_before() {
    let world = waiting();
    world.github.damage("state-", 1);
    world.drop_cache();
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "success");
    assert!(
        run.summary.contains("the one before it is tried"),
        "{}",
        run.summary
    );
    assert_converged(&world, "with the state before");

    // None is left that can be used: nothing is begun anew by itself.
    world.github.damage("state-", 2);
    world.drop_cache();
    let online = world.pages();
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "failure");
    assert!(
        run.step("Restore the state")
            .log
            .contains("delete its assets"),
        "{}",
        run.log()
    );
    assert_eq!(world.pages(), online);
}

#[test]
fn a_state_that_cannot_be_had_is_not_taken_for_lost() {
    let world = waiting();
    let online = world.pages();
    world.github.set_closed(true);
    world.drop_cache();
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "failure");
    assert!(!run.ran().contains(&"Update"), "{:?}", run.ran());
    assert_eq!(world.pages(), online);
}

#[test]
fn a_lost_release_is_made_again_from_the_cache_and_from_the_sources() {
    let world = waiting();
    let first = current(&world);
    world.github.forget();
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "success");
    assert!(
        run.summary.contains("that of the cache is used"),
        "{}",
        run.summary
    );
    assert_eq!(world.versions()["previous"], first);

    world.github.forget();
    world.drop_cache();
    let pages = world.pages();
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "success");
    assert!(
        run.summary.contains("built from the sources"),
        "{}",
        run.summary
    );
    assert_eq!(
        world.versions()["previous"],
        Value::Null,
        "a history of its own"
    );
    assert_eq!(world.pages(), pages, "the same data, the same pages");
}

#[test]
fn another_source_makes_another_program() {
    let world = waiting();
    let programs = world.github.assets("immostats-");
    assert_eq!(programs.len(), 1);
    world
        .repository
        .commit("Cargo.toml", |text| text + "# changed\n");
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "success");
    assert!(run.ran().contains(&"Build the program"));
    let run = world.run(UPDATE, &Start::default());
    assert!(!run.ran().contains(&"Build the program"));
    assert_ne!(
        world.github.assets("immostats-").last().unwrap().name,
        programs[0].name
    );
}

#[test]
fn the_copy_of_the_cache_is_the_state_by_its_digest() {
    let world = waiting();
    // The same size, other bytes.
    world.alter_cache();
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "success");
    assert!(!run.summary.contains("damaged"), "{}", run.summary);
    assert_converged(&world, "with another copy in the cache");
}

#[test]
fn a_download_that_comes_altered_is_no_damaged_state() {
    let world = waiting();
    world.drop_cache();
    // The program first, then the state: each is asked for again.
    world.github.alter_downloads(2);
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "success");
    assert!(!run.summary.contains("damaged"), "{}", run.summary);
    assert_converged(&world, "after a download that came altered");

    let online = world.pages();
    world.drop_cache();
    world.github.alter_downloads(1_000);
    let run = world.run(UPDATE, &Start::default());
    assert_ended(&run, "failure");
    assert!(
        run.log().contains("other bytes than GitHub has"),
        "{}",
        run.log()
    );
    assert_eq!(world.pages(), online);
}

#[test]
fn a_published_release_is_not_taken_for_a_missing_one() {
    let world = waiting();
    let online = world.pages();
    world.github.publish();
    for workflow in [UPDATE, ROLLBACK] {
        let run = world.run(workflow, &Start::default());
        assert_ended(&run, "failure");
        assert!(run.log().contains("is no draft"), "{}", run.log());
        assert_eq!(world.pages(), online);
    }
}

#[test]
fn a_failed_job_that_is_run_again_deploys() {
    let world = waiting();
    *world.pages_fail.lock().unwrap() = true;
    assert_ended(&world.run(UPDATE, &Start::default()), "failure");
    let again = Start {
        attempt: 2,
        ..Start::default()
    };
    assert_ended(&world.run(UPDATE, &again), "success");
    assert_converged(&world, "after a second attempt");
}

#[test]
fn what_builds_may_not_write_and_no_rollback_is_cancelled_while_it_waits() {
    let [update, rollback] = [UPDATE, ROLLBACK].map(Workflow::load);
    for workflow in [&update, &rollback] {
        let jobs = workflow.jobs();
        for (name, job) in &jobs {
            let runs = |job: &super::actions::Job| {
                job.steps
                    .iter()
                    .any(|step| step.title() == "Build the program")
            };
            if runs(job) {
                assert_eq!(
                    job.permissions,
                    [("contents".into(), "read".into())].into(),
                    "{name}"
                );
            }
        }
        // One of each workflow, and of both together one at a time: no more than one ever waits.
        let together = jobs.last().unwrap().1.concurrency.as_ref().unwrap();
        assert_eq!(together.group, "site");
        assert!(!together.cancel_in_progress && !workflow.concurrency.cancel_in_progress);
    }
    assert_ne!(update.concurrency.group, rollback.concurrency.group);
    assert!(
        ![&update, &rollback]
            .iter()
            .any(|workflow| workflow.concurrency.group == "site")
    );
}
