//! The method measured on what the database holds: prices that were not learned from, and the constants estimated again.

mod constants;
mod coverage;
mod days;
mod estimates;
mod homes;
mod measure;

pub use constants::Reestimated;
pub use estimates::{EstimateLine, Estimates};
pub use homes::homes_measures;
pub use measure::{Limit, Measure};
