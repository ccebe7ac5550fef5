use clap::Args;
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::purge::{Purge as Purging, purge};
use crate::base::words::counted;
use crate::deploy::{PurgePlan, Purged};

/// Tell the CDN to forget what changed
///
/// Sends the addresses of all that differs between the version that the CDN was last told of and the live one, whichever is
/// the later, to the CDN of [cdn] in immostats.toml. What it does not accept is remembered and sent the next time; the exit
/// code is then 1. Without a CDN it does nothing.
#[derive(Debug, Args)]
pub(super) struct Purge {
    /// Take the difference from this version: its number, or `previous`
    #[arg(long, value_name = "VERSION")]
    since: Option<String>,
    /// Print the addresses and send nothing
    #[arg(long)]
    dry_run: bool,
}

impl Purge {
    pub(super) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let since = self.since.as_deref();
        let Some(purge) = purge(&context.project, since, self.dry_run)? else {
            context.terminal.summary(
                "no CDN is configured ([cdn] in immostats.toml); there is nothing to purge",
                &json!({"cdn": null}),
            );
            return Ok(());
        };
        let from = match purge.plan.since() {
            Some(since) if since == purge.plan.version() => format!("version {since}"),
            Some(since) => format!("version {since} to {}", purge.plan.version()),
            None => format!("version {}", purge.plan.version()),
        };
        match &purge.outcome {
            None => preview(context, &purge, &from),
            Some(outcome) => tell(context, &purge.plan, outcome, &from),
        }
        purge.verdict()
    }
}

/// Tells what was sent.
fn tell(context: &Context, plan: &PurgePlan, outcome: &Purged, from: &str) {
    let text = match (plan.addresses.len(), plan.is_everything()) {
        (0, _) => format!("{from}: the CDN holds nothing that changed"),
        (_, true) if outcome.accepted > 0 => format!("{from}: the CDN forgets everything"),
        (_, true) => format!("{from}: the CDN was to forget everything"),
        (count, false) => format!(
            "{from}: {} of {} purged",
            outcome.accepted,
            counted(count, "address")
        ),
    };
    context.terminal.summary(
        &text,
        &json!({
            "cdn": plan.cdn, "since": plan.since(), "version": plan.version(),
            "everything": plan.is_everything(), "purged": outcome.accepted, "left": outcome.left,
        }),
    );
}

fn preview(context: &Context, purge: &Purging, from: &str) {
    let Purging { plan, site, .. } = purge;
    let addresses: Vec<_> = plan
        .addresses
        .iter()
        .map(|address| format!("{site}/{address}"))
        .collect();
    let text = match addresses.len() {
        0 => format!("{from}: nothing would be purged"),
        _ if plan.is_everything() => format!("{from}: everything would be purged"),
        count => format!(
            "{from}: {} would be purged\n{}",
            counted(count, "address"),
            addresses.join("\n")
        ),
    };
    context.terminal.summary(
        &text,
        &json!({
            "cdn": plan.cdn, "since": plan.since(), "version": plan.version(),
            "everything": plan.is_everything(), "would_purge": addresses,
        }),
    );
}
