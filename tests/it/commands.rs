//! The commands that fill and tell of a project: what they print, what they write, and what they leave alone.

use std::fs;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::json;

use crate::material::{
    TOULON_2023, TOULON_2024, TOULON_2025, a_few_days, database, extract, rows, text, value,
};
use crate::support::{Project, sample, tree};

/// A line of geo-DVF: a flat sold alone.
fn flat(number: u32, date: &str, commune: &str, price: u32) -> String {
    let departement = &commune[..2];
    format!(
        "{number},{date},1,Vente,{price},1,,RUE NEUVE,0001,{departement}000,{commune},Commune,{departement},,,\
         {commune}000AB0001,,,{number},,,,,,,,,,1,2,Appartement,50,2,,,,,,5.9,43.1"
    )
}

/// A file of geo-DVF with some lines.
fn file_of(project: &Project, name: &str, lines: &[String]) -> String {
    let header = crate::support::GEO_DVF_HEADER.to_owned();
    let all: Vec<_> = std::iter::once(header).chain(lines.iter().cloned()).collect();
    project.file(name, text(&all)).to_str().unwrap().to_owned()
}

/// How many mutations the database holds, by commune and month.
fn held(project: &Project) -> Vec<String> {
    rows(
        project,
        "SELECT commune || ' ' || substr(date_mutation, 1, 7) || ' ' || count(*) FROM transactions
         GROUP BY commune, substr(date_mutation, 1, 7) ORDER BY 1",
    )
    .into_iter()
    .map(|row| match &row[0] {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    })
    .collect()
}

#[test]
fn init_writes_a_commented_file_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("my/prices");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_immostats"));
        command.arg("--root").arg(&root).args(arguments).output().unwrap()
    };
    let first = run(&["init"]);
    assert!(first.status.success());
    assert!(String::from_utf8(first.stdout).unwrap().contains("immostats.toml is written"));
    let path = root.join("immostats.toml");
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let keys = lines.iter().enumerate().filter(|(_, line)| line.contains(" = ") && !line.starts_with('#'));
    for (number, key) in keys {
        assert!(lines[number - 1].starts_with("# "), "no comment above: {key}");
    }
    assert!(run(&["status"]).status.success(), "the file that init writes is a configuration");

    let mine = text.replace("name = \"immostats\"", "name = \"Prix du Var\"");
    fs::write(&path, &mine).unwrap();
    let second = run(&["init"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8(second.stderr).unwrap().contains("already there"));
    assert_eq!(fs::read_to_string(&path).unwrap(), mine);
}

#[test]
fn without_a_project_each_command_says_how_to_make_one() {
    let project = Project::new(&[]);
    fs::remove_file(project.path("immostats.toml")).unwrap();
    let file = sample(TOULON_2023);
    for arguments in [
        &["import", file.to_str().unwrap()][..],
        &["import", "--dry-run", file.to_str().unwrap()],
        &["build"],
        &["status"],
        &["export", "statistiques-dvf", "--out", "out"],
    ] {
        let run = project.try_run(arguments);
        assert_eq!(run.code, 1, "{arguments:?}");
        for part in ["immostats.toml is missing", "run `immostats init`", "--root"] {
            assert!(run.stderr.contains(part), "{arguments:?}: {}", run.stderr);
        }
    }
    assert!(tree(project.root()).is_empty());
}

#[test]
fn a_configuration_that_cannot_be_meant_is_refused() {
    let project = Project::new(&[]);
    for (text, says) in [
        ("[site]\nadress = \"https://x.fr\"\n", "did you mean `address`?"),
        ("[statistics]\nminimum_sale = 6\n", "did you mean `minimum_sales`?"),
        ("[sites]\nname = \"x\"\n", "did you mean `site`?"),
        ("[site]\naddress = \"prix.fr\"\n", "an address such as https://prix.example.fr was expected"),
        ("[statistics]\nminimum_sales = 3\n", "minimum_sales is 3"),
        ("[statistics]\nsolid_sales = 30\n", "must not decrease"),
        ("[site\n", "line 1"),
    ] {
        project.configure(text);
        let run = project.try_run(&["status"]);
        assert_eq!(run.code, 1, "{text}");
        assert!(run.stderr.contains(says), "{text}: {}", run.stderr);
        assert!(run.stderr.contains("immostats.toml"), "{}", run.stderr);
    }
    project.configure("[site]\ndepartements = [\"99\"]\n");
    project.import(&[&project.file("x.csv", text(&a_few_days()))]);
    let run = project.try_run(&["build"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("99"), "{}", run.stderr);
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let project = Project::new(&["83"]);
    let toulon = sample(TOULON_2023);
    let toulon = toulon.to_str().unwrap();
    let run = project.run(&["--log-format", "json", "import", "--dry-run", toulon]);
    let [report] = &run.json()[..] else { panic!("{}", run.stdout) };
    assert_eq!(report["format"], "geo-DVF");
    assert_eq!(report["scope"], "commune 83137, 2023-01 to 2023-12");
    assert_eq!(report["dry_run"], true);
    assert_eq!(
        report["years"],
        json!([{
            "year": 2023, "lines": 8607, "mutations": 3966, "sales": 3157,
            "mutations_added": 3966, "mutations_removed": 0, "sales_added": 3157, "sales_removed": 0,
            "excluded": {
                "nature": 33, "no property": 538, "several properties": 235, "no price": 2, "no surface": 1,
                "100,000 €/m² or more": 0
            }
        }])
    );
    for line in run.stderr.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("the log is JSON too");
    }
    assert_eq!(tree(project.root()).into_keys().collect::<Vec<_>>(), ["immostats.toml"]);
    assert!(!project.path("data").exists());

    project.import(&[&project.file("days.csv", text(&a_few_days()))]);
    project.run(&["build"]);
    let before = tree(project.root());
    let run = project.run(&["import", "--dry-run", toulon]);
    assert!(run.stdout.contains("8607") && run.stdout.contains("3966"), "{}", run.stdout);
    let left = 3966 - rows(&project, "SELECT 1 FROM transactions").len();
    let would = format!("would change: {left} mutations added, 0 removed");
    assert!(run.stdout.contains(&would), "{}", run.stdout);
    let after = tree(project.root());
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert!(after == before);
}

#[test]
fn the_same_file_again_changes_nothing() {
    let project = Project::new(&["83"]);
    let toulon = sample(TOULON_2025);
    let first = project.import(&[&toulon]);
    assert!(first.stdout.contains("changed: 1589 mutations added, 0 removed"), "{}", first.stdout);
    let before = database(&project);
    let second = project.import(&[&toulon]);
    assert!(second.stdout.contains("nothing changed"), "{}", second.stdout);
    let mut after = database(&project);
    let log = after.insert("update_log".into(), before["update_log"].clone()).unwrap();
    assert!(after == before);
    assert_eq!(log.len(), 2);
    let statuses = rows(&project, "SELECT status, rows_imported, mutations FROM update_log ORDER BY batch_id");
    assert_eq!(statuses[0][0], Value::from("done".to_owned()));
    assert_eq!(statuses[1][0], Value::from("unchanged".to_owned()));
    assert_eq!(statuses[0][1..], statuses[1][1..]);
}

/// Invariant 7.
#[test]
fn a_file_replaces_only_the_months_that_it_covers() {
    let project = Project::new(&["83"]);
    let winter = extract(TOULON_2023, |date| date < "2023-04-01");
    project.import(&[&project.file("winter.csv", text(&winter))]);
    let before = rows(&project, "SELECT * FROM transactions");
    let outside = "SELECT * FROM transactions WHERE date_mutation NOT LIKE '2023-02%'";
    let others = rows(&project, outside);

    // A later file of the month of February alone, from which most sales are gone.
    let february = extract(TOULON_2023, |date| date.starts_with("2023-02-1"));
    let run = project.import(&[&project.file("february.csv", text(&february))]);
    assert!(run.stdout.contains("commune 83137, 2023-02 to 2023-02"), "{}", run.stdout);
    assert_eq!(rows(&project, outside), others);
    let left = rows(&project, "SELECT date_mutation FROM transactions WHERE date_mutation LIKE '2023-02%'");
    assert!(!left.is_empty() && left.len() + others.len() < before.len());
    assert!(left.iter().all(|row| matches!(&row[0], Value::Text(date) if date.starts_with("2023-02-1"))));

    // Another year, two years later: what the new file no longer holds stays.
    project.import(&[&sample(TOULON_2025)]);
    assert_eq!(rows(&project, &format!("{outside} AND date_mutation < '2025'")), others);

    // The whole of the winter again: as it was at first.
    project.import(&[&project.file("winter.csv", text(&winter))]);
    let held = "SELECT hex(id), commune, date_mutation, prix, lignes, biens FROM transactions WHERE date_mutation < '2025'";
    let other = Project::new(&["83"]);
    other.import(&[&other.file("winter.csv", text(&winter))]);
    assert_eq!(rows(&project, held), rows(&other, held));
}

#[test]
fn a_file_replaces_only_the_territory_that_it_covers() {
    let project = Project::new(&["83"]);
    let both = [
        flat(1, "2024-01-10", "83050", 200_000),
        flat(2, "2024-01-11", "83137", 210_000),
        flat(3, "2024-02-12", "83137", 220_000),
        flat(4, "2024-01-13", "13055", 230_000),
    ];
    let run = project.run(&["import", &file_of(&project, "both.csv", &both)]);
    assert!(run.stdout.contains("départements 13, 83, 2024-01 to 2024-02"), "{}", run.stdout);

    // A file of one commune leaves its neighbours alone.
    let toulon = file_of(&project, "toulon.csv", &[flat(1, "2024-01-20", "83137", 240_000)]);
    project.run(&["import", &toulon]);
    assert_eq!(held(&project), ["13055 2024-01 1", "83050 2024-01 1", "83137 2024-01 1", "83137 2024-02 1"]);

    // The same lines as a file of the month of January in the whole département, by its name.
    let named = file_of(&project, "83.csv", &[flat(1, "2024-01-20", "83137", 240_000)]);
    let dry = project.run(&["import", "--dry-run", &named]);
    assert!(dry.stdout.contains("département 83, 2024-01 to 2024-01"), "{}", dry.stdout);
    assert!(dry.stdout.contains("would change: 0 mutations added, 1 removed"), "{}", dry.stdout);
    project.run(&["import", &named]);
    assert_eq!(held(&project), ["13055 2024-01 1", "83137 2024-01 1", "83137 2024-02 1"]);

    // And by hand, with months that the file does not fill.
    project.run(&["import", "--scope", "83@2024-01..2024-12", &toulon]);
    assert_eq!(held(&project), ["13055 2024-01 1", "83137 2024-01 1"]);
    project.run(&["import", "--scope", "FR", &toulon]);
    assert_eq!(held(&project), ["83137 2024-01 1"]);
    let france = value(&project, "SELECT group_concat(mois) FROM coverage WHERE code = 'FR'");
    assert_eq!(france, Value::from("2024-01".to_owned()));
}

#[test]
fn status_tells_what_there_is() {
    let project = Project::new(&["83"]);
    let empty = project.run(&["status"]);
    assert!(empty.stdout.contains("database: none yet"), "{}", empty.stdout);
    assert_eq!(project.run(&["--log-format", "json", "status"]).json(), [json!({"database": null, "site": null})]);

    project.import(&[&sample(TOULON_2025)]);
    let text = project.run(&["status"]).stdout;
    for part in [
        "database: 1589 mutations, 1296 of them sales, in 1 communes, 2025-01-01 to 2025-06-30",
        "1 communes changed since the last build",
        "site:     not built yet",
        "83137-toulon-2025-s1.csv.gz  commune 83137, 2025-01 to 2025-06: 3444 lines",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }

    project.run(&["build"]);
    let text = project.run(&["status"]).stdout;
    assert!(text.contains("fresh"), "{text}");
    let version = project.json("version.json")["current"].as_str().unwrap().to_owned();
    assert!(text.contains(&format!("site:     version {version} of ")), "{text}");
    assert!(text.contains("sales up to 2025-06-30, 1 cities"), "{text}");

    let bad = project.file("bad.csv", "nothing of the kind\n");
    assert_eq!(project.try_run(&["import", bad.to_str().unwrap()]).code, 3);
    let json = project.run(&["--log-format", "json", "status"]).json().remove(0);
    assert_eq!(json["database"]["transactions"], 1589);
    assert_eq!(json["database"]["sales"], 1296);
    assert_eq!(json["database"]["stale"], 0);
    assert_eq!(json["site"]["version"], version);
    assert_eq!(json["log"][0]["status"], "refused");
    assert!(json["log"][0]["message"].as_str().unwrap().contains("is not a DVF file"));
    assert_eq!(json["log"][1]["status"], "done");
}

#[test]
fn quiet_is_silent_but_for_errors() {
    let project = Project::new(&["83"]);
    let file = project.file("days.csv", text(&a_few_days()));
    for arguments in [
        &["--quiet", "import", file.to_str().unwrap()][..],
        &["--quiet", "import", "--dry-run", file.to_str().unwrap()],
        &["build", "--quiet"],
        &["-q", "status"],
    ] {
        let run = project.run(arguments);
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""), "{arguments:?}");
    }
    assert!(project.path("site/index.html").exists());
    let run = project.try_run(&["-q", "import", "absent.csv"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("absent.csv"), "{}", run.stderr);
}

#[test]
fn one_process_writes_at_a_time() {
    let project = Project::new(&["83"]);
    let file = project.file("days.csv", text(&a_few_days()));
    let file = file.to_str().unwrap();
    project.run(&["import", file]);
    let before = database(&project);
    let lock = fs::File::options().write(true).open(project.path("data/lock")).unwrap();
    lock.lock().unwrap();
    for arguments in [&["import", file][..], &["build"]] {
        let run = project.try_run(arguments);
        assert_eq!(run.code, 1);
        assert!(run.stderr.contains("another immostats is at work"), "{}", run.stderr);
        assert!(run.stderr.contains("--wait"), "{}", run.stderr);
    }
    // Who only reads need not wait.
    project.run(&["status"]);
    project.run(&["import", "--dry-run", file]);
    assert!(database(&project) == before);

    let mut waiting = project.command().args(["--wait", "import", file]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert!(waiting.try_wait().unwrap().is_none(), "it did not wait");
    drop(lock);
    assert!(waiting.wait().unwrap().success());
}

#[test]
fn the_database_can_be_read_by_others() {
    let project = Project::new(&["83"]);
    project.import(&[&sample(TOULON_2023), &sample(TOULON_2024)]);
    project.run(&["build"]);
    let sales = "SELECT count(*) FROM ventes";
    assert_eq!(value(&project, sales), Value::from(3157 + 2803));
    for columns in [
        "SELECT id, date_mutation, code_postal, commune, type_local, surface_reelle, prix, prix_m2, lat, lon, created_at, batch_id FROM ventes",
        "SELECT id, date_mutation, code_postal, commune, type_local, surface_reelle, prix, prix_m2, lat, lon, batch_id FROM transactions",
        "SELECT city_code, period, stat_type, value, calculated_at FROM stats_cache",
        "SELECT batch_id, source_file, rows_imported, started_at, completed_at, status FROM update_log",
    ] {
        assert!(!rows(&project, columns).is_empty(), "{columns}");
    }
    let kinds = rows(&project, "SELECT DISTINCT type_local FROM ventes ORDER BY 1");
    let kinds: Vec<_> = kinds.into_iter().flatten().collect();
    let named = |name: &str| Value::from(name.to_owned());
    assert_eq!(
        kinds,
        [named("Appartement"), named("Local industriel. commercial ou assimilé"), named("Maison")]
    );
    let cached = |period: &str, kind: &str| {
        value(
            &project,
            &format!(
                "SELECT value FROM stats_cache
                 WHERE niveau = 'commune' AND city_code = '83137' AND period = '{period}' AND stat_type = '{kind}'"
            ),
        )
    };
    let counted = |filter: &str| value(&project, &format!("{sales} WHERE type_local = 'Appartement' AND {filter}"));
    for (period, filter) in [
        ("2024", "date_mutation LIKE '2024-%'"),
        ("2024-11", "date_mutation LIKE '2024-11-%'"),
        ("2024-Q1", "date_mutation BETWEEN '2023-04-01' AND '2024-03-31'"),
        ("total", "true"),
        ("window", "date_mutation LIKE '2024-%'"),
    ] {
        assert_eq!(cached(period, "nb_ventes_appartement"), counted(filter), "{period}");
    }
    for period in ["2024", "2024-11", "2024-Q1", "window"] {
        assert!(matches!(cached(period, "prix_m2_median_appartement"), Value::Real(m2) if m2 > 0.0), "{period}");
    }
}

#[test]
fn the_database_refuses_what_cannot_be() {
    let project = Project::new(&["83"]);
    project.import(&[&project.file("days.csv", text(&a_few_days()))]);
    let connection = Connection::open(project.path("data/immostats.db")).unwrap();
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    let insert = |set: &str| {
        let columns = "commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, batch_id";
        connection.execute_batch(&format!(
            "SAVEPOINT attempt;
             CREATE TEMP TABLE row AS SELECT {columns} FROM transactions WHERE biens = 1 LIMIT 1;
             UPDATE temp.row SET id = zeroblob(16);
             UPDATE temp.row SET {set};
             INSERT INTO transactions ({columns}) SELECT {columns} FROM temp.row;"
        ))
    };
    let undo = || connection.execute_batch("ROLLBACK TO attempt; RELEASE attempt;").unwrap();
    insert("prix = 1").expect("a row that can be");
    undo();
    for (set, why) in [
        ("prix = 'cher'", "cannot store TEXT value in REAL column"),
        ("lignes = 1.5", "cannot store REAL value in INTEGER column"),
        ("prix = -1", "CHECK constraint failed"),
        ("surface_reelle = 0", "CHECK constraint failed"),
        ("commune = '831'", "CHECK constraint failed"),
        ("type_local = NULL", "CHECK constraint failed"),
        ("nature = 999", "FOREIGN KEY constraint failed"),
        ("batch_id = 999", "FOREIGN KEY constraint failed"),
        ("date_mutation = NULL", "NOT NULL constraint failed"),
        ("id = (SELECT id FROM transactions WHERE biens = 1 LIMIT 1)", "UNIQUE constraint failed"),
    ] {
        let error = insert(set).expect_err(set).to_string();
        assert!(error.contains(why), "{set}: {error}");
        undo();
    }
    let status = "INSERT INTO update_log (source_file, started_at, status) VALUES ('x', 'now', 'perhaps')";
    assert!(connection.execute(status, []).unwrap_err().to_string().contains("CHECK"));
}

#[test]
fn a_database_that_is_not_ours_is_left_alone() {
    let project = Project::new(&["83"]);
    fs::create_dir(project.path("data")).unwrap();
    let path = project.path("data/immostats.db");
    let file = project.file("days.csv", text(&a_few_days()));
    let refuses = |says: &str, path: &Path| {
        let before = fs::read(path).unwrap();
        for arguments in [&["import", file.to_str().unwrap()][..], &["build"], &["status"]] {
            let run = project.try_run(arguments);
            assert_eq!(run.code, 1, "{arguments:?}: {}", run.stderr);
            assert!(run.stderr.contains(says), "{arguments:?}: {}", run.stderr);
        }
        assert!(fs::read(path).unwrap() == before, "{says}");
    };
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE mine (x)").unwrap();
    refuses("is not an immostats database", &path);
    fs::write(&path, "this is no database at all").unwrap();
    refuses("immostats.db cannot be opened", &path);
    fs::remove_file(&path).unwrap();
    project.import(&[&file]);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    refuses("made by a newer immostats", &path);
}
