use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::context::Context;
use crate::app::Failure;
use crate::base::words::{counted, first_codes};
use crate::config::Config;
use crate::db::{Database, IndicatorEdition};
use crate::intake::table::tally;

/// Show what is known of indicators: by source, edition and year, in how many places, and why not in the others
#[derive(Debug, Args)]
pub(super) struct Indicators {
    /// Only those of this source
    #[arg(long, value_name = "ID")]
    source: Option<String>,
}

/// An indicator in a year.
#[derive(Serialize)]
struct Known {
    #[serde(flatten)]
    edition: IndicatorEdition,
    /// Places with a value.
    known: usize,
    /// Places without one, by the reason.
    absent: BTreeMap<&'static str, usize>,
}

impl Indicators {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let config = context.project.config()?;
        if let Some(id) = &self.source
            && !config.tables().any(|(source, _)| source == id)
        {
            return Err(Failure::because(format!(
                "there is no source {id} of indicators; there are {}",
                config
                    .tables()
                    .map(|(source, _)| source)
                    .collect::<Vec<_>>()
                    .join(", ")
            )));
        }
        let database = Database::open_read_only(&context.project.database())?;
        let mut all = Vec::new();
        if let Some(database) = database {
            for edition in database.indicator_editions()? {
                if self
                    .source
                    .as_ref()
                    .is_none_or(|source| *source == edition.source)
                {
                    all.push(known(&database, edition)?);
                }
            }
        }
        context.terminal.summary(&text(&all, &config), &all);
        Ok(())
    }
}

fn known(database: &Database, edition: IndicatorEdition) -> Result<Known, Failure> {
    let (known, absent) = tally(database.indicator_values(&edition)?.values());
    Ok(Known {
        edition,
        known,
        absent,
    })
}

fn text(all: &[Known], config: &Config) -> String {
    if all.is_empty() {
        return "no indicators yet; import a file with `immostats import --source ID FILE`".into();
    }
    let mut text = String::new();
    for of_source in all.chunk_by(|a, b| a.edition.source == b.edition.source) {
        let edition = &of_source[0].edition;
        let table = config
            .tables()
            .find(|(source, _)| *source == edition.source);
        let attribution = table.map_or("no longer declared", |(_, table)| &table.attribution);
        let _ = writeln!(text, "{}: {attribution}", edition.source);
        for Known {
            edition,
            known,
            absent,
        } in of_source
        {
            let absent: Vec<_> = absent
                .iter()
                .map(|(reason, n)| format!(", {n} {reason}"))
                .collect();
            let _ = writeln!(
                text,
                "  {} {}: {known} known{} (edition {}, {})",
                edition.indicator,
                edition.period,
                absent.concat(),
                edition.edition,
                edition.file
            );
        }
        let unmatched = of_source.iter().flat_map(|known| &known.edition.unmatched);
        let codes: BTreeSet<&str> = unmatched.map(String::as_str).collect();
        if !codes.is_empty() {
            let first = first_codes(codes.iter().copied());
            let _ = writeln!(
                text,
                "  {} of no place: {first}",
                counted(codes.len(), "code")
            );
        }
    }
    text.truncate(text.trim_end().len());
    text
}
