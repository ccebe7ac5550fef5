use std::fmt::Write as _;

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::github;
use crate::app::Failure;
use crate::app::upstream::{check, day, file_name, unknown};
use crate::source::{FileState, SourceReport};

/// Ask upstream what is new, and download nothing
///
/// Asks the data.gouv.fr API, then the servers of the files, and compares their answers with what was imported last. The
/// exit code is 0 with or without news, 1 when it could not be told of some file. In GitHub Actions the outputs has_updates
/// (true or false) and summary are set.
#[derive(Debug, Args)]
pub(super) struct Check {}

impl Check {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let reports = check(&context.project)?;
        context.terminal.summary(&text(&reports), &data(&reports));
        outputs(&reports)?;
        Failure::unless_complete(unknown(&reports))
    }
}

/// A line a file.
pub(super) fn text(reports: &[SourceReport]) -> String {
    let mut lines = Vec::new();
    for report in reports {
        for finding in &report.findings {
            let state = match &finding.state {
                FileState::UpToDate => "up to date".to_owned(),
                FileState::New {
                    since,
                    length,
                    fetched,
                } => {
                    let since = since
                        .as_deref()
                        .map_or(String::new(), |since| format!(" since {}", day(since)));
                    let size = length.map_or(String::new(), |length| {
                        format!(" ({:.1} MB)", length as f64 / 1e6)
                    });
                    let here = if *fetched {
                        ", fetched and not imported yet"
                    } else {
                        ""
                    };
                    format!("new{since}{size}{here}")
                }
                FileState::Gone => "gone; what was imported stays".to_owned(),
                FileState::Unreachable { .. } => "unreachable".to_owned(),
            };
            lines.push((file_name(&report.source, &finding.item), state));
        }
        if let Some(due) = report.late_since {
            lines.push((
                report.source.clone(),
                format!("something new was expected by {due}"),
            ));
        }
    }
    let width = lines
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for (name, state) in &lines {
        let _ = writeln!(text, "{name:width$}  {state}");
    }
    if lines.is_empty() {
        text.push_str("immostats.toml enables no source\n");
    }
    text.truncate(text.trim_end().len());
    text
}

/// The same as JSON.
pub(super) fn data(reports: &[SourceReport]) -> serde_json::Value {
    let sources: Vec<_> = reports
        .iter()
        .map(|report| {
            let items: Vec<_> = report
                .findings
                .iter()
                .map(|finding| {
                    let mut item = serde_json::to_value(&finding.state).unwrap_or_default();
                    item["item"] = finding.item.clone().into();
                    item["address"] = finding
                        .upstream
                        .as_ref()
                        .map(|upstream| upstream.shown())
                        .into();
                    item
                })
                .collect();
            json!({
                "id": report.source,
                "has_updates": report.has_news(),
                "late_since": report.late_since.map(|day| day.to_string()),
                "items": items,
            })
        })
        .collect();
    json!({"has_updates": reports.iter().any(SourceReport::has_news), "sources": sources})
}

/// What is new in one line, for the steps of GitHub Actions that follow.
fn outputs(reports: &[SourceReport]) -> Result<(), Failure> {
    let mut parts = Vec::new();
    for report in reports {
        let mut counts = Vec::new();
        let mut count = |what: &str, fits: fn(&FileState) -> bool| {
            let items: Vec<_> = report
                .findings
                .iter()
                .filter(|finding| fits(&finding.state))
                .collect();
            let names: Vec<_> = items
                .iter()
                .map(|finding| finding.item.as_str())
                .filter(|item| !item.is_empty())
                .collect();
            match (items.len(), names.as_slice()) {
                (0, _) => {}
                (n, []) => counts.push(format!("{n} {what}")),
                (_, names) => counts.push(format!("{what}: {}", names.join(", "))),
            }
        };
        count("new", |state| matches!(state, FileState::New { .. }));
        count("unreachable", |state| {
            matches!(state, FileState::Unreachable { .. })
        });
        count("gone", |state| matches!(state, FileState::Gone));
        count("up to date", |state| matches!(state, FileState::UpToDate));
        parts.push(format!("{} ({})", report.source, counts.join("; ")));
    }
    let news = reports.iter().any(SourceReport::has_news);
    Ok(github::outputs(&[
        ("has_updates", if news { "true" } else { "false" }),
        ("summary", &parts.join(", ")),
    ])?)
}
