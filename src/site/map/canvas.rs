//! The grid to the units of a map, in whole numbers: what a path is written in weighs the most of a map.

use std::fmt::Write;

use crate::geo::contours::GridPoint;

/// Units from side to side at the most: as many as a large screen has pixels for a map.
const ACROSS: i32 = 1_000;

/// What lies around a map, in units.
const MARGIN: i32 = 4;

/// Where a map lies on the grid, and how large its units are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::site) struct Canvas {
    west: i32,
    north: i32,
    /// Squares of the grid from one unit to the next.
    unit: i32,
    /// In units.
    width: i32,
    height: i32,
}

impl Canvas {
    /// The canvas that holds everything from one corner to the other.
    pub(super) fn between([[west, south], [east, north]]: [GridPoint; 2]) -> Self {
        let (width, height) = (east - west, north - south);
        let unit = (width.max(height) + ACROSS - 1) / ACROSS;
        let unit = unit.max(1);
        Self {
            west,
            north,
            unit,
            width: width / unit + 1,
            height: height / unit + 1,
        }
    }

    /// The area in squares of the grid that a point has to add to a border to be seen.
    pub(super) fn least_area(&self) -> u32 {
        (2 * self.unit * self.unit).unsigned_abs()
    }

    /// `viewBox` of the picture.
    pub(in crate::site) fn view_box(&self) -> String {
        let (width, height) = (self.width + 2 * MARGIN, self.height + 2 * MARGIN);
        format!("-{MARGIN} -{MARGIN} {width} {height}")
    }

    /// The longer side in units.
    pub(in crate::site) fn across(&self) -> i32 {
        self.width.max(self.height)
    }

    /// From side to side and from top to bottom, in units.
    pub(super) fn size(&self) -> [i32; 2] {
        [self.width, self.height]
    }

    /// A point of the grid, right and down.
    pub(super) fn at(&self, [east, north]: GridPoint) -> [i32; 2] {
        let half = self.unit / 2;
        [east - self.west, self.north - north].map(|squares| (squares + half).div_euclid(self.unit))
    }

    /// The path of some rings, in steps of whole units. What is too small for a ring is a square of one unit: no place is
    /// left out.
    pub(super) fn path(&self, rings: &[Vec<GridPoint>]) -> String {
        let mut path = String::new();
        let mut at = [0; 2];
        for ring in rings {
            let mut points: Vec<_> = ring.iter().map(|&point| self.at(point)).collect();
            points.dedup();
            if points.first() == points.last() {
                points.pop();
            }
            if points.len() < 3 {
                continue;
            }
            path.push('m');
            let start = points[0];
            for point in points {
                step(&mut path, [point[0] - at[0], point[1] - at[1]]);
                at = point;
            }
            path.push('z');
            at = start;
        }
        if let (true, Some(point)) = (path.is_empty(), rings.iter().flatten().next()) {
            let [x, y] = self.at(*point);
            let _ = write!(path, "m{x} {y}h1v1h-1z");
        }
        path
    }
}

/// Writes a step, with a blank where nothing else parts two numbers.
fn step(path: &mut String, step: [i32; 2]) {
    for number in step {
        if number >= 0 && path.ends_with(|c: char| c.is_ascii_digit()) {
            path.push(' ');
        }
        let _ = write!(path, "{number}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_steps_of_whole_units_from_north_west() {
        let canvas = Canvas::between([[100, 1_000], [1_100, 3_000]]);
        assert_eq!((canvas.unit, canvas.across()), (2, 1_001));
        assert_eq!(canvas.view_box(), "-4 -4 509 1009");
        let square = vec![[100, 1_000], [300, 1_000], [300, 1_200], [100, 1_200]];
        let hole = vec![[140, 1_040], [140, 1_080], [180, 1_080]];
        assert_eq!(
            canvas.path(&[square, hole]),
            "m0 1000 100 0 0-100-100 0zm20-20 0-20 20 0z"
        );
    }

    #[test]
    fn no_place_is_too_small_to_be_seen() {
        let canvas = Canvas::between([[0, 0], [90_000, 90_000]]);
        let tiny = vec![[9_000, 9_000], [9_010, 9_000], [9_010, 9_010]];
        assert_eq!(canvas.path(&[tiny]), "m100 900h1v1h-1z");
        assert_eq!(canvas.path(&[]), "");
        assert_eq!(Canvas::between([[5, 5], [5, 5]]).unit, 1);
    }
}
