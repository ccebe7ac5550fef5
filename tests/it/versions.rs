//! Versions: committed when something changed, brought back whole, verified to the byte, dropped and packed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Instant;

use rusqlite::Connection;
use serde_json::Value;

use crate::market::{Release, small_site};
use crate::support::{Project, Run, tree};

mod archive;
mod cause;
mod collect;
mod damage;
mod database;
mod folder;
mod lock;
mod loss;
mod operator;
mod rollback;
mod state;

type Site = BTreeMap<String, Vec<u8>>;

/// The versions of a project as `immostats versions --json` lists them, the newest first.
pub fn versions(project: &Project) -> Vec<Value> {
    serde_json::from_str(&project.run(&["versions", "--json"]).stdout).unwrap()
}

/// The number of the live version, as `site/version.json` has it.
pub fn live(project: &Project) -> String {
    project.json("version.json")["current"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
}

/// Imports a release in which a commune's prices have moved, and builds. Gives the version's number.
#[track_caller]
fn reprice(project: &Project, release: &mut Release, commune: &str, percent: u32) -> String {
    release.reprice(commune, percent);
    release.import(project);
    project.run(&["build", "--only-changed"]);
    live(project)
}

/// The size of a file, in bytes.
fn size(project: &Project, name: &str) -> u64 {
    fs::metadata(project.path(name)).unwrap().len()
}

/// The version store, to look at or to damage.
fn store(project: &Project) -> Connection {
    Connection::open(project.path("data/versions.db")).unwrap()
}

#[track_caller]
fn assert_fails(run: &Run, message: &str) {
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stderr.contains(message),
        "\"{message}\" was expected:\n{}",
        run.stderr
    );
}

#[test]
fn a_build_commits_a_version_only_when_something_changed() {
    let (project, mut release) = small_site();
    let first = versions(&project);
    assert_eq!(first.len(), 1);
    let date = text(&first[0]["date"]);
    assert!(date.parse::<jiff::Timestamp>().is_ok(), "{date}");
    let day = date[..10].replace('-', ".");
    let number = text(&first[0]["version"]).to_owned();
    assert_eq!(number, format!("{day}.1"));
    assert_eq!(first[0]["cause"], "first build");
    assert_eq!(first[0]["changes"]["new_transactions"], 252);

    let site = project.site();
    for arguments in [&["build", "--only-changed"][..], &["build"]] {
        let run = project.run(arguments);
        assert!(run.stdout.contains("nothing changed"), "{}", run.stdout);
        assert_eq!(versions(&project), first);
    }
    // The same content again.
    release.import(&project);
    project.run(&["build", "--only-changed"]);
    assert_eq!(versions(&project), first);
    assert_eq!(project.site(), site);

    // A day later, at midnight, the count begins again; the order of the numbers' parts is the order of the versions.
    let parts = |number: &str| -> Vec<u32> {
        number
            .split('.')
            .map(|part| part.parse().unwrap())
            .collect()
    };
    let mut last = parts(&number);
    let mut committed = |project: &Project, cause: &str| {
        project.run(&["build", "--only-changed"]);
        let versions = versions(project);
        assert_eq!(versions[0]["live"], true);
        assert!(
            text(&versions[0]["cause"]).contains(cause),
            "{}",
            versions[0]["cause"]
        );
        let number = parts(text(&versions[0]["version"]));
        assert_eq!(number.len(), 4);
        assert!(number > last, "{number:?} after {last:?}");
        last = number;
        versions[0]["changes"].clone()
    };
    release.revise(1);
    release.import(&project);
    let started = Instant::now();
    let changes = committed(&project, "release imported");
    let most = started.elapsed().as_secs_f64() + 0.05;
    assert!(
        changes["cities_updated"].as_u64().unwrap() >= 6,
        "{changes}"
    );
    let seconds = changes["build_time"].as_f64().unwrap();
    assert!(seconds > 0.0 && seconds <= most, "{seconds} s of {most}");

    project.file(
        "templates/404.html",
        "<!doctype html>\n<title>Rien ici</title>\n",
    );
    let changes = committed(&project, "template");
    assert_eq!(changes["pages_changed"], 1);
    assert_eq!(changes["cities_updated"], 0);
    assert_eq!(changes["new_transactions"], 0);

    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!("{configuration}name = \"Prix d’ici\"\n"));
    let changes = committed(&project, "configuration");
    assert_eq!(changes["pages_added"], 0);
    assert_eq!(changes["pages_removed"], 0);
    // Every page has the name in its header, as pictures, feeds and what describes the site to programs have it.
    let described = [
        "opensearch.xml",
        "data/openapi.json",
        "data/datapackage.json",
        "llms.txt",
    ];
    let has_name = |path: &String| {
        let endings = [".html", ".png", "atom.xml"];
        endings.iter().any(|ending| path.ends_with(ending)) || described.contains(&&**path)
    };
    let pages = project.site().into_keys().filter(has_name).count();
    assert_eq!(changes["pages_changed"], pages - 1);
}

#[test]
fn version_json_tells_what_is_live_and_what_was() {
    let (project, mut release) = small_site();
    let first = live(&project);
    let json = project.json("version.json");
    assert_eq!(json["previous"], Value::Null);
    let second = reprice(&project, &mut release, "97302", 110);
    project.run(&["rollback"]);

    let json = project.json("version.json");
    assert_eq!(json["current"], first.as_str());
    assert_eq!(json["previous"], second.as_str());
    let keys: BTreeSet<&str> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys, BTreeSet::from(["current", "history", "previous"]));
    let history = json["history"].as_array().unwrap();
    let told: Vec<_> = history
        .iter()
        .map(|entry| (text(&entry["version"]), text(&entry["action"])))
        .collect();
    assert_eq!(
        told,
        [
            (first.as_str(), "rollback"),
            (second.as_str(), "build"),
            (first.as_str(), "build")
        ]
    );
    for entry in history {
        assert!(
            text(&entry["date"]).parse::<jiff::Timestamp>().is_ok(),
            "{entry}"
        );
        for count in [
            "cities_updated",
            "new_transactions",
            "pages_added",
            "pages_changed",
            "pages_removed",
        ] {
            assert!(entry["changes"][count].is_u64(), "{count} in {entry}");
        }
        assert!(entry["changes"]["build_time"].is_f64(), "{entry}");
    }
    assert_eq!(project.json("api/health.json")["version"], first.as_str());
}

#[test]
fn a_number_never_comes_twice_though_the_store_is_lost() {
    let (project, _) = small_site();
    let number = |project: &Project| {
        let file = fs::read(project.path("site/version.json")).unwrap();
        let file: Value = serde_json::from_slice(&file).unwrap();
        file["current"].as_str().unwrap().to_owned()
    };
    let first = number(&project);
    for name in ["versions.db", "versions.db-wal", "versions.db-shm"] {
        let _ = fs::remove_file(project.path("data").join(name));
    }
    let told = project.run(&["build"]).stderr;
    assert!(told.contains("of a store that is gone"), "{told}");
    let (day, last) = first.rsplit_once('.').unwrap();
    let last: u32 = last.parse().unwrap();
    assert_eq!(number(&project), format!("{day}.{}", last + 1));
}

#[test]
fn charts_that_changed_are_drawn_side_by_side() {
    let (project, mut release) = small_site();
    let second = reprice(&project, &mut release, "97304", 150);
    let folder = project.path("pictures");
    let out = ["--visual", "--out", folder.to_str().unwrap(), "--json"];
    let compared = project.run(&[&["diff", "previous", &second], &out[..]].concat());
    let difference = &compared.json()[0];
    assert!(difference["changed"].as_u64() > Some(0), "{difference}");
    assert!(difference["compared"].as_u64() > difference["changed"].as_u64());
    let largest = difference["largest"].as_array().unwrap();
    let shares: Vec<_> = largest
        .iter()
        .map(|one| one["percent"].as_f64().unwrap())
        .collect();
    assert!(
        shares[0] > 0.0 && shares.is_sorted_by(|a, b| a >= b),
        "{shares:?}"
    );
    assert!(
        largest
            .iter()
            .any(|one| one["path"] == "ville/97304/index.html")
    );
    for drawing in largest {
        let picture = std::fs::read(folder.join(text(&drawing["picture"]))).unwrap();
        assert!(picture.starts_with(b"\x89PNG"), "{drawing}");
    }
    let same = project.run(&[&["diff", &second, &second], &out[..]].concat());
    assert_eq!(same.json()[0]["changed"], 0);
}

#[test]
fn the_list_and_the_difference_name_what_changed() {
    let (project, mut release) = small_site();
    let first = live(&project);
    let second = reprice(&project, &mut release, "97304", 150);

    let list = project.run(&["versions"]).stdout;
    let live_line = list.lines().find(|line| line.starts_with('*')).unwrap();
    assert!(
        live_line.contains(&second) && live_line.contains("release imported"),
        "{list}"
    );
    assert!(
        list.lines()
            .any(|line| line.contains(&first) && !line.starts_with('*')),
        "{list}"
    );
    let versions = versions(&project);
    let numbers: Vec<_> = versions
        .iter()
        .map(|version| text(&version["version"]))
        .collect();
    assert_eq!(numbers, [&second, &first]);
    let bytes: usize = project.site().values().map(Vec::len).sum();
    assert_eq!(versions[0]["size"], bytes);
    assert_eq!(versions[0]["pages"], project.site().len());
    assert_eq!(
        (&versions[0]["live"], &versions[1]["live"]),
        (&true.into(), &false.into())
    );

    let run = project.run(&["diff", "previous", &second, "--log-format", "json"]);
    let difference = &run.json()[0];
    assert_eq!(
        (text(&difference["from"]), text(&difference["to"])),
        (first.as_str(), second.as_str())
    );
    let cities = difference["cities"].as_array().unwrap();
    assert_eq!(cities.len(), 1, "only Kourou's figures moved: {cities:?}");
    assert_eq!(
        (text(&cities[0]["code"]), text(&cities[0]["name"])),
        ("97304", "Kourou")
    );
    let stats = project.json("data/villes/97304.json")["current_stats"].clone();
    for (kind, key) in [
        ("appartement", "prix_m2_appartement"),
        ("maison", "prix_m2_maison"),
    ] {
        let [before, after] = [0, 1].map(|index| cities[0][kind][index].as_f64().unwrap());
        assert_eq!(stats[key].as_f64().unwrap(), after);
        assert!(
            (after / before - 1.5).abs() < 0.01, // rounded to ten
            "{kind}: {before} to {after}"
        );
    }
    assert!(
        (cities[0]["movement"].as_f64().unwrap() - 50.0).abs() < 1.0,
        "{}",
        cities[0]
    );
    let words = project.run(&["diff", &first, &second]).stdout;
    assert!(
        words.contains("97304 Kourou") && words.contains("(+50."),
        "{words}"
    );
    assert_fails(
        &project.try_run(&["diff", &first, "2001.01.01.1"]),
        "no version 2001.01.01.1",
    );
}

#[test]
fn a_build_that_would_remove_many_pages_stops() {
    let (project, _) = small_site();
    let (site, before) = (project.site(), versions(&project));
    project.file("site/CNAME", "prix.example.fr\n");
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&configuration.replace("[\"973\", \"83\"]", "[\"83\"]"));
    let run = project.try_run(&["build", "--only-changed"]);
    assert_fails(&run, "--allow-removals");
    assert!(run.stderr.contains("5 %"), "{}", run.stderr);
    assert_eq!(versions(&project), before);
    let mut with_name = site.clone();
    with_name.insert("CNAME".into(), b"prix.example.fr\n".to_vec());
    assert_eq!(project.site(), with_name);

    project.run(&["build", "--only-changed", "--allow-removals"]);
    let left = project.site();
    assert!(
        !left.keys().any(|path| path.contains("973")),
        "{:?}",
        left.keys()
    );
    assert!(
        left.contains_key("CNAME"),
        "a file that immostats did not write"
    );
    assert!(
        !project.path("site/ville/97302").exists(),
        "its folder goes with the page"
    );
    let newest = versions(&project);
    let gone: BTreeSet<&String> = site
        .keys()
        .filter(|path| !left.contains_key(*path))
        .collect();
    assert_eq!(newest[0]["changes"]["pages_removed"], gone.len());
    let run = project.run(&["diff", "previous", &live(&project), "--log-format", "json"]);
    let removed: BTreeSet<String> =
        serde_json::from_value(run.json()[0]["removed"].clone()).unwrap();
    assert_eq!(removed.iter().collect::<BTreeSet<_>>(), gone);

    // A share that the configuration allows needs no word.
    project.configure(&format!(
        "{configuration}[build]\nmaximum_removals = 100.0\n"
    ));
    project.run(&["build"]);
    project.configure(&format!(
        "{}[build]\nmaximum_removals = 100.0\n",
        configuration.replace("[\"973\", \"83\"]", "[\"83\"]")
    ));
    project.run(&["build"]);
    assert_eq!(project.site(), left);
}

#[test]
fn an_asset_under_another_name_is_no_page_less() {
    // A site of one commune: two of its files are assets, whose names carry their hashes.
    let project = Project::new(&["83"]);
    Release::of_year("83061", &["83061"], 2024, 1).import(&project);
    project.run(&["build"]);
    project.file("templates/assets/style.css", "body { margin: 0 }\n");
    project.run(&["build", "--only-changed"]);
    assert_eq!(versions(&project).len(), 2);
}

/// The numbers of the versions of a project.
pub fn numbers(project: &Project) -> BTreeSet<String> {
    versions(project)
        .iter()
        .map(|version| text(&version["version"]).to_owned())
        .collect()
}

/// The databases of a project, byte for byte, and whatever else is in their folder but the lock.
fn databases(project: &Project) -> Site {
    let mut files = tree(&project.path("data"));
    files.retain(|path, _| path != "lock" && !path.starts_with("logs/"));
    files
}
