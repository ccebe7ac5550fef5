//! Tables as an intake.

use super::error::TableError;
use super::read::{PlaceTerms, TableFile};
use super::wrapping::wrapping;
use crate::config::Source;
use crate::intake::error::IntakeError;
use crate::intake::interface::{ImportTurn, Intake, IntakeContent, IntakeFiles};
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

    fn turn(&self, source: &Source) -> ImportTurn {
        match source.table.as_ref().and_then(|table| table.via.as_ref()) {
            Some(_) => ImportTurn::IndicatorsByKey,
            None => ImportTurn::Indicators,
        }
    }

    fn shows_refusals(&self) -> bool {
        true
    }

    fn read(&self, files: &IntakeFiles<'_>) -> Result<IntakeContent, IntakeError> {
        let path = files.file();
        let (source, table) = files.declaration(|source| source.table.as_ref())?;
        let terms = PlaceTerms {
            geography: files.geography,
            keys: files.keys,
        };
        match TableFile::read(path, source, table, terms, files.progress) {
            Ok(file) => Ok(IntakeContent::Indicators(file)),
            Err(TableError::File(error)) => Err(error.into()),
            Err(error) => Err(IntakeError::in_file(path, error)),
        }
    }
}
