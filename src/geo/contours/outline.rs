//! Communes put together, to the rings around them.

use std::collections::BTreeMap;

use super::grid::GridPoint;
use super::reference::{join, split};
use super::{Face, Layer};

impl Layer {
    /// The rings around the communes with some codes, put together as one: borders between them are left out. Each from its
    /// first point to its last, which is not the first again; those around land run counter-clockwise. In one order for one
    /// layer and codes.
    pub fn outline(&self, codes: &[&str]) -> Vec<Vec<GridPoint>> {
        let faces = self.faces.iter();
        let faces: Vec<_> = faces
            .filter(|face| codes.contains(&face.code.as_str()))
            .collect();
        // By where they begin: what is left of the borders, and the way along them.
        let mut open = BTreeMap::<GridPoint, Vec<(usize, bool)>>::new();
        for reference in self.around(&faces) {
            let (number, along) = split(reference);
            let begin = self.ends(number, along)[0];
            open.entry(begin).or_default().push((number, along));
        }
        let mut rings = Vec::new();
        while let Some((&start, _)) = open.first_key_value() {
            let mut ring = Vec::new();
            let mut at = start;
            // Each point is left as often as it is come to, for the rings of faces are closed: the way ends where it began.
            while let Some(parts) = open.get_mut(&at) {
                let Some((number, along)) = parts.pop() else {
                    break;
                };
                if parts.is_empty() {
                    open.remove(&at);
                }
                let points = &self.borders[number];
                let count = points.len() - 1;
                match along {
                    true => ring.extend(&points[..count]),
                    false => ring.extend(points[1..].iter().rev()),
                }
                at = self.ends(number, along)[1];
                if at == start {
                    break;
                }
            }
            rings.push(ring);
        }
        rings
    }

    /// The borders around some faces, each once: not those that one runs along and another against.
    fn around(&self, faces: &[&Face]) -> Vec<i32> {
        let mut seen = BTreeMap::<usize, i32>::new();
        let references = faces.iter().flat_map(|face| &face.rings).flatten();
        for &reference in references {
            let (number, along) = split(reference);
            *seen.entry(number).or_default() += if along { 1 } else { -1 };
        }
        let around = seen.into_iter().filter(|(_, times)| *times != 0);
        around
            .map(|(number, times)| join(number, times > 0))
            .collect()
    }

    /// Where a border begins and where it ends on the way along it or against it.
    fn ends(&self, number: usize, along: bool) -> [GridPoint; 2] {
        let points = &self.borders[number];
        let ends = [points[0], points[points.len() - 1]];
        match along {
            true => ends,
            false => [ends[1], ends[0]],
        }
    }
}
