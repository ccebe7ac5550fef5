//! Contours of communes: GeoJSON as data.gouv.fr publishes it (`contours-administratifs`), to borders that neighbours share.

mod error;
mod geojson;
mod intake;
mod judge;
mod read;
#[cfg(test)]
mod tests;

pub use error::ContoursError;
pub use intake::ContoursIntake;
pub use judge::judge;
pub use read::ContourFile;
