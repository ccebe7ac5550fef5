//! The figures of a release that the archive keeps, by column.

use serde_json::{Map, Value};

use super::homes::{HOMES, KINDS};
use crate::base::place::Level;
use crate::stats::Summary;

/// A place that the archive has a line of.
pub(in crate::site) struct FrozenPlace<'s> {
    pub level: Level,
    pub code: &'s str,
    pub summary: &'s Summary,
}

/// Columns about homes that the archive keeps.
const FROZEN: [&str; 12] = [
    "prix_m2",
    "prix_m2_bas",
    "prix_m2_haut",
    "ventes",
    "mois",
    "dernier_mois",
    "estimation",
    "estimation_bas",
    "estimation_haut",
    "evolution_1_an",
    "evolution_1_an_bas",
    "evolution_1_an_haut",
];

/// Some places by column: which they are, and those of their figures that the archive keeps.
pub(in crate::site) fn frozen(places: &[FrozenPlace<'_>]) -> Map<String, Value> {
    let texts = |of: fn(&FrozenPlace<'_>) -> String| {
        let texts = places.iter().map(of);
        texts.collect::<Value>()
    };
    let mut columns = Map::from_iter([
        (
            "niveau".to_owned(),
            texts(|place| place.level.name().into()),
        ),
        ("code".to_owned(), texts(|place| place.code.into())),
    ]);
    for (of, _, house) in KINDS {
        let kept = HOMES.iter().filter(|(name, ..)| FROZEN.contains(name));
        columns.extend(kept.map(|(name, _, _, cell)| {
            let cells = places
                .iter()
                .map(|place| Value::from(cell(place.summary.home(house))));
            (format!("{name}_{of}"), cells.collect())
        }));
    }
    columns
}
