use std::fmt::Write as _;
use std::future::Future;
use std::path::Path;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::json;
use thiserror::Error;

use super::{Context, github};
use crate::config::{Config, Source};
use crate::db::Database;
use crate::source::{Http, Ledger, Report, State, survey};

/// Ask upstream what is new, and download nothing
///
/// Asks the data.gouv.fr API, then the servers of the files, and compares their answers with what was imported last. The
/// exit code is 0 with or without news, 1 when it could not be told of some file. In GitHub Actions the outputs has_updates
/// (true or false) and summary are set.
#[derive(Debug, Args)]
pub struct Check {
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// Files of which it could not be told whether they are new, or that could not be had.
#[derive(Debug, Error)]
#[error("{}", messages.join("\n"))]
pub struct Incomplete {
    /// Some of them came, and were refused.
    pub refused: bool,
    /// A sentence each.
    pub messages: Vec<String>,
}

impl Incomplete {
    /// Those of which it could not be told.
    pub fn unknown(reports: &[Report]) -> Self {
        let messages = reports.iter().flat_map(|report| {
            let source = &report.source;
            report
                .unknown()
                .map(move |(item, reason)| format!("{}: {reason}", name(source, item)))
        });
        Self {
            refused: false,
            messages: messages.collect(),
        }
    }

    /// Success when there is none.
    pub fn outcome(self) -> Result<()> {
        if self.messages.is_empty() {
            Ok(())
        } else {
            Err(self.into())
        }
    }
}

impl Check {
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        let config = Config::load(context.project.root())?;
        let database = Database::open_read_only(&context.project.database())?;
        let ledger = database.map_or(Ok(Ledger::new()), |database| database.ledger())?;
        let http = Http::new(&config.fetch, &config.sources.0)?;
        let sources: Vec<_> = config.sources.enabled().collect();
        let reports = ask(&http, &sources, &ledger, &context.project.downloads())?;
        if self.json {
            context
                .terminal
                .result(&serde_json::to_string_pretty(&data(&reports))?);
        } else {
            context.terminal.summary(&text(&reports), &data(&reports));
        }
        outputs(&reports)?;
        Incomplete::unknown(&reports).outcome()
    }
}

/// Surveys sources, one after the other.
pub fn ask(
    http: &Http,
    sources: &[&Source],
    ledger: &Ledger,
    downloads: &Path,
) -> Result<Vec<Report>> {
    block_on(survey(http, sources, ledger, downloads))
}

/// Runs what waits for the network, on this thread.
pub fn block_on<T>(work: impl Future<Output = T>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the system gives no way to wait for the network")?;
    Ok(runtime.block_on(work))
}

/// A file of a source, in words.
pub fn name(source: &str, item: &str) -> String {
    format!("{source} {item}").trim_end().to_owned()
}

/// A line a file.
pub fn text(reports: &[Report]) -> String {
    let mut lines = Vec::new();
    for report in reports {
        for finding in &report.findings {
            let state = match &finding.state {
                State::UpToDate => "up to date".to_owned(),
                State::New {
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
                State::Gone => "gone; what was imported stays".to_owned(),
                State::Unreachable { .. } => "unreachable".to_owned(),
            };
            lines.push((name(&report.source, &finding.item), state));
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

/// The day of a time as upstream writes it.
pub fn day(time: &str) -> &str {
    time.get(..10).unwrap_or(time)
}

/// The same as JSON.
pub fn data(reports: &[Report]) -> serde_json::Value {
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
    json!({"has_updates": reports.iter().any(Report::has_news), "sources": sources})
}

/// What is new in one line, for the steps of GitHub Actions that follow.
fn outputs(reports: &[Report]) -> Result<()> {
    let mut parts = Vec::new();
    for report in reports {
        let mut counts = Vec::new();
        let mut count = |what: &str, fits: fn(&State) -> bool| {
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
        count("new", |state| matches!(state, State::New { .. }));
        count("unreachable", |state| {
            matches!(state, State::Unreachable { .. })
        });
        count("gone", |state| matches!(state, State::Gone));
        count("up to date", |state| matches!(state, State::UpToDate));
        parts.push(format!("{} ({})", report.source, counts.join("; ")));
    }
    let news = reports.iter().any(Report::has_news);
    github::outputs(&[
        ("has_updates", if news { "true" } else { "false" }),
        ("summary", &parts.join(", ")),
    ])
}
