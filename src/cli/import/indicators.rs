//! What an import says of a file of indicators.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::changes::last_line;
use crate::app::Imported;
use crate::base::words::{counted, first_codes};
use crate::db::IndicatorChanges;
use crate::intake::table::{TableFile, tally};

/// What importing a file of indicators changed, or would change, in words and as JSON.
pub(super) fn report(
    report: &Imported<'_>,
    file: &TableFile,
    changes: &IndicatorChanges,
) -> (String, Value) {
    let seconds = report.seconds;
    let mut text = format!(
        "{}: {} of source {}, edition {}, {} series of {}\n",
        report.name,
        counted(file.lines, "line"),
        file.source,
        file.edition,
        file.series.len(),
        counted(file.places(), "place"),
    );
    let mut indicators = Vec::new();
    for series in &file.series {
        let (known, reasons) = tally(series.values.values());
        let absent: Vec<_> = reasons
            .iter()
            .map(|(reason, n)| format!("{n} {reason}"))
            .collect();
        let _ = writeln!(
            text,
            "  {} {}: {}{}",
            series.indicator,
            series.period,
            counted(known, "value"),
            match absent.is_empty() {
                true => String::new(),
                false => format!(", {}", absent.join(", ")),
            }
        );
        indicators.push(json!({
            "indicator": series.indicator, "period": series.period, "known": known, "absent": reasons,
        }));
    }
    let mut say = |codes: &[String], one: &str, many: &str| {
        if !codes.is_empty() {
            let words = if codes.len() == 1 { one } else { many };
            let first = first_codes(codes.iter().map(String::as_str));
            let _ = writeln!(text, "  {} {words}: {first}.", codes.len());
        }
    };
    say(
        &file.former,
        "former commune counts for that of today",
        "former communes count for those of today",
    );
    say(
        &file.separated,
        "commune has lost others since, and nothing is known of any of them",
        "communes have lost others since, and nothing is known of any of them",
    );
    say(
        &file.unmatched,
        "code is of no place and was left out",
        "codes are of no place and were left out",
    );
    say(
        &file.lost_keys,
        "key leads to no place and was left out",
        "keys lead to no place and were left out",
    );
    for (lines, why) in [
        (file.without_place, "no place"),
        (file.elsewhere, "a place in another département"),
    ] {
        if lines > 0 {
            let _ = writeln!(text, "  {} with {why}, left out.", counted(lines, "line"));
        }
    }
    for change in changes.largest.iter().filter(|_| report.dry_run) {
        let _ = writeln!(
            text,
            "  {} {} of {}: {} instead of {}",
            change.indicator, change.period, change.place, change.after, change.before
        );
    }
    let counts = [changes.added, changes.changed, changes.removed];
    text.push_str(&last_line(report.dry_run, counts, seconds));
    let data = json!({
        "file": report.name, "format": "table", "source": file.source, "edition": file.edition, "lines": file.lines,
        "places": file.places(), "indicators": indicators, "unmatched": file.unmatched, "lost_keys": file.lost_keys,
        "lines_without_place": file.without_place, "lines_elsewhere": file.elsewhere, "former_communes": file.former,
        "separated_communes": file.separated, "changes": changes, "unchanged": changes.is_nothing(), "dry_run": report.dry_run, "seconds": seconds,
    });
    (text, data)
}
