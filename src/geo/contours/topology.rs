//! Polygons to the borders that they share.

use std::collections::{BTreeMap, HashMap};

use super::grid::GridPoint;
use super::reference::join;
use super::{Face, Layer, renumbered, simplify};

/// A commune as a file has it.
#[derive(Clone, Debug)]
pub struct ContourShape {
    /// Its code.
    pub code: String,
    /// The layer it belongs to.
    pub layer: String,
    /// Of each polygon the ring around its land and those around its holes, on the grid; the last point is the first.
    pub polygons: Vec<Vec<Vec<GridPoint>>>,
}

/// The borders of some communes, by layers, without the points whose triangle with their neighbours is smaller than an
/// area in squares of the grid. A border between two layers is in both, the same to the point. Rings that enclose nothing on
/// the grid are left out.
pub fn layers(shapes: &[ContourShape], area: u32) -> BTreeMap<String, Layer> {
    let rings: Vec<Vec<_>> = shapes.iter().map(rings).collect();
    let junctions = Junctions::of(rings.iter().flatten());
    let mut numbered = Numbered::default();
    let mut faces = BTreeMap::<&str, Vec<Face>>::new();
    for (shape, rings) in shapes.iter().zip(&rings) {
        let rings = rings.iter().map(|ring| {
            let parts = junctions.part(ring).into_iter();
            parts.map(|part| numbered.number(part)).collect()
        });
        let face = Face {
            code: shape.code.clone(),
            rings: rings.collect(),
        };
        faces.entry(&shape.layer).or_default().push(face);
    }
    let borders = simplify::borders(&numbered.borders, area);
    let layers = faces.into_iter().map(|(code, mut faces)| {
        faces.sort_by(|a, b| a.code.cmp(&b.code));
        (code.to_owned(), renumbered(faces, &borders))
    });
    layers.collect()
}

/// The rings of a commune, each from its first point to its last, which is not the first again. Those around land run
/// counter-clockwise, so that neighbours run along their border in opposite directions.
fn rings(shape: &ContourShape) -> Vec<Vec<GridPoint>> {
    let rings = shape.polygons.iter().flat_map(|polygon| {
        polygon.iter().enumerate().filter_map(|(number, ring)| {
            let mut ring = without_spikes(ring);
            let twice = twice_area(&ring);
            if (twice > 0) != (number == 0) {
                ring.reverse();
            }
            (twice != 0).then_some(ring)
        })
    });
    rings.collect()
}

/// A ring without points that follow themselves, and without those where it turns back the way it came.
fn without_spikes(ring: &[GridPoint]) -> Vec<GridPoint> {
    let mut kept = Vec::with_capacity(ring.len());
    for &point in ring {
        if kept.last() == Some(&point) {
            continue;
        }
        if kept.len() > 1 && kept[kept.len() - 2] == point {
            kept.pop();
        } else {
            kept.push(point);
        }
    }
    // Around the point where it begins and ends.
    let (mut first, mut end) = (0, kept.len());
    while end - first > 1 {
        if kept[first] == kept[end - 1] {
            end -= 1;
        } else if end - first > 2 && kept[first + 1] == kept[end - 1] {
            first += 1;
        } else if end - first > 2 && kept[first] == kept[end - 2] {
            end -= 1;
        } else {
            break;
        }
    }
    kept[first..end].to_vec()
}

/// Twice the area that a ring encloses, in squares of the grid; more than 0 where it runs counter-clockwise.
pub(super) fn twice_area(ring: &[GridPoint]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let across = ring.iter().zip(next).map(|(a, b)| {
        let [a, b] = [a, b].map(|point| point.map(i64::from));
        a[0] * b[1] - b[0] * a[1]
    });
    across.sum()
}

/// The points where borders begin and end.
struct Junctions(HashMap<GridPoint, Neighbours>);

/// The points beside a point on all rings that hold it.
#[derive(Clone, Copy)]
enum Neighbours {
    One(GridPoint),
    Two(GridPoint, GridPoint),
    /// Another border begins here.
    More,
}

impl Junctions {
    fn of<'r>(rings: impl Iterator<Item = &'r Vec<GridPoint>>) -> Self {
        let mut known = HashMap::new();
        let mut see = |point: GridPoint, beside: GridPoint| {
            let neighbours = known.entry(point).or_insert(Neighbours::One(beside));
            *neighbours = match *neighbours {
                Neighbours::One(one) if one != beside => Neighbours::Two(one, beside),
                Neighbours::Two(one, two) if one != beside && two != beside => Neighbours::More,
                same => same,
            };
        };
        for ring in rings {
            for (index, &point) in ring.iter().enumerate() {
                let next = ring[(index + 1) % ring.len()];
                see(point, next);
                see(next, point);
            }
        }
        Self(known)
    }

    fn is_at(&self, point: GridPoint) -> bool {
        matches!(self.0.get(&point), Some(Neighbours::More))
    }

    /// The borders that a ring is made of, with both their ends. One without a junction is one border, from the point that
    /// is first of all and around to it.
    fn part(&self, ring: &[GridPoint]) -> Vec<Vec<GridPoint>> {
        let junction = ring.iter().position(|&point| self.is_at(point));
        let start = junction.unwrap_or_else(|| {
            let first = ring.iter().enumerate().min_by_key(|(_, point)| **point);
            first.map_or(0, |(index, _)| index)
        });
        let mut points = ring.to_vec();
        points.rotate_left(start);
        points.push(points[0]);
        let mut parts = Vec::new();
        let mut part = vec![points[0]];
        for &point in &points[1..] {
            part.push(point);
            if self.is_at(point) {
                parts.push(std::mem::replace(&mut part, vec![point]));
            }
        }
        if part.len() > 1 {
            parts.push(part);
        }
        parts
    }
}

/// Borders, each once, whichever way it was met first.
#[derive(Default)]
struct Numbered {
    borders: Vec<Vec<GridPoint>>,
    numbers: HashMap<Vec<GridPoint>, usize>,
}

impl Numbered {
    /// The number of a border, as a ring refers to it.
    fn number(&mut self, border: Vec<GridPoint>) -> i32 {
        let against: Vec<_> = border.iter().rev().copied().collect();
        if let Some(&number) = self.numbers.get(&border) {
            return join(number, true);
        }
        if let Some(&number) = self.numbers.get(&against) {
            return join(number, false);
        }
        let number = self.borders.len();
        self.borders.push(border.clone());
        self.numbers.insert(border, number);
        join(number, true)
    }
}
