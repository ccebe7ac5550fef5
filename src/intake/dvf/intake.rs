//! DVF as an intake.

use super::sales_file::SalesFile;
use crate::config::Source;
use crate::intake::error::IntakeError;
use crate::intake::interface::{ImportTurn, Intake, IntakeContent, IntakeFiles};
use crate::source::{FileForm, Wrapping};

/// Reads the files of DVF, in either of their formats, whatever those of a source should look like.
pub struct Dvf {
    form: FileForm,
}

/// The intake of files with coordinates.
pub static GEO_DVF: Dvf = Dvf {
    form: FileForm {
        extension: "csv",
        wrapping: Wrapping::TEXT,
        expected: "a line of column names with id_mutation and date_mutation",
        is_met: |start| first_line_holds(start, &["id_mutation", "date_mutation"]),
    },
};

/// The intake of files as the tax office publishes them.
pub static DGFIP: Dvf = Dvf {
    form: FileForm {
        extension: "txt",
        wrapping: Wrapping::TEXT,
        expected: "a line of column names with Date mutation, separated by |",
        is_met: |start| first_line_holds(start, &["date mutation", "|"]),
    },
};

impl Intake for Dvf {
    fn form(&self, _: &Source) -> FileForm {
        self.form.clone()
    }

    fn recognises(&self, start: &[u8]) -> bool {
        self.form.is_met_by(start)
    }

    fn turn(&self, _: &Source) -> ImportTurn {
        ImportTurn::Sales
    }

    /// A part of a release would show as a fall of sales.
    fn holds_site(&self) -> bool {
        true
    }

    fn read(&self, files: &IntakeFiles<'_>) -> Result<IntakeContent, IntakeError> {
        let file = SalesFile::read(
            files.file(),
            files.scope,
            files.terms,
            files.geography,
            files.progress,
        )?;
        Ok(IntakeContent::Sales(file))
    }
}

/// Whether the first line of a file that is not blank holds some words, in capitals or not.
fn first_line_holds(start: &[u8], words: &[&str]) -> bool {
    let line = start
        .split(|&byte| byte == b'\n')
        .find(|line| !line.trim_ascii().is_empty())
        .unwrap_or_default();
    words.iter().all(|word| {
        line.windows(word.len())
            .any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
    })
}
