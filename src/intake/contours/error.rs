//! What can be wrong with a file of contours.

use thiserror::Error;

use crate::base::shown::shown;
use crate::intake::file::FileError;

/// Why a file of contours cannot be used.
#[derive(Debug, Error)]
pub enum ContoursError {
    /// The file cannot be had.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is not the JSON that was expected.
    #[error(
        "it is no GeoJSON FeatureCollection of polygons: {}; files such as communes-100m.geojson of contours-administratifs are read", shown(&source.to_string(), 300)
    )]
    Json {
        /// Where and what.
        source: serde_json::Error,
    },
    /// It is another object of GeoJSON, or of something else.
    #[error("it is \"{}\"; a FeatureCollection was expected", shown(kind, 40))]
    Kind {
        /// What it says that it is.
        kind: String,
    },
    /// It has nothing in it.
    #[error(
        "it holds no contour of a commune of France; a feature with the property code for each commune was expected"
    )]
    Empty,
    /// A feature that does not say which commune it is of.
    #[error(
        "feature {number} has no code of a commune in its properties: one of code, INSEE_COM and insee was expected"
    )]
    NoCode {
        /// Counted from 1.
        number: usize,
    },
    /// A commune that is there twice.
    #[error(
        "{code} has two features; one for each commune was expected, of several polygons if need be"
    )]
    Twice {
        /// The commune's code.
        code: String,
    },
    /// A ring that is not closed, or too short to be one.
    #[error(
        "the contour of {code} has a ring of {points} positions that is not closed; four at least were expected, the last of them like the first: export the file again as polygons"
    )]
    OpenRing {
        /// The commune's code.
        code: String,
        /// The number of its positions.
        points: usize,
    },
    /// Coordinates that are no degrees.
    #[error(
        "the contour of {code} has the coordinates {x}, {y}, which are no longitude and latitude in degrees; export the file in WGS 84 (EPSG:4326)"
    )]
    NoDegrees {
        /// The commune's code.
        code: String,
        /// The first coordinate.
        x: f64,
        /// The second one.
        y: f64,
    },
    /// Degrees that are not where the commune is.
    #[error(
        "the contour of {code} is at {x}, {y}, which is not in metropolitan France; longitude comes first, then latitude, in degrees (EPSG:4326)"
    )]
    Elsewhere {
        /// The commune's code.
        code: String,
        /// The longitude.
        x: f64,
        /// The latitude.
        y: f64,
    },
}
