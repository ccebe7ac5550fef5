//! The names of the largest communes on a map, by which readers find their way.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use super::canvas::Canvas;
use crate::geo::contours::grid_point;
use crate::geo::{Commune, Geography};
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
const APART: f64 = 240.0;

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
    /// The communes with most inhabitants whose names lie within the map and over no other; none where it would be one alone.
    pub(in crate::site) fn of(
        canvas: Canvas,
        communes: &[&Commune],
        geography: &Geography,
        atlas: &Atlas,
    ) -> Self {
        let size = canvas.size().map(f64::from);
        // Units of the map in a pixel.
        let unit = (size[0] / ROOM[0]).max(size[1] / ROOM[1]);
        let communes = communes.iter().filter(|commune| commune.parent.is_none());
        let mut communes: Vec<_> = communes.collect();
        communes.sort_by_key(|commune| (Reverse(commune.population), &commune.code));
        let mut names = Vec::new();
        // Where names are, and half as wide as they are.
        let mut placed = Vec::<([f64; 2], f64)>::new();
        for commune in communes {
            let Some([x, y]) = middle(canvas, commune, geography, atlas) else {
                continue;
            };
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
        if names.len() == 1 {
            names.clear();
        }
        Self {
            size: (SIZE * unit).round() as i32,
            names,
        }
    }
}

/// Where a commune lies on a map; a city is amid its arrondissements.
fn middle(
    canvas: Canvas,
    commune: &Commune,
    geography: &Geography,
    atlas: &Atlas,
) -> Option<[f64; 2]> {
    let of = |code: &str| {
        let centre = atlas.centre(code)?;
        let centre = grid_point(&commune.departement, [centre.longitude, centre.latitude]);
        Some(canvas.at(centre).map(f64::from))
    };
    of(&commune.code).or_else(|| {
        let parts = geography.children_of_city(&commune.code).into_iter();
        let parts: Vec<_> = parts.filter_map(|part| of(&part.code)).collect();
        let mean =
            |axis: usize| parts.iter().map(|part| part[axis]).sum::<f64>() / parts.len() as f64;
        (!parts.is_empty()).then(|| [mean(0), mean(1)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Centre;
    use crate::geo::contours::Contours;
    use crate::intake::cog::Edition;

    const COMMUNES: &str = r#"[
{"code":"69123","nom":"Lyon","typeLiaison":0,"departement":"69","region":"84","type":"commune-actuelle","population":519127},
{"code":"69381","nom":"Lyon 1er Arrondissement","typeLiaison":0,"type":"arrondissement-municipal","commune":"69123","departement":"69","region":"84","population":28717},
{"code":"69383","nom":"Lyon 3e Arrondissement","typeLiaison":0,"type":"arrondissement-municipal","commune":"69123","departement":"69","region":"84","population":100679},
{"code":"69264","nom":"Villefranche-sur-Saône","typeLiaison":0,"departement":"69","region":"84","type":"commune-actuelle","population":36671},
{"code":"69266","nom":"Villeurbanne","typeLiaison":0,"departement":"69","region":"84","type":"commune-actuelle","population":156928}
]"#;
    const DEPARTEMENTS: &str =
        r#"[{"code":"69","region":"84","nom":"Rhône","typeLiaison":2,"zone":"metro"}]"#;
    const REGIONS: &str =
        r#"[{"code":"84","nom":"Auvergne-Rhône-Alpes","typeLiaison":1,"zone":"metro"}]"#;

    #[test]
    fn a_city_is_named_amid_its_arrondissements_and_a_name_alone_is_not() {
        let texts = [COMMUNES, "[]", DEPARTEMENTS, REGIONS].map(str::to_owned);
        let geography = Edition::from_texts(texts).unwrap().geography;
        let centres = [
            ("69381", 45.77, 4.83),
            ("69383", 45.75, 4.87),
            ("69266", 45.77, 4.88),
            ("69264", 45.99, 4.72),
        ];
        let centres = centres.map(|(code, north, east)| {
            let centre = Centre::rounded(north, east);
            (code.to_owned(), centre)
        });
        let atlas = Atlas::default().with_contours(Contours::new(), centres.into_iter().collect());
        let canvas = Canvas::between([[4.5, 45.6], [5.0, 46.1]].map(|at| grid_point("69", at)));
        let communes: Vec<_> = geography.communes().iter().collect();
        // Villeurbanne is too near.
        let names = Landmarks::of(canvas, &communes, &geography, &atlas).names;
        let told: Vec<_> = names
            .iter()
            .map(|landmark| landmark.name.as_str())
            .collect();
        assert_eq!(told, ["Lyon", "Villefranche-sur-Saône"]);
        let [west, east] = [4.83, 4.87].map(|east| canvas.at(grid_point("69", [east, 45.76]))[0]);
        assert!((west..=east).contains(&names[0].at[0]));

        let mut city = communes;
        city.retain(|commune| commune.name.starts_with("Lyon"));
        let alone = Landmarks::of(canvas, &city, &geography, &atlas);
        assert!(alone.names.is_empty());
    }
}
