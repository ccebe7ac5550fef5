//! Tables of indicators, as their sources declare them: a file to the values of places of today.
//!
//! `lines`, with `text` and `json`, reads a container, `columns`, `slot` and `read` find columns, values and places in it, [`judge`] holds what came against what is known.

mod columns;
mod error;
mod grid;
mod intake;
mod json;
mod judge;
mod lines;
mod merge;
mod number;
mod places;
mod read;
mod reading;
mod slot;
mod text;
mod wrapping;

pub use error::TableError;
pub(super) use grid::TextGrid;
pub use intake::TableIntake;
pub use judge::{HeldSeries, judge};
pub(super) use number::number;
pub(super) use places::commune_code;
pub use read::{IndicatorSeries, PlaceKeys, PlaceTerms, TableFile};
pub use reading::{Reading, tally};
