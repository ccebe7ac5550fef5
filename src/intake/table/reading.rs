//! What is said of a place, or why nothing is.

use crate::config::Absence;

/// What a file says of an indicator of a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// A number, in the indicator's unit.
    Number(f64),
    /// A category, by its name in the file.
    Category(String),
    /// Nothing, for a reason.
    Absent(Absence),
}
