//! The rollback: an earlier version is live again, and `site/` is brought to it.

use std::time::Instant;

use anyhow::Context as _;

use super::failure::Failure;
use super::observer::Observer;
use super::project::Project;
use super::record::recorded;
use crate::base::run::RunOutcome;
use crate::version::{CheckoutCounts, CheckoutHints, checkout};

/// What a rollback did.
#[derive(Debug)]
pub struct RolledBack {
    /// The live version.
    pub version: String,
    /// What was done to `site/`.
    pub checkout: CheckoutCounts,
    /// How long it took.
    pub seconds: f64,
}

/// Brings a version back, by its number or `previous`, and leaves a record of the run.
///
/// # Errors
/// When there is no such version, or `site/` cannot be brought to it.
pub fn roll_back(
    project: &Project,
    version: &str,
    observer: &dyn Observer,
) -> Result<RolledBack, Failure> {
    recorded(project, observer, "rollback", |details| {
        let started = Instant::now();
        let (_lock, mut store) = project.lock_with_store("rollback")?;
        let before = store.head()?.map(|head| head.number);
        let version = store.rollback(version)?;
        let outcome = if before.as_ref() == Some(&version) {
            RunOutcome::Unchanged
        } else {
            details.previous = before;
            RunOutcome::RolledBack
        };
        let site = project.site();
        let checkout = checkout(&store, &site, CheckoutHints::default(), &|_| {}).with_context(|| {
            format!(
                "version {version} is the live one now, but {} was not brought to it; run the command again",
                site.display()
            )
        })?;
        let seconds = started.elapsed().as_secs_f64();
        let done = RolledBack {
            version,
            checkout,
            seconds,
        };
        Ok((outcome, done))
    })
}
