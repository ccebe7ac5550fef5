//! Why a version was made, as the list of versions tells.

use std::fs;
use std::path::Path;

use flate2::read::GzDecoder;
use rusqlite::{Connection, params};

use super::*;
use crate::market::small_site;

/// Builds, and gives the cause of the version that is live then.
#[track_caller]
fn cause(project: &Project) -> String {
    let before = live(project);
    project.run(&["build", "--only-changed"]);
    assert_ne!(live(project), before, "nothing changed");
    text(&versions(project)[0]["cause"]).to_owned()
}

/// Puts an edition of the places into the database in which a text reads otherwise.
fn import_places(project: &Project, from: &str, to: &str) {
    let database = Connection::open(project.path("data/immostats.db")).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/cog");
    for item in ["communes", "epci", "departements", "regions"] {
        let packed = fs::File::open(folder.join(format!("{item}.json.gz"))).unwrap();
        let json = std::io::read_to_string(GzDecoder::new(packed)).unwrap();
        let packed = zstd::encode_all(json.replace(from, to).as_bytes(), 1).unwrap();
        let insert = "INSERT INTO cog (item, json) VALUES (?, ?)";
        database.execute(insert, params![item, packed]).unwrap();
    }
}

#[test]
fn the_cause_of_a_version_is_what_changed() {
    let (project, mut release) = small_site();
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    release.revise(1);
    release.import(&project);
    assert_eq!(cause(&project), "release imported");
    project.file("templates/404.html", "{{ site.name }}");
    assert_eq!(cause(&project), "template");
    // The name is on every page, and the threshold decides which figures there are.
    for addition in [
        "name = \"Guyane\"\n",
        "[statistics]\nminimum_sales = 24\nsolid_sales = 30\nquartile_sales = 40\n",
    ] {
        project.configure(&format!("{configuration}{addition}"));
        assert_eq!(cause(&project), "configuration", "{addition}");
    }
    import_places(&project, "\"Cayenne\"", "\"Cayenne-la-Ville\"");
    assert_eq!(cause(&project), "places");
    project.configure(&configuration);
    release.reprice("97303", 120);
    release.import(&project);
    assert_eq!(cause(&project), "release imported, configuration");
}

#[test]
fn a_program_that_computes_otherwise_computes_all_again_and_renders_what_changed() {
    let (project, _) = small_site();
    let database = Connection::open(project.path("data/immostats.db")).unwrap();
    let build = || {
        let run = project.run(&["--log-format", "json", "build", "--only-changed"]);
        let summary = run.json().pop().unwrap();
        let number = |name: &str| summary[name].as_u64().unwrap();
        [number("places_computed"), number("rendered")]
    };
    assert_eq!(build(), [0, 0]);
    let all: i64 = database
        .query_row("SELECT count(*) FROM city_keys", [], |row| row.get(0))
        .unwrap();
    let other = "UPDATE state SET value = 'of another program' WHERE key = 'method'";
    assert_eq!(database.execute(other, []).unwrap(), 1);
    drop(database);
    assert_eq!(build(), [all as u64, 0]);
    assert_eq!(build(), [0, 0]);
}
