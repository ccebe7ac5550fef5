//! What an import says of a file: what it is, in words, then its years in numbers, then what it changed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::app::Imported;
use crate::base::month::Months;
use crate::base::words::{counted, first_codes};
use crate::db::Applied;
use crate::geo::has_separated;
use crate::intake::dvf::{Code, Exclusion, Format, Numbering, SalesFile, Strays};

/// What importing a file of sales changed, or would change, in words and as JSON.
pub(super) fn report(
    report: &Imported<'_>,
    file: &SalesFile,
    applied: &Applied,
) -> (String, Value) {
    let SalesFile {
        content,
        scope,
        communes,
        stray,
        ..
    } = file;
    let seconds = report.seconds;
    let mut text = format!("{}: {}, {scope}\n", report.name, content.format.name());
    for sentence in words(file) {
        let _ = writeln!(text, "  {sentence}");
    }
    for Months { first, last } in &applied.withdrawn {
        let _ = writeln!(
            text,
            "  An earlier edition claimed to cover {first} to {last} and held next to nothing there: the claim goes with its stray mutations."
        );
    }
    if applied.settled > 0 {
        let _ = writeln!(
            text,
            "  {} of acts of which the files of other communes hold a part: where these have several properties together, they make no sale.",
            counted(applied.settled, "sale")
        );
    }
    let (rows, years) = by_year(file, applied);
    text.push_str(&table(&rows));
    text.push_str(&changes(applied, report.dry_run));
    let _ = write!(text, " ({seconds:.1} s)");
    let halves = scope.months.half_years();
    let halves: Vec<_> = halves
        .map(|half| json!({"half_year": half.to_string(), "whole": scope.months.hold(half.months())}))
        .collect();
    let data = json!({
        "file": report.name, "format": content.format.name(), "scope": scope.to_string(),
        "half_years": halves, "numbering": content.numbering.name(), "numbers": content.numbering.numbers(),
        "lines": content.lines(), "unreadable_lines": content.unreadable, "stray_lines": stray.lines, "stray_mutations": stray.mutations(),
        "left_empty": counts(content.left_empty.iter().map(|(column, count)| (column.as_str(), *count))),
        "unknown_natures": counts(content.unknown_natures()),
        "unknown_columns": content.unknown_columns, "empty_columns": content.empty_columns(),
        "separated_lines": content.separated.values().sum::<u64>(), "left_out_lines": left_out_lines(file),
        "former_lines": communes.former_lines,
        "former_communes": communes.former.len(), "unknown_lines": communes.unknown_lines,
        "unknown_communes": communes.unknown.len(), "dry_run": report.dry_run,
        "unchanged": applied.is_unchanged(), "withdrawn_months": applied.withdrawn, "relocated": applied.relocated,
        "settled_sales": applied.settled, "years": years, "seconds": seconds,
    });
    (text, data)
}

/// Lines of communes that have separated from the one of the file.
fn left_out_lines(file: &SalesFile) -> u64 {
    file.left_out.iter().map(|(_, lines)| lines).sum()
}

/// Counts by name.
fn counts<'a>(counts: impl IntoIterator<Item = (&'a str, u64)>) -> Value {
    let counts = counts.into_iter();
    Value::Object(
        counts
            .map(|(name, count)| (name.to_owned(), count.into()))
            .collect(),
    )
}

/// What the file is, a sentence each.
fn words(read: &SalesFile) -> Vec<String> {
    let content = &read.content;
    let mut words = vec![half_years(read.scope.months)];
    words.push(match content.numbering {
        Numbering::Sound => "Its numbers are sound: one a mutation.".to_owned(),
        Numbering::Runs => format!(
            "{}: lines of one day and one price that follow each other are a mutation.",
            match content.format {
                Format::GeoDvf => "Its numbers are those of lines, and not of mutations",
                Format::Dgfip => "It has no numbers",
            }
        ),
        Numbering::Regrouped { numbers } => format!(
            "The file numbers all sales of a day at one price together ({numbers} numbers): they were taken apart by commune, section and disposition into {} mutations.",
            content.mutations.len()
        ),
    });
    if content.scattered {
        words.push("The lines of some mutations did not follow each other; they were put together by their number.".into());
    }
    if content.unreadable > 0 {
        words.push(format!(
            "{} could not be read and were left out; the first: {}",
            counted(content.unreadable, "line"),
            content.reasons.join("; ")
        ));
    }
    if !read.stray.half_years.is_empty() {
        words.push(stray_dates(&read.stray));
    }
    if !read.stray.communes.is_empty() {
        words.push(stray_places(read));
    }
    if !content.left_empty.is_empty() {
        let columns = content.left_empty.iter();
        let columns = columns.map(|(column, count)| format!("{column} ({count})"));
        words.push(format!(
            "Some values could not be read and were left empty: {}.",
            columns.collect::<Vec<_>>().join(", ")
        ));
    }
    let empty = content.empty_columns();
    if !empty.is_empty() {
        words.push(format!(
            "Nothing stands in {}: figures by what they hold are missing; look whether the file has them elsewhere.",
            empty.join(", ")
        ));
    }
    let unknown = content.unknown_natures();
    if !unknown.is_empty() {
        let unknown = unknown.iter();
        let unknown = unknown.map(|(nature, count)| format!("\"{nature}\" ({count})"));
        words.push(format!(
            "Mutations of natures that no official file has make no sale: {}.",
            unknown.collect::<Vec<_>>().join(", ")
        ));
    }
    if !content.unknown_columns.is_empty() {
        words.push(unknown_columns(&content.unknown_columns));
    }
    let communes = &read.communes;
    if communes.former_lines > 0 {
        words.push(format!(
            "{} of {} merged since ({}): their sales count for the communes of today.",
            are(communes.former_lines, "line"),
            communes_that(communes.former.len(), "has", "have"),
            first_codes(communes.former.iter().map(Code::as_str))
        ));
    }
    for ((named, today), count) in &content.separated {
        words.push(format!(
            "{} of {} of parcels of {}, {}: their sales count there.",
            counted(*count, "line"),
            named.as_str(),
            today.as_str(),
            apart(named, today),
        ));
    }
    for ((named, today), count) in &read.left_out {
        words.push(format!(
            "{} of parcels of {}, {}, left out: import the file of the département to have their sales there.",
            counted(*count, "line"),
            today.as_str(),
            apart(named, today),
        ));
    }
    if communes.unknown_lines > 0 {
        words.push(format!(
            "{} of {} not exist ({}): their sales are kept and make no page.",
            are(communes.unknown_lines, "line"),
            communes_that(communes.unknown.len(), "does", "do"),
            first_codes(communes.unknown.iter().map(Code::as_str))
        ));
    }
    words
}

/// Why a parcel lies in another commune than its line names.
fn apart(named: &Code, today: &Code) -> String {
    let [named, today] = [named, today].map(Code::as_str);
    match has_separated(today, named) {
        true => "which has separated since".to_owned(),
        false => format!("which is another commune than their code {named} says"),
    }
}

/// Which columns are none of the format's.
fn unknown_columns(names: &[String]) -> String {
    const FEW: usize = 10;
    let few = names.iter().take(FEW).map(|name| format!("\"{name}\""));
    let mut few: Vec<_> = few.collect();
    if names.len() > FEW {
        few.push("…".to_owned());
    }
    format!(
        "It has {} that no official file has, of which nothing is read: {}.",
        counted(names.len() as u64, "column"),
        few.join(", ")
    )
}

/// Which dates were left out.
fn stray_dates(stray: &Strays) -> String {
    const FEW: usize = 5;
    let halves = stray.half_years.iter().take(FEW);
    let mut halves: Vec<_> = halves
        .map(|(half, count)| format!("{count} in {half}"))
        .collect();
    if stray.half_years.len() > FEW {
        halves.push("…".to_owned());
    }
    format!(
        "{} of half-years that the file does not fill ({}): they were left out, and what is known of these stays.",
        are(stray.half_years.values().sum(), "mutation"),
        halves.join(", ")
    )
}

/// Which places were left out.
fn stray_places(file: &SalesFile) -> String {
    let communes = &file.stray.communes;
    format!(
        "{} of other places than {} ({}): they were left out, for the file does not cover these; say with --scope what it does cover.",
        are(communes.values().sum(), "mutation"),
        file.scope.territory,
        first_codes(communes.keys().map(Code::as_str))
    )
}

/// "1 line is", "2 lines are"
fn are(n: u64, what: &str) -> String {
    let verb = if n == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(n, what))
}

/// "1 commune that has", "2 communes that have"
fn communes_that(n: usize, one: &str, many: &str) -> String {
    format!(
        "{} that {}",
        counted(n, "commune"),
        if n == 1 { one } else { many }
    )
}

/// Which half-years are whole, and which are cut.
fn half_years(months: Months) -> String {
    let (whole, cut): (Vec<_>, Vec<_>) = months
        .half_years()
        .partition(|half| months.hold(half.months()));
    let span = match whole[..] {
        [] => "It covers no half-year whole".to_owned(),
        [one] => format!("It covers one half-year whole, {}", one),
        [first, .., last] => format!(
            "It covers {} half-years whole, {} to {}",
            whole.len(),
            first,
            last
        ),
    };
    let cut: Vec<_> = cut
        .into_iter()
        .map(|half| {
            let Months { first, last } = months.within(half.months());
            if first == last {
                format!("{half} ({first})")
            } else {
                format!("{half} ({first} to {last})")
            }
        })
        .collect();
    match cut[..] {
        [] => format!("{span}."),
        _ => format!("{span}; in part {}.", cut.join(" and ")),
    }
}

/// The years as rows of a table and as JSON.
fn by_year(file: &SalesFile, applied: &Applied) -> (Vec<Vec<String>>, Vec<Value>) {
    let mut rows = vec![
        ["year", "lines", "mutations", "sales", "added", "removed"]
            .into_iter()
            .chain(Exclusion::ALL.map(Exclusion::label))
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    ];
    let counts = file.content.years();
    let mut years = Vec::new();
    for year in counts
        .keys()
        .chain(applied.years.keys())
        .collect::<BTreeSet<_>>()
    {
        let count = counts.get(year).cloned().unwrap_or_default();
        let change = applied.years.get(year).copied().unwrap_or_default();
        let numbers = [
            count.lines,
            count.mutations,
            count.sales,
            change.mutations_added,
            change.mutations_removed,
        ];
        rows.push(
            std::iter::once(year.to_string())
                .chain(
                    numbers
                        .iter()
                        .chain(&count.excluded)
                        .map(ToString::to_string),
                )
                .collect(),
        );
        let excluded: serde_json::Map<_, _> = Exclusion::ALL
            .into_iter()
            .zip(count.excluded)
            .map(|(reason, n)| (reason.label().to_owned(), n.into()))
            .collect();
        years.push(json!({
            "year": year, "lines": count.lines, "mutations": count.mutations, "sales": count.sales,
            "mutations_added": change.mutations_added, "mutations_removed": change.mutations_removed,
            "sales_added": change.sales_added, "sales_removed": change.sales_removed, "sales_corrected": change.sales_corrected, "excluded": excluded,
        }));
    }
    (rows, years)
}

/// What the import changed, or would change.
fn changes(applied: &Applied, dry_run: bool) -> String {
    let verb = if dry_run { "would change" } else { "changed" };
    if applied.is_unchanged() {
        return format!("nothing {verb}");
    }
    let total = applied.total();
    format!(
        "{verb}: {} added, {} removed, {} relocated; {} added, {} removed, {} corrected",
        counted(total.mutations_added, "mutation"),
        total.mutations_removed,
        applied.relocated,
        counted(total.sales_added, "sale"),
        total.sales_removed,
        total.sales_corrected
    )
}

/// Columns of numbers under their names, aligned to the right.
fn table(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let width = rows
                .iter()
                .map(|row| row[column].chars().count())
                .max()
                .unwrap_or(0);
            let gap = if column == 0 { "  " } else { "   " };
            let _ = write!(text, "{gap}{cell:>width$}");
        }
        text.push('\n');
    }
    text
}
