//! Bad input: each kind with its clear error, exit code 3 and a database as it was; and good input in its other guises.

mod any;
mod met;

use std::fs;
use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use rusqlite::types::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::material::{TOULON_2023, a_few_days, database, rows, text};
use crate::support::{GEO_DVF_HEADER, Project, Run, sample};

const AIN: &str = "valeursfoncieres-2025-s1-ain-extract.txt";

/// A zip of files by name.
pub fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The extract's lines with one field of one line replaced. The header is line 1.
fn with_field(line: usize, column: &str, value: &str) -> String {
    let mut lines = a_few_days();
    let place = GEO_DVF_HEADER
        .split(',')
        .position(|name| name == column)
        .unwrap();
    let mut fields: Vec<&str> = lines[line - 1].split(',').collect();
    fields[place] = value;
    lines[line - 1] = fields.join(",");
    text(&lines)
}

/// Has a file refused by a project that holds sales and a site already, and gives the message.
#[track_caller]
fn refused(name: &str, bytes: impl AsRef<[u8]>) -> String {
    let project = Project::new(&["83"]);
    project.import(&[&project.file("held.csv", text(&a_few_days()))]);
    let file = project.file("in", "").with_file_name(name);
    fs::write(&file, bytes).unwrap();
    let file = file.to_str().unwrap();
    let before = database(&project);

    let dry = project.try_run(&["import", "--dry-run", file]);
    assert_eq!(dry.code, 3, "{}{}", dry.stdout, dry.stderr);
    let run = project.try_run(&["import", file]);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert_eq!(run.stdout, "");
    let message = complaint(&run);
    assert_eq!(message, complaint(&dry));
    assert!(message.contains(name), "{message}");
    assert!(
        database(&project) == before,
        "the refused file changed the database"
    );

    let logged = rows(
        &project,
        "SELECT source_file, message FROM update_log WHERE status = 'refused'",
    );
    assert_eq!(
        logged,
        [[Value::from(name.to_owned()), Value::from(message.clone())]]
    );
    message
}

/// The error of a run, which is one line and no panic.
#[track_caller]
fn complaint(run: &Run) -> String {
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    let lines: Vec<_> = run
        .stderr
        .lines()
        .filter_map(|line| line.strip_prefix("error: "))
        .collect();
    assert_eq!(lines.len(), 1, "{}", run.stderr);
    lines[0].to_owned()
}

#[track_caller]
fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(
            message.contains(part),
            "\"{part}\" is missing from: {message}"
        );
    }
}

#[test]
fn a_gzip_that_is_cut() {
    let whole = fs::read(sample(TOULON_2023)).unwrap();
    let message = refused("cut.csv.gz", &whole[..whole.len() / 2]);
    assert_says(
        &message,
        &[
            "cannot be read to its end",
            "cut or damaged",
            "download it again",
        ],
    );
}

#[test]
fn a_gzip_with_a_flipped_bit() {
    let mut bytes = fs::read(sample(TOULON_2023)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    // Decompression may go on with wrong text, so what is wrong first may be a line or the whole.
    refused("flipped.csv.gz", bytes);
}

#[test]
fn another_separator() {
    let semicolons = text(&a_few_days()).replace(',', ";");
    assert_says(
        &refused("semicolons.csv", semicolons),
        &["semicolons", "commas", "expected"],
    );
    let tabs = fs::read_to_string(sample(AIN)).unwrap().replace('|', "\t");
    assert_says(
        &refused("tabs.txt", tabs),
        &["tabulations", "pipes", "expected"],
    );
}

#[test]
fn a_column_that_is_missing() {
    let without = |columns: &[&str]| {
        let gone: Vec<_> = GEO_DVF_HEADER
            .split(',')
            .map(|name| columns.contains(&name))
            .collect();
        let cut = |line: &String| {
            let kept = line.split(',').zip(&gone).filter(|(_, gone)| !**gone);
            kept.map(|(field, _)| field).collect::<Vec<_>>().join(",")
        };
        text(&a_few_days().iter().map(cut).collect::<Vec<_>>())
    };
    let message = refused("narrow.csv", without(&["valeur_fonciere"]));
    assert_says(&message, &["lacks the column valeur_fonciere", "geo-DVF"]);
    let message = refused("narrower.csv", without(&["date_mutation", "id_parcelle"]));
    assert_says(&message, &["lacks the columns date_mutation, id_parcelle"]);
    let lines = a_few_days();
    let [header, rows @ ..] = &lines[..] else {
        panic!("no header")
    };
    let rows = rows.iter().map(|line| format!("{line},1"));
    let repeated: Vec<_> = [format!("{header},valeur_fonciere")]
        .into_iter()
        .chain(rows)
        .collect();
    let message = refused("repeated.csv", text(&repeated));
    assert_says(&message, &["has the column valeur_fonciere twice"]);
    let renamed = fs::read_to_string(sample(AIN))
        .unwrap()
        .replacen("|Section|", "|Sections|", 1);
    assert_says(
        &refused("renamed.txt", renamed),
        &["lacks the column Section", "DGFiP"],
    );
}

#[test]
fn a_field_that_is_not_what_its_column_holds() {
    for (column, value, expected) in [
        ("valeur_fonciere", "à débattre", "a price in euros"),
        ("valeur_fonciere", "-250000", "a price in euros"),
        ("date_mutation", "2023-02-30", "a date such as 2024-01-31"),
        ("date_mutation", "", "a date such as 2024-01-31"),
        (
            "code_commune",
            "../../etc",
            "a commune's code such as 83137",
        ),
        (
            "code_commune",
            "83137/../..",
            "a commune's code such as 83137",
        ),
        ("code_type_local", "9", "1, 2, 3, 4 or nothing"),
        ("surface_reelle_bati", "81 m²", "a surface in m²"),
        ("nombre_pieces_principales", "3.5", "a number of rooms"),
        ("valeur_fonciere", "1e999", "a price in euros"),
        ("nature_mutation", "", "a nature of mutation such as Vente"),
        ("id_mutation", "", "a mutation's number"),
    ] {
        let message = refused("field.csv", with_field(7, column, value));
        let found = format!("line 7, column {column}: \"{value}\"");
        assert_says(&message, &[&found, expected, "was expected"]);
    }
    let ain = fs::read_to_string(sample(AIN)).unwrap();
    for (found, replacement, says) in [
        (
            "|468000,00|",
            "|cher|",
            "line 2, column Valeur fonciere: \"cher\"",
        ),
        (
            "|07/01/2025|",
            "|31/02/2025|",
            "line 2, column Date mutation: \"31/02/2025\"",
        ),
        (
            "|01|158|",
            "|01|../|",
            "line 2, column Code commune: \"../\"",
        ),
    ] {
        let message = refused("field.txt", ain.replacen(found, replacement, 1));
        assert_says(&message, &[says, "was expected"]);
    }
}

#[test]
fn a_file_with_nothing_in_it() {
    assert_says(
        &refused("empty.csv", ""),
        &["is empty", "begins with a line of column names"],
    );
    assert_says(&refused("blank.csv", "\n\n\n"), &["is empty"]);
    let header = format!("{GEO_DVF_HEADER}\n");
    assert_says(
        &refused("header.csv", &header),
        &["holds column names but no line"],
    );
    let zip = zipped(&[("header.csv", header.as_bytes())]);
    assert_says(
        &refused("header.zip", zip),
        &["holds column names but no line"],
    );
}

#[test]
fn a_zip_with_two_files_or_none() {
    let ain = fs::read(sample(AIN)).unwrap();
    let message = refused("two.zip", zipped(&[("a.txt", &ain), ("b.txt", &ain)]));
    assert_says(
        &message,
        &["holds 2 files", "a zip with one file was expected"],
    );
    assert_says(&refused("none.zip", zipped(&[])), &["holds 0 files"]);
}

#[test]
fn a_file_of_another_kind_is_named() {
    let text = text(&a_few_days());
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mac = text.replace('\n', "\r");
    let gzip = |bytes: &[u8]| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    };
    let workbook = zipped(&[
        ("[Content_Types].xml", b"<x/>"),
        ("xl/workbook.xml", b"<x/>"),
    ]);
    for (name, bytes, says) in [
        (
            "a.csv.xz",
            b"\xfd7zXZ\0\0\x04".to_vec(),
            ["packed with xz", "unpack it"],
        ),
        (
            "a.parquet",
            b"PAR1\x15\x04".to_vec(),
            ["a Parquet file", "take the CSV"],
        ),
        ("a.csv", utf16, ["text in UTF-16", "save it as UTF-8"]),
        (
            "b.csv",
            mac.into_bytes(),
            ["line ends of old Macs", "save it with"],
        ),
        (
            "a.csv.gz",
            gzip(&gzip(text.as_bytes())),
            ["a gzip in a gzip", "unpack it once"],
        ),
        ("a.xlsx", workbook, ["an Excel workbook", "save it as CSV"]),
    ] {
        assert_says(&refused(name, bytes), &says);
    }
    let padded = [gzip(text.as_bytes()), vec![0; 1000]].concat();
    let mac = zipped(&[("83.csv", text.as_bytes()), ("__MACOSX/._83.csv", b"x")]);
    for (name, bytes) in [("padded.gz", padded), ("mac.zip", mac)] {
        let project = Project::new(&["83"]);
        let path = project.path(name);
        fs::write(&path, bytes).unwrap();
        project.import(&[&path]);
    }
}

#[test]
fn a_zip_that_is_damaged() {
    let zip = zipped(&[("a.txt", &fs::read(sample(AIN)).unwrap())]);
    let message = refused("cut.zip", &zip[..zip.len() - 100]);
    assert_says(&message, &["cannot be read to its end", "cut or damaged"]);
    let mut wrong = zip;
    let middle = wrong.len() / 2;
    wrong[middle..middle + 64].fill(0);
    refused("wrong.zip", wrong);
}

#[test]
fn something_else_altogether() {
    let page = "<!doctype html>\n<html><body>503 Service Unavailable</body></html>\n";
    let message = refused("page.csv", page);
    assert_says(
        &message,
        &[
            "is not a DVF file",
            "<!doctype html>",
            "id_mutation",
            "were expected",
        ],
    );
    let other = "code;nom\n83137;Toulon\n";
    assert_says(
        &refused("other.csv", other),
        &["is not a DVF file", "code;nom"],
    );
    let bytes: Vec<u8> = (0..100_000u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    assert_says(&refused("bytes.csv", bytes), &["is not a DVF file"]);
}

#[test]
fn a_line_with_another_number_of_columns() {
    let mut lines = a_few_days();
    let end = lines[4].rfind(',').unwrap();
    lines[4].truncate(end);
    let message = refused("short.csv", text(&lines));
    assert_says(&message, &["line 5: 39 columns", "40 were expected"]);
    lines[4].push_str(",,");
    assert_says(
        &refused("long.csv", text(&lines)),
        &["line 5: 41 columns", "40 were expected"],
    );
}

#[test]
fn a_scope_that_the_file_does_not_keep_to() {
    let project = Project::new(&["83"]);
    let file = project.file("held.csv", text(&a_few_days()));
    let file = file.to_str().unwrap();
    for scope in ["69", "83050", "83@2023-02..2023-03"] {
        let run = project.try_run(&["import", "--scope", scope, file]);
        assert_eq!(run.code, 3, "{scope}: {}", run.stderr);
        assert_says(
            &complaint(&run),
            &[
                "held.csv",
                "a mutation of 83137 on 2023-01-",
                "outside the scope",
            ],
        );
    }
    assert!(database(&project)["mutations"].is_empty());
}

#[test]
fn a_good_file_before_a_bad_one_is_imported() {
    let project = Project::new(&["83"]);
    let good = project.file("good.csv", text(&a_few_days()));
    let bad = project.file("bad.csv", with_field(7, "date_mutation", "hier"));
    let run = project.try_run(&["import", good.to_str().unwrap(), bad.to_str().unwrap()]);
    assert_eq!(run.code, 3);
    assert_says(&complaint(&run), &["bad.csv, line 7"]);
    let log = rows(
        &project,
        "SELECT source_file, status FROM update_log ORDER BY batch_id",
    );
    let entry =
        |file: &str, status: &str| [Value::from(file.to_owned()), Value::from(status.to_owned())];
    assert_eq!(
        log,
        [entry("good.csv", "done"), entry("bad.csv", "refused")]
    );
}

#[test]
fn a_file_that_is_not_there_or_not_a_file_is_a_failure() {
    let project = Project::new(&["83"]);
    for path in ["absent.csv", "."] {
        let run = project.try_run(&["import", path]);
        assert_eq!(run.code, 1, "{path}");
        assert_says(&complaint(&run), &[path, "cannot be opened"]);
    }
}

#[test]
fn what_looks_like_markup_is_text() {
    let script = "<script>alert(1)</script>";
    let mut lines = a_few_days();
    for (number, line) in lines.iter_mut().enumerate().skip(1) {
        let mut fields: Vec<&str> = line.split(',').collect();
        fields[7] = script;
        fields[11] = script;
        if number % 10 == 0 {
            fields[3] = script;
        }
        *line = fields.join(",");
    }
    let project = Project::new(&["83"]);
    project.configure(&format!(
        "[site]\nname = \"{script}\"\ndepartements = [\"83\"]\n[[notes]]\nterritory = \"83137\"\ntext = \"{script}\"\n"
    ));
    let file = project.file("markup.csv", text(&lines));
    let run = project.run(&["import", "--force", file.to_str().unwrap()]);
    assert_says(&run.stdout, &["nature"]);
    let natures = rows(&project, "SELECT libelle FROM natures");
    assert!(
        natures.contains(&vec![Value::from(script.to_owned())]),
        "{natures:?}"
    );
    project.run(&["build"]);
    let site = project.site();
    for (path, bytes) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.matches("<script").count() <= 2, "{path}");
    }
    let page = String::from_utf8(site["ville/83137/index.html"].clone()).unwrap();
    assert_eq!(
        page.matches("&lt;script&gt;alert(1)").count(),
        5,
        "title, name for networks, header, remark and citation:\n{page}"
    );
}

#[test]
fn a_zip_a_gzip_and_the_plain_text_are_the_same_file() {
    let ain = fs::read(sample(AIN)).unwrap();
    let project = Project::new(&["01"]);
    project.import(&[&sample(AIN)]);
    let plain = database(&project);
    for (name, bytes) in [
        ("valeursfoncieres-2025-s1.txt.zip", zipped(&[(AIN, &ain)])),
        ("stored.zip", {
            let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
            let options =
                SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            zip.start_file(AIN, options).unwrap();
            zip.write_all(&ain).unwrap();
            zip.finish().unwrap().into_inner()
        }),
    ] {
        let run = project.import(&[&project.file(name, bytes)]);
        assert_says(&run.stdout, &["nothing changed"]);
    }
    let run = project.import(&[&project.file("01.txt.gz", &ain)]);
    assert_says(&run.stdout, &["nothing changed"]);
    assert_eq!(database(&project)["mutations"], plain["mutations"]);

    let other = Project::new(&["01"]);
    other.import(&[&other.file("ain.zip", zipped(&[(AIN, &ain)]))]);
    assert_eq!(database(&other)["mutations"], plain["mutations"]);
}
