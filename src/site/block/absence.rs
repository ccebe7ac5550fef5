//! Why a place has no prices: DVF does not cover it.

use serde::Serialize;

/// Why DVF has no sale of a département.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Absence {
    /// Alsace and Moselle: sales are in the land register, which the courts keep.
    LivreFoncier,
    Mayotte,
}

impl Absence {
    /// Whether and why DVF leaves a département out. The collectivités d'outre-mer, which it leaves out too, have no
    /// page.
    pub fn of(departement: &str) -> Option<Self> {
        match departement {
            "57" | "67" | "68" => Some(Self::LivreFoncier),
            "976" => Some(Self::Mayotte),
            _ => None,
        }
    }
}
