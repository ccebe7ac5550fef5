use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::Args;

use super::context::Context;
use crate::app::Failure;
use crate::app::indicators::{KnownIndicator, known};
use crate::base::words::{counted, first_codes};

/// Show what is known of indicators: by source, edition and year, in how many places, and why not in the others
#[derive(Debug, Args)]
pub(super) struct Indicators {
    /// Only those of this source
    #[arg(long, value_name = "ID")]
    source: Option<String>,
}

impl Indicators {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let known = known(&context.project, self.source.as_deref())?;
        context.terminal.summary(&text(&known), &known);
        Ok(())
    }
}

fn text(all: &[KnownIndicator]) -> String {
    if all.is_empty() {
        return "no indicators yet; import a file with `immostats import --source ID FILE`".into();
    }
    let mut text = String::new();
    for of_source in all.chunk_by(|a, b| a.edition.source == b.edition.source) {
        let first = &of_source[0];
        let attribution = first.attribution.as_deref();
        let attribution = attribution.unwrap_or("no longer declared");
        let _ = writeln!(text, "{}: {attribution}", first.edition.source);
        for KnownIndicator {
            edition,
            known,
            absent,
            ..
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
