//! Contours: imported by hand and by a source, and kept.

use serde_json::json;

use crate::support::{Project, sample, val_d_oise};

/// The contours of the Val-d'Oise.
pub const VAL_D_OISE: &str = "95-valdoise-communes.geojson.gz";

#[test]
fn contours_are_told_from_sales_and_kept() {
    let project = Project::new(&["95"]);
    let file = sample(VAL_D_OISE);
    let file = file.to_str().unwrap();
    let preview = project.run(&["import", "--dry-run", "--json", file]).json();
    assert_eq!(preview[0]["changed"], 1);
    assert_eq!(preview[0]["territories"], json!(["95"]));
    let told = project.run(&["import", file]).stdout;
    assert!(
        told.contains("contours of 184 communes of 95, 7436 positions made "),
        "{told}"
    );
    assert!(
        told.contains("1 commune has merged since, and is drawn with that of today: 95282."),
        "{told}"
    );
    assert!(told.contains("changed 1 map"), "{told}");
    let again = project.run(&["import", "--json", file]).json();
    assert_eq!(again[0]["unchanged"], true);
}

#[test]
fn contours_that_were_altered_are_told_of_and_mended_by_their_file() {
    let project = Project::new(&["95"]);
    let file = sample(VAL_D_OISE);
    project.import(&[&file, &val_d_oise()[4]]);
    project.run(&["build"]);
    project.run(&["verify"]);
    let path = project.path("data/immostats.db");
    let database = rusqlite::Connection::open(path).unwrap();
    let alter = "UPDATE contours SET contours = zeroblob(9)";
    database.execute(alter, []).unwrap();
    drop(database);
    let found = project.try_run(&["verify"]);
    assert_eq!(found.code, 1, "{}{}", found.stdout, found.stderr);
    let told = "the contours of 95 in the database are not those that were imported; import their file again";
    assert!(found.stdout.contains(told), "{}", found.stdout);
    project.import(&[&file]);
    project.run(&["verify"]);
}

#[test]
fn wrong_contours_are_refused_and_those_before_stay() {
    let project = Project::new(&["95"]);
    project.import(&[&sample(VAL_D_OISE)]);
    let square = |x: f64, y: f64| {
        let ring = json!([[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y]]);
        let geometry = json!({"type": "Polygon", "coordinates": [ring]});
        let properties = json!({"code": "95127"});
        let feature = json!({"type": "Feature", "properties": properties, "geometry": geometry});
        json!({"type": "FeatureCollection", "features": [feature]}).to_string()
    };
    for (text, reason) in [
        (
            square(640_000.0, 6_880_000.0),
            "export the file in WGS 84 (EPSG:4326)",
        ),
        (
            square(2.0, 49.0),
            "it lacks 182 of the 183 communes of the département 95 (",
        ),
        (
            "{\"type\":".to_owned(),
            "it is no GeoJSON FeatureCollection of polygons",
        ),
    ] {
        let file = project.file("wrong.geojson", text);
        let run = project.try_run(&["import", file.to_str().unwrap()]);
        assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(reason), "{}", run.stderr);
        assert!(run.stderr.contains("wrong.geojson"), "{}", run.stderr);
    }
    let again = project.run(&["import", "--json", sample(VAL_D_OISE).to_str().unwrap()]);
    assert_eq!(again.json()[0]["unchanged"], true);
}
