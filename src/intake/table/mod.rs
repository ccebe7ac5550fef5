//! Tables of indicators, as their sources declare them: a file to the values of places of today.
//!
//! `grid` reads a container, `read` finds columns, lines and places in it, [`judge`] holds what came against what is known.

mod error;
mod grid;
mod intake;
mod judge;
mod merge;
mod number;
mod places;
mod read;
mod reading;

pub use error::TableError;
pub(super) use grid::Grid;
pub use intake::TableIntake;
pub use judge::{HeldSeries, judge};
pub(super) use number::number;
pub(super) use places::commune_code;
pub use read::{IndicatorSeries, TableFile};
pub use reading::{Reading, tally};
