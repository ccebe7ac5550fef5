use clap::Args;
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::rollback::{RolledBack, roll_back};
use crate::base::words::counted;

/// Bring an earlier version back to site/
///
/// Needs neither the network nor the database of sales. The next build leaves it there as long as nothing else changes;
/// `immostats build --resume` moves on.
#[derive(Debug, Args)]
pub(super) struct Rollback {
    /// The version: its number, or `previous`, the one that was live before
    #[arg(default_value = "previous")]
    version: String,
}

impl Rollback {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let RolledBack {
            version,
            checkout,
            seconds,
        } = roll_back(&context.project, &self.version, &context.terminal)?;
        context.terminal.summary(
            &format!(
                "version {version} is live: {} written, {} removed, {} unchanged ({seconds:.1} s)",
                counted(checkout.written, "file"),
                checkout.removed,
                checkout.unchanged
            ),
            &json!({
                "version": version, "written": checkout.written, "removed": checkout.removed,
                "unchanged": checkout.unchanged, "seconds": seconds,
            }),
        );
        Ok(())
    }
}
