//! The Code officiel géographique as an intake.

use super::edition::Edition;
use crate::config::Source;
use crate::intake::error::IntakeError;
use crate::intake::interface::{Intake, IntakeContent, IntakeFiles};
use crate::source::{FileForm, Wrapping};

/// Reads the files of the Code officiel géographique.
pub struct Cog;

impl Intake for Cog {
    fn form(&self, _: &Source) -> FileForm {
        FileForm {
            extension: "json",
            wrapping: Wrapping::TEXT,
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
