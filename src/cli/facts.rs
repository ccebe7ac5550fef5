use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::context::Context;
use crate::app::Failure;
use crate::app::facts::{FactsPeriod, KnownFacts, known};
use crate::base::month::{Month, Period};
use crate::base::words::counted;
use crate::config::Aggregate;

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

impl Facts {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let of: fn(Date) -> Period = match self.by {
            Length::Month => |day| Period::Month(Month::of(day)),
            Length::Year => |day| Period::Year(day.year()),
        };
        let known = known(&context.project, self.source.as_deref(), of)?;
        context.terminal.summary(&text(&known), &known);
        Ok(())
    }
}

fn text(all: &[KnownFacts]) -> String {
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
