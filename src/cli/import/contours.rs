//! What an import says of a file of contours.

use serde_json::{Value, json};

use crate::app::Imported;
use crate::base::words::{counted, first_codes};
use crate::intake::contours::ContourFile;

/// What importing a file of contours changed, or would change, in words and as JSON.
pub(super) fn report(report: &Imported<'_>, file: &ContourFile, changed: usize) -> (String, Value) {
    let seconds = report.seconds;
    let layers = file.layers.values();
    let communes: usize = layers.clone().map(|layer| layer.codes().count()).sum();
    let points: usize = layers.map(|layer| layer.points()).sum();
    let places: Vec<_> = file.layers.keys().map(String::as_str).collect();
    let mut text = format!(
        "{}: contours of {} of {}, {} positions made {points} points of shared borders\n",
        report.name,
        counted(communes, "commune"),
        first_codes(places.iter().copied()),
        file.positions,
    );
    let mut say = |codes: &[&str], one: &str, many: &str| {
        if !codes.is_empty() {
            let words = if codes.len() == 1 { one } else { many };
            text.push_str(&format!(
                "  {} {words}: {}.\n",
                codes.len(),
                first_codes(codes.iter().copied())
            ));
        }
    };
    let former: Vec<_> = file.former.iter().map(|(code, _)| code.as_str()).collect();
    say(
        &former,
        "commune has merged since, and is drawn with that of today",
        "communes have merged since, and are drawn with those of today",
    );
    let cities: Vec<_> = file.cities.iter().map(String::as_str).collect();
    say(
        &cities,
        "city is drawn by its arrondissements",
        "cities are drawn by their arrondissements",
    );
    let unknown: Vec<_> = file.unknown.iter().map(String::as_str).collect();
    say(
        &unknown,
        "contour is of no commune and was left out",
        "contours are of no commune and were left out",
    );
    text.push_str(&match (changed, report.dry_run) {
        (0, _) => "  unchanged".to_owned(),
        (maps, true) => format!("  would change {}", counted(maps, "map")),
        (maps, false) => format!("  changed {}", counted(maps, "map")),
    });
    text.push_str(&format!(" ({seconds:.1} s)"));
    let data = json!({
        "file": report.name, "format": "contours", "territories": places, "communes": communes,
        "positions": file.positions, "points": points, "former_communes": former, "cities": cities,
        "unknown_communes": unknown, "changed": changed, "unchanged": changed == 0,
        "dry_run": report.dry_run, "seconds": seconds,
    });
    (text, data)
}
