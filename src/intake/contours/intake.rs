//! Contours as an intake.

use super::error::ContoursError;
use super::read::ContourFile;
use crate::base::shown::shown_path;
use crate::config::Source;
use crate::intake::error::IntakeError;
use crate::intake::file::FileError;
use crate::intake::interface::{Intake, IntakeContent, IntakeFiles};
use crate::source::{FileForm, Wrapping};

/// How a file of contours looks.
pub const FORM: FileForm = FileForm {
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

    fn takes_all_files(&self) -> bool {
        false
    }

    /// Pages have dots in the place of contours.
    fn holds_site(&self) -> bool {
        false
    }

    fn read(&self, files: &IntakeFiles<'_>) -> Result<IntakeContent, IntakeError> {
        let (_, path) = files.files[0];
        let file = ContourFile::read(path, files.geography, files.progress);
        file.map(IntakeContent::Contours)
            .map_err(|error| match error {
                ContoursError::File(FileError::Open { .. }) => IntakeError::missing(error),
                ContoursError::File(_) => IntakeError::refusal(error),
                _ => IntakeError::refusal(format!("{}: {error}", shown_path(path))),
            })
    }
}
