//! Maps: contours and centres to paths and dots, prices to classes of colour.

mod canvas;
mod classes;
mod departement;
mod drawing;
mod landmarks;

pub(super) use classes::{Classes, LegendStep};
pub(super) use departement::DepartementMap;
pub(super) use drawing::{Drawing, Outline};
pub(super) use landmarks::Landmarks;
