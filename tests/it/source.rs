//! What is upstream, fetched and brought to the pages, from a server that behaves and one that does not.

pub mod bench;
mod check;
mod contours;
mod cuts;
mod fetch;
mod gates;
mod guard;
mod indicators;
mod odd;
pub mod pages;
mod places;
mod resume;
mod runs;
mod two_releases;
pub mod update;

pub use bench::outcome;
