use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use super::terminal::print;
use crate::app::Failure;
use crate::app::method::{self, MethodCheck};
use crate::stats::{Limit, Measure};

/// Measure the method on what the database holds
#[derive(Debug, Args)]
pub(super) struct Method {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Predict sales that were not learned from, and compare the errors with what they may be
    ///
    /// A number is only to be looked at where nothing is known of what it may be on the files that were imported. From 2,000
    /// communes with sales on, the constants of the estimates are estimated again and printed beside those that are used,
    /// which a release of immostats may change and an import never does.
    ///
    /// Exits with 1 when a number that has a limit misses it.
    Check {},
    /// The estimates of the price per m² of all communes, shown or not
    ///
    /// Columns: code, kind (1 houses, 2 flats), n (sales of old homes in the last 60 months), own_share (of these in the
    /// estimate), price, low and high (95 %, €/m², not rounded), shown (1 where pages show it).
    Estimates {
        /// Print them as CSV
        #[arg(long, required = true)]
        csv: bool,
        /// Of the communes of today, as pages have them; without it, of those that the files name, so that they can be compared
        /// with those of another program
        #[arg(long)]
        today: bool,
    },
}

impl Method {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        match &self.what {
            What::Check {} => {
                let checked = method::check(&context.project)?;
                context.terminal.summary(&text(&checked), &data(&checked));
                checked.verdict()
            }
            What::Estimates { csv: _, today } => {
                let (text, _) = method::estimates(&context.project, *today)?;
                print(text.trim_end());
                Ok(())
            }
        }
    }
}

fn text(checked: &MethodCheck) -> String {
    let mut text = String::new();
    for measure in &checked.measures {
        let _ = writeln!(text, "{}", line(measure));
    }
    for kind in &checked.constants {
        let (name, fixed) = (kind.kind, kind.fixed);
        let _ = write!(
            text,
            "{name}, constants: b {:.3}, c {:.3}, q {:.2}",
            fixed.variances.neighbours, fixed.variances.sampling, fixed.width
        );
        let _ = match &kind.estimated {
            Some(now) => writeln!(
                text,
                "; estimated again: b {:.3}, c {:.3}, q {:.2}, least variance {:.4}",
                now.neighbours, now.sampling, now.width, now.least
            ),
            None => writeln!(
                text,
                "; not estimated again: fewer than 2,000 communes have sales and neighbours"
            ),
        };
    }
    text.truncate(text.trim_end().len());
    text
}

fn line(measure: &Measure) -> String {
    let number = |value: f64| match measure.unit {
        "" => format!("{value:.1}"),
        unit => format!("{value:.1}\u{a0}{unit}"),
    };
    let limit = match measure.limit {
        None => return format!("{}: {}", measure.name, number(measure.value)),
        Some(Limit::AtMost(most)) => format!("at most {}", number(most)),
        Some(Limit::AtLeast(least)) => format!("at least {}", number(least)),
        Some(Limit::Between(least, most)) => {
            format!("between {} and {}", number(least), number(most))
        }
    };
    let met = if measure.is_met() { "met" } else { "MISSED" };
    format!(
        "{}: {} ({limit}: {met})",
        measure.name,
        number(measure.value)
    )
}

fn data(checked: &MethodCheck) -> serde_json::Value {
    let constants = checked.constants.iter().map(|kind| {
        json!({
            "kind": kind.kind,
            "fixed": {
                "b": kind.fixed.variances.neighbours,
                "c": kind.fixed.variances.sampling,
                "q": kind.fixed.width,
            },
            "estimated": kind.estimated.map(|now| json!({
                "a0": now.least,
                "b": now.neighbours,
                "c": now.sampling,
                "q": now.width,
            })),
        })
    });
    let measures = checked.measures.iter().map(|measure| {
        let mut line = json!(measure);
        line["met"] = measure.is_met().into();
        line
    });
    json!({
        "measures": measures.collect::<Vec<_>>(),
        "constants": constants.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_a_unit_is_followed_by_no_space() {
        let told = |unit, limit| {
            line(&Measure {
                name: "flags kept".to_owned(),
                value: 2.0,
                unit,
                limit,
            })
        };
        let most = Some(Limit::AtMost(2.0));
        assert_eq!(told("", most), "flags kept: 2.0 (at most 2.0: met)");
        assert_eq!(
            told("%", most),
            "flags kept: 2.0\u{a0}% (at most 2.0\u{a0}%: met)"
        );
        assert_eq!(told("", None), "flags kept: 2.0");
        assert_eq!(
            told("", Some(Limit::Between(2.5, 3.0))),
            "flags kept: 2.0 (between 2.5 and 3.0: MISSED)"
        );
    }
}
