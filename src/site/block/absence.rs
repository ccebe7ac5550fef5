//! Why a place has no prices: DVF does not cover it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::geo::{DvfGap, dvf_gap};

/// Why DVF has no sale of a département.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Absence {
    /// Alsace and Moselle: sales are in the land register, which the courts keep.
    LivreFoncier,
    Mayotte,
}

impl Absence {
    /// Whether and why DVF leaves a département out. The collectivités d'outre-mer, which it leaves out too, have no
    /// page.
    pub(crate) fn of(departement: &str) -> Option<Self> {
        match dvf_gap(departement)? {
            DvfGap::LivreFoncier => Some(Self::LivreFoncier),
            DvfGap::Mayotte => Some(Self::Mayotte),
            DvfGap::OutreMer => None,
        }
    }
}
