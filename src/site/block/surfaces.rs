//! Flats and houses by their built surface.

use schemars::JsonSchema;
use serde::Serialize;

use super::signs::Signs;
use crate::stats::{self, Figures};

/// `figures.surfaces` in the templates.
#[derive(Serialize)]
pub(crate) struct Surfaces {
    pub appartement: KindSurfaces,
    pub maison: KindSurfaces,
}

/// The classes of one kind of property.
#[derive(Default, Serialize)]
pub(crate) struct KindSurfaces {
    /// None where no class has a price: a table of counts alone says nothing.
    pub lines: Vec<SurfaceLine>,
    signs: Signs,
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
    prix_m2: Option<u32>,
    #[schemars(description = "Prix total médian, €, arrondi à trois chiffres.")]
    prix_median: Option<u64>,
}

impl From<&Figures> for Surfaces {
    fn from(figures: &Figures) -> Self {
        Self {
            appartement: KindSurfaces::new(&figures.appartement.surfaces),
            maison: KindSurfaces::new(&figures.maison.surfaces),
        }
    }
}

impl KindSurfaces {
    fn new(classes: &[stats::SurfaceClass]) -> Self {
        if classes.iter().all(|class| class.median.is_none()) {
            return Self::default();
        }
        let mut signs = Signs::default();
        for class in classes {
            signs.see(class.n, class.median.is_some());
        }
        Self {
            signs,
            lines: classes.iter().map(SurfaceLine::from).collect(),
        }
    }
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
