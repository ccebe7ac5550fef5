use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::json;

use super::Context;
use super::record::recorded;
use crate::base::run::{RunDetails, RunOutcome};
use crate::version::{CheckoutHints, checkout};

/// Bring an earlier version back to site/
///
/// Needs neither the network nor the database of sales. The next build leaves it there as long as nothing else changes;
/// `immostats build --resume` moves on.
#[derive(Debug, Args)]
pub struct Rollback {
    /// The version: its number, or `previous`, the one that was live before
    #[arg(default_value = "previous")]
    version: String,
}

impl Rollback {
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        recorded(context, "rollback", |details| {
            self.roll_back(context, details)
        })
    }

    fn roll_back(&self, context: &Context, details: &mut RunDetails) -> Result<RunOutcome> {
        let started = Instant::now();
        let _lock = context.project.lock("rollback", context.wait)?;
        let mut store = context.store()?;
        let before = store.head()?.map(|head| head.number);
        let number = store.rollback(&self.version)?;
        let moved = before.as_ref() != Some(&number);
        details.previous = before.filter(|_| moved);
        let site = context.project.site();
        let outcome = checkout(&mut store, &site, CheckoutHints::default(), &|_| {}).with_context(|| {
            format!(
                "version {number} is the live one now, but {} was not brought to it; run the command again",
                site.display()
            )
        })?;
        let seconds = started.elapsed().as_secs_f64();
        context.terminal.summary(
            &format!(
                "version {number} is live: {} files written, {} removed, {} unchanged ({seconds:.1} s)",
                outcome.written, outcome.removed, outcome.unchanged
            ),
            &json!({
                "version": number, "written": outcome.written, "removed": outcome.removed,
                "unchanged": outcome.unchanged, "seconds": seconds,
            }),
        );
        Ok(if moved {
            RunOutcome::RolledBack
        } else {
            RunOutcome::Unchanged
        })
    }
}
