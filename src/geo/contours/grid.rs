//! The grid that contours are on: degrees to whole numbers.

/// Metres between two lines of the grid.
pub const METRES: f64 = 20.0;

/// A point of the grid, east and north.
pub type Point = [i32; 2];

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
pub fn grid_point(departement: &str, [longitude, latitude]: [f64; 2]) -> Point {
    let origin = OVERSEAS.iter().find(|(code, ..)| *code == departement);
    let metres = match origin {
        Some(&(_, north, east)) => [
            (longitude - east) * north.to_radians().cos() * DEGREE,
            (latitude - north) * DEGREE,
        ],
        None => lambert_93(longitude, latitude),
    };
    metres.map(|metres| (metres / METRES).round() as i32)
}

/// Lambert-93 in metres: the conformal conic projection of the mainland. Constants and formulas are those of the IGN
/// ("Projection cartographique conique conforme de Lambert", note NT/G 71, algorithms 1 and 3; ellipsoid GRS80).
fn lambert_93(longitude: f64, latitude: f64) -> [f64; 2] {
    const N: f64 = 0.725_607_765_0;
    const C: f64 = 11_754_255.426;
    const POLE: [f64; 2] = [700_000.0, 12_655_612.050];
    const ECCENTRICITY: f64 = 0.081_819_191_06;
    const MERIDIAN: f64 = 3.0;
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

/// Lines of points as the steps from one to the next, east and north in turn: half as long, and better packed.
pub(super) mod steps {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Point;

    pub(crate) fn serialize<S: Serializer>(
        lines: &[Vec<Point>],
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
    ) -> Result<Vec<Vec<Point>>, D::Error> {
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
