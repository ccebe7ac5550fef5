//! What the records of a table must pass before they take the place of those in use.

use super::read::NotesFile;
use crate::base::run::{Counted, RefusalFacts, RefusedCounts};
use crate::intake::refusal::Refusal;

/// Refuses a table of which no row can be read: something happened to it as a whole, and its last notes stay.
pub fn judge(file: &NotesFile) -> Vec<Refusal> {
    let Some(first) = file.passed_over.first() else {
        return Vec::new();
    };
    if !file.notes.is_empty() {
        return Vec::new();
    }
    let count = file.passed_over.len() as u64;
    let counts = RefusedCounts::only(Counted::Lines, count);
    vec![Refusal::outright(
        "notes",
        format!("none of its {count} rows can be read; the first, {first}"),
        RefusalFacts::default().counting(counts),
    )]
}
