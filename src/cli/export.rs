use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use serde_json::json;

use super::Context;
use crate::config::Config;
use crate::db::Database;
use crate::geo::Geography;
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
}

impl Export {
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        Config::load(context.project.root())?;
        let What::StatistiquesDvf { out } = &self.what;
        let Some(database) = Database::open_read_only(&context.project.database())? else {
            bail!("there is no database yet; import a file of sales first");
        };
        let written = official::export(&database, &Geography::embedded()?, out)?;
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
}
