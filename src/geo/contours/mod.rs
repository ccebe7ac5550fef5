//! The contours of communes, on a grid of whole numbers: each border is there once, so that neighbours share it to the
//! point.
//!
//! A [`Layer`] is what is known of a département: its borders, and the communes whose rings are made of them. Former
//! communes stay as they are in the file; [`Layer::outline`] puts some of them together, whatever they are part of today.

mod grid;
mod outline;
mod reference;
mod simplify;
#[cfg(test)]
mod tests;
mod topology;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use reference::{join, split};

pub use grid::{GridPoint, METRES, degrees, grid_point};
pub use topology::{ContourShape, layers};

/// The contours of communes: a layer a département, by its code, and one a city of which nothing but its arrondissements is
/// known, by the code of that.
pub type Contours = BTreeMap<String, Layer>;

/// The borders of some communes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Each from a point where more than two borders meet to the next such point, or around from a point to itself.
    #[serde(with = "grid::steps")]
    borders: Vec<Vec<GridPoint>>,
    faces: Vec<Face>,
}

/// A commune as a file has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Face {
    code: String,
    /// Each the borders that it is made of, by their number: `n` along it, `-1 - n` against it. Those around land run
    /// counter-clockwise, those around holes clockwise.
    rings: Vec<Vec<i32>>,
}

impl Layer {
    /// The codes of its communes, as the file has them.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.faces.iter().map(|face| face.code.as_str())
    }

    /// Whether its communes are made of borders that it has, as those of every layer that was made by [`layers`] are.
    pub fn is_whole(&self) -> bool {
        let mut references = self
            .faces
            .iter()
            .flat_map(|face| face.rings.iter().flatten());
        references.all(|&reference| split(reference).0 < self.borders.len())
            && self.borders.iter().all(|border| border.len() > 1)
    }

    /// The corners around it, south-west and north-east; `None` where it is empty.
    pub fn corners(&self) -> Option<[GridPoint; 2]> {
        let points = || self.borders.iter().flatten();
        let axis = |axis: usize| points().map(move |point| point[axis]);
        let south_west = [axis(0).min()?, axis(1).min()?];
        Some([south_west, [axis(0).max()?, axis(1).max()?]])
    }

    /// The points in the middle of its communes, by where a code leads: of some that lead to one, of all of them together.
    pub fn middles<P: Ord>(&self, place_of: impl Fn(&str) -> Option<P>) -> BTreeMap<P, GridPoint> {
        let mut corners = BTreeMap::<P, [GridPoint; 2]>::new();
        for face in &self.faces {
            let Some(place) = place_of(&face.code) else {
                continue;
            };
            let references = face.rings.iter().flatten();
            let points = references.flat_map(|&reference| &self.borders[split(reference).0]);
            let corners = corners
                .entry(place)
                .or_insert([[i32::MAX; 2], [i32::MIN; 2]]);
            for point in points {
                for axis in [0, 1] {
                    corners[0][axis] = corners[0][axis].min(point[axis]);
                    corners[1][axis] = corners[1][axis].max(point[axis]);
                }
            }
        }
        let middle = |[least, most]: [GridPoint; 2]| {
            [0, 1].map(|axis| i32::midpoint(least[axis], most[axis]))
        };
        corners
            .into_iter()
            .map(|(place, corners)| (place, middle(corners)))
            .collect()
    }

    /// How many points its borders have.
    pub fn points(&self) -> usize {
        self.borders.iter().map(Vec::len).sum()
    }

    /// The communes with some codes by themselves.
    #[must_use]
    pub fn part(&self, codes: &[&str]) -> Self {
        let faces = self.faces.iter();
        let faces = faces.filter(|face| codes.contains(&face.code.as_str()));
        renumbered(faces.cloned().collect(), &self.borders)
    }

    /// The contours with fewer points: those go whose triangle with their neighbours is smaller than an area, in squares of the
    /// grid. Neighbours still share their borders to the point.
    #[must_use]
    pub fn simplified(&self, area: u32) -> Self {
        Self {
            borders: simplify::borders(&self.borders, area),
            faces: self.faces.clone(),
        }
    }
}

/// The layer of some faces, with the borders that they need, numbered anew.
fn renumbered(mut faces: Vec<Face>, all: &[Vec<GridPoint>]) -> Layer {
    let mut borders = Vec::new();
    let mut numbers = HashMap::new();
    let references = faces.iter_mut().flat_map(|face| &mut face.rings).flatten();
    for reference in references {
        let (number, along) = split(*reference);
        let number = *numbers.entry(number).or_insert_with(|| {
            borders.push(all[number].clone());
            borders.len() - 1
        });
        *reference = join(number, along);
    }
    Layer { borders, faces }
}
