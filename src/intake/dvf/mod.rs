//! DVF ("demandes de valeurs foncières"): what the lines of the official files mean.
//!
//! A file is a list of lines; a *mutation* is a transfer of property that stands on one or several lines, its price
//! repeated on each; a *sale* is a mutation that the official method keeps ([`Mutation::exclusion`]).

mod assembly;
mod cells;
mod chunk;
mod communes;
mod content;
mod error;
mod filled;
mod format;
mod gates;
mod group;
mod judge;
mod layout;
mod mutation;
mod nature;
mod parse;
mod parsed;
mod read;
mod record;
mod sales_file;
mod scope;
#[cfg(test)]
mod tests;

pub use cells::{Cell, CellKey, CellMutation, Cells, EditionCounts, SALE_KINDS};
pub use communes::{CommuneCheck, first_codes};
pub use content::{DvfContent, Numbering, YearCounts};
pub use error::DvfError;
pub(crate) use filled::filled_span;
pub use format::Format;
pub use judge::{HeldSales, judge};
pub use mutation::{Exclusion, MAXIMUM_PRICE_M2, Mutation, Nature, SALE_NATURES};
pub use parse::Code;
#[cfg(any(test, fuzzing))]
pub(crate) use read::read_by;
pub use sales_file::{SalesFile, StrayDates};
pub use scope::{GivenScope, Scope, ScopeError, Territory};

use super::error::IntakeError;
use super::interface::{Intake, IntakeContent, IntakeFiles};
use crate::config::SourceKind;
use crate::source::FileForm;

/// Reads the files of DVF, in either of their formats.
pub struct Dvf;

impl Intake for Dvf {
    fn form(&self, kind: SourceKind) -> &'static FileForm {
        match kind {
            SourceKind::Dgfip => &FileForm {
                extension: "txt",
                expected: "a line of column names with Date mutation, separated by |",
                is_met: |start| first_line_holds(start, &["date mutation", "|"]),
            },
            _ => &FileForm {
                extension: "csv",
                expected: "a line of column names with id_mutation and date_mutation",
                is_met: |start| first_line_holds(start, &["id_mutation", "date_mutation"]),
            },
        }
    }

    fn takes_all_files(&self) -> bool {
        false
    }

    /// A part of a release would show as a fall of sales.
    fn holds_site(&self) -> bool {
        true
    }

    fn read(&self, files: &IntakeFiles<'_>) -> Result<IntakeContent, IntakeError> {
        let (_, path) = files.files[0];
        let file = SalesFile::read(
            path,
            files.scope,
            files.terms,
            files.geography,
            files.progress,
        )?;
        Ok(IntakeContent::Sales(file))
    }
}

/// Whether the first line of a file holds some words, in capitals or not.
fn first_line_holds(start: &[u8], words: &[&str]) -> bool {
    let line = start
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    words.iter().all(|word| {
        line.windows(word.len())
            .any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
    })
}
