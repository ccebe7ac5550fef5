//! The earth as a sphere in space, where distances between near places are those over ground.

/// Radius of the earth, km.
const RADIUS: f64 = 6371.0;

/// A point of the earth's surface in space, km from its centre along three axes.
pub type EarthPoint = [f64; 3];

/// The point at a longitude and a latitude, in degrees.
pub fn earth_point(longitude: f64, latitude: f64) -> EarthPoint {
    let (east, north) = (longitude.to_radians(), latitude.to_radians());
    [
        RADIUS * north.cos() * east.cos(),
        RADIUS * north.cos() * east.sin(),
        RADIUS * north.sin(),
    ]
}
