//! `update` cut at each of its steps, and run again.

use std::fs;
use std::path::PathBuf;

use super::bench::{Bench, folder, sales};
use crate::material::rows;
use crate::server::Fault;

/// A project with two files upstream.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.publish(&[
        ("2023", &sales("2023", "09")),
        ("2024", &sales("2024", "09")),
    ]);
    bench
}

/// What a run to the end leaves: the mutations, the site, the files.
#[track_caller]
fn finished(bench: &Bench) -> impl PartialEq + use<> {
    bench.ends(0, &["update"]);
    let mutations = rows(
        &bench.project,
        "SELECT commune, date_mutation, hex(id) FROM transactions ORDER BY 1, 2, 3",
    );
    let waiting = rows(
        &bench.project,
        "SELECT 1 FROM files WHERE stage = 'fetched'",
    );
    assert_eq!(waiting.len(), 0);
    bench.server.requests();
    bench.ends(0, &["update"]);
    assert_eq!(bench.file_requests(), [""; 0], "nothing is left to do");
    (mutations, bench.project.site(), bench.downloads())
}

/// A file that was fetched, by its year.
fn fetched(bench: &Bench, year: &str) -> PathBuf {
    let name = bench
        .downloads()
        .into_iter()
        .find(|name| name.starts_with(year));
    bench.project.path("data/downloads/dvf").join(name.unwrap())
}

#[test]
fn cut_at_each_step_it_goes_on_from_there() {
    let whole = finished(&bench());

    // Between two downloads.
    let cut = bench();
    let lost = Fault::Status(404, vec![]);
    cut.server.fault(&folder("2024"), lost);
    cut.ends(1, &["update"]);
    assert_eq!(cut.downloads().len(), 1);
    assert!(finished(&cut) == whole);

    // After the downloads.
    let cut = bench();
    cut.ends(0, &["fetch"]);
    cut.server.requests();
    cut.ends(0, &["update"]);
    assert_eq!(cut.file_requests(), [""; 0], "what was fetched is there");
    assert!(finished(&cut) == whole);

    // In one file's import, whose transaction is whole, before it is noted that the file is imported.
    let cut = bench();
    cut.ends(0, &["fetch"]);
    let file = fetched(&cut, "2023");
    cut.ends(
        0,
        &["import", "--released", "2026-10-20", file.to_str().unwrap()],
    );
    assert!(finished(&cut) == whole);

    // After the imports: the build fails.
    let cut = bench();
    let template = cut.project.file("templates/commune.html", "{% if %}");
    cut.ends(1, &["update"]);
    assert!(!cut.project.path("site/index.html").exists());
    let waiting = rows(&cut.project, "SELECT 1 FROM files WHERE stage = 'fetched'");
    assert_eq!(waiting.len(), 0, "both files are imported");
    fs::remove_file(template).unwrap();
    fs::remove_dir(cut.project.path("templates")).unwrap();
    assert!(finished(&cut) == whole);

    // After the version is committed: a part of site/ is not what it should be.
    let cut = bench();
    cut.ends(0, &["update"]);
    fs::remove_file(cut.project.path("site/ville/83137/index.html")).unwrap();
    cut.ends(0, &["verify", "--repair"]);
    assert!(finished(&cut) == whole);
}
