//! What every room needs and none owns: addresses, months, kinds of property, places, ranks and medians, the clock, runs,
//! the points at which tests stop the program, the way into SQLite files, text of others made fit to be shown.

pub mod address;
pub mod checksum;
pub mod clock;
pub mod digest;
pub mod kind;
pub(crate) mod memory;
pub mod month;
pub mod pattern;
pub mod place;
pub mod rank;
pub mod run;
pub mod shown;
pub mod sqlite;
pub mod stop;
pub mod words;
