//! Contours as an intake.

use super::error::ContoursError;
use super::read::ContourFile;
use crate::config::Source;
use crate::intake::error::IntakeError;
use crate::intake::interface::{ImportTurn, Intake, IntakeContent, IntakeFiles};
use crate::source::{FileForm, Wrapping};

/// How a file of contours looks.
const FORM: FileForm = FileForm {
    extension: "geojson",
    wrapping: Wrapping::TEXT,
    expected: "a GeoJSON object",
    is_met: |start| start.starts_with(b"{"),
};

/// Reads contours of communes.
pub struct ContoursIntake;

impl Intake for ContoursIntake {
    fn form(&self, _: &Source) -> FileForm {
        FORM
    }

    fn recognises(&self, start: &[u8]) -> bool {
        FORM.is_met_by(start)
    }

    fn turn(&self, _: &Source) -> ImportTurn {
        ImportTurn::Contours
    }

    fn read(&self, files: &IntakeFiles<'_>) -> Result<IntakeContent, IntakeError> {
        let path = files.file();
        match ContourFile::read(path, files.geography, files.progress) {
            Ok(file) => Ok(IntakeContent::Contours(file)),
            Err(ContoursError::File(error)) => Err(error.into()),
            Err(error) => Err(IntakeError::in_file(path, error)),
        }
    }
}
