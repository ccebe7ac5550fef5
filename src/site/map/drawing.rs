//! Communes on a map of their own: their contours in paths that stand in the page, or dots where there are none.

use std::collections::BTreeMap;

use super::canvas::Canvas;
use crate::geo::contours::{Layer, grid_point};
use crate::geo::{Commune, Geography};
use crate::site::Atlas;

/// Communes that are drawn, by their codes.
pub(in crate::site) struct Drawing {
    pub canvas: Canvas,
    pub shapes: BTreeMap<String, Outline>,
}

/// How a place is drawn.
pub(in crate::site) enum Outline {
    /// By its code, in a file of its own.
    Elsewhere,
    /// By a path.
    Path(String),
    /// By a dot at its centre, right and down.
    Dot([i32; 2]),
}

impl Drawing {
    /// Draws some communes by their contours where there are those of all their départements, else by dots; `None` where they have no centres
    /// either. A city is drawn by its arrondissements where these are known.
    pub(in crate::site) fn of<'g>(
        communes: &[&'g Commune],
        geography: &'g Geography,
        atlas: &Atlas,
    ) -> Option<Self> {
        Self::of_contours(communes, geography, atlas).or_else(|| Self::of_dots(communes, atlas))
    }

    fn of_contours(communes: &[&Commune], geography: &Geography, atlas: &Atlas) -> Option<Self> {
        let mut layers = BTreeMap::<&str, Vec<&Commune>>::new();
        for commune in communes {
            let parts = geography.children_of_city(&commune.code);
            let is_drawn_by_parts = parts.iter().any(|part| {
                let layer = layer_of(part, atlas).and_then(|layer| atlas.contours.get(layer));
                layer.is_some_and(|layer| layer.codes().any(|code| code == part.code))
            });
            let drawn = if is_drawn_by_parts {
                parts
            } else {
                vec![*commune]
            };
            for commune in drawn {
                layers
                    .entry(layer_of(commune, atlas)?)
                    .or_default()
                    .push(commune);
            }
        }
        let parts = layers.into_iter().map(|(layer, communes)| {
            let layer = &atlas.contours[layer];
            let mut groups = groups(layer, geography);
            groups.retain(|today, _| communes.iter().any(|commune| commune.code == *today));
            let codes: Vec<_> = groups.values().flatten().copied().collect();
            (layer.part(&codes), groups)
        });
        let parts: Vec<_> = parts.collect();
        let corners = parts.iter().filter_map(|(layer, _)| layer.corners());
        let canvas = Canvas::between(corners.reduce(around)?);
        let shapes = parts.iter().flat_map(|(layer, groups)| {
            let layer = layer.simplified(canvas.least_area());
            let groups = groups.iter();
            let paths = groups.map(move |(today, codes)| {
                let path = canvas.path(&layer.outline(codes));
                ((*today).to_owned(), Outline::Path(path))
            });
            paths.collect::<Vec<_>>()
        });
        Some(Self {
            canvas,
            shapes: shapes.collect(),
        })
    }

    fn of_dots(communes: &[&Commune], atlas: &Atlas) -> Option<Self> {
        let centres = communes.iter().filter_map(|commune| {
            let centre = atlas.centre(&commune.code)?;
            let centre = grid_point(&commune.departement, [centre.longitude, centre.latitude]);
            Some((&commune.code, centre))
        });
        let centres: Vec<_> = centres.collect();
        let corners = centres.iter().map(|(_, centre)| [*centre; 2]);
        let canvas = Canvas::between(corners.reduce(around)?);
        let dots = centres.iter().map(|(code, centre)| {
            let dot = Outline::Dot(canvas.at(*centre));
            ((*code).clone(), dot)
        });
        Some(Self {
            canvas,
            shapes: dots.collect(),
        })
    }
}

/// The layer that a commune is drawn by, where there is one.
fn layer_of<'c>(commune: &'c Commune, atlas: &Atlas) -> Option<&'c str> {
    let own = [Some(&commune.departement), commune.parent.as_ref()];
    let layers = own.into_iter().flatten().map(String::as_str);
    let mut layers = layers.filter(|layer| atlas.contours.contains_key(*layer));
    layers.next()
}

/// The codes that a layer has for each commune of today.
pub(super) fn groups<'l>(
    layer: &'l Layer,
    geography: &'l Geography,
) -> BTreeMap<&'l str, Vec<&'l str>> {
    let mut groups = BTreeMap::<_, Vec<_>>::new();
    for code in layer.codes() {
        if let Some(commune) = geography.current(code) {
            groups.entry(&*commune.code).or_default().push(code);
        }
    }
    groups
}

/// The corners around both of two places.
fn around(a: [[i32; 2]; 2], b: [[i32; 2]; 2]) -> [[i32; 2]; 2] {
    let [south_west, north_east] = [0, 1].map(|corner| [a[corner], b[corner]]);
    [
        [0, 1].map(|axis| south_west[0][axis].min(south_west[1][axis])),
        [0, 1].map(|axis| north_east[0][axis].max(north_east[1][axis])),
    ]
}
