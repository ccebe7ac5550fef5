//! Tables as an intake.

use super::error::TableError;
use super::read::{PlaceTerms, TableFile};
use super::wrapping::wrapping;
use crate::base::shown::shown_path;
use crate::config::Source;
use crate::intake::error::IntakeError;
use crate::intake::file::FileError;
use crate::intake::interface::{Intake, IntakeContent, IntakeFiles};
use crate::source::{FileForm, Wrapping};

/// Reads tables of indicators.
pub struct TableIntake;

impl Intake for TableIntake {
    fn form(&self, source: &Source) -> FileForm {
        let table = source.table.as_ref();
        FileForm {
            extension: "table",
            wrapping: table.map_or(Wrapping::TEXT, |table| wrapping(&table.container())),
            expected: "a table, and no page",
            is_met: |start| !start.starts_with(b"<") && !start.is_empty(),
        }
    }

    fn takes_all_files(&self) -> bool {
        false
    }

    /// Pages show the indicators in use until new ones are accepted.
    fn holds_site(&self) -> bool {
        false
    }

    fn read(&self, files: &IntakeFiles<'_>) -> Result<IntakeContent, IntakeError> {
        let (_, path) = files.files[0];
        let declared = files
            .source
            .and_then(|source| Some((&source.id, source.table.as_ref()?)));
        let Some((source, table)) = declared else {
            return Err(IntakeError::refusal(format!(
                "{}: no source says how to read it; name one with --source",
                shown_path(path)
            )));
        };
        let terms = PlaceTerms {
            geography: files.geography,
            keys: files.keys,
        };
        let file = TableFile::read(path, source, table, terms, files.progress);
        file.map(IntakeContent::Indicators)
            .map_err(|error| match error {
                TableError::File(FileError::Open { .. }) => IntakeError::missing(error),
                TableError::File(_) => IntakeError::refusal(error),
                _ => IntakeError::refusal(format!("{}: {error}", shown_path(path))),
            })
    }
}
