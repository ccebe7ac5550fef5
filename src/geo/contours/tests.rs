//! What holds of borders that neighbours share.

use std::collections::BTreeMap;

use super::topology::{ContourShape, layers, twice_area};
use super::{GridPoint, Layer};

fn shape(code: &str, polygons: Vec<Vec<Vec<GridPoint>>>) -> ContourShape {
    ContourShape {
        code: code.to_owned(),
        layer: code[..2].to_owned(),
        polygons,
    }
}

/// A ring as files have it: its last point is its first.
fn closed(points: &[GridPoint]) -> Vec<GridPoint> {
    [points, &points[..1]].concat()
}

/// Two squares with a jagged border between them, and an enclave in the second.
fn squares() -> [ContourShape; 3] {
    let jagged = [[10, 0], [11, 3], [9, 5], [10, 8], [10, 10]];
    let left = [&[[0, 10], [0, 0]], &jagged[..]].concat();
    let mut back = jagged;
    back.reverse();
    let right = [&[[20, 0], [20, 10]], &back[..]].concat();
    let hole = [[14, 4], [16, 4], [16, 6], [14, 6]];
    [
        shape("95001", vec![vec![closed(&left)]]),
        shape("95002", vec![vec![closed(&right), closed(&hole)]]),
        shape("95003", vec![vec![closed(&hole)]]),
    ]
}

fn layer(shapes: &[ContourShape], area: u32) -> Layer {
    let mut layers = layers(shapes, area);
    assert_eq!(layers.len(), 1);
    let layer = layers.remove("95").unwrap();
    assert!(layer.is_whole());
    layer
}

/// Twice the area of some communes together.
fn area(layer: &Layer, codes: &[&str]) -> i64 {
    layer
        .outline(codes)
        .iter()
        .map(|ring| twice_area(ring))
        .sum()
}

/// The steps from point to point around a commune.
fn steps(layer: &Layer, code: &str) -> BTreeMap<[GridPoint; 2], u32> {
    let mut steps = BTreeMap::new();
    for ring in layer.outline(&[code]) {
        for (index, &point) in ring.iter().enumerate() {
            let next = ring[(index + 1) % ring.len()];
            *steps.entry([point, next]).or_default() += 1;
        }
    }
    steps
}

#[test]
fn neighbours_share_their_border_to_the_point() {
    for tolerance in [0, 3, 1_000] {
        let layer = layer(&squares(), tolerance);
        let [left, right] = ["95001", "95002"].map(|code| steps(&layer, code));
        let shared = left.keys().filter(|[a, b]| right.contains_key(&[*b, *a]));
        assert_eq!(
            shared.count(),
            [4, 3, 2][usize::from(tolerance > 0) + usize::from(tolerance > 3)]
        );
    }
}

#[test]
fn areas_are_those_of_the_file_and_holes_are_none_of_them() {
    let layer = layer(&squares(), 0);
    let areas = ["95001", "95002", "95003"].map(|code| area(&layer, &[code]));
    assert_eq!(areas, [200, 192, 8]);
    assert_eq!(area(&layer, &["95001", "95002", "95003"]), 400);
}

#[test]
fn communes_put_together_have_no_border_between_them() {
    let layer = layer(&squares(), 0);
    let rings = layer.outline(&["95001", "95002", "95003"]);
    assert_eq!(rings.len(), 1);
    assert_eq!(rings[0].len(), 6);
    // With the enclave left out, it is a hole.
    assert_eq!(layer.outline(&["95001", "95002"]).len(), 2);
    assert!(layer.outline(&["95009"]).is_empty());
}

#[test]
fn a_border_between_layers_is_the_same_in_both() {
    let mut shapes = squares();
    shapes[0].layer = "78".to_owned();
    let layers = layers(&shapes, 3);
    let left = steps(&layers["78"], "95001");
    let right = steps(&layers["95"], "95002");
    let shared = left.keys().filter(|[a, b]| right.contains_key(&[*b, *a]));
    assert_eq!(shared.count(), 3);
    assert_eq!(layers["78"].codes().collect::<Vec<_>>(), ["95001"]);
}

#[test]
fn what_turns_back_and_what_encloses_nothing_is_left_out() {
    let spiked = [
        [0, 0],
        [0, 0],
        [9, 0],
        [9, 9],
        [12, 9],
        [9, 9],
        [0, 9],
        [0, 12],
        [0, 9],
    ];
    let flat = [[30, 0], [40, 0], [50, 0]];
    let shapes = [
        shape("95001", vec![vec![closed(&spiked)]]),
        shape("95002", vec![vec![closed(&flat)]]),
    ];
    let layer = layer(&shapes, 0);
    assert_eq!(area(&layer, &["95001"]), 162);
    assert_eq!(layer.outline(&["95001"])[0].len(), 4);
    assert!(layer.outline(&["95002"]).is_empty());
}

#[test]
fn fewer_points_leave_the_borders_shared() {
    let fine = layer(&squares(), 0);
    let simple = fine.simplified(1_000);
    assert!(simple.points() < fine.points());
    assert!(simple.is_whole());
    let [left, right] = ["95001", "95002"].map(|code| steps(&simple, code));
    let shared = left.keys().filter(|[a, b]| right.contains_key(&[*b, *a]));
    // One point is left in between, for both meet at the same ends.
    assert_eq!(shared.count(), 2);
}

#[test]
fn a_layer_is_stored_as_steps_and_read_back() {
    let layer = layer(&squares(), 0);
    let text = serde_json::to_string(&layer).unwrap();
    assert_eq!(serde_json::from_str::<Layer>(&text).unwrap(), layer);
    let odd = text.replacen("[[", "[[1,", 1);
    assert!(serde_json::from_str::<Layer>(&odd).is_err());
    let other = Layer {
        faces: layer.faces,
        ..Layer::default()
    };
    assert!(!other.is_whole());
}
