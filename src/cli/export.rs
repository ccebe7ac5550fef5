use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use serde_json::json;

use super::Context;
use crate::config::Config;
use crate::db::Database;
use crate::files;
use crate::stats::official;

/// Write figures for other programs
#[derive(Debug, Args)]
pub struct Export {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The official "Statistiques DVF", computed by their rules from the database
    ///
    /// Writes stats_dvf.csv (by month) and stats_whole_period.csv with the columns of the files of the same names on
    /// data.gouv.fr: communes as the files of sales name them, EPCI, départements and the nation. Whole euros, rounded
    /// half to even; an empty cell where there is no sale; no line for a place without any.
    ///
    /// Three quirks of the official files are not copied: their EPCI rows leave out Paris, Lyon and Marseille; their
    /// national monthly counts are taken before the single-property filter; their monthly file drops a commune's month
    /// when only business premises were sold. Nor is their code_parent of all communes of départements 13, 69 and 75,
    /// which is always the métropole: here it is the commune's own EPCI.
    StatistiquesDvf {
        /// The folder to write to
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// What each release changed, by commune and year: sales added, withdrawn and corrected
    ///
    /// Writes releases.csv with the columns batch_id, released, commune, year, added, withdrawn, corrected.
    Releases {
        /// The folder to write to
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

/// Name of the file of changes.
const RELEASES: &str = "releases.csv";

impl Export {
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        Config::load(context.project.root())?;
        let Some(database) = Database::open_read_only(&context.project.database())? else {
            bail!("there is no database yet; import a file of sales first");
        };
        match &self.what {
            What::StatistiquesDvf { out } => statistics(context, &database, out),
            What::Releases { out } => releases(context, &database, out),
        }
    }
}

fn statistics(context: &Context, database: &Database, out: &Path) -> Result<()> {
    let written = official::export(database, &database.geography()?, out)?;
    context.terminal.summary(
        &format!(
            "{} lines in {}, {} in {}",
            written.monthly,
            out.join(official::MONTHLY).display(),
            written.whole_period,
            out.join(official::WHOLE_PERIOD).display()
        ),
        &json!({"monthly": written.monthly, "whole_period": written.whole_period}),
    );
    Ok(())
}

fn releases(context: &Context, database: &Database, out: &Path) -> Result<()> {
    let changes = database.commune_changes()?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    for change in &changes {
        writer.serialize(change)?;
    }
    let path = out.join(RELEASES);
    files::write(&path, &writer.into_inner()?)?;
    context.terminal.summary(
        &format!("{} lines in {}", changes.len(), path.display()),
        &json!({"lines": changes.len()}),
    );
    Ok(())
}
