use std::fmt::Write as _;

use clap::Args;

use super::context::Context;
use crate::app::Failure;
use crate::app::releases::releases;
use crate::db::Release;

/// Show what each release changed: sales added, withdrawn and corrected, by year
///
/// A sale withdrawn and one added in the same commune, on the same day and of the same kind are one sale corrected.
/// `immostats export releases` writes the same by commune.
#[derive(Debug, Args)]
pub(super) struct Releases {}

impl Releases {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let releases = releases(&context.project)?;
        context.terminal.summary(&text(&releases), &releases);
        Ok(())
    }
}

fn text(releases: &[Release]) -> String {
    let mut text = String::new();
    for release in releases {
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
    text
}
