use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde::Serialize;

use super::context::Context;
use crate::app::Failure;
use crate::app::facts::{FactsPeriod, periods};
use crate::base::month::{Month, Period};
use crate::base::words::counted;
use crate::config::{Aggregate, Facts as Declared};
use crate::db::Database;
use crate::geo::Geography;

/// Show what facts come to by month or year, beside the same days a year before
///
/// Of each source: the files, days, zones and communes that are known, and the sum or mean of each period. A year before, the
/// same days are taken, where each zone has the same ones in both years; otherwise there is no comparison.
#[derive(Debug, Args)]
pub(super) struct Facts {
    /// Only those of this source
    #[arg(long, value_name = "ID")]
    source: Option<String>,
    /// The length of the periods
    #[arg(long, value_enum, value_name = "LENGTH", default_value_t = Length::Month)]
    by: Length,
}

/// The length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Length {
    /// Calendar months
    Month,
    /// Calendar years
    Year,
}

/// What is known of a source.
#[derive(Serialize)]
struct Known<'c> {
    source: &'c str,
    attribution: &'c str,
    licence: &'c str,
    aggregate: Aggregate,
    /// Files that were imported.
    files: u32,
    /// The first and the last day.
    span: Option<(Date, Date)>,
    /// Days that were delivered of some zone.
    days: usize,
    zones: usize,
    /// Communes of today that the zones are made of.
    communes: usize,
    periods: Vec<FactsPeriod>,
}

impl Facts {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let config = context.project.config()?;
        let declared: Vec<_> = config
            .facts()
            .filter(|(id, _)| self.source.as_ref().is_none_or(|source| source == id))
            .collect();
        if let (Some(id), true) = (&self.source, declared.is_empty()) {
            return Err(Failure::because(format!(
                "there is no source {id} of facts; there are {}",
                config
                    .facts()
                    .map(|(id, _)| id)
                    .collect::<Vec<_>>()
                    .join(", ")
            )));
        }
        let database = context.project.sales_or_none()?;
        let geography = database.geography()?;
        let known = declared
            .into_iter()
            .map(|(id, facts)| self.known(id, facts, &database, &geography));
        let known = known.collect::<Result<Vec<_>, _>>()?;
        context.terminal.summary(&text(&known), &known);
        Ok(())
    }

    fn known<'c>(
        &self,
        id: &'c str,
        facts: &'c Declared,
        database: &Database,
        geography: &Geography,
    ) -> Result<Known<'c>, Failure> {
        let days = database.facts_days(id)?;
        let communes = database.facts_communes(id)?;
        let today = communes.iter().filter_map(|code| geography.current(code));
        let of = |day: Date| match self.by {
            Length::Month => Period::Month(Month::of(day)),
            Length::Year => Period::Year(day.year()),
        };
        Ok(Known {
            source: id,
            attribution: &facts.attribution,
            licence: &facts.licence,
            aggregate: facts.aggregate,
            files: database.facts_files(id)?,
            span: days.first().zip(days.last()).map(|(a, b)| (a.day, b.day)),
            days: days
                .iter()
                .map(|known| known.day)
                .collect::<BTreeSet<_>>()
                .len(),
            zones: days
                .iter()
                .map(|known| known.zone)
                .collect::<BTreeSet<_>>()
                .len(),
            communes: today
                .map(|today| &today.code)
                .collect::<BTreeSet<_>>()
                .len(),
            periods: periods(&days, facts.aggregate, of),
        })
    }
}

fn text(all: &[Known<'_>]) -> String {
    if all.is_empty() {
        return "no source of facts is declared; docs/sources.md says how".into();
    }
    let mut text = String::new();
    for known in all {
        let _ = writeln!(
            text,
            "{}: {} ({}), published nowhere",
            known.source, known.attribution, known.licence
        );
        let Some((first, last)) = known.span else {
            let _ = writeln!(
                text,
                "  nothing yet; `immostats import --source {}` reads its folder",
                known.source
            );
            continue;
        };
        let _ = writeln!(
            text,
            "  {}, {} from {first} to {last}, {} in {}; {}",
            counted(known.files, "file"),
            counted(known.days, "day"),
            counted(known.communes, "commune"),
            counted(known.zones, "zone"),
            match known.aggregate {
                Aggregate::Sum => "sums",
                Aggregate::Mean => "means",
            },
        );
        for period in &known.periods {
            let _ = writeln!(text, "  {}: {}", period.period, line(period));
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn line(period: &FactsPeriod) -> String {
    let value = period.value.map_or("no fact".into(), shown);
    let mut line = format!("{value} of {}", counted(period.days, "day"));
    if let Some(before) = period.before {
        let _ = write!(line, "; {} on the same days a year before", shown(before));
    }
    if let Some(change) = period.change {
        let _ = write!(line, ", {change:+.1} %");
    }
    line
}

/// A number with two decimals at most.
fn shown(number: f64) -> String {
    ((number * 100.0).round() / 100.0).to_string()
}
