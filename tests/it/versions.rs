//! Versions: committed when something changed, brought back whole, verified to the byte, dropped and packed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{RngSeed, TestRunner};
use rusqlite::Connection;
use serde_json::Value;

use crate::market::{Release, small_site};
use crate::support::{Project, Run, tree};

type Site = BTreeMap<String, Vec<u8>>;

/// The versions of a project as `immostats versions --json` lists them, the newest first.
pub fn versions(project: &Project) -> Vec<Value> {
    serde_json::from_str(&project.run(&["versions", "--json"]).stdout).unwrap()
}

/// The number of the live version, as `site/version.json` has it.
pub fn live(project: &Project) -> String {
    project.json("version.json")["current"].as_str().unwrap().to_owned()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
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
    assert!(run.stderr.contains(message), "\"{message}\" was expected:\n{}", run.stderr);
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
    let parts = |number: &str| -> Vec<u32> { number.split('.').map(|part| part.parse().unwrap()).collect() };
    let mut last = parts(&number);
    let mut committed = |project: &Project, cause: &str| {
        project.run(&["build", "--only-changed"]);
        let versions = versions(project);
        assert_eq!(versions[0]["live"], true);
        assert!(text(&versions[0]["cause"]).contains(cause), "{}", versions[0]["cause"]);
        let number = parts(text(&versions[0]["version"]));
        assert_eq!(number.len(), 4);
        assert!(number > last, "{number:?} after {last:?}");
        last = number;
        versions[0]["changes"].clone()
    };
    release.revise(1);
    release.import(&project);
    let changes = committed(&project, "release imported");
    assert!(changes["cities_updated"].as_u64().unwrap() >= 6, "{changes}");
    assert!(changes["build_time"].as_f64().unwrap() >= 0.0, "{changes}");

    project.file("templates/404.html", "<!doctype html>\n<title>Rien ici</title>\n");
    let changes = committed(&project, "template");
    assert_eq!(changes["pages_changed"], 1);
    assert_eq!(changes["cities_updated"], 0);
    assert_eq!(changes["new_transactions"], 0);

    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!("{configuration}name = \"Prix d’ici\"\n"));
    let changes = committed(&project, "configuration");
    assert_eq!(changes["pages_added"], 0);
    assert_eq!(changes["pages_removed"], 0);
    // Every page has the name in its header; the pages of programs do not.
    let pages = project.site().into_keys().filter(|path| path.ends_with(".html")).count();
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
    let keys: BTreeSet<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["current", "history", "previous"]));
    let history = json["history"].as_array().unwrap();
    let told: Vec<_> = history.iter().map(|entry| (text(&entry["version"]), text(&entry["action"]))).collect();
    assert_eq!(
        told,
        [(first.as_str(), "rollback"), (second.as_str(), "build"), (first.as_str(), "build")]
    );
    for entry in history {
        assert!(text(&entry["date"]).parse::<jiff::Timestamp>().is_ok(), "{entry}");
        for count in ["cities_updated", "new_transactions", "pages_added", "pages_changed", "pages_removed"] {
            assert!(entry["changes"][count].is_u64(), "{count} in {entry}");
        }
        assert!(entry["changes"]["build_time"].is_f64(), "{entry}");
    }
    assert_eq!(project.json("api/health.json")["version"], first.as_str());
}

#[test]
fn the_list_and_the_difference_name_what_changed() {
    let (project, mut release) = small_site();
    let first = live(&project);
    let second = reprice(&project, &mut release, "97304", 150);

    let list = project.run(&["versions"]).stdout;
    let live_line = list.lines().find(|line| line.starts_with('*')).unwrap();
    assert!(live_line.contains(&second) && live_line.contains("release imported"), "{list}");
    assert!(list.lines().any(|line| line.contains(&first) && !line.starts_with('*')), "{list}");
    let versions = versions(&project);
    let numbers: Vec<_> = versions.iter().map(|version| text(&version["version"])).collect();
    assert_eq!(numbers, [&second, &first]);
    let bytes: usize = project.site().values().map(Vec::len).sum();
    assert_eq!(versions[0]["size"], bytes);
    assert_eq!(versions[0]["pages"], project.site().len());
    assert_eq!((&versions[0]["live"], &versions[1]["live"]), (&true.into(), &false.into()));

    let run = project.run(&["diff", "previous", &second, "--log-format", "json"]);
    let difference = &run.json()[0];
    assert_eq!((text(&difference["from"]), text(&difference["to"])), (first.as_str(), second.as_str()));
    let cities = difference["cities"].as_array().unwrap();
    assert_eq!(cities.len(), 1, "only Kourou's figures moved: {cities:?}");
    assert_eq!((text(&cities[0]["code"]), text(&cities[0]["name"])), ("97304", "Kourou"));
    let stats = project.json("data/villes/97304.json")["current_stats"].clone();
    for (kind, key) in [("appartement", "prix_m2_appartement"), ("maison", "prix_m2_maison")] {
        let [before, after] = [0, 1].map(|index| cities[0][kind][index].as_f64().unwrap());
        assert_eq!(stats[key].as_f64().unwrap(), after);
        assert!((after / before - 1.5).abs() < 0.001, "{kind}: {before} to {after}");
    }
    assert!((cities[0]["movement"].as_f64().unwrap() - 50.0).abs() < 0.1, "{}", cities[0]);
    let words = project.run(&["diff", &first, &second]).stdout;
    assert!(words.contains("97304 Kourou") && words.contains("(+50.0 %)"), "{words}");
    assert_fails(&project.try_run(&["diff", &first, "2001.01.01.1"]), "no version 2001.01.01.1");
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
    assert!(!left.keys().any(|path| path.contains("973")), "{:?}", left.keys());
    assert!(left.contains_key("CNAME"), "a file that immostats did not write");
    assert!(!project.path("site/ville/97302").exists(), "its folder goes with the page");
    let newest = versions(&project);
    let gone: BTreeSet<&String> = site.keys().filter(|path| !left.contains_key(*path)).collect();
    assert_eq!(newest[0]["changes"]["pages_removed"], gone.len());
    let run = project.run(&["diff", "previous", &live(&project), "--log-format", "json"]);
    let removed: BTreeSet<String> = serde_json::from_value(run.json()[0]["removed"].clone()).unwrap();
    assert_eq!(removed.iter().collect::<BTreeSet<_>>(), gone);

    // A share that the configuration allows needs no word.
    project.configure(&format!("{configuration}[build]\nmaximum_removals = 100.0\n"));
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

#[test]
fn a_rollback_is_kept_until_something_changes() {
    let (project, mut release) = small_site();
    let (first, site_1) = (live(&project), project.site());
    let second = reprice(&project, &mut release, "97302", 120);
    let site_2 = project.site();
    assert_ne!(site_1, site_2);

    project.run(&["rollback"]);
    assert_eq!(live(&project), first);
    assert_eq!(project.site(), site_1);
    for arguments in [&["build", "--only-changed"][..], &["build"]] {
        let run = project.run(arguments);
        assert!(run.stdout.contains("rollback") && run.stdout.contains("--resume"), "{}", run.stdout);
        assert_eq!(project.site(), site_1);
        assert_eq!(live(&project), first);
    }
    // Verified against the build that was rolled back.
    project.run(&["verify", "--rebuild"]);

    project.run(&["rollback", "previous"]);
    assert_eq!(project.site(), site_2);
    project.run(&["rollback", &first]);
    assert_eq!(project.site(), site_1);
    assert_fails(&project.try_run(&["rollback", "2001.01.01.1"]), "no version 2001.01.01.1");
    assert_eq!(project.site(), site_1);

    let run = project.run(&["build", "--only-changed", "--resume"]);
    assert!(!run.stdout.contains("--resume"), "{}", run.stdout);
    assert_eq!(project.site(), site_2);
    assert_eq!(project.run(&["build", "--only-changed"]).stdout.matches("--resume").count(), 0);

    project.run(&["rollback", &first]);
    let newer = reprice(&project, &mut release, "97303", 90);
    assert!(![first, second].contains(&newer));
    let run = project.run(&["verify", "--rebuild"]);
    assert!(run.stdout.contains(" 0 differ"), "{}", run.stdout);
}

#[test]
fn a_rollback_needs_no_database_of_sales() {
    let (project, mut release) = small_site();
    let site = project.site();
    reprice(&project, &mut release, "97302", 120);
    for name in ["data/immostats.db", "immostats.toml", "releases"] {
        let path = project.path(name);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
    }
    project.run(&["rollback"]);
    assert_eq!(project.site(), site);
    assert!(!project.path("data/immostats.db").exists());
    project.run(&["verify"]);
}

#[test]
fn the_live_version_made_again_is_live_by_a_build() {
    let (project, mut release) = small_site();
    let (first, site) = (live(&project), project.site());
    let original = release.clone();
    reprice(&project, &mut release, "97302", 120);
    project.run(&["rollback"]);
    // The source takes its correction back: what is live is what the data say.
    original.import(&project);
    project.run(&["build", "--only-changed"]);
    assert_eq!((live(&project), project.site()), (first, site));
    let run = project.run(&["verify", "--rebuild"]);
    assert!(run.stdout.contains(" 0 differ"), "{}", run.stdout);
    let run = project.run(&["build", "--only-changed"]);
    assert!(!run.stdout.contains("--resume"), "{}", run.stdout);
}

#[test]
fn verify_finds_what_is_missing_altered_or_unknown() {
    let (project, _) = small_site();
    let site = project.site();
    project.run(&["verify"]);
    fs::remove_file(project.path("site/index.html")).unwrap();
    fs::remove_dir_all(project.path("site/ville/97302")).unwrap();
    let altered = project.path("site/data/villes/97303.json");
    let times = fs::metadata(&altered).unwrap();
    let mut bytes = fs::read(&altered).unwrap();
    bytes[100] ^= 1;
    fs::write(&altered, &bytes).unwrap();
    // As a disk would do it: at the same size and time.
    fs::File::options().write(true).open(&altered).unwrap().set_modified(times.modified().unwrap()).unwrap();
    fs::write(project.path("site/version.json"), "{}").unwrap();
    project.file("site/own/page.html", "mine");

    let run = project.try_run(&["verify"]);
    assert_fails(&run, "--repair");
    let run = project.try_run(&["verify", "--log-format", "json"]);
    let findings = &run.json()[0]["findings"];
    assert_eq!(findings["missing"], serde_json::json!(["index.html", "ville/97302/index.html"]));
    assert_eq!(findings["altered"], serde_json::json!(["data/villes/97303.json", "version.json"]));
    assert_eq!(findings["unknown"], serde_json::json!(["own/page.html"]));
    assert_eq!(findings["damaged"], serde_json::json!([]));

    project.run(&["verify", "--repair"]);
    let mut expected = site;
    expected.insert("own/page.html".into(), b"mine".to_vec());
    assert_eq!(project.site(), expected);
    project.run(&["verify"]);
}

/// Alters one byte of the stored content of a path of the live version. Gives the content as it was.
fn damage(project: &Project, path: &str, position: usize) -> (i64, Vec<u8>) {
    let connection = store(project);
    let (id, data): (i64, Vec<u8>) = connection
        .query_row(
            "SELECT o.id, o.data FROM objects o JOIN entries e ON e.object = o.id JOIN paths p ON p.id = e.path
             WHERE p.path = ? AND e.version = (SELECT version FROM history ORDER BY id DESC LIMIT 1)",
            [path],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let mut altered = data.clone();
    let position = position % data.len();
    altered[position] ^= 0xff;
    connection.execute("UPDATE objects SET data = ? WHERE id = ?", (&altered, id)).unwrap();
    (id, data)
}

#[test]
fn an_altered_content_is_found_and_never_served() {
    let (project, mut release) = small_site();
    let (first, site_1) = (live(&project), project.site());
    let original = release.clone();
    let page = "ville/97302/index.html";
    // Every part of a stored content: its header, its middle, its end.
    let length = damage(&project, page, 0).1.len();
    project.run(&["verify", "--repair"]);
    for position in (0..length).step_by(length / 12) {
        let (id, data) = damage(&project, page, position);
        let run = project.try_run(&["verify", "--log-format", "json"]);
        assert_eq!(run.code, 1, "byte {position}");
        assert_eq!(run.json()[0]["findings"]["damaged"][0]["path"], page);
        store(&project).execute("UPDATE objects SET data = ? WHERE id = ?", (&data, id)).unwrap();
    }
    project.run(&["verify"]);

    damage(&project, page, length / 2);
    let second = reprice(&project, &mut release, "97302", 120);
    let site_2 = project.site();
    let run = project.try_run(&["rollback", &first]);
    assert_fails(&run, page);
    assert!(run.stderr.contains("damaged") && run.stderr.contains("immostats verify"), "{}", run.stderr);
    // The version that cannot be brought back whole does not go live.
    assert_eq!(project.site(), site_2);
    assert_eq!(live(&project), second);
    assert!(!project.path("site/.immostats-staging").exists());
    project.run(&["rollback", &second]);

    // Neither site/ nor the sales give it any more.
    let run = project.try_run(&["verify", "--repair"]);
    assert_fails(&run, "not all could be repaired");
    // The sales do again once they are as they were.
    original.import(&project);
    assert_fails(&project.try_run(&["build", "--only-changed"]), page);
    assert_eq!(project.site(), site_2);
    project.run(&["verify", "--repair"]);
    assert_eq!(project.site(), site_1);
    project.run(&["rollback", &first]);
    assert_eq!(project.site(), site_1);
}

#[test]
fn a_damaged_content_is_restored_from_site_or_by_rendering() {
    let (project, _) = small_site();
    let site = project.site();
    let page = "ville/97302/index.html";
    damage(&project, page, 50);
    project.run(&["verify", "--repair"]);
    project.run(&["verify"]);

    damage(&project, page, 50);
    fs::remove_file(project.path("site").join(page)).unwrap();
    // A build needs the content for the missing file.
    assert_fails(&project.try_run(&["build", "--only-changed"]), page);
    assert!(!project.path("site").join(page).exists(), "nothing wrong is served in its place");
    project.run(&["verify", "--repair"]);
    assert_eq!(project.site(), site);
    project.run(&["verify"]);

    // A dictionary is a content like any other: without it, all are lost but those that can be made again.
    let altered = store(&project)
        .execute("UPDATE dictionaries SET data = CAST(zeroblob(length(data)) AS BLOB)", [])
        .unwrap();
    if altered > 0 {
        assert_fails(&project.try_run(&["verify"]), "--repair");
        project.run(&["verify", "--repair"]);
    }
    project.run(&["verify"]);
}

/// The versions that a run of gc says it keeps and drops.
fn plan(run: &Run) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let plan = &run.json()[0];
    let kept = plan["kept"].as_array().unwrap().iter();
    let kept = kept.map(|entry| (text(&entry["version"]).to_owned(), text(&entry["reason"]).to_owned()));
    let dropped = plan["dropped"].as_array().unwrap().iter().map(|version| text(version).to_owned());
    (kept.collect(), dropped.collect())
}

fn numbers(project: &Project) -> BTreeSet<String> {
    versions(project).iter().map(|version| text(&version["version"]).to_owned()).collect()
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
    let reasons: Vec<_> = built.iter().map(|number| kept.get(number).map(String::as_str)).collect();
    assert_eq!(reasons, [Some("pinned"), Some("live"), None, Some("previous")]);
    assert_eq!(dropped, BTreeSet::from([built[2].clone()]));

    // A day that no version is older than keeps them all; a day to come keeps none.
    let today = built[0][..10].replace('.', "-");
    let (kept, _) = plan(&project.run(&["gc", "--keep", "0", "--keep-since", &today, "--dry-run", "--log-format", "json"]));
    assert_eq!(kept.len(), 4);
    let (kept, _) = plan(&project.run(&["gc", "--keep", "0", "--keep-since", "2999-01-01", "--dry-run", "--log-format", "json"]));
    assert_eq!(kept.len(), 3);
    let (kept, _) = plan(&project.run(&["gc", "--keep", "2", "--dry-run", "--log-format", "json"]));
    assert_eq!(kept.len(), 4);

    project.run(&["versions", "unpin", &built[0]]);
    let space = size(&project, "data/versions.db");
    let run = project.run(&["gc", "--keep", "1", "--log-format", "json"]);
    let promised = run.json()[0]["bytes"].as_u64().unwrap();
    assert_eq!(numbers(&project), BTreeSet::from([built[1].clone(), built[3].clone()]));
    let given_back = space - size(&project, "data/versions.db");
    assert!(promised > 0 && given_back >= promised, "{given_back} bytes of {promised} were given back");
    assert_eq!(fs::metadata(project.path("data/versions.db-wal")).map_or(0, |file| file.len()), 0);
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

/// The databases of a project, byte for byte, and whatever else is in their folder but the lock.
fn databases(project: &Project) -> Site {
    let mut files = tree(&project.path("data"));
    files.retain(|path, _| path != "lock" && !path.starts_with("logs/"));
    files
}

#[test]
fn a_fresh_machine_goes_on_from_a_saved_state() {
    let (project, mut release) = small_site();
    let (first, site_1) = (live(&project), project.site());
    let second = reprice(&project, &mut release, "97302", 110);
    let site_2 = project.site();
    let file = project.path("state.tar.zst");
    let state = file.to_str().unwrap().to_owned();
    project.run(&["state", "save", &state]);
    assert_eq!(tree(&project.path("data")).keys().filter(|path| path.contains(".immostats-")).count(), 0);

    let fresh = Project::new(&["973", "83"]);
    fresh.run(&["state", "restore", &state]);
    let run = fresh.run(&["build", "--only-changed"]);
    assert!(run.stdout.contains("nothing changed") && run.stdout.contains(" 0 rendered"), "{}", run.stdout);
    assert_eq!((live(&fresh), fresh.site()), (second.clone(), site_2.clone()));
    fresh.run(&["verify", "--rebuild"]);
    fresh.run(&["rollback"]);
    assert_eq!((live(&fresh), fresh.site()), (first, site_1));
    // What only this machine does from here on is as if it had done all.
    let third = [&fresh, &project].map(|project| {
        let mut release = release.clone();
        reprice(project, &mut release, "97303", 110)
    });
    assert_eq!(third[0], third[1]);
    assert_eq!(fresh.site(), project.site());

    // An older state over a newer one: pages that it does not know go.
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.file("site/CNAME", "prix.example.fr\n");
    project.configure(&configuration.replace("\"83\"]", "\"83\", \"69\"]"));
    Release::of_year("69381", &["69381"], 2024, 9).import(&project);
    project.run(&["build"]);
    assert!(project.site().len() > site_2.len());
    project.configure(&configuration);
    project.run(&["state", "restore", &state]);
    project.run(&["build", "--only-changed"]);
    let mut expected = site_2;
    expected.insert("CNAME".into(), b"prix.example.fr\n".to_vec());
    assert_eq!(project.site().keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    assert_eq!((live(&project), project.site()), (second, expected));
}

#[test]
fn a_truncated_or_altered_state_is_refused_and_nothing_is_lost() {
    let (project, mut release) = small_site();
    let state = project.path("state.tar.zst").to_str().unwrap().to_owned();
    project.run(&["state", "save", &state]);
    let sound = fs::read(&state).unwrap();
    reprice(&project, &mut release, "97302", 110);
    let (before, site) = (databases(&project), project.site());

    let refused = |bytes: &[u8], what: &str| {
        fs::write(&state, bytes).unwrap();
        let run = project.try_run(&["state", "restore", &state]);
        assert_eq!(run.code, 1, "{what}: {}", run.stdout);
        assert!(run.stderr.contains("the project stays as it was"), "{what}: {}", run.stderr);
        assert!(databases(&project) == before, "{what}: {:?}", tree(&project.path("data")).keys());
    };
    for part in 0..8 {
        refused(&sound[..sound.len() * part / 8], &format!("{part}/8 of it"));
    }
    refused(&sound[..sound.len() - 1], "a byte less");
    refused(&[&sound[..], b"more"].concat(), "four bytes more");
    let positions = (0..16).chain((16..sound.len()).step_by(sound.len() / 24)).chain([sound.len() - 1]);
    for position in positions {
        for bits in [0x01, 0x10, 0xff] {
            let mut altered = sound.clone();
            altered[position] ^= bits;
            refused(&altered, &format!("byte {position} of {} by {bits:#x}", sound.len()));
        }
    }
    refused(b"", "nothing");
    refused(&zstd::encode_all(&b"no archive"[..], 1).unwrap(), "no archive");
    assert_eq!(project.site(), site);
    let run = project.try_run(&["state", "restore", "absent.tar.zst"]);
    assert_eq!(run.code, 1);

    fs::write(&state, sound).unwrap();
    project.run(&["state", "restore", &state]);
    project.run(&["verify", "--repair"]);
    assert_eq!(versions(&project).len(), 1);

    // It is there for the day when the databases are beyond repair.
    let site = project.site();
    for name in ["data/immostats.db", "data/versions.db"] {
        fs::write(project.path(name), "no database").unwrap();
    }
    assert_eq!(project.try_run(&["verify"]).code, 1);
    project.run(&["state", "restore", &state]);
    project.run(&["verify", "--rebuild"]);
    assert_eq!(project.site(), site);
}

#[test]
fn a_state_saved_while_others_write_is_whole() {
    let (project, mut release) = small_site();
    let states: Vec<String> = std::thread::scope(|scope| {
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let saver = scope.spawn({
            let project = &project;
            move || {
                let mut states = Vec::new();
                // Until the others are done, at least once.
                while states.is_empty() || stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
                    let name = format!("state-{}.tar.zst", states.len());
                    project.run(&["state", "save", &name]);
                    states.push(name);
                }
                states
            }
        });
        for percent in [110, 90, 105] {
            reprice(&project, &mut release, "97302", percent);
        }
        drop(stop);
        saver.join().unwrap()
    });
    // The latest are those of a project at rest; look at some of all.
    for state in states.iter().step_by(states.len().div_ceil(8)) {
        let fresh = Project::new(&["973", "83"]);
        fresh.run(&["state", "restore", project.path(state).to_str().unwrap()]);
        fresh.run(&["verify", "--repair"]);
        let live = live(&fresh);
        assert!(versions(&fresh).iter().any(|version| version["version"] == live.as_str()));
    }
    let fresh = Project::new(&["973", "83"]);
    fresh.run(&["state", "restore", project.path(&states[0]).to_str().unwrap()]);
    release.import(&fresh);
    fresh.run(&["build", "--only-changed"]);
    assert_eq!(fresh.site(), project.site());
}

#[test]
fn one_command_writes_at_a_time() {
    let (project, mut release) = small_site();
    let site = project.site();
    release.revise(7);
    // An import that waits for its file.
    let pipe = project.path("releases/pipe.csv");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let import = || {
        let mut command = project.command();
        command.args(["import", "--scope", &release.scope, pipe.to_str().unwrap()]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let child = command.spawn().unwrap();
        let pid = child.id().to_string();
        let holds = || fs::read_to_string(project.path("data/lock")).is_ok_and(|text| text.contains(&pid));
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
    let mut waiting = project.command().args(["build", "--only-changed", "--wait", "--quiet"]).spawn().unwrap();
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
    assert_eq!(project.site(), fresh.site(), "the build saw what it waited for");

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
        connection.execute_batch("BEGIN IMMEDIATE; CREATE TABLE half (way INTEGER)").unwrap();
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
    assert!(seconds < 8, "{seconds} s; SQLite waits ten for another's transaction");
    drop(writers);
    let fresh = Project::new(&["973", "83"]);
    fresh.run(&["state", "restore", state.to_str().unwrap()]);
    fresh.run(&["verify", "--repair"]);
    assert_eq!(fresh.site(), project.site());
}

#[test]
fn what_a_killed_save_left_goes_with_the_next_of_another_day() {
    let (project, _) = small_site();
    let old = project.path("data/.immostats-old");
    let new = project.path("data/.immostats-new");
    for folder in [&old, &new] {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("versions.db"), "half a copy").unwrap();
    }
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(25 * 3_600);
    fs::File::open(&old).unwrap().set_modified(long_ago).unwrap();
    project.run(&["state", "save", project.path("state.tar.zst").to_str().unwrap()]);
    assert!(!old.exists());
    assert!(new.exists(), "it may be somebody's at work");
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

/// What happens to a project with versions.
#[derive(Clone, Debug)]
enum Step {
    /// Prices of a commune move.
    Build { commune: Index, percent: u32 },
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
        self.history.iter().rev().find(|number| *number != self.live())
    }

    fn site(&self, number: &str) -> &Site {
        &self.sites.iter().find(|(kept, _)| kept == number).unwrap().1
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
        let newest: Vec<_> = self.sites[newest..].iter().map(|(number, _)| number.clone()).collect();
        let pinned = self.pinned.clone();
        self.sites.retain(|(number, _)| {
            newest.contains(number) || *number == live || Some(number) == previous.as_ref() || pinned.contains(number)
        });
        let kept: BTreeSet<_> = self.sites.iter().map(|(number, _)| number.clone()).collect();
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
            prop_assert!(project.site() == *model.site(model.live()), "after {:?}", step);
            let kept: BTreeSet<_> = model.sites.iter().map(|(number, _)| number.clone()).collect();
            prop_assert_eq!(numbers(&project), kept, "after {:?}", step);
        }
        for (number, site) in &model.sites {
            project.run(&["rollback", number]);
            prop_assert!(project.site() == *site, "version {} came back with other bytes", number);
        }
        project.run(&["verify"]);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
