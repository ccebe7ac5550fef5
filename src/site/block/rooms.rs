//! Flats and houses by their number of main rooms.

use itertools::Itertools;
use schemars::JsonSchema;
use serde::Serialize;

use super::signs::Signs;
use crate::site::chart::meter;
use crate::stats::{self, Figures};

/// `figures.rooms` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Rooms {
    pub appartement: KindRooms,
    pub maison: KindRooms,
    /// Of both.
    signs: Signs,
    /// Whether the fewer rooms, the dearer the m², as far as it is known.
    smaller_dearer: bool,
}

/// The classes of one kind of property.
#[derive(Serialize, JsonSchema)]
pub(crate) struct KindRooms {
    pub lines: Vec<RoomsLine>,
    /// The bar of each line.
    meters: Vec<String>,
    /// Whether one of them has a price: a table of counts alone says nothing.
    priced: bool,
}

/// An item of `by_type.<kind>.rooms` in the data file.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(description = "")]
pub(crate) struct RoomsLine {
    #[schemars(range(min = 1, max = 5))]
    rooms: u32,
    volume: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    prix_m2: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Intervalle de confiance à 95 % de la médiane, €/m².")]
    prix_m2_interval: Option<[u32; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Prix total médian, €, arrondi à trois chiffres.")]
    prix_median: Option<u64>,
}

impl From<&Figures> for Rooms {
    fn from(figures: &Figures) -> Self {
        let [flats, houses] = [&figures.appartement.rooms, &figures.maison.rooms];
        // Both kinds are drawn on one scale.
        let most = flats
            .iter()
            .chain(houses)
            .filter_map(|class| class.median)
            .max();
        let mut signs = Signs::default();
        let most = most.unwrap_or(0);
        let [appartement, maison] =
            [flats, houses].map(|classes| KindRooms::new(classes, most, &mut signs));
        Self {
            appartement,
            maison,
            signs,
            smaller_dearer: smaller_dearer([flats, houses]),
        }
    }
}

/// Whether in each kind the medians fall from each class to the next, those that are no fragile ones and all that are shown.
fn smaller_dearer(kinds: [&Vec<stats::Rooms>; 2]) -> bool {
    let falls = |classes: &&Vec<stats::Rooms>| {
        let medians = classes.iter().filter_map(|class| class.median);
        medians.tuple_windows().all(|(fewer, more)| fewer > more)
    };
    let has_step = |classes: &&Vec<stats::Rooms>| {
        let solid = classes.iter().filter(|class| class.interval.is_some());
        solid.filter(|class| class.median.is_some()).count() > 1
    };
    kinds.iter().any(has_step) && kinds.iter().all(falls)
}

impl KindRooms {
    fn new(rooms: &[stats::Rooms], most: u32, signs: &mut Signs) -> Self {
        let priced = rooms.iter().any(|class| class.median.is_some());
        for class in rooms.iter().filter(|_| priced) {
            signs.see(class.n, class.median.is_some());
        }
        Self {
            meters: rooms.iter().map(|class| bar(class, most)).collect(),
            lines: rooms.iter().map(RoomsLine::from).collect(),
            priced,
        }
    }
}

/// The bar of a class.
fn bar(class: &stats::Rooms, most: u32) -> String {
    class.median.map_or_else(String::new, |median| {
        meter::meter(median, class.interval, class.interval.is_none(), most)
    })
}

impl From<&stats::Rooms> for RoomsLine {
    fn from(class: &stats::Rooms) -> Self {
        Self {
            rooms: class.rooms,
            volume: class.n,
            prix_m2: class.median,
            prix_m2_interval: class.interval,
            prix_median: class.median_price,
        }
    }
}
