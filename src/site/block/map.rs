//! A map of communes, coloured by price.

use schemars::JsonSchema;
use serde::Serialize;

use super::scale::{Scale, prices};
use crate::base::place::Level;
use crate::geo::Commune;
use crate::site::map::{DepartementMap, Drawing, Landmarks, Outline};
use crate::site::{Site, path};

/// As many discs as Paris has arrondissements do not lie over one another.
const FEW: usize = 20;

/// `page.map` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Map {
    /// "communes" or "arrondissements", which is the anchor of their table too.
    places: &'static str,
    view_box: String,
    /// Of a border, in units.
    stroke: i32,
    /// Of a dot, in units.
    radius: i32,
    /// The file that the shapes are in, where they are not here.
    file: Option<String>,
    /// Whether places are drawn by their contours, whose producer is named.
    by_contours: bool,
    shapes: Vec<Shape>,
    landmarks: Landmarks,
    scale: Scale,
}

/// A place on the map.
#[derive(Serialize, JsonSchema)]
struct Shape {
    code: String,
    /// The address of its page; `None` where it has none.
    link: Option<String>,
    /// The colours of flats and houses, as classes of the style sheet.
    classes: String,
    /// Where it is drawn here.
    path: Option<String>,
    dot: Option<[i32; 2]>,
}

impl Map {
    /// The map of a département, by contours or by dots; `None` where it has neither, or no price.
    pub(crate) fn of_departement(
        site: &Site<'_>,
        departement: &str,
        communes: &[&Commune],
    ) -> Option<Self> {
        let map = DepartementMap::new(departement, site.geography, site.atlas);
        match map {
            Some(map) => {
                let file = path::DEPARTEMENT_MAP.address(departement);
                Self::new(site, map.drawing(), "communes", communes, Some(file))
            }
            None => Self::of_communes(site, communes),
        }
    }

    /// The map of some communes, by contours or by dots; `None` where they have neither, or no price.
    pub(crate) fn of_communes(site: &Site<'_>, communes: &[&Commune]) -> Option<Self> {
        let drawing = Drawing::of(communes, site.geography, site.atlas)?;
        Self::new(site, drawing, "communes", communes, None)
    }

    /// The map of a city by its arrondissements.
    pub(crate) fn of_city(site: &Site<'_>, arrondissements: &[&Commune]) -> Option<Self> {
        let drawing = Drawing::of(arrondissements, site.geography, site.atlas)?;
        Self::new(site, drawing, "arrondissements", &[], None)
    }

    /// `named` are those whose names may stand on the map, unless it is of dots, which names would hide.
    fn new(
        site: &Site<'_>,
        drawing: Drawing,
        places: &'static str,
        named: &[&Commune],
        file: Option<String>,
    ) -> Option<Self> {
        let canvas = drawing.canvas;
        let prices = drawing.shapes.keys().map(|code| {
            let summary = site.summary(Level::Commune, code);
            prices(summary)
        });
        let (scale, classes) = Scale::of(&prices.collect::<Vec<_>>())?;
        let mut outlines = drawing.shapes.values();
        let by_contours = !outlines.any(|outline| matches!(outline, Outline::Dot(_)));
        let named = if by_contours { named } else { &[] };
        // Those of a few places are large enough for a finger.
        let discs = if drawing.shapes.len() > FEW { 90 } else { 28 };
        let shapes = drawing.shapes.into_iter().zip(classes);
        let shapes = shapes.map(|((code, outline), classes)| {
            let commune = site.geography.commune(&code);
            let (path, dot) = match outline {
                Outline::Elsewhere => (None, None),
                Outline::Path(path) => (Some(path), None),
                Outline::Dot(dot) => (None, Some(dot)),
            };
            Shape {
                link: commune
                    .filter(|commune| site.has_page(commune))
                    .map(|commune| path::COMMUNE.address(&commune.code)),
                classes,
                code,
                path,
                dot,
            }
        });
        Some(Self {
            places,
            view_box: canvas.view_box(),
            stroke: (canvas.across() / 800).max(1),
            radius: (canvas.across() / discs).max(1),
            file,
            by_contours,
            shapes: shapes.collect(),
            landmarks: Landmarks::of(canvas, named, site.geography, site.atlas),
            scale,
        })
    }
}
