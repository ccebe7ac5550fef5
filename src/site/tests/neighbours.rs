//! The communes around one: the nearest by distance, those of like size by population, and the rank in the département.

use super::*;
use crate::db::Centre;

/// The page of a commune where it is known where communes lie.
fn page(centres: &[(&str, f64, f64)], code: &str) -> String {
    let centres = centres.iter().map(|&(code, latitude, longitude)| {
        let centre = Centre {
            latitude,
            longitude,
        };
        (code.to_owned(), centre)
    });
    let atlas = atlas().with_contours(BTreeMap::new(), centres.collect());
    let files = build(&config(), &FRANCE, &atlas, None);
    text(&files, &format!("ville/{code}/index.html")).replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn the_nearest_communes_are_told_with_their_distances() {
    let centres = [
        ("83137", 43.12, 5.93),
        ("83103", 43.17, 5.93),
        ("69383", 45.75, 4.85),
    ];
    let html = page(&centres, "83137");
    let near = html.split("Les plus proches").nth(1).unwrap();
    let near = near.split("</table>").next().unwrap();
    // Five hundredths of a degree are 5.6 km, and Lyon is 300 km away.
    let first = near
        .find("Le Revest-les-Eaux</a> <small>6 km</small>")
        .unwrap();
    let second = near.find("Lyon 3e arrondissement</a> <small>").unwrap();
    assert!(first < second, "{near}");
    assert!(near.contains("<tr class=\"here\"><th>Toulon <small>ici</small>"));
    // Of where a commune lies nothing is known: no distance is told.
    assert!(!page(&centres[1..], "83137").contains("Les plus proches"));
}

#[test]
fn communes_of_like_size_are_of_the_same_departement() {
    let html = page(&[], "83103");
    let alike = html.split("De population comparable").nth(1).unwrap();
    let alike = alike.split("</table>").next().unwrap();
    assert!(alike.contains("Toulon</a> <small>179 116 hab.</small>"));
    assert!(!alike.contains("Lyon"));
}
