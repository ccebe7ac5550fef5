//! The grid that contours are on: degrees to whole numbers.

/// Metres between two lines of the grid.
pub const METRES: f64 = 20.0;

/// A point of the grid, east and north.
pub type GridPoint = [i32; 2];

/// The origins of the overseas grids: the département, its latitude and longitude in degrees. Around each, a degree of
/// longitude is as long as at that latitude, which is true to a hundredth all over the place.
const OVERSEAS: [(&str, f64, f64); 12] = [
    ("971", 16.2, -61.5),
    ("972", 14.65, -61.0),
    ("973", 4.0, -53.0),
    ("974", -21.1, 55.5),
    ("975", 46.9, -56.3),
    ("976", -12.8, 45.15),
    ("977", 17.9, -62.85),
    ("978", 18.08, -63.06),
    ("984", -49.3, 69.5),
    ("986", -13.8, -177.2),
    ("987", -17.6, -149.5),
    ("988", -21.5, 165.5),
];

/// The length of a degree of latitude, in metres: 40,007.86 km around the poles (GRS80).
const DEGREE: f64 = 40_007_860.0 / 360.0;

/// The point of the grid of a longitude and a latitude, in degrees, in the département with a code. The mainland and Corsica
/// have one grid, so that what lies in several départements fits together.
pub fn grid_point(departement: &str, [longitude, latitude]: [f64; 2]) -> GridPoint {
    let metres = match overseas(departement) {
        Some((north, east)) => [
            (longitude - east) * north.to_radians().cos() * DEGREE,
            (latitude - north) * DEGREE,
        ],
        None => lambert_93(longitude, latitude),
    };
    metres.map(|metres| (metres / METRES).round() as i32)
}

/// The longitude and the latitude of a point of the grid, in degrees: [`grid_point`] back.
pub fn degrees(departement: &str, point: GridPoint) -> [f64; 2] {
    let [x, y] = point.map(|lines| f64::from(lines) * METRES);
    match overseas(departement) {
        Some((north, east)) => [
            east + x / (north.to_radians().cos() * DEGREE),
            north + y / DEGREE,
        ],
        None => from_lambert_93([x, y]),
    }
}

/// The latitude and the longitude of the origin of an overseas grid.
fn overseas(departement: &str) -> Option<(f64, f64)> {
    let mut origins = OVERSEAS.iter();
    let origin = origins.find(|(code, ..)| *code == departement);
    origin.map(|&(_, north, east)| (north, east))
}

const N: f64 = 0.725_607_765_0;
const C: f64 = 11_754_255.426;
const POLE: [f64; 2] = [700_000.0, 12_655_612.050];
const ECCENTRICITY: f64 = 0.081_819_191_06;
const MERIDIAN: f64 = 3.0;

/// Lambert-93 in metres: the conformal conic projection of the mainland. Constants and formulas are those of the IGN
/// ("Projection cartographique conique conforme de Lambert", note NT/G 71, algorithms 1 and 3; ellipsoid GRS80).
fn lambert_93(longitude: f64, latitude: f64) -> [f64; 2] {
    let sine = latitude.to_radians().sin();
    let isometric = sine.atanh() - ECCENTRICITY * (ECCENTRICITY * sine).atanh();
    let (radius, angle) = (
        C * (-N * isometric).exp(),
        N * (longitude - MERIDIAN).to_radians(),
    );
    [
        POLE[0] + radius * angle.sin(),
        POLE[1] - radius * angle.cos(),
    ]
}

/// The degrees of metres of Lambert-93 (algorithms 2 and 4 of the same note).
fn from_lambert_93([x, y]: [f64; 2]) -> [f64; 2] {
    // More rounds than the tenth of a millimetre that the note asks for takes.
    const ROUNDS: usize = 6;
    let [east, south] = [x - POLE[0], POLE[1] - y];
    let isometric = -(east.hypot(south) / C).ln() / N;
    let mut latitude = isometric.tanh().asin();
    for _ in 0..ROUNDS {
        let bent = ECCENTRICITY * (ECCENTRICITY * latitude.sin()).atanh();
        latitude = (isometric + bent).tanh().asin();
    }
    [
        MERIDIAN + (east.atan2(south) / N).to_degrees(),
        latitude.to_degrees(),
    ]
}

/// Lines of points as the steps from one to the next, east and north in turn: half as long, and better packed.
pub(super) mod steps {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::GridPoint;

    pub(crate) fn serialize<S: Serializer>(
        lines: &[Vec<GridPoint>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(lines.iter().map(|line| {
            let mut last = [0, 0];
            let steps = line.iter().flat_map(|&point| {
                let step = [point[0] - last[0], point[1] - last[1]];
                last = point;
                step
            });
            steps.collect::<Vec<i32>>()
        }))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Vec<GridPoint>>, D::Error> {
        let lines = Vec::<Vec<i32>>::deserialize(deserializer)?.into_iter();
        let points = |steps: Vec<i32>| {
            let (steps, []) = steps.as_chunks::<2>() else {
                return Err(D::Error::custom("a step east without one north"));
            };
            let points = steps.iter().scan([0_i32; 2], |last, step| {
                *last = [0, 1].map(|axis| last[axis].wrapping_add(step[axis]));
                Some(*last)
            });
            Ok(points.collect())
        };
        lines.map(points).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_leads_back_to_its_degrees() {
        for (departement, place) in [
            ("95", [2.05, 49.04]),
            ("2A", [8.74, 41.92]),
            ("29", [-4.49, 48.39]),
            ("67", [7.75, 48.58]),
            ("974", [55.45, -20.88]),
            ("973", [-52.33, 4.93]),
        ] {
            let [longitude, latitude] = degrees(departement, grid_point(departement, place));
            // Half a line of the grid is 10 m.
            assert!(
                (longitude - place[0]).abs() < 2e-4,
                "{departement}: {longitude}"
            );
            assert!(
                (latitude - place[1]).abs() < 2e-4,
                "{departement}: {latitude}"
            );
        }
    }

    /// Its origin by definition: 700 km and 6,600 km where 3° east and 46° 30′ north meet.
    #[test]
    fn the_mainland_is_on_lambert_93() {
        let [east, north] = lambert_93(3.0, 46.5);
        assert!((east - 700_000.0).abs() < 0.01 && (north - 6_600_000.0).abs() < 0.01);
    }

    #[test]
    fn a_degree_is_as_long_overseas_as_it_is() {
        let [here, north, east] =
            [[55.5, -21.1], [55.5, -20.1], [56.5, -21.1]].map(|degrees| grid_point("974", degrees));
        assert_eq!(here, [0, 0]);
        // 111.1 km from south to north, and 103.7 km from west to east.
        assert_eq!([north, east], [[0, 5_557], [5_184, 0]]);
    }
}
