use std::fmt::Write as _;

use clap::Args;
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::base::words::counted;
use crate::db::{Database, DatabaseSummary, LogEntry};
use crate::site::operator::HistoryAction;
use crate::version::{LiveVersion, Store};

/// Batches shown.
const SHOWN: u32 = 10;

/// Show what the database and the site hold, and how fresh they are
#[derive(Debug, Args)]
pub(super) struct Status {}

impl Status {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        context.project.config()?;
        let Some(database) = Database::open_read_only(&context.project.database())? else {
            context.terminal.summary(
                "database: none yet; import a file of sales",
                &json!({"database": null, "site": null}),
            );
            return Ok(());
        };
        let summary = database.summary()?;
        let log = database.log(SHOWN, None)?;
        let live = match Store::open_read_only(&context.project.versions())? {
            Some(store) => store.live_version()?,
            None => None,
        };
        context.terminal.summary(
            &text(&summary, live.as_ref(), &log),
            &json!({"database": summary, "site": live, "log": log}),
        );
        Ok(())
    }
}

fn text(summary: &DatabaseSummary, live: Option<&LiveVersion>, log: &[LogEntry]) -> String {
    let mut text = format!(
        "database: {}, {} of them sales, in {}, {} to {}\n",
        counted(summary.transactions, "mutation"),
        summary.sales,
        counted(summary.communes, "commune"),
        summary.first.as_deref().unwrap_or("-"),
        summary.last.as_deref().unwrap_or("-"),
    );
    let _ = writeln!(
        text,
        "figures:  {}; {}",
        counted(summary.places, "place"),
        match summary.stale {
            0 => "fresh".to_owned(),
            stale => format!("{} changed since the last build", counted(stale, "commune")),
        }
    );
    match live {
        None => text.push_str("site:     not built yet\n"),
        Some(live) => {
            let _ = writeln!(
                text,
                "site:     version {} of {}{}, sales up to {}, {}",
                live.version,
                live.date,
                if live.action == HistoryAction::Rollback {
                    " (rolled back)"
                } else {
                    ""
                },
                live.health.last_update.as_deref().unwrap_or("-"),
                counted(live.health.cities_count, "city"),
            );
        }
    }
    text.push_str("imports:");
    for entry in log {
        let _ = write!(text, "\n  {}", line(entry));
    }
    text
}

/// A batch in a line.
pub(super) fn line(entry: &LogEntry) -> String {
    let told = match &entry.message {
        Some(message) => message.clone(),
        None => format!(
            "{}: {}, {}, {}, +{} −{}",
            entry.scope.as_deref().unwrap_or("-"),
            counted(entry.rows_imported, "line"),
            counted(entry.mutations, "mutation"),
            counted(entry.sales, "sale"),
            entry.transactions_added,
            entry.transactions_removed
        ),
    };
    format!(
        "{}  {:9}  {}  {told}",
        entry.completed_at.as_deref().unwrap_or("-"),
        entry.status,
        entry.source_file,
    )
}
