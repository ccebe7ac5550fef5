//! Notes as an intake.

use super::error::NotesError;
use super::read::NotesFile;
use crate::base::shown::shown_path;
use crate::config::Source;
use crate::intake::error::IntakeError;
use crate::intake::file::FileError;
use crate::intake::interface::{Intake, IntakeContent, IntakeFiles};
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

    fn takes_all_files(&self) -> bool {
        false
    }

    /// Pages show the notes in use until new ones are accepted.
    fn holds_site(&self) -> bool {
        false
    }

    fn read(&self, files: &IntakeFiles<'_>) -> Result<IntakeContent, IntakeError> {
        let (_, path) = files.files[0];
        let declared = files
            .source
            .and_then(|source| Some((&source.id, source.grist.as_ref()?)));
        let Some((source, declared)) = declared else {
            return Err(IntakeError::refusal(format!(
                "{}: no source says how to read it; name one with --source",
                shown_path(path)
            )));
        };
        let file = NotesFile::read(path, source, declared, files.geography, files.progress);
        file.map(IntakeContent::Notes).map_err(|error| match error {
            NotesError::File(FileError::Open { .. }) => IntakeError::missing(error),
            NotesError::File(_) => IntakeError::refusal(error),
            _ => IntakeError::refusal(format!("{}: {error}", shown_path(path))),
        })
    }
}
