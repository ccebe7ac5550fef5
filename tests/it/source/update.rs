//! The weekly run.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;

use rusqlite::types::Value;

use super::bench::{Bench, folder, gzip, sales};
use crate::material::rows;
use crate::server::{DATASET, Fault, Server};
use crate::support::{sample, tree};

/// The mutations that the database holds.
pub fn mutations(bench: &Bench) -> Vec<Vec<Value>> {
    let query = "SELECT commune, date_mutation, hex(id) FROM transactions ORDER BY 1, 2, 3";
    rows(&bench.project, query)
}

fn site(bench: &Bench) -> BTreeMap<String, Vec<u8>> {
    let site = bench.project.site();
    assert!(site.contains_key("ville/83137/index.html"));
    site
}

/// Serves the files of two years.
pub fn publish_two_years(bench: &Bench) {
    bench.publish(&[
        ("2023", &sales("2023", "12")),
        ("2024", &sales("2024", "12")),
    ]);
}

/// Two years, imported and built.
pub fn two_years() -> Bench {
    let bench = Bench::new();
    publish_two_years(&bench);
    bench.ends(0, &["update"]);
    bench.server.requests();
    bench
}

#[test]
fn with_nothing_new_no_file_is_touched() {
    let bench = two_years();
    // The run itself is recorded in the version store.
    let times = || {
        let mut times = bench.times();
        times
            .remove("data/versions.db")
            .expect("the store is there");
        times
    };
    let before = times();
    let run = bench.ends(0, &["update"]);
    assert!(
        run.stdout
            .contains("dvf 2023  up to date\ndvf 2024  up to date\n"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("(nothing changed)"), "{}", run.stdout);
    assert_eq!(bench.file_requests(), [""; 0]);
    assert_eq!(times(), before);
}

#[test]
fn a_new_year_is_all_that_is_fetched_and_imported() {
    let bench = two_years();
    let old = site(&bench);
    let new = sales("2025", "31");
    bench.publish(&[
        ("2023", &sales("2023", "12")),
        ("2024", &sales("2024", "12")),
        ("2025", &new),
    ]);
    let run = bench.ends(0, &["update"]);
    assert_eq!(bench.file_requests(), ["GET /geo-dvf/2025/full.csv.gz"]);
    assert_eq!(
        run.stdout.matches("geo-DVF").count(),
        1,
        "one file is imported: {}",
        run.stdout
    );
    assert_eq!(bench.downloads().len(), 3);
    assert_ne!(site(&bench), old);
    let releases = rows(&bench.project, "SELECT DISTINCT released FROM update_log");
    assert_eq!(releases, [[Value::Text("2026-10-20".into())]]);

    // The next edition takes the place of the file before it.
    bench.publish(&[
        ("2023", &sales("2023", "12")),
        ("2024", &sales("2024", "20")),
        ("2025", &new),
    ]);
    bench.ends(0, &["update"]);
    assert_eq!(bench.downloads().len(), 3);
    assert!(
        bench
            .ends(0, &["check"])
            .stdout
            .contains("dvf 2024  up to date")
    );
}

#[test]
fn a_refused_release_leaves_the_site_and_stops_its_source() {
    let bench = two_years();
    let old = tree(&bench.project.path("site"));
    // 2023 has more; 2024 lost most of its sales; 2025 is new.
    let (a, b, c) = (
        sales("2023", "20"),
        sales("2024", "04"),
        sales("2025", "12"),
    );
    bench.publish(&[("2023", &a), ("2024", &b), ("2025", &c)]);
    let run = bench.ends(3, &["update"]);
    assert!(
        run.stderr
            .contains("2024-H1 of the commune 83137 has 15 mutations")
            && run.stderr.contains("gates.lost"),
        "{}",
        run.stderr
    );
    assert_eq!(
        tree(&bench.project.path("site")),
        old,
        "the site is as it was"
    );
    let years = "SELECT DISTINCT substr(date_mutation, 1, 4) FROM transactions ORDER BY 1";
    assert_eq!(
        rows(&bench.project, years).len(),
        2,
        "the files after the refused one wait"
    );
    assert_eq!(
        bench.downloads().len(),
        4,
        "2023, the old and the new 2024, 2025"
    );

    // The next week it is the same, and nothing is downloaded.
    bench.server.requests();
    let run = bench.ends(3, &["update"]);
    assert!(
        run.stdout
            .contains("dvf 2024  new since 2026-10-20 (0.0 MB), fetched and not imported yet"),
        "{}",
        run.stdout
    );
    assert_eq!(bench.file_requests(), [""; 0]);
    assert_eq!(tree(&bench.project.path("site")), old);
    // Nor is it built while upstream cannot be asked.
    let api = format!("/api/1/datasets/{DATASET}/");
    bench.server.always(&api, Fault::Status(500, vec![]));
    bench
        .server
        .always(&folder("2023"), Fault::Status(500, vec![]));
    bench.ends(1, &["update"]);
    assert_eq!(tree(&bench.project.path("site")), old);
    bench.server.heal(&api);
    bench.server.heal(&folder("2023"));

    // A corrected file passes, and leaves what a project has that never saw the bad one.
    let corrected = sales("2024", "12");
    bench.publish(&[("2023", &a), ("2024", &corrected), ("2025", &c)]);
    bench.ends(0, &["update"]);
    let fresh = Bench::new();
    fresh.publish(&[("2023", &a), ("2024", &corrected), ("2025", &c)]);
    fresh.ends(0, &["update"]);
    assert_eq!(mutations(&bench), mutations(&fresh));
    assert_eq!(bench.downloads(), fresh.downloads());
}

#[test]
fn force_imports_what_a_gate_refused() {
    let bench = two_years();
    let less = sales("2024", "04");
    bench.publish(&[("2023", &sales("2023", "12")), ("2024", &less)]);
    bench.ends(3, &["update", "--quiet"]);
    let before = mutations(&bench).len();
    let run = bench.ends(3, &["update", "--dry-run"]);
    assert!(run.stderr.contains("gates.lost"), "{}", run.stderr);
    bench.ends(0, &["update", "--force"]);
    assert!(mutations(&bench).len() < before);
    assert_eq!(bench.file_requests(), ["GET /geo-dvf/2024/full.csv.gz"]);
    bench.ends(0, &["update"]);
}

#[test]
fn a_file_that_cannot_be_read_is_refused() {
    let bench = two_years();
    let old = tree(&bench.project.path("site"));
    let before = mutations(&bench);
    bench.publish(&[
        ("2023", &gzip(b"id_mutation,date_mutation\n1,2023-01-02\n")),
        ("2024", &sales("2024", "12")),
    ]);
    let run = bench.ends(3, &["update"]);
    assert!(run.stderr.contains("lacks the columns"), "{}", run.stderr);
    assert_eq!(mutations(&bench), before);
    assert_eq!(tree(&bench.project.path("site")), old);
}

#[test]
fn the_files_of_a_release_are_imported_together() {
    let bench = two_years();
    let before = mutations(&bench);
    bench.publish(&[
        ("2023", &sales("2023", "20")),
        ("2024", &sales("2024", "20")),
    ]);
    bench
        .server
        .always(&folder("2024"), Fault::Status(403, vec![]));
    let run = bench.ends(1, &["update"]);
    assert!(run.stderr.contains("answered 403"), "{}", run.stderr);
    assert_eq!(mutations(&bench), before, "2023 waits for 2024");
    bench.server.heal(&folder("2024"));
    bench.server.requests();
    bench.ends(0, &["update"]);
    assert_eq!(bench.file_requests(), ["GET /geo-dvf/2024/full.csv.gz"]);
    assert!(mutations(&bench).len() > before.len());
}

#[test]
fn the_folder_does_where_the_api_is_down() {
    let bench = Bench::new();
    let bytes = sales("2023", "12");
    bench.server.file(&folder("2023"), bytes.clone());
    bench.server.always(
        &format!("/api/1/datasets/{DATASET}/"),
        Fault::Status(503, vec![]),
    );
    let run = bench.ends(0, &["update"]);
    assert!(
        run.stderr.contains("its addresses are asked instead"),
        "{}",
        run.stderr
    );
    assert_eq!(bench.downloaded(), bytes);
    site(&bench);
    // Back again, the API tells of the same file.
    bench.server.heal(&format!("/api/1/datasets/{DATASET}/"));
    bench.publish(&[("2023", &bytes)]);
    bench.server.requests();
    bench.ends(0, &["update"]);
    assert!(
        bench
            .file_requests()
            .iter()
            .all(|line| line.starts_with("HEAD"))
    );
}

#[test]
fn a_dry_run_goes_as_far_as_it_can_and_writes_nothing() {
    let bench = Bench::new();
    bench.publish(&[("2023", &sales("2023", "12"))]);
    let run = bench.ends(0, &["update", "--dry-run"]);
    assert!(
        run.stdout
            .contains("would be fetched: dvf 2023\nnothing would be imported"),
        "{}",
        run.stdout
    );
    assert!(!bench.project.path("data").exists());
    bench.ends(0, &["fetch"]);
    let before = bench.times();
    bench.server.requests();
    let run = bench.ends(0, &["update", "--dry-run"]);
    assert!(
        run.stdout.contains("would change:") && run.stdout.contains("would be imported: dvf 2023"),
        "{}",
        run.stdout
    );
    assert_eq!(bench.times(), before);
    assert_eq!(bench.file_requests(), [""; 0]);
}

#[test]
fn upstream_that_takes_an_edition_back_is_followed() {
    let bench = two_years();
    let before = mutations(&bench);
    bench.publish(&[
        ("2023", &sales("2023", "12")),
        ("2024", &sales("2024", "20")),
    ]);
    bench.ends(0, &["fetch"]);
    assert_eq!(bench.downloads().len(), 3);
    bench.publish(&[
        ("2023", &sales("2023", "12")),
        ("2024", &sales("2024", "12")),
    ]);
    bench.ends(0, &["update"]);
    assert_eq!(mutations(&bench), before);
    assert_eq!(bench.downloads().len(), 2);
}

#[test]
fn what_upstream_drops_stays() {
    let bench = two_years();
    let before = mutations(&bench);
    bench.publish(&[("2024", &sales("2024", "12"))]);
    let run = bench.ends(0, &["update"]);
    assert!(
        run.stdout
            .contains("dvf 2023  gone; what was imported stays"),
        "{}",
        run.stdout
    );
    assert_eq!(mutations(&bench), before);
    assert_eq!(bench.downloads().len(), 2);
    // A machine that has the database only: nothing is fetched again.
    fs::remove_dir_all(bench.project.path("data/downloads")).unwrap();
    bench.ends(0, &["update"]);
    assert_eq!(bench.downloads(), [""; 0]);
}

#[test]
fn the_source_of_the_tax_office_does_as_well() {
    let server = Server::start();
    let source = format!(
        "[[sources]]\nid = \"dvf\"\nkind = \"dgfip\"\ndataset = \"{DATASET}\"\nresources = [\"valeursfoncieres-{{year}}*\"]\nscope = \"01\"\n"
    );
    let bench = Bench::with(server.clone(), true, &source);
    let zip = |name: &str, bytes: &[u8]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
        zip.finish().unwrap().into_inner()
    };
    let text = fs::read(sample("valeursfoncieres-2025-s1-ain-extract.txt")).unwrap();
    let mut whole = zip("valeursfoncieres-2025-s1.txt", &text);
    let path = "/resources/valeursfoncieres-2025-s1.txt.zip";
    let publish = |bytes: &[u8]| {
        server.file(path, bytes);
        server.dataset(&[server.resource("Valeurs foncières 2025", path, "2026-10-20T08:00:00")]);
    };
    // A byte of the content is another one, as a bad disk makes it.
    whole[2000] ^= 1;
    publish(&whole);
    let run = bench.ends(3, &["update"]);
    assert!(run.stderr.contains("cut or damaged"), "{}", run.stderr);
    whole[2000] ^= 1;
    publish(&whole);
    let run = bench.ends(0, &["update"]);
    assert!(
        run.stdout.contains("DGFiP, département 01, 2025-01"),
        "{}",
        run.stdout
    );
    assert_eq!(bench.downloaded(), whole);
    assert!(bench.downloads()[0].ends_with(".txt.zip"));
}

#[test]
fn a_source_that_is_not_to_be_imported_is_fetched_only() {
    let bench = Bench::new();
    let source = fs::read_to_string(bench.project.path("immostats.toml")).unwrap();
    bench
        .project
        .configure(&source.replace("id = \"dvf\"", "id = \"dvf\"\nimport = false"));
    for last in ["12", "20"] {
        let bytes = sales("2023", last);
        bench.publish(&[("2023", &bytes)]);
        assert!(bench.ends(0, &["check"]).stdout.contains("dvf 2023  new"));
        let run = bench.ends(0, &["update"]);
        assert!(
            run.stderr.contains("nothing has been imported yet"),
            "{}",
            run.stderr
        );
        assert_eq!(bench.downloaded(), bytes);
        assert!(
            bench
                .ends(0, &["check"])
                .stdout
                .contains("dvf 2023  up to date")
        );
    }
    assert_eq!(mutations(&bench).len(), 0);
}

#[test]
fn the_steps_of_a_workflow_are_told() {
    let bench = Bench::new();
    bench.publish(&[("2023", &sales("2023", "12"))]);
    let (outputs, summary) = (bench.project.path("outputs"), bench.project.path("summary"));
    let run = |arguments: &[&str]| {
        let _ = (fs::remove_file(&outputs), fs::remove_file(&summary));
        let mut command = bench.command(arguments);
        command
            .env("GITHUB_OUTPUT", &outputs)
            .env("GITHUB_STEP_SUMMARY", &summary);
        super::bench::outcome(&mut command);
        let read = |path| fs::read_to_string(path).unwrap();
        (read(&outputs), read(&summary))
    };
    let (told, text) = run(&["update"]);
    let version = bench.project.json("version.json")["current"].clone();
    let version = version.as_str().unwrap();
    assert_eq!(
        told,
        format!("outcome=published\npublished=true\nversion={version}\n")
    );
    for line in [
        "### update: published",
        &format!("| Live version | {version} |"),
        "| Cities updated | 1 |",
        "| Source | dvf: new: 2023; imported: 2023 |",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let (told, text) = run(&["update"]);
    assert!(
        told.starts_with("outcome=unchanged\npublished=false\n"),
        "{told}"
    );
    assert!(text.contains("| Source | dvf: up to date |"), "{text}");
    bench.publish(&[("2023", &sales("2023", "04"))]);
    let (told, text) = run(&["update"]);
    assert!(
        told.starts_with("outcome=refused\npublished=false\n"),
        "{told}"
    );
    assert!(
        text.contains("```text\n") && text.contains("gates.lost"),
        "{text}"
    );
}

#[test]
fn only_the_sources_that_are_named() {
    let bench = two_years();
    let old = site(&bench);
    let text = fs::read_to_string(bench.project.path("immostats.toml")).unwrap();
    bench.project.configure(&format!(
        "{text}[[sources]]\nid = \"autre\"\nkind = \"dgfip\"\nimport = false\nurls = [\"{}\"]\n",
        bench.server.url("/autre.txt")
    ));
    bench.publish(&[
        ("2023", &sales("2023", "20")),
        ("2024", &sales("2024", "12")),
    ]);
    bench.server.file("/autre.txt", "x");
    let run = bench.ends(1, &["update", "rents"]);
    assert!(
        run.stderr.contains("rents") && run.stderr.contains("dvf, autre"),
        "{}",
        run.stderr
    );
    bench.server.requests();
    let run = bench.run(&["update", "autre"]);
    assert!(!run.stdout.contains("dvf"), "{}", run.stdout);
    assert_eq!(bench.file_requests(), [""; 0]);
    assert_eq!(site(&bench), old);
    let run = bench.ends(0, &["update", "--dry-run", "dvf"]);
    assert!(
        run.stdout.contains("would be fetched: dvf 2023\n"),
        "{}",
        run.stdout
    );
    bench.ends(0, &["update", "dvf"]);
    assert_ne!(site(&bench), old);
}
