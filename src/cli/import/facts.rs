//! What an import says of a file of facts.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::app::{FactsMode, ImportedFacts};
use crate::base::words::counted;

/// What importing a file of facts changed, or would change, in words and as JSON.
pub(crate) fn report(report: &ImportedFacts<'_>) -> (String, Value) {
    let (name, source, seconds) = (report.name, report.source, report.seconds);
    let Some((file, changes)) = report.read else {
        let text = format!("{name}: of source {source}\n  unchanged ({seconds:.1} s)");
        let data = json!({
            "file": name, "format": "facts", "source": source, "unchanged": true, "seconds": seconds,
        });
        return (text, data);
    };
    let mut text = format!(
        "{name}: {} of source {source}, {}",
        counted(file.facts(), "fact"),
        counted(file.zones.len(), "zone"),
    );
    if let Some((first, last)) = file.span() {
        let _ = write!(text, ", {first} to {last}");
    }
    text.push('\n');
    if file.lines.filtered > 0 {
        let filtered = counted(file.lines.filtered, "line");
        let _ = writeln!(text, "  {filtered} left out by facts.where.");
    }
    if file.lines.not_positive > 0 {
        let dropped = counted(file.lines.not_positive, "line");
        let _ = writeln!(text, "  {dropped} of 0 or less left out.");
    }
    if !file.unknown.is_empty() {
        let _ = writeln!(
            text,
            "  {} unknown and left out, with {}: {}.",
            counted(file.unknown.len(), "place"),
            counted(file.unknown.values().sum::<usize>(), "line"),
            file.first_unknown(),
        );
    }
    let verb = match report.mode {
        FactsMode::Store => "changed",
        FactsMode::Preview => "would change",
        FactsMode::Test => "changed in the table of tests alone, faits_essai",
    };
    let kept = match changes.kept {
        0 => String::new(),
        kept => format!(", {kept} left as files that came later have them"),
    };
    let _ = write!(
        text,
        "  {verb}: {} added, {} replaced{kept} ({seconds:.1} s)",
        counted(changes.added, "zone day"),
        changes.replaced
    );
    let data = json!({
        "file": name, "format": "facts", "source": source, "unchanged": false, "facts": file.facts(),
        "zones": file.zones.len(), "span": file.span(), "lines": file.lines.taken, "filtered_lines": file.lines.filtered,
        "not_positive_lines": file.lines.not_positive, "unknown_places": file.unknown, "changes": changes,
        "dry_run": report.mode == FactsMode::Preview, "test": report.mode == FactsMode::Test, "seconds": seconds,
    });
    (text, data)
}
