//! Facts by place and day, as their sources declare them: nights of tourists, traffic. Their files lie in a folder of the
//! operator's, and are not of the [`super::Intake`] of what is fetched.
//!
//! `zones` leads the names of places to communes, `read` makes facts of the lines of a file.

mod error;
mod read;
mod zones;

pub use error::FactsError;
pub use read::{FactsFile, ReadLines, ZoneDays, reading_digest};
pub use zones::{Zone, ZoneTable};
