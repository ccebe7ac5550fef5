//! How a report of an import ends.

/// The last line of a report: what was added, changed and removed, or would be, and how long it took.
pub(super) fn last_line(dry_run: bool, counts: [u64; 3], seconds: f64) -> String {
    let [added, changed, removed] = counts;
    let verb = if dry_run { "would change" } else { "changed" };
    let changes = match counts {
        [0, 0, 0] => "unchanged".to_owned(),
        _ => format!("{verb}: {added} added, {changed} changed, {removed} removed"),
    };
    format!("  {changes} ({seconds:.1} s)")
}
