//! The Code officiel géographique: the four JSON files of `@etalab/decoupage-administratif`, to the places of France.
//!
//! An edition is embedded in the program: 6.0.0 of the package, which is that of 1 January 2026 (see
//! `data/cog/README.md`).

mod edition;
mod error;
mod intake;
mod judge;
mod records;
#[cfg(test)]
mod tests;

pub use edition::{Edition, embedded};
pub use error::CogError;
pub use intake::Cog;
pub use judge::judge;
