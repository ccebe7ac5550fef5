pub(super) mod grist;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use crate::app::{Failure, export};
use crate::base::words::counted;
use crate::stats::official::{MONTHLY, WHOLE_PERIOD};

/// Write figures for other programs
#[derive(Debug, Args)]
pub(super) struct Export {
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
    ///
    /// In two more cases theirs are other sales: one number that holds two natures, as 2022-1616003 does (a Vente in 95388
    /// and a VEFA in 95323, of one day and price), is two rows in one number to them, which drops both, and two sales here;
    /// and sales under a former code, such as 95282 or 69159, have no EPCI there and count for today's here. New homes
    /// (VEFA) count in both, where the site leaves them out of what it compares in time.
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
    Grist(grist::Grist),
}

impl Export {
    pub(super) fn is_journaled(&self) -> bool {
        matches!(&self.what, What::Grist(options) if !options.is_dry_run())
    }

    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let (text, data) = match &self.what {
            What::StatistiquesDvf { out } => {
                let written = export::statistics(&context.project, out)?;
                let text = format!(
                    "{} in {}, {} in {}",
                    counted(written.monthly, "line"),
                    out.join(MONTHLY).display(),
                    written.whole_period,
                    out.join(WHOLE_PERIOD).display()
                );
                let data =
                    json!({"monthly": written.monthly, "whole_period": written.whole_period});
                (text, data)
            }
            What::Grist(options) => return options.run(context),
            What::Releases { out } => {
                let (path, lines) = export::releases(&context.project, out)?;
                let text = format!("{} in {}", counted(lines, "line"), path.display());
                (text, json!({"lines": lines}))
            }
        };
        context.terminal.summary(&text, &data);
        Ok(())
    }
}
