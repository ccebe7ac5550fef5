//! The random sequences reach what is made of neighbours: estimates that are shown and withheld, and the estimator.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{World, differences};
use crate::market::GUYANE;

#[test]
fn the_market_has_estimates_and_the_estimator() {
    let mut world = World::new();
    let (release, commune) = (0, GUYANE[2]);
    let estimates = |world: &World| -> BTreeMap<&str, [Value; 2]> {
        let of = |code| {
            let city = world.project.json(&format!("data/villes/{code}.json"));
            let house = &city["by_type"]["maison"];
            [
                house["estimate"].clone(),
                city["by_type"]["appartement"]["estimator"].clone(),
            ]
        };
        GUYANE.map(|code| (code, of(code))).into()
    };
    let first = estimates(&world);
    let shown = |of: &BTreeMap<&str, [Value; 2]>, what: usize| {
        of.values().filter(|found| found[what].is_object()).count()
    };
    assert!(
        shown(&first, 0) >= 2 && shown(&first, 0) < GUYANE.len(),
        "{first:#?}"
    );
    assert!(shown(&first, 1) >= 2, "{first:#?}");
    assert!(world.project.json("data/estimateur/973.json").is_object());

    // What is told of a commune's coordinates alone changes what is estimated of others.
    world.releases[release].relocate(commune, 80);
    world.import(release, None);
    world.build(None);
    let moved = estimates(&world);
    assert!(
        GUYANE
            .iter()
            .any(|code| *code != commune && first[code][0] != moved[code][0])
    );
    assert!(differences(&world.project.site(), &world.afresh().site()).is_empty());
}
