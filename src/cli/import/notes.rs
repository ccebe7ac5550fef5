//! What an import says of an operator's table of notes, and an update of notes that have expired.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::changes::last_line;
use crate::app::Imported;
use crate::base::words::{counted, first_codes};
use crate::db::{ExpiredNotes, NoteChanges};
use crate::intake::notes::NotesFile;

/// Rows that are told in words; JSON has all of them.
const TOLD: usize = 20;

/// What reading a table changed on pages, or would change, in words and as JSON.
pub(super) fn report(
    report: &Imported<'_>,
    file: &NotesFile,
    changes: &NoteChanges,
) -> (String, Value) {
    let seconds = report.seconds;
    let mut text = format!(
        "{}: {} of source {}, {} on {}\n",
        report.name,
        counted(file.rows, "row"),
        file.source,
        counted(file.notes.len() - changes.expired.rows.len(), "note"),
        counted(changes.communes.len(), "commune"),
    );
    for passed in file.passed_over.iter().take(TOLD) {
        let _ = writeln!(text, "  passed over, {passed}");
    }
    if let Some(more @ 1..) = file.passed_over.len().checked_sub(TOLD) {
        let _ = writeln!(text, "  {} more passed over", counted(more, "row"));
    }
    if file.blank > 0 {
        let _ = writeln!(
            text,
            "  {} without anything in it",
            counted(file.blank, "row")
        );
    }
    if !file.former.is_empty() {
        let _ = writeln!(
            text,
            "  {}: the notes are on those of today ({})",
            counted(file.former.len(), "former commune"),
            first(&file.former)
        );
    }
    if !changes.expired.rows.is_empty() {
        let _ = writeln!(text, "  {}", expired_words(&changes.expired));
    }
    let counts = [changes.added, changes.changed, changes.removed];
    text.push_str(&last_line(report.dry_run, counts, seconds));
    let data = json!({
        "file": report.name, "format": "notes", "source": file.source, "rows": file.rows, "blank": file.blank,
        "passed_over": file.passed_over, "former_communes": file.former, "changes": changes,
        "unchanged": changes.is_nothing(), "dry_run": report.dry_run, "seconds": seconds,
    });
    (text, data)
}

/// What has expired of a source since it was read, in words and as JSON.
pub(crate) fn expired(expired: &ExpiredNotes) -> (String, Value) {
    let text = format!("{}: {}", expired.source, expired_words(expired));
    (text, json!({"expired_notes": expired}))
}

fn expired_words(expired: &ExpiredNotes) -> String {
    let verb = match expired.rows.len() {
        1 => "has expired and is taken away",
        _ => "have expired and are taken away",
    };
    format!(
        "{} {verb} ({})",
        counted(expired.rows.len(), "note"),
        first(&expired.communes)
    )
}

/// The first few codes.
fn first(codes: &BTreeSet<String>) -> String {
    first_codes(codes.iter().map(String::as_str))
}
