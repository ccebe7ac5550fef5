//! What every room needs and none owns: places, ranks and medians, the clock, runs.

pub mod clock;
pub mod place;
pub mod rank;
pub mod run;
