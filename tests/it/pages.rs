//! Builds: what they print, what they write and leave alone, and what the pages may say.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::material::{
    TOULON_2023, TOULON_2024, TOULON_2025, WITHOUT_SEALS, a_few_days, extract, text, times,
};
use crate::support::{Project, Run, sample, tree};

/// A project with two communes of the Var, a few days of Toulon's sales under each code.
fn two_communes() -> Project {
    let project = Project::new(&["83"]);
    let toulon = a_few_days();
    project.import(&[&project.file("toulon.csv", text(&toulon))]);
    project.import(&[&project.file("hyeres.csv", text(&elsewhere(&toulon)))]);
    project
}

/// Lines of Toulon as lines of Hyères.
fn elsewhere(lines: &[String]) -> Vec<String> {
    lines
        .iter()
        // Under numbers of their own: they are no parts of the same acts.
        .map(|line| line.replace("83137", "83069").replacen('-', "-9", 1))
        .collect()
}

/// The counts of a build's summary.
#[track_caller]
fn summary(run: &Run) -> Value {
    let objects = run.json();
    assert_eq!(objects.len(), 1, "{}", run.stdout);
    objects.into_iter().next().unwrap()
}

#[track_caller]
fn build(project: &Project, options: &[&str]) -> Value {
    let arguments = [&["--log-format", "json", "build"], options].concat();
    summary(&project.run(&arguments))
}

/// The paths whose bytes or time differ.
fn touched(before: &Project, earlier: &BTreeMap<String, std::time::SystemTime>) -> Vec<String> {
    let mut later = times(&before.path("site"));
    later.retain(|path, time| earlier.get(path) != Some(time));
    later.into_keys().collect()
}

#[test]
fn a_build_says_what_it_did() {
    let project = two_communes();
    let text = project.run(&["build"]).stdout;
    let site = tree(&project.path("site"));
    let files = site.len();
    let archived = site.keys().filter(|path| path.starts_with("archive/"));
    let unrendered = 3 + archived.count();
    let version = project.json("version.json")["current"]
        .as_str()
        .unwrap()
        .to_owned();
    // The three files of the run and the archive are written, not rendered.
    for part in [
        format!("version {version}\n"),
        "cities:  2 computed, 2 updated".into(),
        format!(
            "pages:   {} rendered, {files} written, 0 unchanged, 0 removed",
            files - unrendered
        ),
        "time:    ".into(),
    ] {
        assert!(text.contains(&part), "{part}\n{text}");
    }
    let again = project.run(&["build", "--only-changed"]).stdout;
    for part in [
        format!("version {version} (nothing changed)"),
        "cities:  0 computed, 0 updated".into(),
        format!("pages:   0 rendered, 0 written, {files} unchanged, 0 removed"),
    ] {
        assert!(again.contains(&part), "{part}\n{again}");
    }
}

#[test]
fn a_file_that_did_not_change_keeps_its_time() {
    let project = two_communes();
    build(&project, &["--only-changed"]);
    let first = times(&project.path("site"));
    for options in [&["--only-changed"][..], &[], &["--city", "83137"]] {
        let done = build(&project, options);
        assert_eq!(
            (&done["written"], &done["removed"]),
            (&json!(0), &json!(0)),
            "{options:?}"
        );
        assert_eq!(times(&project.path("site")), first, "{options:?}");
    }

    let more = extract(TOULON_2023, |date| date < "2023-01-20");
    project.import(&[&project.file("toulon.csv", text(&more))]);
    let done = build(&project, &["--only-changed"]);
    let touched = touched(&project, &first);
    assert_eq!(done["written"], touched.len());
    for (path, expected) in [
        ("ville/83137/index.html", true),
        ("data/villes/83137.json", true),
        ("departement/83/index.html", true),
        ("version.json", true),
        // Its estimator takes Toulon's prices, and its page shows them beside its own.
        ("data/villes/83069.json", true),
        ("ville/83069/index.html", true),
        ("404.html", false),
        ("methodologie/index.html", false),
        ("_headers", false),
        ("robots.txt", false),
        ("schemas/ville.schema.json", false),
    ] {
        assert_eq!(
            touched.iter().any(|other| other == path),
            expected,
            "{path} in {touched:?}"
        );
    }
}

#[test]
fn a_city_can_be_built_alone() {
    let project = two_communes();
    build(&project, &[]);
    let first = times(&project.path("site"));
    let more = extract(TOULON_2023, |date| date < "2023-01-20");
    project.import(&[&project.file("toulon.csv", text(&more))]);
    project.import(&[&project.file("hyeres.csv", text(&elsewhere(&more)))]);

    build(&project, &["--city", "83137"]);
    assert_eq!(
        touched(&project, &first),
        [
            "admin/index.html",
            "api/health.json",
            "data/villes/83137.json",
            "version.json",
            "ville/83137/index.html"
        ]
    );
    build(&project, &["--only-changed"]);
    let touched = touched(&project, &first);
    assert!(
        touched.contains(&"ville/83069/index.html".to_owned()),
        "{touched:?}"
    );
    assert!(
        touched.contains(&"departement/83/index.html".to_owned()),
        "{touched:?}"
    );

    for code in ["83050", "../83137"] {
        let run = project.try_run(&["build", "--city", code]);
        assert_eq!(run.code, 1, "{code}");
        assert!(
            run.stderr.contains(&format!("{code} has no page")),
            "{}",
            run.stderr
        );
    }
}

/// A file with one mutation in Toulon, without a price.
fn one_sale(project: &Project, day: &str) -> String {
    let line = format!(
        "83137,2023-01-{day},1,Vente,,,,,,,83137,,83,,,83137000AB0001,,,,,,,,,,,,,0,,,,,S,sols,,,1,,"
    );
    let header = &a_few_days()[0];
    let file = project.file("83.csv", format!("{header}\n{line}\n"));
    file.to_str().unwrap().to_owned()
}

#[test]
fn what_others_put_into_the_site_stays() {
    let project = two_communes();
    let mine = [
        "site/CNAME",
        "site/ville/83137/notes.txt",
        "site/ville/83069/photo.jpg",
        "site/blog/index.html",
    ];
    for path in mine {
        project.file(path, format!("mine: {path}"));
    }
    let before = times(&project.path("site"));
    build(&project, &[]);
    let connection = Connection::open(project.path("data/immostats.db")).unwrap();
    connection
        .execute_batch(
            "DELETE FROM mutations WHERE commune = '83069'; DELETE FROM coverage WHERE code = '83069'; DELETE FROM sales;",
        )
        .unwrap();
    connection.execute_batch(WITHOUT_SEALS).unwrap();
    // Something has to be imported for the database to be another than at the last build.
    let file = one_sale(&project, "05");
    project.run(&["import", "--force", "--scope", "83137@2023-01", &file]);
    let done = build(&project, &["--allow-removals"]);
    // The page and the data of the commune; what the estimator takes of the département, which has too few sales now; and 13
    // files in which the search field found the commune alone.
    assert_eq!(done["removed"], 16);
    for gone in [
        "ville/83069/index.html",
        "data/villes/83069.json",
        "data/estimateur/83.json",
    ] {
        assert!(!project.path("site").join(gone).exists(), "{gone}");
    }
    let after = times(&project.path("site"));
    for path in mine {
        assert_eq!(
            fs::read_to_string(project.path(path)).unwrap(),
            format!("mine: {path}")
        );
        let path = path.strip_prefix("site/").unwrap();
        assert_eq!(after[path], before[path], "{path}");
    }
}

#[test]
fn pages_of_what_is_no_longer_there_go() {
    let project = two_communes();
    build(&project, &[]);
    let before = tree(&project.path("site"));
    assert!(before.contains_key("ville/83069/index.html"));

    // All sales of Hyères are withdrawn; the months remain covered, so the page stays and tells of no sale.
    let file = one_sale(&project, "05");
    project.run(&["import", "--force", "--scope", "83@2023-01", &file]);
    build(&project, &["--only-changed"]);
    let city = project.json("data/villes/83069.json");
    assert_eq!(city["metadata"]["total_transactions"], 0);
    assert_eq!(city["current_stats"]["prix_m2_appartement"], Value::Null);

    // Nothing covers the two communes any more, nor the rest of the département.
    let connection = Connection::open(project.path("data/immostats.db")).unwrap();
    connection
        .execute_batch(
            "DELETE FROM coverage WHERE code = '83'; DELETE FROM coverage WHERE code = '83069';",
        )
        .unwrap();
    connection.execute_batch(WITHOUT_SEALS).unwrap();
    let file = one_sale(&project, "06");
    project.run(&["import", "--force", "--scope", "83137@2023-01", &file]);
    let run = project.try_run(&["build", "--only-changed"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("--allow-removals"), "{}", run.stderr);
    assert!(project.path("site/ville/83069/index.html").exists());

    build(&project, &["--only-changed", "--allow-removals"]);
    let villes: Vec<_> = tree(&project.path("site"))
        .into_keys()
        .filter(|path| path.starts_with("ville/") || path.starts_with("data/villes/"))
        .collect();
    assert_eq!(villes, ["data/villes/83137.json", "ville/83137/index.html"]);
    assert!(
        !project.path("site/ville/83069").exists(),
        "an empty folder is left"
    );
}

#[test]
fn the_files_of_a_run_tell_of_it() {
    let project = two_communes();
    let started = jiff::Timestamp::now() - Duration::from_secs(2);
    build(&project, &[]);
    let versions = project.json("version.json");
    let health = project.json("api/health.json");
    let current = versions["current"].as_str().unwrap();
    assert_eq!(versions["previous"], Value::Null);
    let [entry] = &versions["history"].as_array().unwrap()[..] else {
        panic!("{versions}")
    };
    assert_eq!(entry["version"], current);
    assert_eq!(entry["action"], "build");
    assert_eq!(entry["changes"]["pages_added"], project.site().len());
    assert_eq!(entry["changes"]["cities_updated"], 2);
    let sales = crate::material::value(&project, "SELECT count(*) FROM ventes");
    let rusqlite::types::Value::Integer(sales) = sales else {
        panic!("{sales:?}")
    };
    assert_eq!(entry["changes"]["new_transactions"], sales);

    assert_eq!(health["version"], current);
    assert_eq!(health["last_update"], "2023-01-31");
    assert_eq!(health["cities_count"], 2);
    assert_eq!(health["total_transactions"], sales);
    assert_eq!(health["data_version"].as_str().unwrap().len(), 12);
    let published: jiff::Timestamp = health["published_at"].as_str().unwrap().parse().unwrap();
    assert!(
        published >= started && published <= jiff::Timestamp::now(),
        "{published}"
    );

    let more = extract(TOULON_2023, |date| date < "2023-01-20");
    project.import(&[&project.file("toulon.csv", text(&more))]);
    build(&project, &["--only-changed"]);
    let versions = project.json("version.json");
    assert_eq!(versions["previous"], current);
    assert_ne!(versions["current"], current);
    assert_eq!(versions["history"].as_array().unwrap().len(), 2);
    assert_eq!(
        project.json("api/health.json")["version"],
        versions["current"]
    );
}

/// Invariant 2.
#[test]
fn the_same_inputs_give_the_same_bytes_at_any_time_and_place() {
    let files = [TOULON_2024, TOULON_2025].map(sample);
    let paths: Vec<_> = files.iter().map(|path| path.to_str().unwrap()).collect();
    let here = Project::new(&["83", "67"]);
    here.run(&["import", paths[0], paths[1]]);
    here.run(&["build"]);

    let there = Project::new(&["83", "67"]);
    let run = |arguments: &[&str]| {
        let mut command = there.command();
        command
            .args(arguments)
            .env("IMMOSTATS_CLOCK", "2031-02-28T23:59:59Z")
            .env("TZ", "Pacific/Kiritimati")
            .env("LC_ALL", "C")
            .env("LANG", "en_US.UTF-8");
        // Another machine has another number of cores.
        command
            .env("RAYON_NUM_THREADS", "1")
            .env("POLARS_MAX_THREADS", "1");
        assert!(command.status().unwrap().success());
    };
    run(&["-q", "import", paths[1], paths[0]]);
    run(&["-q", "build"]);

    let (a, b) = (here.site(), there.site());
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (path, bytes) in &a {
        assert!(*bytes == b[path], "{path} differs");
    }
    let now = jiff::Zoned::now();
    let today = [
        now.strftime("%Y-%m-%d").to_string(),
        now.strftime("%d/%m/%Y").to_string(),
        now.year().to_string(),
    ];
    for (path, bytes) in &a {
        let text = String::from_utf8_lossy(bytes);
        for date in &today {
            // The year alone may stand in a hash or a number; as a word of a page it is a date.
            let found = text.match_indices(date.as_str()).any(|(place, _)| {
                let word = |c: char| c.is_ascii_alphanumeric();
                !text[..place].ends_with(word) && !text[place + date.len()..].starts_with(word)
            });
            assert!(!found, "{date} stands in {path}");
        }
    }
}

/// Invariant 5.
#[test]
fn missing_is_missing() {
    let project = Project::new(&["83", "67"]);
    project.import(&[&sample(TOULON_2024), &sample(TOULON_2025)]);
    build(&project, &[]);
    let page = |path: &str| String::from_utf8(project.site()[path].clone()).unwrap();

    let strasbourg = page("ville/67482/index.html");
    assert!(strasbourg.contains("Strasbourg"));
    assert!(strasbourg.contains("DVF ne couvre pas"), "{strasbourg}");
    assert!(!strasbourg.contains('€'), "{strasbourg}");
    let data = project.json("data/villes/67482.json");
    assert_eq!(data["metadata"]["status"], "not_covered_by_dvf");
    assert_eq!(data["metadata"]["total_transactions"], Value::Null);
    assert!(
        data["current_stats"]
            .as_object()
            .unwrap()
            .values()
            .all(Value::is_null)
    );
    assert_eq!(data["by_type"], Value::Null);
    assert_eq!(data["evolution"]["yearly"], json!([]));
    assert!(page("departement/67/index.html").contains("DVF ne couvre pas"));

    let toulon = project.json("data/villes/83137.json");
    let years: Vec<_> = toulon["evolution"]["yearly"]
        .as_array()
        .unwrap()
        .iter()
        .map(|year| {
            (
                year["year"].as_str().unwrap(),
                year["partial"].as_bool().unwrap_or(false),
            )
        })
        .collect();
    assert_eq!(years, [("2024", false), ("2025", true)]);
    let text = page("ville/83137/index.html");
    let row = text.split("<th>2025").nth(1).expect("a row for 2025");
    assert!(
        row.split("<td>").next().unwrap().contains("partielle"),
        "{row}"
    );
    // A year earlier there are no twelve months to compare with.
}

#[test]
fn nothing_imported_is_said_in_the_place_of_a_site() {
    let project = Project::new(&[]);
    for options in [
        &["build"][..],
        &["build", "--only-changed", "--allow-removals"],
    ] {
        let run = project.try_run(options);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(
            run.stderr.contains("nothing has been imported yet"),
            "{}",
            run.stderr
        );
        assert!(
            run.stderr.contains("`immostats import FILE…`"),
            "{}",
            run.stderr
        );
        assert!(!project.path("site/index.html").exists());
    }
}

#[test]
fn what_is_most_likely_not_as_meant_is_told() {
    let project = two_communes();
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!(
        "{}\n[[notes]]\nterritory = \"83999\"\ntext = \"Une remarque.\"\n",
        configuration.replace("[\"83\"]", "[\"83\", \"13\"]")
    ));
    project.file("templates/vile.html", "x");
    let run = project.run(&["build"]);
    for told in [
        "a note is on 83999, which is no commune",
        "site.departements names 13, of which no sale was imported",
        "templates/vile.html is not used",
    ] {
        assert!(run.stderr.contains(told), "{told}\n{}", run.stderr);
    }
    project.file("templates/commune.html", "");
    let run = project.try_run(&["build"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("templates/commune.html is empty"),
        "{}",
        run.stderr
    );
    assert!(
        !project
            .path("site/ville/83137/index.html")
            .metadata()
            .unwrap()
            .len()
            .eq(&0)
    );
}
