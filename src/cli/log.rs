use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use serde_json::json;

use super::context::Context;
use crate::app::{Failure, journal};
use crate::base::month::Month;
use crate::db::Database;

/// Show what was imported, or export the log of what was done
#[derive(Debug, Args)]
pub(super) struct Log {
    #[command(subcommand)]
    action: Option<Action>,
    /// Only what was done since this day
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Write the log of a month as gzipped JSON Lines
    Export {
        /// The month, as in 2026-10
        month: Month,
        /// The file to write; immostats-log-MONTH.jsonl.gz in the project's folder by default
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

impl Log {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        context.project.config()?;
        if let Some(Action::Export { month, out }) = &self.action {
            let (path, size) = journal::export(&context.project, *month, out.as_deref())?;
            context.terminal.summary(
                &format!("{} is written, {size} bytes", path.display()),
                &json!({"file": path.display().to_string(), "size": size}),
            );
            return Ok(());
        }
        let since = self.since.map(|day| day.to_string());
        let log = match Database::open_read_only(&context.project.database())? {
            Some(database) => database.log(u32::MAX, since.as_deref())?,
            None => Vec::new(),
        };
        let text = || match log.is_empty() {
            true => "nothing was imported".to_owned(),
            false => {
                let lines: Vec<_> = log.iter().map(super::status::line).collect();
                lines.join("\n")
            }
        };
        context.terminal.summary(&text(), &log);
        Ok(())
    }
}
