use std::fmt::Write as _;

use clap::Args;
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::status::{ProjectStatus, status};
use crate::base::words::counted;
use crate::db::LogEntry;
use crate::site::operator::HistoryAction;

/// Show what the database and the site hold, and how fresh they are
#[derive(Debug, Args)]
pub(super) struct Status {}

impl Status {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let Some(status) = status(&context.project)? else {
            context.terminal.summary(
                "database: none yet; import a file of sales",
                &json!({"database": null, "site": null}),
            );
            return Ok(());
        };
        let ProjectStatus {
            database,
            site,
            log,
        } = &status;
        context.terminal.summary(
            &text(&status),
            &json!({"database": database, "site": site, "log": log}),
        );
        Ok(())
    }
}

fn text(status: &ProjectStatus) -> String {
    let summary = &status.database;
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
    match &status.site {
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
    for entry in &status.log {
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
