//! The purge: a CDN is told what changed.

use super::failure::Failure;
use super::project::Project;
use crate::base::words::counted;
use crate::deploy::{self, PurgePlan, Purged};
use crate::http::block_on;

/// What a CDN was told, or would be.
pub struct Purge {
    /// What the CDN has to be told.
    pub plan: PurgePlan,
    /// What it accepted; `None` when nothing was sent.
    pub outcome: Option<Purged>,
    /// The site's address.
    pub site: String,
}

impl Purge {
    /// Success when the CDN accepted all that it was told.
    ///
    /// # Errors
    /// When it did not; what is left is sent the next time.
    pub fn verdict(&self) -> Result<(), Failure> {
        let Some(outcome) = self.outcome.as_ref().filter(|outcome| outcome.left > 0) else {
            return Ok(());
        };
        let what = if self.plan.is_everything() {
            "the purge of everything was not accepted, and is".to_owned()
        } else {
            format!("{} not accepted, to be", counted(outcome.left, "address"))
        };
        let reasons = outcome.reasons.join("\n");
        Err(Failure::because(format!(
            "{what} sent by the next `immostats purge`:\n{reasons}"
        )))
    }
}

/// Tells the CDN of the configuration what changed since it was last told, or since a version; with `dry_run`, only finds
/// out what that is. `None` where there is no CDN.
///
/// # Errors
/// When there is no version or none of that name, or the CDN cannot be asked at all. What it did not accept is in the
/// outcome.
pub fn purge(
    project: &Project,
    since: Option<&str>,
    dry_run: bool,
) -> Result<Option<Purge>, Failure> {
    let (config, services) = project.settings()?;
    let Some(cdn) = &services.cdn else {
        return Ok(None);
    };
    let site = config.site.address;
    let _lock = match dry_run {
        true => None,
        false => Some(project.lock("purge")?),
    };
    let mut store = project.store_to_write()?;
    let plan = deploy::plan_purge(&store, cdn, &site, since)?;
    let outcome = match dry_run {
        true => None,
        false => Some(block_on(deploy::purge(&mut store, cdn, &site, &plan))??),
    };
    Ok(Some(Purge {
        plan,
        outcome,
        site,
    }))
}
