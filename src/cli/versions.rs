use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::versions::{list, pin};
use crate::base::words::counted;
use crate::version::Version;

/// List the versions of the site
#[derive(Debug, Args)]
pub(super) struct Versions {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Keep a version from `immostats gc`
    Pin {
        /// Its number, or `previous`
        version: String,
    },
    /// Let `immostats gc` drop a version again
    Unpin {
        /// Its number, or `previous`
        version: String,
    },
}

impl Versions {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        if let Some(action) = &self.action {
            let (version, pinned) = match action {
                Action::Pin { version } => (version, true),
                Action::Unpin { version } => (version, false),
            };
            let number = pin(&context.project, version, pinned)?;
            let text = if pinned { "is kept" } else { "may be dropped" };
            context.terminal.summary(
                &format!("version {number} {text}"),
                &json!({"version": number, "pinned": pinned}),
            );
            return Ok(());
        }
        let versions = list(&context.project)?;
        context.terminal.summary(&text(&versions), &versions);
        Ok(())
    }
}

fn text(versions: &[Version]) -> String {
    if versions.is_empty() {
        return "no version yet; run `immostats build`".into();
    }
    let mut text = String::new();
    for version in versions {
        let changes = &version.changes;
        let _ = writeln!(
            text,
            "{} {}  {}  {}: {} updated, {:+} sales, pages +{} ~{} −{}; {}, {:.1} MB{}",
            if version.live { "*" } else { " " },
            version.version,
            version.date,
            version.cause,
            counted(changes.cities_updated, "city"),
            changes.new_transactions,
            changes.pages_added,
            changes.pages_changed,
            changes.pages_removed,
            counted(version.pages, "page"),
            version.size as f64 / 1e6,
            if version.pinned { ", pinned" } else { "" },
        );
    }
    text.push_str("* live");
    text
}
