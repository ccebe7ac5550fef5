use std::fmt::Write as _;

use clap::Args;
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::publish::{PublishReport, publish};
use crate::base::words::counted;

/// Upload the live version to the bucket of the configuration
///
/// Only what differs from what the bucket holds is uploaded, pages after what they show, version.json at the very end;
/// what is gone from the site is removed, what immostats did not put there stays. Interrupted, running it again goes on.
/// The keys are taken from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN in the environment.
#[derive(Debug, Args)]
pub(super) struct Publish {
    /// List what would be uploaded and removed, and do nothing
    #[arg(long)]
    dry_run: bool,
}

impl Publish {
    pub(super) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let PublishReport {
            bucket,
            outcome,
            seconds,
        } = publish(&context.project, self.dry_run, &context.terminal)?;
        let mut text = String::new();
        if self.dry_run {
            for path in &outcome.uploaded {
                let _ = writeln!(text, "upload {path}");
            }
            for path in &outcome.removed {
                let _ = writeln!(text, "remove {path}");
            }
        }
        let version = &outcome.version;
        let head = if self.dry_run {
            format!("to bring bucket {bucket} to version {version}")
        } else {
            format!("version {version} is in bucket {bucket}")
        };
        let _ = write!(
            text,
            "{head}: {} uploaded ({:.1} MB), {} removed, {} unchanged ({seconds:.1} s)",
            counted(outcome.uploaded.len(), "file"),
            outcome.bytes as f64 / 1e6,
            outcome.removed.len(),
            outcome.unchanged,
        );
        if outcome.listed {
            let _ = write!(
                text,
                "\nwhat the bucket held was not known from before, so it was listed; {} there, none of the site's, stay",
                counted(outcome.foreign, "file")
            );
        }
        context.terminal.summary(
            &text,
            &json!({
                "bucket": bucket, "dry_run": self.dry_run, "version": outcome.version,
                "uploaded": outcome.uploaded.len(), "removed": outcome.removed.len(),
                "unchanged": outcome.unchanged, "bytes": outcome.bytes, "listed": outcome.listed,
                "foreign": outcome.foreign, "seconds": seconds,
                "upload": self.dry_run.then_some(&outcome.uploaded),
                "remove": self.dry_run.then_some(&outcome.removed),
            }),
        );
        Ok(())
    }
}
