//! The versions of the site: how they differ, and which are kept: pinned ones, and what a collection leaves.

use jiff::civil::Date;

use super::failure::Failure;
use super::project::Project;
use crate::version::{CheckoutHints, CollectionPlan, Difference, Version, checkout};

/// The versions, the newest first.
///
/// # Errors
/// When there is none, or the store fails.
pub fn list(project: &Project) -> Result<Vec<Version>, Failure> {
    Ok(project.store()?.versions()?)
}

/// What changed for readers between two versions, each by its number or `previous`.
///
/// # Errors
/// When there is no such version, or the store fails.
pub fn compare(project: &Project, from: &str, to: &str) -> Result<Difference, Failure> {
    Ok(project.store()?.diff(from, to)?)
}

/// Pins a version, by its number or `previous`, so that no collection drops it, or lets it go again. Gives its number.
///
/// # Errors
/// When there is no such version.
pub fn pin(project: &Project, version: &str, pinned: bool) -> Result<String, Failure> {
    let (_lock, mut store) = project.lock_with_store("versions")?;
    Ok(store.pin(version, pinned)?)
}

/// Drops all versions but the newest `keep`, those built since a day, the pinned ones, the live one and the one before
/// it; with `dry_run`, only tells which.
///
/// # Errors
/// When there is no version, or the store fails.
pub fn collect(
    project: &Project,
    keep: usize,
    since: Option<Date>,
    dry_run: bool,
) -> Result<CollectionPlan, Failure> {
    let (_lock, mut store) = project.lock_with_store("gc")?;
    let since = since.map(|date| date.to_string());
    let plan = store.plan_collection(keep, since.as_deref())?;
    if !dry_run {
        store.collect(&plan)?;
        // version.json lists no version that is no more.
        checkout(&store, &project.site(), CheckoutHints::default(), &|_| {})?;
    }
    Ok(plan)
}
