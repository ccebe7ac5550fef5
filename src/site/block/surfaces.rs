//! Flats and houses by their built surface.

use schemars::JsonSchema;
use serde::Serialize;

use super::signs::Signs;
use crate::site::chart::meter;
use crate::stats::{self, Figures};

/// `figures.surfaces` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Surfaces {
    pub appartement: KindSurfaces,
    pub maison: KindSurfaces,
    /// Of both.
    signs: Signs,
}

/// The classes of one kind of property.
#[derive(Default, Serialize, JsonSchema)]
pub(crate) struct KindSurfaces {
    /// None where no class has a price: a table of counts alone says nothing.
    pub lines: Vec<SurfaceLine>,
    /// The bar of each line's median price.
    meters: Vec<String>,
}

/// An item of `by_type.<kind>.surfaces` in the data file.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(description = "")]
pub(crate) struct SurfaceLine {
    #[schemars(description = "Plus petite surface bâtie de la classe, m².")]
    surface_min: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Plus grande, m² ; absente de la dernière classe, qui est ouverte.")]
    surface_max: Option<u32>,
    volume: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    prix_m2: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Prix total médian, €, arrondi à trois chiffres.")]
    prix_median: Option<u64>,
}

impl From<&Figures> for Surfaces {
    fn from(figures: &Figures) -> Self {
        let [flats, houses] = [&figures.appartement.surfaces, &figures.maison.surfaces];
        // Both kinds are drawn on one scale.
        let most = flats
            .iter()
            .chain(houses)
            .filter_map(|class| class.median_price)
            .max();
        let mut signs = Signs::default();
        let most = most.unwrap_or(0);
        let [appartement, maison] =
            [flats, houses].map(|classes| KindSurfaces::new(classes, most, &mut signs));
        Self {
            appartement,
            maison,
            signs,
        }
    }
}

impl KindSurfaces {
    fn new(classes: &[stats::SurfaceClass], most: u64, signs: &mut Signs) -> Self {
        if classes.iter().all(|class| class.median.is_none()) {
            return Self::default();
        }
        for class in classes {
            signs.see(class.n, class.median.is_some());
        }
        Self {
            meters: classes.iter().map(|class| bar(class, most)).collect(),
            lines: classes.iter().map(SurfaceLine::from).collect(),
        }
    }
}

/// The bar of a class.
fn bar(class: &stats::SurfaceClass, most: u64) -> String {
    let euros = |price: u64| u32::try_from(price).unwrap_or(u32::MAX);
    class.median_price.map_or_else(String::new, |price| {
        meter::meter(euros(price), None, false, euros(most))
    })
}

impl From<&stats::SurfaceClass> for SurfaceLine {
    fn from(class: &stats::SurfaceClass) -> Self {
        Self {
            surface_min: class.from,
            surface_max: class.to,
            volume: class.n,
            prix_m2: class.median,
            prix_median: class.median_price,
        }
    }
}
