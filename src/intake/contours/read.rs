//! A file of contours, to the borders that communes share.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use indicatif::ProgressBar;

use super::error::ContoursError;
use super::geojson::{Collection, Feature, Polygon};
use crate::base::shown::shown;
use crate::geo::contours::{ContourShape, GridPoint, Layer, grid_point, layers};
use crate::geo::{Commune, Geography};
use crate::intake::file::{FileError, open};
use crate::source::Wrapping;

/// What a point may add to a border before it is left out: 10 squares of the grid, 4,000 m². A pixel of a map of a
/// département on a large screen is 10,000 m² and more.
const AREA: u32 = 10;

/// Where metropolitan France is, with a degree to spare: west and east, south and north.
const METROPOLE: [[f64; 2]; 2] = [[-6.2, 10.6], [40.3, 52.1]];

/// What a file of contours holds.
#[derive(Debug)]
pub struct ContourFile {
    /// By their codes.
    pub layers: BTreeMap<String, Layer>,
    /// Communes that have merged since, with those of today.
    pub former: Vec<(String, String)>,
    /// Codes of no commune, today's or former; their contours are left out.
    pub unknown: Vec<String>,
    /// Paris, Lyon and Marseille, where the file has their arrondissements: the same land twice.
    pub cities: Vec<String>,
    /// Positions in the file.
    pub positions: usize,
}

impl ContourFile {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be opened, or is not what it should be.
    pub(super) fn read(
        path: &Path,
        geography: &Geography,
        progress: &ProgressBar,
    ) -> Result<Self, ContoursError> {
        let mut text = Vec::new();
        open(path, &Wrapping::TEXT, progress, |bytes| {
            bytes.read_to_end(&mut text)
        })?
        .map_err(|source| FileError::damaged(path, source))?;
        Self::of(&text, geography)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// When it is not what it should be.
    pub fn of(text: &[u8], geography: &Geography) -> Result<Self, ContoursError> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let collection: Collection =
            serde_json::from_slice(text).map_err(|source| ContoursError::Json { source })?;
        if collection.kind != "FeatureCollection" {
            let kind = collection.kind;
            return Err(ContoursError::Kind { kind });
        }
        let mut file = Self {
            layers: BTreeMap::new(),
            former: Vec::new(),
            unknown: Vec::new(),
            cities: Vec::new(),
            positions: 0,
        };
        let features = file.known(&collection.features, geography)?;
        let layer_of = |commune: &Commune| layer_of(commune, &features, geography);
        let mut shapes = Vec::with_capacity(features.len());
        for (code, (feature, commune)) in &features {
            let polygons = feature.geometry.polygons().iter();
            let polygons = polygons.map(|polygon| on_grid(polygon, code, commune));
            let polygons = polygons.collect::<Result<Vec<_>, _>>()?;
            file.positions += polygons.iter().flatten().map(Vec::len).sum::<usize>();
            let parts = geography.children_of_city(code);
            if parts
                .iter()
                .any(|part| features.contains_key(part.code.as_str()))
            {
                file.cities.push((*code).to_owned());
                continue;
            }
            if commune.code != *code {
                file.former.push(((*code).to_owned(), commune.code.clone()));
            }
            shapes.push(ContourShape {
                code: (*code).to_owned(),
                layer: layer_of(commune),
                polygons,
            });
        }
        if shapes.is_empty() {
            return Err(ContoursError::Empty);
        }
        file.layers = layers(&shapes, AREA);
        Ok(file)
    }

    /// The features of communes that are known, by their codes, with the commune of today.
    fn known<'f>(
        &mut self,
        features: &'f [Feature],
        geography: &'f Geography,
    ) -> Result<BTreeMap<&'f str, (&'f Feature, &'f Commune)>, ContoursError> {
        let mut known = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (index, feature) in features.iter().enumerate() {
            let Some(code) = feature.properties.code() else {
                return Err(ContoursError::NoCode { number: index + 1 });
            };
            if !seen.insert(code) {
                let code = shown(code, 20);
                return Err(ContoursError::Twice { code });
            }
            match geography.current(code) {
                Some(commune) => {
                    known.insert(code, (feature, commune));
                }
                None => self.unknown.push(shown(code, 20)),
            }
        }
        Ok(known)
    }
}

/// The layer of a commune: its département, or its city where the file has nothing else of the département than
/// arrondissements, and there is more in it.
fn layer_of(
    commune: &Commune,
    features: &BTreeMap<&str, (&Feature, &Commune)>,
    geography: &Geography,
) -> String {
    let departement = &commune.departement;
    let Some(city) = &commune.parent else {
        return departement.clone();
    };
    let is_other = |other: &Commune| {
        other.departement == *departement && other.parent.is_none() && other.code != *city
    };
    let in_file = features.values().any(|(_, commune)| is_other(commune));
    match in_file || !geography.communes().iter().any(is_other) {
        true => departement.clone(),
        false => city.clone(),
    }
}

/// A polygon on the grid.
fn on_grid(
    polygon: &Polygon,
    code: &str,
    commune: &Commune,
) -> Result<Vec<Vec<GridPoint>>, ContoursError> {
    let departement = &commune.departement;
    let is_metropolitan = departement.len() == 2;
    let rings = polygon.iter().map(|ring| {
        if ring.len() < 4 || ring.first() != ring.last() {
            return Err(ContoursError::OpenRing {
                code: code.to_owned(),
                points: ring.len(),
            });
        }
        let points = ring.iter().map(|position| {
            let [x, y] = position.0;
            let code = || code.to_owned();
            if !(-180.0..=180.0).contains(&x) || !(-90.0..=90.0).contains(&y) {
                return Err(ContoursError::NoDegrees { code: code(), x, y });
            }
            let is_inside = [x, y]
                .iter()
                .zip(METROPOLE)
                .all(|(degrees, [from, to])| (from..=to).contains(degrees));
            if is_metropolitan && !is_inside {
                return Err(ContoursError::Elsewhere { code: code(), x, y });
            }
            Ok(grid_point(departement, [x, y]))
        });
        points.collect()
    });
    rings.collect()
}
