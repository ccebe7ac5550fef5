//! The Code officiel géographique: the four JSON files of `@etalab/decoupage-administratif`, to the places of France.
//!
//! An edition is embedded in the program: 6.0.0 of the package, which is that of 1 January 2026 (see
//! `data/cog/README.md`).

mod edition;
mod error;
mod judge;
mod records;
#[cfg(test)]
mod tests;

pub use edition::{Edition, embedded};
pub use error::CogError;
pub use judge::judge;

use super::error::IntakeError;
use super::interface::{Intake, IntakeContent, IntakeFiles};
use crate::config::SourceKind;
use crate::source::FileForm;

/// Reads the files of the Code officiel géographique.
pub struct Cog;

impl Intake for Cog {
    fn form(&self, _: SourceKind) -> &'static FileForm {
        &FileForm {
            extension: "json",
            expected: "a JSON list",
            is_met: |start| start.starts_with(b"["),
        }
    }

    fn takes_all_files(&self) -> bool {
        true
    }

    /// Sales are shown by the places in use until new ones are accepted.
    fn holds_site(&self) -> bool {
        false
    }

    fn read(&self, files: &IntakeFiles<'_>) -> Result<IntakeContent, IntakeError> {
        let edition = Edition::read(files.files, files.kept, files.progress)?;
        Ok(IntakeContent::Places(edition))
    }
}
