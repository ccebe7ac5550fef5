//! The Code officiel géographique as an intake.

use super::edition::Edition;
use crate::config::Source;
use crate::intake::error::IntakeError;
use crate::intake::interface::{ImportTurn, Intake, IntakeContent, IntakeFiles};
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

    fn turn(&self, _: &Source) -> ImportTurn {
        ImportTurn::Places
    }

    fn takes_all_files(&self) -> bool {
        true
    }

    fn read(&self, files: &IntakeFiles<'_>) -> Result<IntakeContent, IntakeError> {
        let edition = Edition::read(files.files, files.kept, files.progress)?;
        Ok(IntakeContent::Places(edition))
    }
}
