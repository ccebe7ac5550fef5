//! The JSON of a file of contours, as far as it is read. Positions are read without a list of their own: a file of all
//! communes has millions.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, SeqAccess, Visitor};

/// A file.
#[derive(Deserialize)]
pub(super) struct Collection {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub features: Vec<Feature>,
}

/// A commune.
#[derive(Deserialize)]
pub(super) struct Feature {
    pub properties: Properties,
    pub geometry: Geometry,
}

/// What is told of a commune, under the names that data.gouv.fr, the IGN (ADMIN EXPRESS) and OpenStreetMap give it.
#[derive(Deserialize)]
pub(super) struct Properties {
    code: Option<String>,
    #[serde(rename = "INSEE_COM")]
    insee_com: Option<String>,
    insee: Option<String>,
}

impl Properties {
    /// The code of the commune.
    pub(super) fn code(&self) -> Option<&str> {
        let codes = [&self.code, &self.insee_com, &self.insee];
        codes.into_iter().find_map(Option::as_deref)
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
pub(super) enum Geometry {
    Polygon(Polygon),
    MultiPolygon(Vec<Polygon>),
}

/// The ring around land, then those around its holes.
pub(super) type Polygon = Vec<Vec<Position>>;

impl Geometry {
    pub(super) fn polygons(&self) -> &[Polygon] {
        match self {
            Self::Polygon(polygon) => std::slice::from_ref(polygon),
            Self::MultiPolygon(polygons) => polygons,
        }
    }
}

/// A longitude and a latitude; an altitude is left out.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Position(pub [f64; 2]);

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Coordinates;

        impl<'de> Visitor<'de> for Coordinates {
            type Value = Position;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a position of two numbers")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Position, A::Error> {
                let mut coordinates = [0.0; 2];
                for (index, coordinate) in coordinates.iter_mut().enumerate() {
                    let next = list.next_element()?;
                    *coordinate = next.ok_or_else(|| A::Error::invalid_length(index, &self))?;
                }
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Position(coordinates))
            }
        }

        deserializer.deserialize_seq(Coordinates)
    }
}
