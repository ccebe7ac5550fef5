//! Incremental equals full: after any sequence of imports, template edits, configuration changes, withdrawn communes and
//! killed runs, `build --only-changed` leaves the bytes that a build from nothing leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use immostats::base::stop::StopPoint;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::json;

use crate::market::{GUYANE, Release, VAR, month, random};
use crate::stop::is_killed_at;
use crate::support::{Project, lines, sample};

mod estimates;
mod pages;

/// Configurations to change between: each key moves at least once.
const CONFIGURATIONS: [&str; 6] = [
    "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\", \"973\"]\n",
    "[site]\nname = \"Prix d’ici\"\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\", \"973\"]\n",
    "[site]\naddress = \"https://example.fr/prix\"\ndepartements = [\"973\"]\n",
    "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\", \"973\"]\n[statistics]\nminimum_sales = 30\nsolid_sales = 40\nquartile_sales = 60\nwindow_sales = 80\n",
    "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\", \"973\"]\n[[notes]]\nterritory = \"973\"\npartial_years = [2023]\ntext = \"L’année 2023 est incomplète.\"\n[[notes]]\nterritory = \"83137\"\ntext = \"Une remarque sur Toulon.\"\n",
    "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\"]\n[build]\nmaximum_removals = 50.0\n",
];

/// A table of an operator's, whose name is another in every second configuration.
fn operator(configuration: usize) -> String {
    format!(
        "[[sources]]\nid = \"mairie\"\nkind = \"grist\"\n[sources.grist]\ndoc = \"x\"\ntable = \"Notes\"\noperator = \"Mairie n° {}\"\n",
        configuration % 2
    )
}

/// Templates of the project's own to change between: the file, and what stands in it in place of something that ships.
const TEMPLATES: [(&str, &str, &str); 4] = [
    ("assets/style.css", "body", "body, main"),
    ("commune.html", "</h1>", ", par commune</h1>"),
    (
        "block/places.html",
        "<caption>",
        "<caption><!-- tableau -->",
    ),
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
    /// The coordinates of a commune's sales are corrected.
    Relocate {
        release: Index,
        commune: Index,
        thousandths: i32,
    },
    /// A commune's sales are gone from a file.
    Withdraw {
        release: Index,
        commune: Index,
    },
    /// A template of the project's own comes or goes.
    Template(usize),
    Configuration(usize),
    /// Contours are imported, others than before or the same.
    Contours(usize),
    /// Rates of taxes are imported, others than before.
    Indicators(u64),
    /// Notes of an operator are imported, others than before; some have expired.
    Notes(u64),
    /// Only one commune's pages are made before the others are.
    City(Index),
    /// All pages are made again.
    Full,
    /// The version before is live for a while.
    Back,
}

/// A point, and for the how manyth time it is reached.
type Kill = (StopPoint, u32);

/// Where runs are killed.
const KILLS: [Kill; 10] = [
    (StopPoint::ImportWritten, 1),
    (StopPoint::ImportCommitted, 1),
    (StopPoint::FiguresWritten, 1),
    (StopPoint::FiguresStored, 1),
    (StopPoint::VersionWritten, 1),
    (StopPoint::VersionCommitted, 1),
    (StopPoint::SiteFileReplaced, 1),
    (StopPoint::SiteFileReplaced, 9),
    (StopPoint::SiteFilesInPlace, 1),
    (StopPoint::SiteFileRemoved, 1),
];

/// A change and where the runs are killed that follow it.
#[derive(Clone, Debug)]
struct Step {
    change: Change,
    killed: Option<Kill>,
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        3 => (index(), any::<u64>()).prop_map(|(release, seed)| Change::Revise { release, seed }),
        2 => (index(), index(), 80..130_u32)
            .prop_map(|(release, commune, percent)| Change::Reprice { release, commune, percent }),
        2 => (index(), index(), -90..90_i32).prop_map(|(release, commune, thousandths)| {
            Change::Relocate { release, commune, thousandths }
        }),
        2 => (index(), index()).prop_map(|(release, commune)| Change::Withdraw { release, commune }),
        2 => (0..TEMPLATES.len()).prop_map(Change::Template),
        2 => (0..CONFIGURATIONS.len()).prop_map(Change::Configuration),
        2 => (0..2_usize).prop_map(Change::Contours),
        2 => (0..9_u64).prop_map(Change::Indicators),
        2 => (0..9_u64).prop_map(Change::Notes),
        1 => index().prop_map(Change::City),
        1 => Just(Change::Full),
        1 => Just(Change::Back),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let kill = prop::sample::select(&KILLS[..]);
    (change(), prop::option::weighted(0.4, kill))
        .prop_map(|(change, killed)| Step { change, killed })
}

/// A project with its files, and the order in which they were last imported.
struct World {
    project: Project,
    releases: Vec<Release>,
    imported: Vec<usize>,
    /// The contours that were imported last.
    contours: Option<usize>,
    /// The rates that were.
    indicators: Option<u64>,
    /// The notes that were.
    notes: Option<u64>,
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
            contours: None,
            indicators: None,
            notes: None,
        };
        world.configure(0);
        // The others come later, or never.
        for release in [0, 3] {
            world.import(release, None);
        }
        world.build(None);
        world
    }

    fn configure(&self, number: usize) {
        let operator = operator(number);
        let settings = format!("{}{operator}", CONFIGURATIONS[number]);
        self.project.configure(&settings);
    }

    fn import(&mut self, release: usize, killed: Option<Kill>) {
        let arguments = self.releases[release].arguments(&self.project);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.run_killed(&arguments, killed);
        self.project.run(&arguments);
        self.imported.retain(|index| *index != release);
        self.imported.push(release);
    }

    fn build(&self, killed: Option<Kill>) {
        let arguments = ["build", "--only-changed", "--allow-removals", "--resume"];
        self.run_killed(&arguments, killed);
        self.project.run(&arguments);
    }

    /// Runs a command that is killed at a point, unless it never comes there.
    fn run_killed(&self, arguments: &[&str], killed: Option<Kill>) {
        if let Some((point, time)) = killed {
            is_killed_at(self.project.command().args(arguments), point, time);
        }
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
            Change::Relocate {
                release,
                commune,
                thousandths,
            } => {
                let release = release.index(self.releases.len());
                let commune = commune.get(&self.releases[release].communes()).clone();
                self.releases[release].relocate(&commune, *thousandths);
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
            Change::Configuration(number) => self.configure(*number),
            Change::Contours(number) => {
                let arguments = contours(&self.project, *number);
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                self.run_killed(&arguments, step.killed);
                self.project.run(&arguments);
                self.contours = Some(*number);
            }
            Change::Indicators(seed) => {
                let arguments = indicators(&self.project, *seed);
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                self.run_killed(&arguments, step.killed);
                self.project.run(&arguments);
                self.indicators = Some(*seed);
            }
            Change::Notes(seed) => {
                let arguments = notes(&self.project, *seed);
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                self.run_killed(&arguments, step.killed);
                self.project.run(&arguments);
                self.notes = Some(*seed);
            }
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
        if let Some(number) = self.contours {
            let arguments = contours(&project, number);
            project.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if let Some(seed) = self.indicators {
            let arguments = indicators(&project, seed);
            project.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if let Some(seed) = self.notes {
            let arguments = notes(&project, seed);
            project.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        }
        project.run(&["build"]);
        project
    }
}

/// What imports notes on communes of the Var and of Guyane; one in three has expired, one in three never does.
fn notes(project: &Project, seed: u64) -> [String; 4] {
    let mut random = random(seed);
    let codes = VAR.iter().chain(&GUYANE).enumerate();
    let records = codes.map(|(row, code)| {
        let text = ["Une note.", "Une autre.", ""][random.random_range(0..3_usize)];
        let day = ["2000-01-31", "2100-01-31", ""][random.random_range(0..3_usize)];
        let number = random.random_range(0..3_u32);
        json!({"id": row, "fields": {"code": code, "text": text, "number": number, "label": "Permis", "valid_until": day}})
    });
    let answer = json!({"records": records.collect::<Vec<_>>()});
    let path = project.file("notes.json", answer.to_string());
    ["import", "--source", "mairie", path.to_str().unwrap()].map(str::to_owned)
}

/// What imports rates of taxes of the Var and of Guyane; of a commune in three there is none of the second.
fn indicators(project: &Project, seed: u64) -> [String; 4] {
    let mut random = random(seed);
    let mut text = "insee_com,taux_global_tfb,taux_plein_teom\n".to_owned();
    for code in VAR.iter().chain(&GUYANE) {
        let rate = random.random_range(200..600_u32);
        let other = match random.random_range(0..3_u32) {
            0 => String::new(),
            _ => format!("{}.5", random.random_range(5..20_u32)),
        };
        text.push_str(&format!("{code},{}.{},{other}\n", rate / 10, rate % 10));
    }
    let path = project.file("taxes.csv", text);
    ["import", "--source", "fiscalite", path.to_str().unwrap()].map(str::to_owned)
}

/// What imports contours of Guyane, squares in a row: of one number more of them than of another, and elsewhere.
fn contours(project: &Project, number: usize) -> [String; 3] {
    let communes = GUYANE[..4 + number].iter().enumerate();
    let features = communes.map(|(index, code)| {
        let (west, south) = (-53.0 + 0.1 * index as f64, 4.0 + 0.1 * number as f64);
        let (east, north) = (west + 0.1, south + 0.1);
        let ring = json!([
            [west, south],
            [east, south],
            [east, north],
            [west, north],
            [west, south]
        ]);
        json!({
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        })
    });
    let file = json!({"type": "FeatureCollection", "features": features.collect::<Vec<_>>()});
    let path = project.file("contours.geojson", file.to_string());
    // It has not nearly all communes.
    [
        "import".to_owned(),
        path.display().to_string(),
        "--force".to_owned(),
    ]
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
    for of_the_run in ["version", "published_at", "next_update", "last_run"] {
        fields.remove(of_the_run).unwrap();
    }
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
