//! Facts by place and day: files of tourism nights in the shape of an operator's, whose volumes are all made up, are imported
//! from their folder, replaced by later deliveries, and told by month and year.

use std::fs;
use std::io::{Cursor, Write};

use immostats::base::stop::StopPoint;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use rusqlite::types::Value as Cell;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::material::rows;
use crate::stop::kill_at;
use crate::support::{Project, Run};

/// Nights by origin and kind of visitor: zones by name, nothing of 0 or less, one département.
const NIGHTS: &str = r#"
[[sources]]
id = "nuitees"
kind = "facts"
[sources.facts]
folder = "flux"
files = ["Nuitee_{year}B*_Cantal.csv"]
date = "Date"
place = "ZoneObservation"
zones = "zones.csv"
value = "Volume"
positive = true
where = { NomDepartement = "Cantal" }
dimensions = ["Provenance", "CategorieVisiteur"]
batch = 7
attribution = "Volumes inventés"
licence = "aucune"
"#;

const ZONES: &str =
    "zone;commune\nAurillac;15014\nVic-sur-Cère;15258\nPlanèze;15187\nPlanèze;15138\n";

const HEADER: &str = "Date;ZoneObservation;Provenance;CategorieVisiteur;Volume;NomDepartement";

fn project() -> Project {
    let project = Project::new(&["83"]);
    project.configure(NIGHTS);
    project.file("zones.csv", ZONES);
    project
}

/// A line of a file: day, zone, origin, volume.
type Line<'a> = (Date, &'a str, &'a str, i64);

fn csv(lines: &[Line<'_>]) -> String {
    let lines = lines.iter().map(|(day, zone, origin, volume)| {
        format!("{day};{zone};{origin};TOURISTE;{volume};Cantal\n")
    });
    format!("{HEADER}\n{}", lines.collect::<String>())
}

fn import(project: &Project) -> Run {
    project.run(&["import", "--source", "nuitees"])
}

/// The facts of a source, a line each, in order.
fn facts(project: &Project, source: &str) -> Vec<String> {
    let query = format!(
        "SELECT concat_ws(' ', zone, jour, modalite_1, modalite_2, modalite_3, valeur) FROM faits_par_jour
         WHERE source = '{source}' ORDER BY 1"
    );
    texts(project, &query)
}

fn texts(project: &Project, query: &str) -> Vec<String> {
    let rows = rows(project, query).into_iter().flatten();
    rows.map(|cell| match cell {
        Cell::Text(text) => text,
        other => panic!("{other:?}"),
    })
    .collect()
}

/// What `immostats facts` tells of each source.
fn told(project: &Project) -> Value {
    project.run(&["facts", "--json"]).json()[0].clone()
}

fn days(first: Date, last: Date) -> Vec<Date> {
    let all = first.series(1.day());
    all.take_while(|day| *day <= last).collect()
}

/// A made-up volume of a day.
fn volume(day: Date, zone: usize) -> i64 {
    let of_year = i64::from(day.day_of_year());
    100 + of_year * 7 % 53 + 11 * zone as i64 + if day.year() == 2024 { 5 } else { 0 }
}

/// Whole nights of both zones, by day.
fn nights<'a>(first: Date, last: Date, more: i64) -> Vec<Line<'a>> {
    let of_day = |day| {
        [(0, "AURILLAC"), (1, "Vic-sur-Cere")]
            .map(|(at, zone)| (day, zone, "France", volume(day, at) + more))
    };
    days(first, last).into_iter().flat_map(of_day).collect()
}

#[test]
fn a_late_delivery_takes_the_place_of_its_days_and_months_are_told_beside_those_before() {
    let project = project();
    let file = |name: &str, lines: &[Line<'_>]| project.file(&format!("flux/{name}"), csv(lines));
    file(
        "Nuitee_2023B1_Cantal.csv",
        &nights(date(2023, 1, 1), date(2023, 3, 31), 0),
    );
    file(
        "Nuitee_2024B1_Cantal.csv",
        &nights(date(2024, 1, 1), date(2024, 3, 12), 0),
    );
    // Neither fits the pattern.
    file("Nuitee_2024B1_Regions.csv", &[]);
    file("Diurne_2024B1_Cantal.csv", &[]);
    let first = import(&project).stdout;
    assert!(
        first.contains("180 facts of source nuitees, 2 zones, 2023-01-01 to 2023-03-31"),
        "{first}"
    );
    assert!(
        first.contains("changed: 144 zone days added, 0 replaced"),
        "{first}"
    );

    // The second delivery of 2024 repeats February and March with other volumes, a new origin, and the end of March.
    let mut late = nights(date(2024, 2, 1), date(2024, 3, 31), 3);
    late.push((date(2024, 2, 1), "Aurillac", "Belgique", 4));
    file("Nuitee_2024B2_Cantal.csv", &late);
    let run = import(&project).stdout;
    assert_eq!(run.matches("unchanged").count(), 2, "{run}");
    assert!(
        run.contains("changed: 38 zone days added, 82 replaced"),
        "{run}"
    );

    // Plain arithmetic over what counts: January of the first delivery, the rest of the second.
    let sum = |first: Date, last: Date, more: i64| -> i64 {
        let of_day = |day: Date| volume(day, 0) + volume(day, 1) + 2 * more;
        days(first, last).into_iter().map(of_day).sum()
    };
    let end = |year: i16, month: i8| date(year, month, 1).last_of_month();
    let month = |year: i16, month: i8, more: i64| sum(date(year, month, 1), end(year, month), more);
    let by_month = &told(&project)[0];
    assert_eq!(
        (
            &by_month["files"],
            &by_month["days"],
            &by_month["communes"],
            &by_month["zones"]
        ),
        (&json!(3), &json!(181), &json!(2), &json!(2))
    );
    let periods = by_month["periods"].as_array().unwrap();
    let expected = [
        ("2023-01", month(2023, 1, 0)),
        ("2023-02", month(2023, 2, 0)),
        ("2023-03", month(2023, 3, 0)),
        ("2024-01", month(2024, 1, 0)),
        ("2024-02", month(2024, 2, 3) + 4),
        ("2024-03", month(2024, 3, 3)),
    ];
    assert_eq!(periods.len(), expected.len());
    for (period, (name, value)) in periods.iter().zip(expected) {
        assert_eq!(
            (&period["period"], &period["value"]),
            (&json!(name), &json!(value as f64))
        );
        let year: i16 = name[..4].parse().unwrap();
        if year == 2023 {
            assert_eq!(
                (&period["before"], &period["change"]),
                (&Value::Null, &Value::Null)
            );
            continue;
        }
        let before = month(2023, name[5..].parse().unwrap(), 0);
        assert_eq!(period["before"], json!(before as f64), "{name}");
        // 29 February has no day before.
        let leap = volume(date(2024, 2, 29), 0) + volume(date(2024, 2, 29), 1) + 6;
        let same = if name == "2024-02" {
            value - leap
        } else {
            value
        };
        let change = (same as f64 / before as f64 - 1.0) * 100.0;
        assert!(
            (period["change"].as_f64().unwrap() - change).abs() < 1e-9,
            "{name}"
        );
    }
    let all: i64 = expected[3..].iter().map(|(_, value)| value).sum();
    let before: i64 = expected[..3].iter().map(|(_, value)| value).sum();
    let by_year = project
        .run(&["facts", "--source", "nuitees", "--by", "year"])
        .stdout;
    let year = format!("  2024: {all} of 91 days; {before} on the same days a year before, +");
    assert!(
        by_year.contains(&year) && by_year.contains("published nowhere"),
        "{year}: {by_year}"
    );
}

#[test]
fn zones_are_found_however_they_are_written_and_what_is_left_out_is_told() {
    let project = project();
    let text = format!(
        "{HEADER}\n\
         2024-03-18;AURILLAC;Rhône;TOURISTE;10;Cantal\n\
         2024-03-18;aurillac;Rhône;TOURISTE;5;Cantal\n\
         2024-03-18;Aurillac;Rhône;EXCURSIONNISTE;2;Cantal\n\
         2024-03-18;Vic sur Cere;Rhône;TOURISTE;0;Cantal\n\
         2024-03-18;PLANEZE;Paris;TOURISTE;7;Cantal\n\
         2024-03-18;Ailleurs;Paris;TOURISTE;7;Cantal\n\
         2024-03-19;Ailleurs;Paris;TOURISTE;7;Cantal\n\
         2024-03-18;Rodez;Paris;TOURISTE;7;Aveyron\n"
    );
    project.file("flux/Nuitee_2024B1_Cantal.csv", &text);
    let preview = project
        .run(&["import", "--source", "nuitees", "--dry-run"])
        .stdout;
    assert!(
        preview.contains("would change: 3 zone days added"),
        "{preview}"
    );
    assert!(!project.path("data").exists(), "nothing was written");
    let run = import(&project).stdout;
    for part in [
        "1 line left out by facts.where",
        "1 line of 0 or less left out",
        "1 place unknown and left out, with 2 lines: Ailleurs.",
    ] {
        assert!(run.contains(part), "{part}: {run}");
    }
    let expected = [
        "Aurillac 2024-03-18 Rhône EXCURSIONNISTE 2.0",
        "Aurillac 2024-03-18 Rhône TOURISTE 15.0",
        "Planèze 2024-03-18 Paris TOURISTE 7.0",
    ];
    assert_eq!(facts(&project, "nuitees"), expected);
    let communes = "SELECT DISTINCT communes FROM faits_par_jour WHERE zone = 'Planèze'";
    assert_eq!(texts(&project, communes), ["15138 15187"]);
    // Values of dimensions stand once.
    let labels = "SELECT libelle FROM faits_modalites ORDER BY 1";
    assert_eq!(
        texts(&project, labels),
        ["EXCURSIONNISTE", "Paris", "Rhône", "TOURISTE"]
    );
    // A zone more makes the file one that is to be read again.
    project.file("zones.csv", format!("{ZONES}Ailleurs;15045\n"));
    let run = import(&project).stdout;
    assert!(run.contains("2 zone days added, 3 replaced"), "{run}");
    assert_eq!(facts(&project, "nuitees").len(), 5);
}

/// A workbook of a sheet: the first column of its lines are days, the last numbers, as a spreadsheet keeps them.
pub fn workbook(header: &[&str], lines: &[(Date, &str, f64)]) -> Vec<u8> {
    let text = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let header: String = header.iter().map(|name| text(name)).collect();
    let lines = lines.iter().map(|(day, zone, number)| {
        let serial = (*day - date(1899, 12, 30)).get_days();
        let zone = text(zone);
        format!("<row><c s=\"1\"><v>{serial}</v></c>{zone}<c><v>{number}</v></c></row>")
    });
    let main = "http://schemas.openxmlformats.org";
    let kind = format!("{main}/officeDocument/2006/relationships");
    let sheet = format!(
        "<worksheet xmlns=\"{main}/spreadsheetml/2006/main\"><sheetData><row>{header}</row>{}</sheetData></worksheet>",
        lines.collect::<String>()
    );
    let parts = [
        (
            "[Content_Types].xml",
            format!("<Types xmlns=\"{main}/package/2006/content-types\"/>"),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{main}/package/2006/relationships\"><Relationship Id=\"r\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}/spreadsheetml/2006/main\" xmlns:r=\"{kind}\"><sheets><sheet name=\"Nuits\" sheetId=\"1\" r:id=\"s\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{main}/package/2006/relationships\"><Relationship Id=\"s\" Type=\"{kind}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}/spreadsheetml/2006/main\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn weeks_are_read_of_text_and_of_a_workbook_and_held_against_the_same_weeks() {
    let project = Project::new(&["83"]);
    let source = |id: &str, format: &str| {
        format!(
            "[[sources]]\nid = \"{id}\"\nkind = \"facts\"\n[sources.facts]\nfolder = \"flux\"\nfiles = [\"semaine_{{yy}}.{format}\"]\nformat = \"{format}\"\ndate = \"Semaine\"\nplace = \"Commune\"\nvalue = \"Volume\"\naggregate = \"mean\"\nattribution = \"Volumes inventés\"\n"
        )
    };
    project.configure(&format!(
        "{}{}",
        source("texte", "csv"),
        source("classeur", "xlsx")
    ));
    let text = "Semaine;Commune;Volume\n2023-S11;15014;10\n2023-S12;15014;20\n2023-S13;15014;30\n2024-W11;15014;30\n2024-W12;15014;20\n2024-W13;15014;40\n";
    project.file("flux/semaine_24.csv", text);
    let mondays = [
        (2023, 3, 13, 10),
        (2023, 3, 20, 20),
        (2023, 3, 27, 30),
        (2024, 3, 11, 30),
        (2024, 3, 18, 20),
        (2024, 3, 25, 40),
    ];
    let lines = mondays.map(|(y, m, d, number)| (date(y, m, d), "15014", f64::from(number)));
    project.file(
        "flux/semaine_24.xlsx",
        workbook(&["Semaine", "Commune", "Volume"], &lines),
    );
    for id in ["texte", "classeur"] {
        project.run(&["import", "--source", id]);
    }
    for known in told(&project).as_array().unwrap() {
        let march = &known["periods"][1];
        assert_eq!(
            (&march["period"], &march["days"]),
            (&json!("2024-03"), &json!(3))
        );
        assert_eq!(
            (&march["value"], &march["before"]),
            (&json!(30.0), &json!(20.0))
        );
        assert!(
            (march["change"].as_f64().unwrap() - 50.0).abs() < 1e-9,
            "{march}"
        );
    }
    assert_eq!(facts(&project, "texte"), facts(&project, "classeur"));
}

#[test]
fn a_file_that_is_refused_keeps_no_other_from_its_import() {
    let project = project();
    let line = "2024-01-01;Aurillac;France;TOURISTE;1;Cantal";
    let wrong = [
        (
            format!("{HEADER}\n{line}\n{}\n", line.replace(";1;", ";x1;")),
            "B2_Cantal.csv: line 3, column Volume: \"x1\" is no number; one such as 1250",
        ),
        (
            format!("{HEADER}\n{}\n", line.replace("2024-01-01", "hier")),
            "B3_Cantal.csv: line 2, column Date: \"hier\" is no day; one such as 2024-03-18",
        ),
        (
            format!("{}\n{line}\n", HEADER.replace("Volume", "Nuits")),
            "B4_Cantal.csv: it has no column Volume; it has Date, ZoneObservation",
        ),
        (
            format!("{HEADER}\n{}\n", line.replace("Aurillac", "Rodez")),
            "B5_Cantal.csv: none of its 1 lines is of a place that is known (Rodez); facts.zones",
        ),
    ];
    for half in [1, 6] {
        let lines = nights(date(2024, 1, half), date(2024, 1, half), 0);
        project.file(&format!("flux/Nuitee_2024B{half}_Cantal.csv"), csv(&lines));
    }
    for (number, (text, _)) in wrong.iter().enumerate() {
        project.file(&format!("flux/Nuitee_2024B{}_Cantal.csv", number + 2), text);
    }
    let run = project.try_run(&["import", "--source", "nuitees"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    for (_, part) in wrong {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    let known = facts(&project, "nuitees");
    assert_eq!(known.len(), 4, "the files around them are there");
    project.file("zones.csv", "zone;commune\nAurillac;99999\n");
    let run = project.try_run(&["import", "--source", "nuitees"]);
    let part = "zones.csv: zone \"Aurillac\" is led to 99999";
    assert!(run.code == 3 && run.stderr.contains(part), "{}", run.stderr);
    assert_eq!(facts(&project, "nuitees"), known, "what was there stays");
}

#[test]
fn a_kill_leaves_each_file_whole_or_absent() {
    let project = project();
    for half in 1..=2 {
        let lines = nights(date(2024, 1, half), date(2024, 1, half), 0);
        project.file(&format!("flux/Nuitee_2024B{half}_Cantal.csv"), csv(&lines));
    }
    for (point, time, files) in [
        (StopPoint::ImportWritten, 1, 0),
        (StopPoint::ImportCommitted, 1, 1),
    ] {
        kill_at(
            project.command().args(["import", "--source", "nuitees"]),
            point,
            time,
        );
        // Opened to be written to: the journal that the kill left is played.
        let database = rusqlite::Connection::open(project.path("data/immostats.db")).unwrap();
        let count = |table: &str| -> usize {
            let count = format!("SELECT count(*) FROM {table}");
            database
                .query_row(&count, [], |row| row.get::<_, u32>(0))
                .unwrap() as usize
        };
        let there = (
            count("faits_fichiers"),
            count("faits_jours"),
            count("faits"),
        );
        assert_eq!(there, (files, 2 * files, 2 * files), "{point:?}");
    }
    let again = import(&project).stdout;
    assert_eq!(again.matches("unchanged").count(), 1, "{again}");
    assert_eq!(facts(&project, "nuitees").len(), 4);
}

#[test]
fn a_test_goes_into_a_table_beside_which_nothing_reads() {
    let project = project();
    let first = nights(date(2024, 1, 1), date(2024, 1, 3), 0);
    project.file("flux/Nuitee_2024B1_Cantal.csv", csv(&first));
    let test = || {
        let run = project
            .run(&["import", "--source", "nuitees", "--test"])
            .stdout;
        assert!(run.contains("in the table of tests alone"), "{run}");
        let count = texts(&project, "SELECT CAST(count(*) AS TEXT) FROM faits_essai");
        let labels = texts(&project, "SELECT libelle FROM faits_modalites");
        assert_eq!((labels.len(), facts(&project, "nuitees").len()), (0, 0));
        count[0].clone()
    };
    assert_eq!(test(), "6");
    let day = date(2024, 1, 3);
    let late = [(day, "Planèze", "France", 9), (day, "Aurillac", "Chine", 8)];
    project.file("flux/Nuitee_2024B2_Cantal.csv", csv(&late));
    assert_eq!(test(), "7", "emptied first, and replaced as elsewhere");
    for arguments in [
        &["import", "--source", "lovac", "--test"][..],
        &["import", "--source", "lovac"],
    ] {
        let run = project.try_run(arguments);
        assert!(
            run.code == 1 && run.stderr.contains("kind \"facts\""),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_source_of_facts_stands_in_the_way_of_nothing_and_what_it_cannot_be_is_told() {
    let project = project();
    for command in [
        &["check"][..],
        &["fetch"],
        &["update"],
        &["status"],
        &["facts"],
    ] {
        project.run(command);
    }
    let run = project.try_run(&["import", "--source", "nuitees"]);
    assert!(
        run.code == 1 && run.stderr.contains("facts.folder cannot be read"),
        "{}",
        run.stderr
    );
    fs::create_dir(project.path("flux")).unwrap();
    let run = project.try_run(&["import", "--source", "nuitees"]);
    assert!(
        run.code == 1
            && run
                .stderr
                .contains("fits facts.files (Nuitee_{year}B*_Cantal.csv)"),
        "{}",
        run.stderr
    );
    for (from, to, part) in [
        ("value = \"Volume\"\n", "", "missing field `value`"),
        (
            "batch = 7",
            "batch = 0",
            "facts.batch is 0; 1 to 4000 rows were expected, such as 500",
        ),
        (
            "[sources.facts]",
            "urls = [\"https://x.fr/a.csv\"]\n[sources.facts]",
            "its files come from facts.folder",
        ),
        ("kind = \"facts\"", "kind = \"table\"", "[sources.table]"),
        ("positive", "positif", "did you mean `positive`?"),
    ] {
        project.configure(&NIGHTS.replace(from, to));
        let run = project.try_run(&["facts"]);
        assert!(
            run.code == 1 && run.stderr.contains(part),
            "{part}: {}",
            run.stderr
        );
    }
}
