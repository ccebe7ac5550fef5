//! What every room needs and none owns: places, ranks and medians, the clock, runs, the points at which tests stop the
//! program.

pub mod clock;
pub mod place;
pub mod rank;
pub mod run;
pub mod stop;
