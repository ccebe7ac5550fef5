//! The export to Grist: whatever happens, the table ends as the site has it, nothing of the operator's is touched, and
//! nothing is sent that is there already.

mod notes;
mod server;

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::market::{GUYANE, Release, small_site};
use crate::support::{Project, Run};

use server::{Call, DOC, Fault, GristServer, KEY, Table};

/// The table of the tests.
const TABLE: &str = "Communes";

/// A project with a site and a document to export to.
pub struct Bench {
    project: Project,
    release: Release,
    pub grist: GristServer,
}

impl Bench {
    pub fn new() -> Self {
        let (project, release) = small_site();
        let bench = Self {
            project,
            release,
            grist: GristServer::start(),
        };
        bench.configure("");
        bench
    }

    /// Two records a request, so that there are several; `keys` are more of the table `[[exports]]`.
    fn configure(&self, keys: &str) {
        self.project.configure(&format!(
            "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"973\", \"83\"]\n{}",
            self.exports(&format!("departements = [\"973\"]\n{keys}"))
        ));
    }

    fn exports(&self, keys: &str) -> String {
        exports(&self.grist, keys)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.project.command();
        with_key(&mut command);
        command.args(arguments);
        command
    }

    #[track_caller]
    pub fn ends(&self, code: i32, arguments: &[&str]) -> Run {
        let run = crate::source::outcome(&mut self.command(arguments));
        assert_eq!(
            run.code, code,
            "{arguments:?}\n{}{}",
            run.stdout, run.stderr
        );
        assert!(!format!("{}{}", run.stdout, run.stderr).contains("hunter2"));
        run
    }

    /// Exports; gives the report and what was sent. Where the environment asks for it, both are shown.
    #[track_caller]
    fn export(&self, title: &str, code: i32, arguments: &[&str]) -> (Value, Vec<Call>) {
        let shown = std::env::var_os("GRIST_TRANSCRIPTS").is_some();
        let json: &[&str] = if shown { &[] } else { &["--json"] };
        let run = self.ends(code, &[&["export", "grist"], arguments, json].concat());
        let calls = self.grist.calls();
        if shown {
            let sent: Vec<_> = calls.iter().map(Call::told).collect();
            println!(
                "## {title}\n$ immostats export grist {}\n{}{}-> exit {code}\n{}\n",
                arguments.join(" "),
                run.stdout,
                run.stderr,
                sent.join("\n")
            );
            return (Value::Null, calls);
        }
        let report = run.json().first().map(|report| report["grist"].clone());
        (report.unwrap_or_default(), calls)
    }

    /// The prices of a commune move, and a version is built.
    fn change(&mut self, commune: usize) {
        self.release.reprice(GUYANE[commune], 120);
        self.release.import(&self.project);
        self.project.run(&["build", "--only-changed"]);
    }
}

/// A table `[[exports]]` of a document.
fn exports(grist: &GristServer, keys: &str) -> String {
    format!(
        "[[exports]]\nkind = \"grist\"\nserver = \"{}\"\ndoc = \"{DOC}\"\nbatch = 2\nper_second = 1000.0\nretries = 4\nretry_wait = 0.01\n{keys}",
        grist.url()
    )
}

/// The key in the environment, and no proxy of this machine.
fn with_key(command: &mut Command) {
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.env("GRIST_API_KEY", KEY);
}

/// What a table holds by code, without the numbers of its rows.
fn content(table: &Table) -> BTreeMap<String, Map<String, Value>> {
    let rows = table.rows.values();
    rows.map(|row| (row["code"].as_str().unwrap().to_owned(), row.clone()))
        .collect()
}

/// The CSV of a département, which is what the table has to hold.
fn csv(project: &Project, departement: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let path = format!("site/data/departement/{departement}.csv");
    let text = std::fs::read_to_string(project.path(&path)).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let names: Vec<_> = lines.next().unwrap().split(';').collect();
    lines
        .map(|line| {
            let cells = names.iter().zip(line.split(';'));
            let cells: BTreeMap<_, _> = cells
                .map(|(name, cell)| ((*name).to_owned(), cell.trim_matches('"').to_owned()))
                .collect();
            (cells["code"].clone(), cells)
        })
        .collect()
}

/// Asserts that a table is what the CSV of a département says: texts, numbers, and null where a cell is empty.
#[track_caller]
fn assert_is_csv(table: &Table, csv: &BTreeMap<String, BTreeMap<String, String>>) {
    let codes: Vec<_> = csv.keys().cloned().collect();
    assert_eq!(table.codes(), codes);
    for (code, cells) in csv {
        let row = table.row(code);
        assert_eq!(row.len(), cells.len());
        for (name, cell) in cells {
            let (_, _, kind, _) = table.columns.iter().find(|(id, ..)| id == name).unwrap();
            let expected = match kind.as_str() {
                _ if cell.is_empty() => Value::Null,
                "Text" => json!(cell),
                "Int" => json!(cell.parse::<i64>().unwrap()),
                _ => json!(cell.replace(',', ".").parse::<f64>().unwrap()),
            };
            let same = match (&row[name], &expected) {
                (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
                (a, b) => a == b,
            };
            assert!(same, "{code} {name}: {} and not {expected}", row[name]);
        }
    }
}

fn writes(calls: &[Call]) -> Vec<&Call> {
    calls.iter().filter(|call| call.method != "GET").collect()
}

fn told(calls: &[Call]) -> Vec<String> {
    let mut told: Vec<_> = calls.iter().map(Call::told).collect();
    told.sort();
    told
}

#[test]
fn only_what_differs_is_sent() {
    let mut bench = Bench::new();
    let (plan, calls) = bench.export("dry run", 0, &["--dry-run"]);
    assert!(writes(&calls).is_empty() && bench.grist.tables().is_empty());
    let (report, calls) = bench.export("first run", 0, &[]);
    let table = bench.grist.table(TABLE);
    assert_is_csv(&table, &csv(&bench.project, "973"));
    let rows = table.rows.len();
    assert_eq!(writes(&calls).len(), 1 + rows.div_ceil(2));
    if !report.is_null() {
        for name in ["added", "columns_added", "new_table"] {
            assert_eq!(plan[name], report[name]);
        }
        assert_eq!(report["added"], rows);
        assert_eq!(report["writes"], writes(&calls).len());
        assert_eq!(report["rows"], rows);
    }
    let types: BTreeMap<_, _> = table
        .columns
        .iter()
        .map(|(id, _, kind, _)| (id.as_str(), kind.as_str()))
        .collect();
    assert_eq!(types["code"], "Text");
    assert_eq!(types["prix_m2_maison"], "Int");
    assert_eq!(types["evolution_1_an_appartement"], "Numeric");
    // A year of sales says nothing of a change over a year.
    assert!(table.row("97302")["evolution_1_an_maison"].is_null());

    let (report, calls) = bench.export("nothing new", 0, &[]);
    assert_eq!(
        told(&calls),
        [
            "GET tables 200".to_owned(),
            format!("GET tables/{TABLE}/columns 200"),
            format!("GET tables/{TABLE}/records 200")
        ]
    );
    if !report.is_null() {
        assert_eq!(report["same"], rows);
    }

    // Neighbours' estimates may follow it; with these columns it is one commune.
    bench.configure("columns = [\"nom\", \"prix_m2\"]\n");
    bench.change(0);
    let before = bench.grist.table(TABLE);
    let (report, calls) = bench.export("one commune changed", 0, &[]);
    let sent = writes(&calls);
    assert_eq!(sent.len(), 1, "{:?}", told(&calls));
    assert_eq!(
        sent[0].told(),
        format!("PATCH tables/{TABLE}/records (1) 200")
    );
    let fields = &sent[0].json()["records"][0]["fields"];
    let fields: Vec<_> = fields.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["prix_m2_appartement", "prix_m2_maison"]);
    if !report.is_null() {
        assert_eq!(
            (&report["changed"], &report["same"]),
            (&json!(1), &json!(rows - 1))
        );
    }
    let after = bench.grist.table(TABLE);
    let csv = csv(&bench.project, "973");
    for (code, row) in content(&after) {
        let price = &csv[&code]["prix_m2_maison"];
        assert_eq!(row["prix_m2_maison"].as_u64(), price.parse().ok());
        // What was not asked for stays as it was.
        let interval = "prix_m2_bas_maison";
        assert_eq!(row[interval], before.row(&code)[interval]);
    }
    bench.configure("");
    bench.export("all columns again", 0, &[]);
    assert_is_csv(&bench.grist.table(TABLE), &csv);
}

#[test]
fn what_is_the_operators_own_stays() {
    let bench = Bench::new();
    bench.configure("columns = [\"nom\", \"prix_m2\"]\n");
    bench.export("first run", 0, &[]);
    bench.grist.edit(TABLE, |table| {
        for (id, kind, formula) in [
            ("avis", "Text", None),
            ("double", "Int", Some("$prix_m2_maison * 2")),
        ] {
            let column = (id.into(), id.into(), kind.into(), formula.map(str::to_owned));
            table.columns.push(column);
            for row in table.rows.values_mut() {
                row.insert(id.into(), json!("mine"));
            }
        }
        // Somebody made it a text and gave it another name.
        let price = table.columns.iter_mut().find(|column| column.0 == "prix_m2_maison");
        let price = price.unwrap();
        (price.1, price.2) = ("Prix".into(), "Text".into());
        let rows = [
            ("", "mine"),
            ("75056", "elsewhere"),
            ("973 total", "mine"),
            ("97302", "again"),
            ("97399", "gone"),
        ];
        for (code, name) in rows {
            let row = json!({"code": code, "nom": name, "prix_m2_maison": null, "prix_m2_appartement": 7, "avis": name, "double": 1});
            table.add(row.as_object().unwrap().clone());
        }
    });
    let before = bench.grist.table(TABLE);
    let (report, calls) = bench.export(
        "the operator's own",
        0,
        &["--columns", "nom,prix_m2,ventes_maison"],
    );
    let after = bench.grist.table(TABLE);
    if !report.is_null() {
        assert_eq!(report["columns_added"], json!(["ventes_maison"]));
        assert_eq!(report["columns_changed"], json!(["prix_m2_maison"]));
        assert_eq!(report["columns_left"], 2);
        assert_eq!(
            (&report["removed"], &report["rows_left"]),
            (&json!(1), &json!(4))
        );
        assert_eq!(report["twice"], json!(["97302"]));
    }
    for call in writes(&calls) {
        assert!(
            !call.body.contains("avis") && !call.body.contains("double"),
            "{}",
            call.body
        );
    }
    for (id, row) in &before.rows {
        if row["code"] == "97399" {
            assert!(!after.rows.contains_key(id));
            continue;
        }
        for column in ["avis", "double"] {
            assert_eq!(after.rows[id][column], row[column]);
        }
        if row["avis"] != "mine" || row["code"] == "" || row["code"] == "973 total" {
            assert_eq!(after.rows[id]["nom"], row["nom"]);
            assert_eq!(
                after.rows[id]["prix_m2_appartement"],
                row["prix_m2_appartement"]
            );
        }
    }
    assert_eq!(after.columns[..2], before.columns[..2]);
    let (_, calls) = bench.export("again", 0, &["--columns", "nom,prix_m2,ventes_maison"]);
    assert_eq!(writes(&calls).len(), 0);

    // A formula, or a key that lost its zeros, is not written over.
    for (edit, complaint) in [
        (("nom", "Text", Some("$code")), "is a formula"),
        (("code", "Int", None), "codes such as 01004 are text"),
    ] {
        let (id, kind, formula) = edit;
        bench.grist.edit(TABLE, |table| {
            let column = table
                .columns
                .iter_mut()
                .find(|column| column.0 == id)
                .unwrap();
            (column.2, column.3) = (kind.into(), formula.map(str::to_owned));
        });
        let run = bench.ends(1, &["export", "grist"]);
        assert!(run.stderr.contains(complaint), "{}", run.stderr);
        assert_eq!(writes(&bench.grist.calls()).len(), 0);
    }
}

#[test]
fn codes_keep_their_zeros_and_indicators_can_be_chosen() {
    let grist = GristServer::start();
    let project = Project::new(&["01"]);
    let communes = ["01004", "01033"];
    Release::of_year("01", &communes, 2024, 5).import(&project);
    let rents = crate::support::sample("carte-des-loyers-2025-appartements.csv.gz");
    project.run(&["import", "--source", "loyers", rents.to_str().unwrap()]);
    project.run(&["build"]);
    let server = grist.url();
    let mut command = project.command();
    with_key(&mut command);
    command.args([
        "export",
        "grist",
        "--doc",
        DOC,
        "--server",
        server,
        "--departements",
        "01",
    ]);
    command.args(["--columns", "nom,departement,epci,loyer-appartement"]);
    let run = crate::source::outcome(&mut command);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let table = grist.table(TABLE);
    assert!(table.codes().contains(&"01004".to_owned()));
    for (code, row) in content(&table) {
        assert!(code.starts_with("01") && code.len() == 5, "{code}");
        assert_eq!(row["departement"], "01");
    }
    let ids: Vec<_> = table
        .columns
        .iter()
        .map(|column| column.0.as_str())
        .collect();
    assert_eq!(
        ids[..5],
        ["code", "nom", "departement", "epci", "loyer_appartement"]
    );
    let kinds: Vec<_> = table
        .columns
        .iter()
        .map(|column| column.2.as_str())
        .collect();
    assert_eq!(kinds[4], "Numeric");
    assert!(grist.calls().iter().all(|call| call.status == 200));
    // A number is sent as a number, and what is not known as null.
    for row in table.rows.values() {
        assert!(
            row["loyer_appartement"].is_null() || row["loyer_appartement"].as_f64() > Some(0.0)
        );
    }
    let run = project.try_run(&["export", "grist", "--doc", DOC, "--columns", "prix_m3"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("did you mean prix_m2?"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_storm_of_refusals_ends_in_the_same_table() {
    let bench = Bench::new();
    for _ in 0..3 {
        bench.grist.fault(
            "any",
            Fault::Status(
                429,
                "Too many backlogged requests for document - try again later?",
            ),
        );
    }
    bench.grist.fault("PUT", Fault::Lost);
    bench.grist.fault("PUT", Fault::Status(503, "unavailable"));
    bench.grist.fault("PUT", Fault::Status(429, "slow down"));
    bench.grist.fault("POST", Fault::Lost);
    let (report, calls) = bench.export("429 storm, answers lost", 0, &[]);
    assert_is_csv(&bench.grist.table(TABLE), &csv(&bench.project, "973"));
    assert_eq!(bench.grist.tables(), [TABLE]);
    let refused = calls.iter().filter(|call| call.status != 200).count();
    assert_eq!(refused, 7);
    if !report.is_null() {
        assert_eq!(report["writes"], writes(&calls).len());
    }
    assert!(bench.grist.most_at_once() <= 4);

    // What may be sent today is used up: no other attempt helps.
    bench.grist.fault(
        "any",
        Fault::Status(429, "Exceeded daily limit for document"),
    );
    let (_, calls) = bench.export("daily limit", 1, &[]);
    assert_eq!(calls.len(), 1);
    // Nor where the server says no.
    bench
        .grist
        .fault("any", Fault::Status(403, "No write access"));
    let (_, calls) = bench.export("no access", 1, &[]);
    assert_eq!(calls.len(), 1);
}

#[test]
fn what_is_too_large_is_halved() {
    let bench = Bench::new();
    bench.configure("columns = [\"nom\", \"prix_m2\"]\n");
    bench.export("columns", 0, &[]);
    bench.grist.edit(TABLE, |table| table.rows.clear());
    bench.grist.take_up_to(160);
    let (report, calls) = bench.export("413", 0, &[]);
    let sent = |status| {
        calls
            .iter()
            .filter(move |call| call.method == "PUT" && call.status == status)
    };
    assert!(sent(413).count() > 0 && sent(200).all(|call| call.told().contains("(1)")));
    if !report.is_null() {
        assert_eq!(report["failed"], json!([]));
    }
    assert_eq!(
        bench.grist.table(TABLE).codes(),
        csv(&bench.project, "973").into_keys().collect::<Vec<_>>()
    );
}

#[test]
fn a_record_that_is_refused_is_told_and_passed_over() {
    let bench = Bench::new();
    bench.grist.poison("\"97303\"");
    let (report, _) = bench.export("a record that is refused", 1, &[]);
    let expected = csv(&bench.project, "973");
    assert_eq!(bench.grist.table(TABLE).rows.len(), expected.len() - 1);
    if !report.is_null() {
        assert_eq!(report["failed"].as_array().unwrap().len(), 1);
        assert_eq!(report["failed"][0]["code"], "97303");
        let reason = report["failed"][0]["reason"].as_str().unwrap();
        assert!(reason.contains("the trigger of"), "{reason}");
    }
    bench.grist.poison("");
    let (_, calls) = bench.export("the next run", 0, &[]);
    assert_eq!(writes(&calls).len(), 1);
    assert_is_csv(&bench.grist.table(TABLE), &expected);
    // Somebody removes a row between the plan and the write: nothing is made of it.
    bench.grist.edit(TABLE, |table| {
        let row = json!({"code": "97399"});
        table.add(row.as_object().unwrap().clone());
    });
    bench.grist.fault("POST", Fault::Lost);
    let (report, _) = bench.export("a removal whose answer is lost", 0, &[]);
    if !report.is_null() {
        assert_eq!(report["removed"], 1);
    }
    assert_is_csv(&bench.grist.table(TABLE), &expected);
}

#[test]
fn what_does_not_fit_is_said_before_anything_is_written() {
    let bench = Bench::new();
    let rows = csv(&bench.project, "973").len();
    bench.grist.edit("Notes", |table| {
        for _ in 0..3 {
            table.add(Map::new());
        }
    });
    for options in [&["--dry-run"][..], &[]] {
        let limit = (rows + 2).to_string();
        let (report, calls) = bench.export("no room", 1, &[options, &["--rows", &limit]].concat());
        assert!(writes(&calls).is_empty());
        assert_eq!(bench.grist.tables(), ["Notes"]);
        if !report.is_null() {
            let stopped = report["stopped"].as_str().unwrap();
            assert!(stopped.contains("does not fit"), "{stopped}");
        }
    }
    let limit = (rows + 3).to_string();
    bench.export("room", 0, &["--rows", &limit]);
    // What is there already needs no more room.
    bench.export("nothing to add", 0, &["--rows", "1"]);
}

#[test]
fn an_export_ends_in_its_time_and_says_what_it_lacks() {
    let bench = Bench::new();
    bench.grist.fault("any", Fault::Silent);
    let run = bench.ends(1, &["export", "grist", "--timeout", "300ms"]);
    assert!(run.stderr.contains("longer than 0.3 s"), "{}", run.stderr);
    let mut command = bench.command(&["export", "grist"]);
    let run = crate::source::outcome(command.env_remove("GRIST_API_KEY"));
    assert!(
        run.code == 1 && run.stderr.contains("no GRIST_API_KEY"),
        "{}",
        run.stderr
    );
    let mut command = bench.command(&["export", "grist"]);
    let run = crate::source::outcome(command.env("GRIST_API_KEY", "hunter3-of-nobody"));
    assert!(
        run.code == 1 && run.stderr.contains("403"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("hunter3"), "{}", run.stderr);
    let run = bench.ends(1, &["export", "grist", "--departements", "2A"]);
    assert!(
        run.stderr.contains("no commune of département 2A"),
        "{}",
        run.stderr
    );
    bench
        .project
        .configure("[site]\ndepartements = [\"973\", \"83\"]\n");
    let run = bench.ends(1, &["export", "grist"]);
    assert!(
        run.stderr.contains("no document is named"),
        "{}",
        run.stderr
    );
    // Sales that no figures are made of yet.
    bench.configure("");
    let mut release = bench.release.clone();
    release.reprice(GUYANE[0], 120);
    release.import(&bench.project);
    let run = bench.ends(1, &["export", "grist"]);
    assert!(
        run.stderr.contains("run `immostats build` first"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_killed_export_is_resumed() {
    use immostats::base::stop::StopPoint;
    let bench = Bench::new();
    // A record a request, and four requests at once: some are written when it is killed, and some are not.
    let path = bench.project.path("immostats.toml");
    let settings = std::fs::read_to_string(path).unwrap();
    bench
        .project
        .configure(&settings.replace("batch = 2", "batch = 1"));
    bench.kill(StopPoint::GristColumnsMade, 1);
    let mut command = bench.command(&["export", "grist"]);
    let held = crate::stop::start_until(&mut command, StopPoint::GristRowsWritten, 1);
    // Nobody else writes to the document meanwhile.
    let run = bench.ends(1, &["export", "grist"]);
    let busy = "another immostats is at work on this project";
    assert!(run.stderr.contains(busy), "{}", run.stderr);
    held.kill();
    bench.killed("GristRowsWritten");
    let rows = csv(&bench.project, "973");
    let (_, calls) = bench.export("after the kill", 0, &[]);
    let left = writes(&calls).len();
    assert!(left < rows.len() && left >= rows.len() - 4, "{left}");
    assert_is_csv(&bench.grist.table(TABLE), &rows);
}

impl Bench {
    /// An export that is killed at a point, for the `time`th time that it comes there.
    #[track_caller]
    pub fn kill(&self, point: immostats::base::stop::StopPoint, time: u32) {
        crate::stop::kill_at(&mut self.command(&["export", "grist"]), point, time);
        self.killed(&format!("{point:?}"));
    }

    /// Forgets what was sent up to a kill, which is shown where the environment asks for it.
    fn killed(&self, point: &str) {
        let calls = self.grist.calls();
        if std::env::var_os("GRIST_TRANSCRIPTS").is_some() {
            let sent: Vec<_> = calls.iter().map(Call::told).collect();
            println!("## killed at {point}\n{}\n", sent.join("\n"));
        }
    }

    /// Exports to the end, and asserts that the table is that of a run that nothing disturbed, and needs no other.
    #[track_caller]
    pub fn ends_whole(&self) {
        self.ends(0, &["export", "grist"]);
        assert_is_csv(&self.grist.table(TABLE), &csv(&self.project, "973"));
        self.grist.calls();
        self.ends(0, &["export", "grist"]);
        assert!(writes(&self.grist.calls()).is_empty());
    }
}

#[test]
fn an_update_brings_the_tables_along() {
    use crate::source::bench::Bench as Sources;
    let bench = Sources::new();
    crate::source::update::publish_two_years(&bench);
    let grist = GristServer::start();
    let path = bench.project.path("immostats.toml");
    let settings = std::fs::read_to_string(path).unwrap();
    let table = exports(&grist, "departements = [\"83\"]\n");
    bench.project.configure(&format!("{settings}{table}"));
    let run = |code: i32| {
        let mut command = bench.command(&["update"]);
        with_key(&mut command);
        let run = crate::source::outcome(&mut command);
        assert_eq!(run.code, code, "{}{}", run.stdout, run.stderr);
        run
    };
    // The site is done whatever comes of it.
    grist.fault("any", Fault::Status(403, "No write access"));
    let failed = run(1);
    assert!(
        failed.stderr.contains("table Communes of document"),
        "{}",
        failed.stderr
    );
    assert!(bench.project.path("site/ville/83137/index.html").exists());
    let store = rusqlite::Connection::open(bench.project.path("data/versions.db")).unwrap();
    let query = "SELECT message FROM runs WHERE outcome = 'failed'";
    let told: String = store.query_row(query, [], |row| row.get(0)).unwrap();
    assert!(told.contains("answered 403"), "{told}");
    let done = run(0);
    assert!(
        done.stdout.contains("table Communes of document"),
        "{}",
        done.stdout
    );
    assert_is_csv(&grist.table(TABLE), &csv(&bench.project, "83"));
    grist.calls();
    run(0);
    assert!(writes(&grist.calls()).is_empty());
}
