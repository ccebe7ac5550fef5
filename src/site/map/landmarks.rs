//! The names of the largest communes on a map, by which readers find their way.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use super::canvas::Canvas;
use crate::geo::Commune;
use crate::geo::contours::grid_point;
use crate::site::{Atlas, french};

/// So many names are read at a glance.
const MOST: usize = 8;

/// What a large screen gives to a map, across and down, in pixels: its width in the page, and its `max-height` in the style sheet.
const ROOM: [f64; 2] = [1_088.0, 640.0];

/// Height of the letters in pixels, and the width of one at the most, in the mean of a name.
const SIZE: f64 = 14.0;
const CHARACTER: f64 = 0.62 * SIZE;

/// From a name to the next, in pixels.
const GAP: f64 = 8.0;

/// From the middle of a name to that of the next, in pixels: names in every part of the map, not the suburbs of one town.
const APART: f64 = 120.0;

/// Names on a map.
#[derive(Serialize, JsonSchema)]
pub(in crate::site) struct Landmarks {
    /// Height of the letters, in units.
    size: i32,
    names: Vec<Landmark>,
}

/// A name, in the middle of where it is written.
#[derive(Serialize, JsonSchema)]
struct Landmark {
    name: String,
    /// Right and down, in units.
    at: [i32; 2],
}

impl Landmarks {
    /// The communes with most inhabitants whose names lie within the map and over no other.
    pub(in crate::site) fn of(canvas: Canvas, communes: &[&Commune], atlas: &Atlas) -> Self {
        let size = canvas.size().map(f64::from);
        // Units of the map in a pixel.
        let unit = (size[0] / ROOM[0]).max(size[1] / ROOM[1]);
        let mut communes = communes.to_vec();
        communes.sort_by_key(|commune| (Reverse(commune.population), &commune.code));
        let mut names = Vec::new();
        // Where names are, and half as wide as they are.
        let mut placed = Vec::<([f64; 2], f64)>::new();
        for commune in communes {
            let Some(centre) = atlas.centre(&commune.code) else {
                continue;
            };
            let centre = grid_point(&commune.departement, [centre.longitude, centre.latitude]);
            let [x, y] = canvas.at(centre).map(f64::from);
            let name = french::name(&commune.name);
            let half = name.chars().count() as f64 * CHARACTER * unit / 2.0;
            if 2.0 * half > size[0] {
                continue;
            }
            let x = x.clamp(half, size[0] - half);
            let is_free = placed.iter().all(|&([beside, above], other)| {
                let [across, down] = [(x - beside).abs(), (y - above).abs()];
                across.hypot(down) >= APART * unit
                    && (across >= half + other + GAP * unit || down >= (SIZE + GAP) * unit)
            });
            if !is_free {
                continue;
            }
            placed.push(([x, y], half));
            names.push(Landmark {
                name,
                at: [x, y + SIZE * unit / 3.0].map(|at| at.round() as i32),
            });
            if names.len() == MOST {
                break;
            }
        }
        Self {
            size: (SIZE * unit).round() as i32,
            names,
        }
    }
}
