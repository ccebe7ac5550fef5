use std::fs::File;
use std::io::{self, BufReader};
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::Date;
use serde_json::json;

use super::Context;
use crate::base::month::Month;
use crate::config::Config;
use crate::db::Database;
use crate::files;

/// Show what was imported, or export the log of what was done
#[derive(Debug, Args)]
pub struct Log {
    #[command(subcommand)]
    action: Option<Action>,
    /// Write the list as JSON
    #[arg(long)]
    json: bool,
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
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        Config::load(context.project.root())?;
        if let Some(Action::Export { month, out }) = &self.action {
            return export(context, *month, out.clone());
        }
        let log = match Database::open_read_only(&context.project.database())? {
            Some(database) => {
                database.log(u32::MAX, self.since.map(|day| day.to_string()).as_deref())?
            }
            None => Vec::new(),
        };
        if self.json {
            context
                .terminal
                .result(&serde_json::to_string_pretty(&log)?);
            return Ok(());
        }
        let lines: Vec<_> = log.iter().map(super::status::line).collect();
        let text = if lines.is_empty() {
            "nothing was imported".to_owned()
        } else {
            lines.join("\n")
        };
        context.terminal.summary(&text, &log);
        Ok(())
    }
}

fn export(context: &Context, month: Month, out: Option<PathBuf>) -> Result<()> {
    let source = context.project.log(month);
    let file = match File::open(&source) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            bail!("nothing was logged in {month}")
        }
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", source.display()));
        }
    };
    let out = out.unwrap_or_else(|| {
        context
            .project
            .root()
            .join(format!("immostats-log-{month}.jsonl.gz"))
    });
    let size = files::write_with(&out, |output| {
        let mut gzip = GzEncoder::new(output, Compression::default());
        io::copy(&mut BufReader::new(file), &mut gzip)?;
        gzip.finish().map(drop)
    })?;
    context.terminal.summary(
        &format!("{} is written, {size} bytes", out.display()),
        &json!({"file": out.display().to_string(), "size": size}),
    );
    Ok(())
}
