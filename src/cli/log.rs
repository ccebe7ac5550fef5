use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use serde_json::json;

use super::context::Context;
use crate::app::log::log;
use crate::app::{Failure, journal};
use crate::base::month::Month;
use crate::deploy::KeptJournal;

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
    /// Write the log of a month as gzipped JSON Lines, or send it to the archive
    Export(Export),
}

#[derive(Debug, Args)]
struct Export {
    /// The month, as in 2026-10; with --to, all that are over unless one is given
    #[arg(required_unless_present = "to")]
    month: Option<Month>,
    /// The file to write; immostats-log-MONTH.jsonl.gz in the project's folder by default
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Send what is over to the bucket of [archive.s3], where it stays; what is there already is compared
    #[arg(long, value_enum, conflicts_with = "out")]
    to: Option<Archive>,
}

/// Where journals are kept for good.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Archive {
    S3,
}

impl Export {
    fn run(&self, context: &Context) -> Result<(), Failure> {
        if let (Some(month), None) = (self.month, self.to) {
            let (path, size) = journal::export(&context.project, month, self.out.as_deref())?;
            context.terminal.summary(
                &format!("{} is written, {size} bytes", path.display()),
                &json!({"file": path.display().to_string(), "size": size}),
            );
            return Ok(());
        }
        let kept = journal::archive(&context.project, self.month)?;
        let line = |kept: &KeptJournal| {
            format!(
                "{}: {} {} ({} bytes unpacked, SHA-256 {})",
                kept.month,
                if kept.is_new { "sent as" } else { "stands as" },
                kept.path,
                kept.size,
                kept.sha256,
            )
        };
        let text = match &kept {
            None => "archive.s3 names no bucket: nothing is archived".to_owned(),
            Some(kept) if kept.is_empty() => "no month with a journal is over yet".to_owned(),
            Some(kept) => kept.iter().map(line).collect::<Vec<_>>().join("\n"),
        };
        let kept = kept.unwrap_or_default();
        context.terminal.summary(&text, &json!({"months": kept}));
        Ok(())
    }
}

impl Log {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        if let Some(Action::Export(options)) = &self.action {
            return options.run(context);
        }
        let log = log(&context.project, self.since)?;
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
