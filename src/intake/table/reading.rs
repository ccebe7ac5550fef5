//! What is said of a place, or why nothing is.

use std::collections::BTreeMap;

use crate::config::Absence;

/// What a file says of an indicator of a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading<Category = String> {
    /// A number, in the indicator's unit.
    Number(f64),
    /// A category, by its name in the file.
    Category(Category),
    /// Nothing, for a reason.
    Absent(Absence),
}

impl<Category> Reading<Category> {
    /// The number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether it tells something, and not why there is nothing.
    pub fn is_told(&self) -> bool {
        !matches!(self, Self::Absent(_))
    }

    /// With the category told in another way.
    pub fn map_category<Other>(self, other: impl FnOnce(Category) -> Other) -> Reading<Other> {
        match self {
            Self::Number(number) => Reading::Number(number),
            Self::Category(category) => Reading::Category(other(category)),
            Self::Absent(reason) => Reading::Absent(reason),
        }
    }
}

impl Reading {
    /// The same without a text of its own.
    pub fn borrowed(&self) -> Reading<&str> {
        match self {
            Self::Number(number) => Reading::Number(*number),
            Self::Category(category) => Reading::Category(category),
            Self::Absent(reason) => Reading::Absent(*reason),
        }
    }
}

/// How many places have a value, and how many have none for each reason, by its name.
pub fn tally<'r>(
    readings: impl Iterator<Item = &'r Reading>,
) -> (usize, BTreeMap<&'static str, usize>) {
    let (mut known, mut absent) = (0, BTreeMap::new());
    for reading in readings {
        match reading {
            Reading::Absent(reason) => *absent.entry(reason.name()).or_default() += 1,
            _ => known += 1,
        }
    }
    (known, absent)
}
