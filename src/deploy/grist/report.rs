//! What an export did, or would do.

use serde::Serialize;

/// What an export did, or would do.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GristReport {
    /// The document's id.
    pub doc: String,
    /// The table's id.
    pub table: String,
    /// Whether nothing was to be written: all below is what would be done.
    pub dry_run: bool,
    /// Whether the table has to be made, or was.
    pub new_table: bool,
    /// Ids of the columns that were made.
    pub columns_added: Vec<String>,
    /// Ids of the columns whose type or label was changed.
    pub columns_changed: Vec<String>,
    /// Columns of the table that are not of the export.
    pub columns_left: usize,
    /// Rows that were made.
    pub added: usize,
    /// Rows whose figures are others now.
    pub changed: usize,
    /// Rows of what is no commune with a page any more.
    pub removed: usize,
    /// Rows that are as they should be.
    pub same: usize,
    /// Records that were refused.
    pub failed: Vec<RefusedRecord>,
    /// Rows of the table that are not of the export.
    pub rows_left: usize,
    /// Codes that stand in several rows, of which the first counts.
    pub twice: Vec<String>,
    /// Rows of the document once all are added, where that is of matter.
    pub rows: Option<usize>,
    /// Requests that read, attempts counted.
    pub reads: usize,
    /// Requests that write, attempts counted.
    pub writes: usize,
    /// How long it took.
    pub seconds: f64,
    /// Why it did not come to its end.
    pub stopped: Option<String>,
}

/// A record that was refused.
#[derive(Clone, Debug, Serialize)]
pub struct RefusedRecord {
    /// The commune's code.
    pub code: String,
    /// What Grist says of it.
    pub reason: String,
}
