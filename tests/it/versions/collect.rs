//! What `immostats gc` drops, and random sequences of builds, rollbacks and collections.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{RngSeed, TestRunner};

use super::*;
use crate::market::{Release, small_site};
use crate::support::{Project, Run};

/// The versions that a run of gc says it keeps and drops.
fn plan(run: &Run) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let plan = &run.json()[0];
    let kept = plan["kept"].as_array().unwrap().iter();
    let kept = kept.map(|entry| {
        (
            text(&entry["version"]).to_owned(),
            text(&entry["reason"]).to_owned(),
        )
    });
    let dropped = plan["dropped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| text(version).to_owned());
    (kept.collect(), dropped.collect())
}

#[test]
fn gc_drops_old_versions_and_gives_their_space_back() {
    let (project, mut release) = small_site();
    let mut built = vec![live(&project)];
    let mut sites = vec![project.site()];
    for commune in ["97302", "97303", "97304"] {
        built.push(reprice(&project, &mut release, commune, 130));
        sites.push(project.site());
    }
    project.run(&["versions", "pin", &built[0]]);
    project.run(&["rollback", &built[1]]);
    // Live: the second. Previous: the fourth. Pinned: the first.
    let dry = ["gc", "--keep", "0", "--dry-run", "--log-format", "json"];
    let before = databases(&project);
    let (kept, dropped) = plan(&project.run(&dry));
    assert!(databases(&project) == before, "a dry run writes nothing");
    let reasons: Vec<_> = built
        .iter()
        .map(|number| kept.get(number).map(String::as_str))
        .collect();
    assert_eq!(
        reasons,
        [Some("pinned"), Some("live"), None, Some("previous")]
    );
    assert_eq!(dropped, BTreeSet::from([built[2].clone()]));

    // A day that no version is older than keeps them all; a day to come keeps none.
    let today = built[0][..10].replace('.', "-");
    let (kept, _) = plan(&project.run(&[
        "gc",
        "--keep",
        "0",
        "--keep-since",
        &today,
        "--dry-run",
        "--log-format",
        "json",
    ]));
    assert_eq!(kept.len(), 4);
    let (kept, _) = plan(&project.run(&[
        "gc",
        "--keep",
        "0",
        "--keep-since",
        "2999-01-01",
        "--dry-run",
        "--log-format",
        "json",
    ]));
    assert_eq!(kept.len(), 3);
    let (kept, _) = plan(&project.run(&["gc", "--keep", "2", "--dry-run", "--log-format", "json"]));
    assert_eq!(kept.len(), 4);

    project.run(&["versions", "unpin", &built[0]]);
    let space = size(&project, "data/versions.db");
    let run = project.run(&["gc", "--keep", "1", "--log-format", "json"]);
    let promised = run.json()[0]["bytes"].as_u64().unwrap();
    assert_eq!(
        numbers(&project),
        BTreeSet::from([built[1].clone(), built[3].clone()])
    );
    let given_back = space - size(&project, "data/versions.db");
    assert!(
        promised > 0 && given_back >= promised,
        "{given_back} bytes of {promised} were given back"
    );
    assert_eq!(
        fs::metadata(project.path("data/versions.db-wal")).map_or(0, |file| file.len()),
        0
    );
    project.run(&["verify"]);
    assert_eq!(project.site(), sites[1]);
    assert_fails(&project.try_run(&["rollback", &built[0]]), "no version");
    project.run(&["rollback", &built[3]]);
    assert_eq!(project.site(), sites[3]);
    // The next build takes its pages from what is left.
    project.run(&["build", "--only-changed"]);
    assert_eq!(project.site(), sites[3]);
    project.run(&["verify", "--rebuild"]);
}

#[test]
fn gc_does_not_undo_a_rollback() {
    let (project, mut release) = small_site();
    let first = live(&project);
    let second = reprice(&project, &mut release, "97302", 110);
    reprice(&project, &mut release, "97302", 110);
    project.run(&["rollback", &first]);
    project.run(&["rollback", &second]);
    let site = project.site();
    // The build that was rolled back is neither live nor previous.
    project.run(&["gc", "--keep", "0"]);
    let run = project.run(&["build", "--only-changed"]);
    assert!(run.stdout.contains("--resume"), "{}", run.stdout);
    assert_eq!((live(&project), project.site()), (second, site));
}

/// What happens to a project with versions.
#[derive(Clone, Debug)]
enum Step {
    /// Prices of a commune move.
    Build {
        commune: Index,
        percent: u32,
    },
    /// Nothing moved.
    BuildAgain,
    /// A version that is kept, by its number.
    Rollback(Index),
    Previous,
    Pin(Index),
    Unpin(Index),
    Collect(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any::<Index>(), 101..140_u32).prop_map(|(commune, percent)| Step::Build { commune, percent }),
        1 => Just(Step::BuildAgain),
        3 => any::<Index>().prop_map(Step::Rollback),
        2 => Just(Step::Previous),
        1 => any::<Index>().prop_map(Step::Pin),
        1 => any::<Index>().prop_map(Step::Unpin),
        2 => (0..4_usize).prop_map(Step::Collect),
    ]
}

/// What a project's versions should be.
struct Model {
    /// The bytes of each version that is kept, in the order of their numbers.
    sites: Vec<(String, Site)>,
    /// Which went live, the last at the end.
    history: Vec<String>,
    pinned: BTreeSet<String>,
}

impl Model {
    fn live(&self) -> &String {
        self.history.last().unwrap()
    }

    fn previous(&self) -> Option<&String> {
        self.history
            .iter()
            .rev()
            .find(|number| *number != self.live())
    }

    fn site(&self, number: &str) -> &Site {
        &self
            .sites
            .iter()
            .find(|(kept, _)| kept == number)
            .unwrap()
            .1
    }

    fn go_live(&mut self, number: &str) {
        if self.live() != number {
            self.history.push(number.to_owned());
        }
    }

    /// Drops all but the newest, the live, the previous, the pinned and the last that was built.
    fn collect(&mut self, keep: usize) {
        let (live, previous) = (self.live().clone(), self.previous().cloned());
        let newest = self.sites.len().saturating_sub(keep.max(1));
        let newest: Vec<_> = self.sites[newest..]
            .iter()
            .map(|(number, _)| number.clone())
            .collect();
        let pinned = self.pinned.clone();
        self.sites.retain(|(number, _)| {
            newest.contains(number)
                || *number == live
                || Some(number) == previous.as_ref()
                || pinned.contains(number)
        });
        let kept: BTreeSet<_> = self
            .sites
            .iter()
            .map(|(number, _)| number.clone())
            .collect();
        self.history.retain(|number| kept.contains(number));
    }
}

fn apply(project: &Project, release: &mut Release, model: &mut Model, step: &Step) {
    let number = |index: &Index| index.get(&model.sites).0.clone();
    match step {
        Step::Build { commune, percent } => {
            let commune = commune.get(&release.communes()).clone();
            let number = reprice(project, release, &commune, *percent);
            model.sites.push((number.clone(), project.site()));
            model.go_live(&number);
        }
        Step::BuildAgain => {
            project.run(&["build", "--only-changed"]);
        }
        Step::Rollback(index) => {
            let number = number(index);
            project.run(&["rollback", &number]);
            model.go_live(&number);
        }
        Step::Previous => {
            let previous = model.previous().cloned();
            let run = project.try_run(&["rollback"]);
            assert_eq!(run.code == 0, previous.is_some(), "{}", run.stderr);
            if let Some(previous) = previous {
                model.go_live(&previous);
            }
        }
        Step::Pin(index) => {
            let number = number(index);
            project.run(&["versions", "pin", &number]);
            model.pinned.insert(number);
        }
        Step::Unpin(index) => {
            let number = number(index);
            project.run(&["versions", "unpin", &number]);
            model.pinned.remove(&number);
        }
        Step::Collect(keep) => {
            project.run(&["gc", "--keep", &keep.to_string()]);
            model.collect(*keep);
        }
    }
}

#[test]
fn random_sequences_of_builds_rollbacks_and_collections_keep_every_byte() {
    let configuration = ProptestConfig {
        cases: 3,
        rng_seed: RngSeed::Fixed(3),
        failure_persistence: None,
        max_shrink_iters: 16,
        ..ProptestConfig::default()
    };
    let steps = prop::collection::vec(step(), 8..16);
    let outcome = TestRunner::new(configuration).run(&steps, |steps| {
        let (project, mut release) = small_site();
        let mut model = Model {
            sites: vec![(live(&project), project.site())],
            history: vec![live(&project)],
            pinned: BTreeSet::new(),
        };
        for step in &steps {
            apply(&project, &mut release, &mut model, step);
            prop_assert_eq!(&live(&project), model.live(), "after {:?}", step);
            prop_assert!(
                project.site() == *model.site(model.live()),
                "after {:?}",
                step
            );
            let kept: BTreeSet<_> = model
                .sites
                .iter()
                .map(|(number, _)| number.clone())
                .collect();
            prop_assert_eq!(numbers(&project), kept, "after {:?}", step);
        }
        for (number, site) in &model.sites {
            project.run(&["rollback", number]);
            prop_assert!(
                project.site() == *site,
                "version {} came back with other bytes",
                number
            );
        }
        project.run(&["verify"]);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
