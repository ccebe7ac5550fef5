//! Incremental equals full: after any sequence of imports, template edits, configuration changes, withdrawn communes and
//! killed runs, `build --only-changed` leaves the bytes that a build from nothing leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, Instant, SystemTime};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{RngSeed, TestRunner};

use crate::kill::{Moment, run_until};
use crate::market::{GUYANE, Release, VAR, month, small_site};
use crate::support::{Project, lines, sample};

/// Configurations to change between: each key moves at least once.
const CONFIGURATIONS: [&str; 6] = [
    "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\", \"973\"]\n",
    "[site]\nname = \"Prix d’ici\"\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\", \"973\"]\n",
    "[site]\naddress = \"https://example.fr/prix\"\ndepartements = [\"973\"]\n",
    "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\", \"973\"]\n[statistics]\nminimum_sales = 30\nsolid_sales = 40\nquartile_sales = 60\nwindow_sales = 80\n",
    "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\", \"973\"]\n[[notes]]\nterritory = \"973\"\npartial_years = [2023]\ntext = \"L’année 2023 est incomplète.\"\n[[notes]]\nterritory = \"83137\"\ntext = \"Une remarque sur Toulon.\"\n",
    "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\"]\n[build]\nmaximum_removals = 50.0\n",
];

/// Templates of the project's own to change between: the file, and what stands in it in place of something that ships.
const TEMPLATES: [(&str, &str, &str); 4] = [
    ("assets/style.css", "body", "body, main"),
    ("commune.html", "</h1>", ", par commune</h1>"),
    ("components.html", "<caption>", "<caption><!-- tableau -->"),
    ("sitemap.xml", "<urlset", "<!-- plan -->\n<urlset"),
];

/// Something that happens to a project between two builds.
#[derive(Clone, Debug)]
enum Change {
    /// A later edition of a file: sales added, sales withdrawn.
    Revise {
        release: Index,
        seed: u64,
    },
    /// The prices of a commune move.
    Reprice {
        release: Index,
        commune: Index,
        percent: u32,
    },
    /// A commune's sales are gone from a file.
    Withdraw {
        release: Index,
        commune: Index,
    },
    /// A template of the project's own comes or goes.
    Template(usize),
    Configuration(usize),
    /// Only one commune's pages are made before the others are.
    City(Index),
    /// All pages are made again.
    Full,
    /// The version before is live for a while.
    Back,
}

/// A change and the runs that are killed after it, each at a share of its usual time.
#[derive(Clone, Debug)]
struct Step {
    change: Change,
    killed: Option<f64>,
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        3 => (index(), any::<u64>()).prop_map(|(release, seed)| Change::Revise { release, seed }),
        2 => (index(), index(), 80..130_u32)
            .prop_map(|(release, commune, percent)| Change::Reprice { release, commune, percent }),
        2 => (index(), index()).prop_map(|(release, commune)| Change::Withdraw { release, commune }),
        2 => (0..TEMPLATES.len()).prop_map(Change::Template),
        2 => (0..CONFIGURATIONS.len()).prop_map(Change::Configuration),
        1 => index().prop_map(Change::City),
        1 => Just(Change::Full),
        1 => Just(Change::Back),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    (change(), prop::option::weighted(0.4, 0.0..1.1))
        .prop_map(|(change, killed)| Step { change, killed })
}

/// A project with its files, and the order in which they were last imported.
struct World {
    project: Project,
    releases: Vec<Release>,
    imported: Vec<usize>,
    /// How long an import and a build take.
    import_time: Duration,
    build_time: Duration,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            project: Project::new(&[]),
            releases: vec![
                Release::of_year("973", &GUYANE, 2023, 1),
                Release::of_year("973", &GUYANE, 2024, 2),
                Release::of_year("83061", &VAR[1..2], 2024, 3),
                toulon(),
            ],
            imported: Vec::new(),
            import_time: Duration::ZERO,
            build_time: Duration::ZERO,
        };
        world.project.configure(CONFIGURATIONS[0]);
        for release in 0..world.releases.len() {
            let started = Instant::now();
            world.import(release, None);
            world.import_time = started.elapsed();
        }
        let started = Instant::now();
        world.build(None);
        world.build_time = started.elapsed();
        world
    }

    fn import(&mut self, release: usize, killed: Option<f64>) {
        let arguments = self.releases[release].arguments(&self.project);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        if let Some(share) = killed {
            run_until(
                &self.project,
                &arguments,
                &Moment::After(self.import_time.mul_f64(share)),
            );
        }
        self.project.run(&arguments);
        self.imported.retain(|index| *index != release);
        self.imported.push(release);
    }

    fn build(&self, killed: Option<f64>) {
        let arguments = ["build", "--only-changed", "--allow-removals", "--resume"];
        if let Some(share) = killed {
            run_until(
                &self.project,
                &arguments,
                &Moment::After(self.build_time.mul_f64(share)),
            );
        }
        self.project.run(&arguments);
    }

    fn apply(&mut self, step: &Step) {
        match &step.change {
            Change::Revise { release, seed } => {
                let release = release.index(self.releases.len());
                self.releases[release].revise(*seed);
                self.import(release, step.killed);
            }
            Change::Reprice {
                release,
                commune,
                percent,
            } => {
                let release = release.index(self.releases.len());
                let commune = commune.get(&self.releases[release].communes()).clone();
                self.releases[release].reprice(&commune, *percent);
                self.import(release, step.killed);
            }
            Change::Withdraw { release, commune } => {
                let release = release.index(self.releases.len());
                let commune = commune.get(&self.releases[release].communes()).clone();
                self.releases[release].withdraw(&commune);
                self.import(release, step.killed);
            }
            Change::Template(number) => {
                let (name, shipped, own) = TEMPLATES[*number];
                let path = self.project.path("templates").join(name);
                if path.exists() {
                    fs::remove_file(path).unwrap();
                } else {
                    let text = fs::read_to_string(sample("../../templates").join(name)).unwrap();
                    assert!(text.contains(shipped), "{name}");
                    self.project
                        .file(&format!("templates/{name}"), text.replace(shipped, own));
                }
            }
            Change::Configuration(number) => self.project.configure(CONFIGURATIONS[*number]),
            Change::City(index) => {
                let site = self.project.site();
                let cities: Vec<&str> = site
                    .keys()
                    .filter_map(|path| path.strip_prefix("data/villes/")?.strip_suffix(".json"))
                    .collect();
                let city = index.get(&cities);
                self.project
                    .run(&["build", "--city", city, "--allow-removals"]);
            }
            Change::Full => {
                self.project.run(&["build", "--allow-removals"]);
            }
            Change::Back => {
                // Exit code 1 while there is one version only.
                self.project.try_run(&["rollback"]);
            }
        }
        self.build(step.killed);
    }

    /// A project that has seen nothing but the last of each file.
    fn afresh(&self) -> Project {
        let project = Project::new(&[]);
        project.file(
            "immostats.toml",
            fs::read(self.project.path("immostats.toml")).unwrap(),
        );
        for (name, ..) in TEMPLATES {
            let name = format!("templates/{name}");
            if let Ok(text) = fs::read(self.project.path(&name)) {
                project.file(&name, text);
            }
        }
        for release in &self.imported {
            self.releases[*release].import(&project);
        }
        project.run(&["build"]);
        project
    }
}

/// The real lines of Toulon of three months: mutations of many lines, exact duplicates, lines without a price.
fn toulon() -> Release {
    let mut lines = lines(&sample("83137-toulon-2024.csv.gz"));
    lines.retain(|line| ["2024-01", "2024-02", "2024-03"].contains(&month(line)));
    Release {
        scope: "83137@2024-01..2024-03".into(),
        lines,
    }
}

/// Paths that the sites do not have in common or whose bytes differ.
fn differences(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>) -> BTreeSet<String> {
    a.keys()
        .chain(b.keys())
        .filter(|path| a.get(*path) != b.get(*path))
        .cloned()
        .collect()
}

/// What `api/health.json` says of the content.
fn health(project: &Project) -> serde_json::Value {
    let mut health = project.json("api/health.json");
    let fields = health.as_object_mut().unwrap();
    fields.remove("version").unwrap();
    fields.remove("published_at").unwrap();
    health
}

fn random_sequences(seed: u64) {
    let configuration = ProptestConfig {
        cases: 3,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        // Each attempt takes as long as a case: a shorter sequence is a comfort, not worth an hour.
        max_shrink_iters: 16,
        ..ProptestConfig::default()
    };
    let steps = prop::collection::vec(step(), 4..8);
    let outcome = TestRunner::new(configuration).run(&steps, |steps| {
        let mut world = World::new();
        for step in &steps {
            world.apply(step);
        }
        let afresh = world.afresh();
        let found = differences(&world.project.site(), &afresh.site());
        prop_assert!(
            found.is_empty(),
            "other bytes than from nothing: {:?}",
            found
        );
        prop_assert_eq!(health(&world.project), health(&afresh));
        let verify = world.project.try_run(&["verify", "--rebuild"]);
        prop_assert!(verify.code == 0, "{}{}", verify.stdout, verify.stderr);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn random_sequences_of_changes_give_the_bytes_of_a_build_from_nothing() {
    random_sequences(1);
}

#[test]
fn other_random_sequences_of_changes_give_the_bytes_of_a_build_from_nothing() {
    random_sequences(2);
}

/// When each file of the site was last written.
fn times(project: &Project) -> BTreeMap<String, SystemTime> {
    let site = project.path("site");
    let time = |path: &String| fs::metadata(site.join(path)).unwrap().modified().unwrap();
    project
        .site()
        .into_keys()
        .map(|path| (path.clone(), time(&path)))
        .collect()
}

/// The files that a build wrote, proven to be those whose bytes differ.
fn written(project: &Project, change: impl FnOnce()) -> BTreeSet<String> {
    let (before, times_before) = (project.site(), times(project));
    change();
    project.run(&["build", "--only-changed"]);
    let times_after = times(project);
    let written: BTreeSet<String> = times_after
        .iter()
        .filter(|(path, time)| times_before.get(*path) != Some(*time))
        .map(|(path, _)| path.clone())
        .collect();
    let site = project.site();
    let differ = differences(&before, &site);
    assert_eq!(
        written,
        differ
            .into_iter()
            .filter(|path| site.contains_key(path))
            .collect()
    );
    written
}

#[test]
fn a_change_rewrites_only_the_pages_that_show_it() {
    let (project, mut release) = small_site();
    // The dearest house of Mana: no median moves, the mean and the sales of Mana do.
    let mana = "97306";
    let written = written(&project, || {
        let dearest = release
            .lines
            .iter_mut()
            .filter(|line| line.contains(",97306,") && line.contains(",Maison,"))
            .max_by_key(|line| line.split(',').nth(4).unwrap().parse::<u64>().unwrap())
            .unwrap();
        let price = dearest.split(',').nth(4).unwrap().to_owned();
        *dearest = dearest.replace(
            &format!(",{price},"),
            &format!(",{},", price.parse::<u64>().unwrap() * 2),
        );
        release.import(&project);
    });
    let expected = [
        "data/villes/97306.json",
        "departement/973/index.html",
        "index.html",
        "region/03/index.html",
        "ville/97306/index.html",
    ];
    assert!(written.contains("data/villes/97306.json"), "{written:?}");
    let others: Vec<_> = written
        .iter()
        .filter(|path| !expected.contains(&path.as_str()))
        .collect();
    assert!(others.is_empty(), "{mana} alone changed: {others:?}");
}

#[test]
fn a_median_of_the_departement_reaches_the_pages_of_its_communes() {
    let (project, mut release) = small_site();
    let page =
        |project: &Project, path: &str| String::from_utf8(project.site()[path].clone()).unwrap();
    let before = page(&project, "ville/97307/index.html");
    let written = written(&project, || {
        for commune in &GUYANE[..5] {
            release.reprice(commune, 150);
        }
        release.import(&project);
    });
    // Matoury's own sales are as they were: its page shows the département's median beside its own.
    assert!(!written.contains("data/villes/97307.json"), "{written:?}");
    assert!(written.contains("ville/97307/index.html"), "{written:?}");
    let after = page(&project, "ville/97307/index.html");
    let row = |page: &str| {
        page.lines()
            .find(|line| line.contains("departement/973/\">") && line.contains("<td>"))
            .unwrap()
            .to_owned()
    };
    assert_ne!(row(&before), row(&after));
    // Communes without a sale compare themselves with nothing of their own, but show the same département.
    for path in project
        .site()
        .keys()
        .filter(|path| path.starts_with("ville/973"))
    {
        assert!(page(&project, path).contains(&row(&after)), "{path}");
    }
}

#[test]
fn a_commune_whose_sales_are_withdrawn_leaves_no_trace() {
    let (project, mut release) = small_site();
    let before = project.json("data/villes/97303.json");
    assert_eq!(before["metadata"]["total_transactions"], 36);
    release.withdraw("97303");
    release.import(&project);
    project.run(&["build", "--only-changed"]);
    assert_eq!(
        project.json("data/villes/97303.json")["metadata"]["total_transactions"],
        0
    );
    let afresh = Project::new(&["973", "83"]);
    release.import(&afresh);
    Release::of_year("83061", &VAR[1..2], 2024, 6).import(&afresh);
    afresh.run(&["build"]);
    assert_eq!(
        differences(&project.site(), &afresh.site()),
        BTreeSet::new()
    );
    project.run(&["verify", "--rebuild"]);
}
