//! What a step of GitHub Actions hands on: outputs to the steps after it, a summary to people. Elsewhere nothing is
//! written.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::base::run::{Run, RunOutcome};
use crate::files;

/// Sets outputs of the step, names and values.
///
/// # Errors
/// When the file that takes them cannot be written.
pub(super) fn outputs(pairs: &[(&str, &str)]) -> Result<()> {
    let mut lines = String::new();
    for (name, value) in pairs {
        // One line each: what upstream says, such as a year, could otherwise set another output.
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        lines.push_str(&format!("{name}={value}\n"));
    }
    append("GITHUB_OUTPUT", &lines)
}

/// Hands on how a run ended: the outputs outcome, published (true or false) and version, and its figures and reasons in
/// the summary of the job.
///
/// # Errors
/// When the files that take them cannot be written.
pub(super) fn run(run: &Run) -> Result<()> {
    let published = run.outcome == RunOutcome::Published;
    outputs(&[
        ("outcome", run.outcome.as_str()),
        ("published", if published { "true" } else { "false" }),
        ("version", run.version.as_deref().unwrap_or_default()),
    ])?;
    append("GITHUB_STEP_SUMMARY", &markdown(run))
}

/// A run for people.
fn markdown(run: &Run) -> String {
    let details = &run.details;
    let version = run.version.as_deref().unwrap_or("none yet");
    let mut rows = vec![("Live version", version.to_owned())];
    if let Some(previous) = &details.previous {
        rows.push(("Before", previous.clone()));
    }
    if run.outcome == RunOutcome::Published {
        let changes = &details.changes;
        rows.push(("Cities updated", changes.cities_updated.to_string()));
        rows.push(("New sales", changes.new_transactions.to_string()));
        rows.push((
            "Pages",
            format!(
                "{} added, {} changed, {} removed, {} as before",
                changes.pages_added,
                changes.pages_changed,
                changes.pages_removed,
                changes.pages_unchanged
            ),
        ));
    }
    for source in &details.sources {
        let told = [
            ("new", &source.new),
            ("imported", &source.imported),
            ("unreachable", &source.unreachable),
        ];
        let told: Vec<_> = told
            .into_iter()
            .filter(|(_, items)| !items.is_empty())
            .map(|(what, items)| format!("{what}: {}", items.join(", ")))
            .collect();
        let told = match told.is_empty() {
            true => "up to date".to_owned(),
            false => told.join("; "),
        };
        rows.push(("Source", format!("{}: {told}", source.id)));
    }
    rows.push(("Time", format!("{:.1} s", details.seconds)));
    let mut text = format!(
        "### {}: {}\n\n| | |\n| --- | --- |\n",
        run.command, run.outcome
    );
    for (name, value) in rows {
        let _ = writeln!(text, "| {name} | {} |", value.replace('|', "\\|"));
    }
    if let Some(message) = &run.message {
        let _ = write!(text, "\n{}", verbatim(message));
    }
    text.push('\n');
    text
}

/// Text as it is, in Markdown.
fn verbatim(text: &str) -> String {
    // A fence longer than any in the text.
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}text\n{text}\n{fence}\n")
}

fn append(variable: &str, text: &str) -> Result<()> {
    let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let path = Path::new(&path);
    let name = path.file_name().unwrap_or_default();
    files::append(path.parent().unwrap_or(Path::new("")), name)?
        .write_all(text.as_bytes())
        .with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_in_its_fence() {
        assert_eq!(verbatim("a"), "```text\na\n```\n");
        assert_eq!(verbatim("```\n# b"), "````text\n```\n# b\n````\n");
    }
}
