use std::fmt::Write as _;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::json;

use super::Context;
use super::check::block_on;
use crate::config::{Config, Host};
use crate::deploy::{Bucket, Keys, Options, publish};

/// Upload the live version to the bucket of the configuration
///
/// Only what differs from what the bucket holds is uploaded, pages after what they show, version.json at the very end;
/// what is gone from the site is removed, what immostats did not put there stays. Interrupted, running it again goes on.
/// The keys are taken from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN in the environment.
#[derive(Debug, Args)]
pub struct Publish {
    /// List what would be uploaded and removed, and do nothing
    #[arg(long)]
    dry_run: bool,
}

impl Publish {
    pub(super) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    pub(super) fn run(&self, context: &Context) -> Result<()> {
        let started = Instant::now();
        let config = Config::load(context.project.root())?;
        if config.deploy.host != Host::S3 {
            bail!(
                "deploy.host in immostats.toml is not \"s3\": there is no bucket to upload to. Set it and [deploy.s3], or publish the folder {} as your host expects it",
                context.project.site().display()
            );
        }
        let bucket = Bucket::new(&config.deploy.s3, Keys::from_environment()?)?;
        let _lock = context.project.lock("publish", context.wait)?;
        let store = context.store()?;
        let bar = context.terminal.pages("publishing", 0);
        let options = Options {
            dry_run: self.dry_run,
            planned: &|count| bar.set_length(count),
            progress: &|| bar.inc(1),
        };
        let outcome = block_on(publish(&store, &bucket, &options))?.with_context(|| {
            if self.dry_run {
                "nothing was done".to_owned()
            } else {
                "the bucket was not brought up to date; run the command again, it goes on from there".to_owned()
            }
        })?;
        bar.finish_and_clear();
        let seconds = started.elapsed().as_secs_f64();
        let mut text = String::new();
        if self.dry_run {
            for path in &outcome.uploaded {
                let _ = writeln!(text, "upload {path}");
            }
            for path in &outcome.removed {
                let _ = writeln!(text, "remove {path}");
            }
        }
        let (place, version) = (bucket.name(), &outcome.version);
        let head = if self.dry_run {
            format!("to bring bucket {place} to version {version}")
        } else {
            format!("version {version} is in bucket {place}")
        };
        let _ = write!(
            text,
            "{head}: {} files uploaded ({:.1} MB), {} removed, {} unchanged ({seconds:.1} s)",
            outcome.uploaded.len(),
            outcome.bytes as f64 / 1e6,
            outcome.removed.len(),
            outcome.unchanged,
        );
        if outcome.listed {
            let _ = write!(
                text,
                "\nwhat the bucket held was not known from before, so it was listed; {} files there are not the site's and stay",
                outcome.foreign
            );
        }
        context.terminal.summary(
            &text,
            &json!({
                "bucket": bucket.name(), "dry_run": self.dry_run, "version": outcome.version,
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
