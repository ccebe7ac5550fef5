//! Flats and houses by their number of main rooms.

use schemars::JsonSchema;
use serde::Serialize;

use super::signs::Signs;
use crate::stats::{self, Figures};

/// `figures.rooms` in the templates.
#[derive(Serialize)]
pub(crate) struct Rooms {
    pub appartement: KindRooms,
    pub maison: KindRooms,
}

/// The classes of one kind of property.
#[derive(Serialize)]
pub(crate) struct KindRooms {
    pub lines: Vec<RoomsLine>,
    /// Whether one of them has a price: a table of counts alone says nothing.
    priced: bool,
    signs: Signs,
}

/// An item of `by_type.<kind>.rooms` in the data file.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(description = "")]
pub(crate) struct RoomsLine {
    #[schemars(range(min = 1, max = 5))]
    rooms: u32,
    volume: u64,
    prix_m2: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Intervalle de confiance à 95 % de la médiane, €/m².")]
    prix_m2_interval: Option<[u32; 2]>,
    #[schemars(description = "Prix total médian, €, arrondi à trois chiffres.")]
    prix_median: Option<u64>,
}

impl From<&Figures> for Rooms {
    fn from(figures: &Figures) -> Self {
        Self {
            appartement: KindRooms::new(&figures.appartement.rooms),
            maison: KindRooms::new(&figures.maison.rooms),
        }
    }
}

impl KindRooms {
    fn new(rooms: &[stats::Rooms]) -> Self {
        let mut signs = Signs::default();
        for class in rooms {
            signs.see(class.n, class.median.is_some());
        }
        Self {
            signs,
            lines: rooms.iter().map(RoomsLine::from).collect(),
            priced: rooms.iter().any(|class| class.median.is_some()),
        }
    }
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
