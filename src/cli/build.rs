use clap::Args;
use serde_json::{Value, json};

use super::context::Context;
use crate::app::build::{BuildOptions, build};
use crate::app::{Built, Failure};

/// Compute what changed, make the pages and bring site/ to them
///
/// Only the figures whose sales changed are computed. Without --only-changed every page is rendered again; files that
/// come out the same are not touched either way.
#[derive(Debug, Args)]
pub(super) struct Build {
    /// Render only the pages whose content changed
    #[arg(long)]
    only_changed: bool,
    /// Make the pages of these communes only and leave all others as they are
    #[arg(long, value_name = "CODE", num_args = 1..)]
    city: Vec<String>,
    /// Go on although more pages would disappear than the configuration allows
    #[arg(long)]
    allow_removals: bool,
    /// Go on from a version that was rolled back, although nothing else changed
    #[arg(long)]
    resume: bool,
}

impl Build {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let options = BuildOptions {
            only_changed: self.only_changed,
            cities: self.city,
            allow_removals: self.allow_removals,
            resume: self.resume,
        };
        let built = build(&context.project, &options, &context.terminal)?;
        let (text, data) = summary(&built);
        context.terminal.summary(&text, &data);
        Ok(())
    }
}

/// What a build did, in words and as JSON.
pub(super) fn summary(built: &Built) -> (String, Value) {
    let Built {
        refreshed,
        version,
        checkout,
        seconds,
        ..
    } = built;
    let changes = built.commit.as_ref().map(|commit| &commit.changes);
    let rendered = built.commit.as_ref().map_or(0, |commit| commit.rendered);
    let news = if built.is_new() {
        ""
    } else {
        " (nothing changed)"
    };
    let mut text = format!(
        "version {version}{news}\n  cities:  {} computed, {} updated\n  pages:   {rendered} rendered, {} written, {} unchanged, {} removed\n  time:    {seconds:.1} s",
        refreshed.communes,
        changes.map_or(0, |changes| changes.cities_updated),
        checkout.written,
        checkout.unchanged,
        checkout.removed,
    );
    if built.held {
        text.push_str(&format!(
            "\nVersion {version} was brought back by a rollback, and the data are those of the version that it replaced: it stays. To move on all the same: immostats build --resume"
        ));
    }
    let data = json!({
        "version": version, "new": built.is_new(), "held": built.held, "cities_computed": refreshed.communes,
        "places_computed": refreshed.places, "changes": changes, "rendered": rendered, "written": checkout.written,
        "unchanged": checkout.unchanged, "removed": checkout.removed, "seconds": seconds,
    });
    (text, data)
}
