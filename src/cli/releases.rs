use std::fmt::Write as _;

use anyhow::{Result, bail};
use clap::Args;

use super::Context;
use crate::config::Config;
use crate::db::Database;

/// Show what each release changed: sales added, withdrawn and corrected, by year
///
/// A sale withdrawn and one added in the same commune, on the same day and of the same kind are one sale corrected.
/// `immostats export releases` writes the same by commune.
#[derive(Debug, Args)]
pub struct Releases {
    /// Write the list as JSON
    #[arg(long)]
    json: bool,
}

impl Releases {
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        Config::load(context.project.root())?;
        let Some(database) = Database::open_read_only(&context.project.database())? else {
            bail!("there is no database yet; import a file of sales first");
        };
        let releases = database.releases()?;
        if self.json {
            context
                .terminal
                .result(&serde_json::to_string_pretty(&releases)?);
            return Ok(());
        }
        let mut text = String::new();
        for release in &releases {
            let _ = writeln!(
                text,
                "{}  {}  {}{}",
                release.batch_id,
                release.source_file,
                release.scope,
                match &release.released {
                    Some(day) => format!(", published on {day}"),
                    None => String::new(),
                }
            );
            for year in &release.years {
                let _ = writeln!(
                    text,
                    "    {}  +{} −{} ~{}",
                    year.year, year.added, year.withdrawn, year.corrected
                );
            }
        }
        text.push_str("+ added, − withdrawn, ~ corrected");
        context.terminal.summary(&text, &releases);
        Ok(())
    }
}
