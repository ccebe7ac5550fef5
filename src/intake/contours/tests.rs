//! Files of contours, sound and wrong.

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::{ContourFile, ContoursError, judge};
use crate::config::Gates;
use crate::geo::Geography;
use crate::geo::contours::GridPoint;
use crate::intake::cog::embedded;

static FRANCE: LazyLock<Geography> = LazyLock::new(|| embedded().expect("sound"));

/// The contours of the Val-d'Oise, of the sample.
static VAL_D_OISE: LazyLock<Value> = LazyLock::new(|| {
    let packed = include_bytes!("../../../data/sample/95-valdoise-communes.geojson.gz");
    let mut text = String::new();
    GzDecoder::new(&packed[..])
        .read_to_string(&mut text)
        .unwrap();
    serde_json::from_str(&text).unwrap()
});

fn read(file: &Value) -> Result<ContourFile, ContoursError> {
    ContourFile::of(file.to_string().as_bytes(), &FRANCE)
}

fn refused(file: &Value) -> String {
    read(file).expect_err("it is wrong").to_string()
}

/// A square of 0.01 degrees with its south-western corner somewhere.
fn square(code: &str, west: f64, south: f64) -> Value {
    let (east, north) = (west + 0.01, south + 0.01);
    json!({
        "type": "Feature",
        "properties": {"code": code, "nom": "x"},
        "geometry": {"type": "Polygon", "coordinates": [[
            [west, south], [east, south], [east, north], [west, north], [west, south],
        ]]},
    })
}

fn collection(features: &[Value]) -> Value {
    json!({"type": "FeatureCollection", "features": features})
}

/// The rings of a commune as the file has them, on the grid.
fn area_in_file(feature: &Value) -> f64 {
    let rings = feature["geometry"]["coordinates"].as_array().unwrap();
    let mut area = 0.0;
    for ring in rings {
        let points: Vec<[f64; 2]> = ring
            .as_array()
            .unwrap()
            .iter()
            .map(|position| {
                let degrees = [0, 1].map(|axis| position[axis].as_f64().unwrap());
                // A grid of its own: metres around the middle of the département.
                let east = (degrees[0] - 2.2) * 111_320.0 * 49.05_f64.to_radians().cos();
                [east, (degrees[1] - 49.05) * 111_200.0]
            })
            .collect();
        let across = points
            .windows(2)
            .map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]);
        area += across.sum::<f64>() / 2.0;
    }
    area.abs()
}

fn twice_area(ring: &[GridPoint]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let across = ring.iter().zip(next).map(|(a, b)| {
        let [a, b] = [a, b].map(|point| point.map(i64::from));
        a[0] * b[1] - b[0] * a[1]
    });
    across.sum()
}

#[test]
fn the_val_d_oise_is_drawn_with_its_areas() {
    let file = read(&VAL_D_OISE).unwrap();
    let layer = &file.layers["95"];
    assert_eq!(file.layers.len(), 1);
    assert_eq!(layer.codes().count(), 184);
    assert_eq!(file.former, [("95282".to_owned(), "95169".to_owned())]);
    assert_eq!((file.unknown.len(), file.cities.len()), (0, 0));
    assert_eq!(file.positions, 7_436);
    assert!(layer.points() < 5_000, "{}", layer.points());
    let mut all = [0.0; 2];
    let mut worst = 0.0_f64;
    for feature in VAL_D_OISE["features"].as_array().unwrap() {
        let code = feature["properties"]["code"].as_str().unwrap();
        let rings = layer.outline(&[code]);
        let drawn = rings.iter().map(|ring| twice_area(ring)).sum::<i64>() as f64 * 200.0;
        let expected = area_in_file(feature);
        // A hundredth, and two hectares of those that are small.
        worst = worst.max((drawn - expected).abs() / expected.max(2e6));
        all = [all[0] + drawn, all[1] + expected];
    }
    assert!((all[0] / all[1] - 1.0).abs() < 0.002, "{all:?}");
    assert!(worst < 0.01, "{worst}");
    // The whole has one ring around it.
    let codes: Vec<_> = layer.codes().collect();
    assert_eq!(layer.outline(&codes).len(), 1);
}

#[test]
fn neighbours_share_every_step_of_their_borders() {
    let file = read(&VAL_D_OISE).unwrap();
    let layer = &file.layers["95"];
    for layer in [layer.clone(), layer.simplified(200)] {
        let mut steps = std::collections::HashMap::<[GridPoint; 2], u32>::new();
        for code in layer.codes() {
            for ring in layer.outline(&[code]) {
                for (index, &point) in ring.iter().enumerate() {
                    let next = ring[(index + 1) % ring.len()];
                    *steps.entry([point, next]).or_default() += 1;
                }
            }
        }
        assert!(steps.values().all(|times| *times == 1));
        let codes: Vec<_> = layer.codes().collect();
        let around: usize = layer.outline(&codes).iter().map(Vec::len).sum();
        let alone = steps.keys().filter(|[a, b]| !steps.contains_key(&[*b, *a]));
        // A step that no neighbour takes the other way is one around the whole.
        assert_eq!(alone.count(), around);
    }
}

#[test]
fn a_city_is_not_drawn_over_its_arrondissements() {
    let west = |index: usize| 4.8 + 0.01 * index as f64;
    let lyon = square("69123", 4.8, 45.7);
    let parts = (1..=9).map(|part| square(&format!("6938{part}"), west(part), 45.7));
    let parts: Vec<_> = parts.collect();
    let villeurbanne = square("69266", 4.9, 45.7);
    let with = |features: &[&[Value]]| read(&collection(&features.concat())).unwrap();

    let both = with(&[&[lyon.clone(), villeurbanne.clone()], &parts]);
    assert_eq!(both.cities, ["69123"]);
    assert_eq!(both.layers.keys().collect::<Vec<_>>(), ["69"]);
    assert!(both.layers["69"].codes().all(|code| code != "69123"));
    assert_eq!(both.layers["69"].codes().count(), 10);

    let alone = with(&[&[lyon, villeurbanne]]);
    assert!(alone.cities.is_empty());
    assert_eq!(
        alone.layers["69"].codes().collect::<Vec<_>>(),
        ["69123", "69266"]
    );

    // Of arrondissements alone, a layer of the city, which leaves that of the département as it is.
    let only = with(&[&parts]);
    assert_eq!(only.layers.keys().collect::<Vec<_>>(), ["69123"]);
    assert_eq!(judge(&only, &FRANCE, &Gates::default()), []);
    // Paris is a département.
    let paris = with(&[&[square("75101", 2.3, 48.8)]]);
    assert_eq!(paris.layers.keys().collect::<Vec<_>>(), ["75"]);
    let lacking = judge(&paris, &FRANCE, &Gates::default());
    assert!(lacking.is_empty(), "{lacking:?}");
}

#[test]
fn what_is_no_geojson_of_communes_is_refused() {
    let read = |text: &str| {
        ContourFile::of(text.as_bytes(), &FRANCE)
            .unwrap_err()
            .to_string()
    };
    let cut = read(r#"{"type":"FeatureCollection","features":[{"type":"#);
    assert!(
        cut.contains("no GeoJSON FeatureCollection of polygons: EOF while parsing"),
        "{cut}"
    );
    assert!(cut.contains("communes-100m.geojson"));
    assert!(read("{}").contains("missing field `type`"));
    assert!(read(r#"{"type":"Topology"}"#).contains("it is \"Topology\"; a FeatureCollection"));
    assert!(read(r#"{"type":"FeatureCollection"}"#).contains("no contour of a commune"));
    let mut line = square("95127", 2.0, 49.0);
    line["geometry"]["type"] = "LineString".into();
    let reason = refused(&collection(&[line]));
    assert!(reason.contains("unknown variant `LineString`"), "{reason}");
    let mut nameless = square("95127", 2.0, 49.0);
    nameless["properties"] = json!({"nom": "Cergy"});
    let reason = refused(&collection(&[square("95018", 2.2, 48.9), nameless]));
    assert!(
        reason.starts_with("feature 2 has no code of a commune"),
        "{reason}"
    );
    let twice = [square("95127", 2.0, 49.0), square("95127", 2.1, 49.0)];
    assert!(refused(&collection(&twice)).starts_with("95127 has two features"));
}

#[test]
fn another_projection_and_swapped_coordinates_are_refused() {
    let lambert = square("95127", 640_000.0, 6_880_000.0);
    let reason = refused(&collection(&[lambert]));
    assert!(
        reason.contains("640000, 6880000, which are no longitude and latitude"),
        "{reason}"
    );
    assert!(reason.contains("WGS 84 (EPSG:4326)"));
    let swapped = refused(&collection(&[square("95127", 49.0, 2.0)]));
    assert!(
        swapped.contains("not in metropolitan France; longitude comes first"),
        "{swapped}"
    );
    // Overseas communes are where they are.
    assert!(read(&collection(&[square("97411", 55.4, -20.9)])).is_ok());
}

#[test]
fn a_ring_that_is_not_closed_is_refused() {
    let mut open = square("95127", 2.0, 49.0);
    open["geometry"]["coordinates"][0]
        .as_array_mut()
        .unwrap()
        .pop();
    let reason = refused(&collection(&[open]));
    assert!(
        reason.starts_with("the contour of 95127 has a ring of 4 positions that is not closed"),
        "{reason}"
    );
    let mut point = square("95127", 2.0, 49.0);
    point["geometry"]["coordinates"][0] = json!([[2.0, 49.0], [2.1, 49.0], [2.0, 49.0]]);
    assert!(refused(&collection(&[point])).contains("a ring of 3 positions"));
}

#[test]
fn unknown_codes_are_counted_and_named() {
    let refusals = |file: &Value| {
        let file = read(file).unwrap();
        let refusals = judge(&file, &FRANCE, &Gates::default());
        refusals.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(refusals(&VAL_D_OISE).is_empty());
    // So many of them have a code that no commune ever had.
    let with_unknown = |count: usize| {
        let mut some = VAL_D_OISE.clone();
        let features = some["features"].as_array_mut().unwrap();
        for (number, feature) in features[..count].iter_mut().enumerate() {
            feature["properties"]["code"] = format!("959{:02}", 90 - number).into();
        }
        some
    };
    let few = with_unknown(3);
    assert_eq!(read(&few).unwrap().unknown, ["95990", "95989", "95988"]);
    assert!(refusals(&few).is_empty());
    let found = refusals(&with_unknown(12));
    assert!(
        found[0].starts_with(
            "12 of its 184 contours are of no commune, of today or former (95990, 95989, 95988, "
        ),
        "{found:?}"
    );
    assert!(found[0].ends_with("6.5 %; 2 % may be (gates.unknown_communes)"));
    assert!(
        found[1].starts_with("it lacks 12 of the 183 communes of the département 95 ("),
        "{found:?}"
    );
}

#[test]
fn other_names_of_the_code_and_altitudes_are_read() {
    let mut feature = square("", 2.0, 49.0);
    feature["properties"] = json!({"INSEE_COM": "95127", "ID": 7});
    for position in feature["geometry"]["coordinates"][0]
        .as_array_mut()
        .unwrap()
    {
        position.as_array_mut().unwrap().push(json!(30.5));
    }
    let islands = json!([
        feature["geometry"]["coordinates"],
        square("", 2.1, 49.0)["geometry"]["coordinates"]
    ]);
    feature["geometry"] = json!({"coordinates": islands, "type": "MultiPolygon"});
    let file = read(&collection(&[feature])).unwrap();
    assert_eq!(file.layers["95"].outline(&["95127"]).len(), 2);
}
