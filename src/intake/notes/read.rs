//! The records of a table to notes. A row that is not as it should be is told and passed over; the others stand.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Read;
use std::path::Path;

use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::NotesError;
use super::row::{LocalNote, NoteRecord, RowReader};
use crate::base::shown::shown;
use crate::config::GristNotes;
use crate::geo::Geography;
use crate::intake::file::{FileError, open};
use crate::source::Wrapping;

/// Bytes of an answer: all communes of France with a long text each are a quarter of it.
const LONGEST: usize = 64 << 20;

/// What Grist makes columns of for itself.
const HIDDEN: [&str; 2] = ["manualSort", "gristHelper_"];

/// What an operator's table says of communes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NotesFile {
    /// The id of its source.
    pub source: String,
    /// The notes by their rows, those that have expired included.
    pub notes: Vec<LocalNote>,
    /// The rows that there are.
    pub rows: usize,
    /// Rows in which none of the columns that are read holds anything.
    pub blank: usize,
    /// Rows that are not as they should be.
    pub passed_over: Vec<PassedRow>,
    /// Codes of former communes, whose notes are on those of today.
    pub former: BTreeSet<String>,
}

/// A row that was passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PassedRow {
    /// The number that Grist has for it; none where it has none.
    pub row: Option<i64>,
    /// What is wrong with it, and what was expected.
    pub reason: String,
}

impl fmt::Display for PassedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Some(row) => write!(f, "row {row}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

/// An answer of Grist, or what was kept of one.
#[derive(Deserialize)]
struct Answer {
    /// The columns of the table, where they are told beside the records.
    #[serde(default)]
    columns: BTreeSet<String>,
    records: Vec<Value>,
}

impl NotesFile {
    /// Reads the notes of a file.
    ///
    /// # Errors
    /// When it cannot be had, is not what Grist answers, or lacks a column.
    pub fn read(
        path: &Path,
        source: &str,
        declared: &GristNotes,
        geography: &Geography,
        progress: &ProgressBar,
    ) -> Result<Self, NotesError> {
        let mut bytes = Vec::new();
        let most = LONGEST as u64 + 1;
        open(path, &Wrapping::TEXT, progress, |content| {
            content.take(most).read_to_end(&mut bytes)
        })?
        .map_err(|error| FileError::damaged(path, error))?;
        Self::of_answer(&bytes, source, declared, geography)
    }

    /// Reads the notes of an answer.
    ///
    /// # Errors
    /// As [`NotesFile::read`].
    pub fn of_answer(
        answer: &[u8],
        source: &str,
        declared: &GristNotes,
        geography: &Geography,
    ) -> Result<Self, NotesError> {
        if answer.len() > LONGEST {
            return Err(NotesError::TooLarge { limit: LONGEST });
        }
        let marked = answer.strip_prefix(b"\xef\xbb\xbf");
        let answer: Answer =
            serde_json::from_slice(marked.unwrap_or(answer)).map_err(|error| NotesError::Json {
                reason: error.to_string(),
            })?;
        let mut file = Self {
            source: source.to_owned(),
            rows: answer.records.len(),
            ..Self::default()
        };
        let mut columns = answer.columns;
        let mut records = Vec::new();
        for (index, value) in answer.records.into_iter().enumerate() {
            match serde_json::from_value::<NoteRecord>(value) {
                Ok(record) => {
                    columns.extend(record.fields.keys().cloned());
                    records.push(record);
                }
                Err(error) => file.passed_over.push(PassedRow {
                    row: None,
                    reason: format!(
                        "record {}: it is no row of a table ({}); a number \"id\" and \"fields\" were expected",
                        index + 1,
                        shown(&error.to_string(), 200)
                    ),
                }),
            }
        }
        // A table without a row does not say what its columns are.
        if !records.is_empty() {
            have_columns(&columns, declared)?;
        }
        let reader = RowReader::new(declared, geography);
        let mut seen = BTreeSet::new();
        for record in &records {
            let row = record.id;
            let read = match seen.insert(row) {
                true => reader.read(record),
                false => Err("its number stands there twice; one row each was expected".to_owned()),
            };
            match read {
                Ok(Some((note, former))) => {
                    file.former.extend(former);
                    file.notes.push(note);
                }
                Ok(None) => file.blank += 1,
                Err(reason) => file.passed_over.push(PassedRow {
                    row: Some(row),
                    reason,
                }),
            }
        }
        file.notes.sort_by_key(|note| note.row);
        Ok(file)
    }
}

/// Whether a table has the columns that it should have.
fn have_columns(columns: &BTreeSet<String>, declared: &GristNotes) -> Result<(), NotesError> {
    let is_own = |name: &&String| !HIDDEN.iter().any(|hidden| name.starts_with(hidden));
    let there = || {
        let own: Vec<_> = columns.iter().filter(is_own).map(String::as_str).collect();
        own.join(", ")
    };
    let all = declared.columns.all();
    for column in all {
        if column.needed && !columns.contains(column.id) {
            return Err(NotesError::NoColumn {
                key: column.key,
                id: column.id.to_owned(),
                there: there(),
            });
        }
    }
    let shows = |key: &str| ["text", "link", "number"].contains(&key);
    let is_shown = all
        .iter()
        .any(|column| shows(column.key) && columns.contains(column.id));
    match is_shown {
        true => Ok(()),
        false => Err(NotesError::NothingToShow { there: there() }),
    }
}
