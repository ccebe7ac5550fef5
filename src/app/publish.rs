//! Publishing: the live version to a bucket.

use std::time::Instant;

use anyhow::Context as _;

use super::failure::Failure;
use super::observer::{Activity, Observer};
use super::project::Project;
use crate::deploy::{self, Bucket, Keys, PublishOptions};
use crate::http::block_on;

/// What a publication did, or would do.
#[derive(Debug)]
pub struct PublishReport {
    /// The bucket's name.
    pub bucket: String,
    /// What was uploaded and removed.
    pub outcome: deploy::BucketChanges,
    /// How long it took.
    pub seconds: f64,
}

/// Brings the bucket of the configuration to the live version; with `dry_run`, only finds out what that takes.
///
/// # Errors
/// When no bucket is configured, there is no version, or the bucket fails; what was uploaded is remembered.
pub fn publish(
    project: &Project,
    dry_run: bool,
    observer: &dyn Observer,
) -> Result<PublishReport, Failure> {
    let started = Instant::now();
    let (_, services) = project.settings()?;
    let Some(settings) = services.deploy.bucket() else {
        return Err(Failure::because(format!(
            "deploy.host in immostats.toml is not \"s3\": there is no bucket to upload to; set it and [deploy.s3], or publish the folder {} as your host expects it",
            project.site().display()
        )));
    };
    let bucket = Bucket::new("deploy.s3", settings, Keys::from_environment()?)?;
    let _lock = project.lock("publish")?;
    let store = project.store_to_write()?;
    let bar = observer.begin(Activity::Publishing);
    let options = PublishOptions {
        dry_run,
        planned: &|count| bar.set_length(count),
        progress: &|| bar.inc(1),
    };
    let outcome = block_on(deploy::publish(&store, &bucket, &options))?.context(if dry_run {
        "nothing was done"
    } else {
        "the bucket was not brought up to date; run the command again, it goes on from there"
    })?;
    bar.finish_and_clear();
    Ok(PublishReport {
        bucket: bucket.name().to_owned(),
        outcome,
        seconds: started.elapsed().as_secs_f64(),
    })
}
