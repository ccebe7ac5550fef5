//! Notes as an intake.

use super::error::NotesError;
use super::read::NotesFile;
use crate::config::Source;
use crate::intake::error::IntakeError;
use crate::intake::interface::{ImportTurn, Intake, IntakeContent, IntakeFiles};
use crate::source::{FileForm, Wrapping};

/// Reads the records of tables of notes.
pub struct NotesIntake;

impl Intake for NotesIntake {
    fn form(&self, _: &Source) -> FileForm {
        FileForm {
            extension: "json",
            wrapping: Wrapping::TEXT,
            expected: "the records of a table as Grist answers them",
            is_met: |start| start.starts_with(b"{"),
        }
    }

    fn turn(&self, _: &Source) -> ImportTurn {
        ImportTurn::Notes
    }

    fn read(&self, files: &IntakeFiles<'_>) -> Result<IntakeContent, IntakeError> {
        let path = files.file();
        let (source, notes) = files.declaration(|source| source.grist.as_ref())?;
        match NotesFile::read(path, source, notes, files.geography, files.progress) {
            Ok(file) => Ok(IntakeContent::Notes(file)),
            Err(NotesError::File(error)) => Err(error.into()),
            Err(error) => Err(IntakeError::in_file(path, error)),
        }
    }
}
