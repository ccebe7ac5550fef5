//! The purge: what changed since a CDN was last told, sent to it in batches, until it has accepted all of it.

use std::collections::BTreeSet;

use thiserror::Error;

use super::address::addresses;
use super::cdn::{CdnClient, CdnError, CdnSettings};
use crate::base::stop::StopPoint;
use crate::version::{CdnBacklog, EVERYTHING, Store, VersionError};

/// A CDN that refused so many batches in a row is left alone until the next time.
const MOST_FAILURES: usize = 3;

/// Why nothing was purged.
#[derive(Debug, Error)]
pub enum PurgeError {
    /// The version store could not say what changed, or record what was purged.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// The CDN could not be asked, or refused.
    #[error(transparent)]
    Cdn(#[from] CdnError),
}

/// What a CDN has to be told.
pub struct PurgePlan {
    /// The name under which the CDN is remembered.
    pub cdn: String,
    stale: CdnBacklog,
    /// Addresses relative to the site's, those of earlier times that failed among them; or [`EVERYTHING`] alone.
    pub addresses: BTreeSet<String>,
}

impl PurgePlan {
    /// The version that the difference was taken from; `None` when it is not known what the CDN holds.
    pub fn since(&self) -> Option<&str> {
        self.stale.since.as_deref()
    }

    /// The live version.
    pub fn version(&self) -> &str {
        &self.stale.version
    }

    /// Whether the CDN is to forget everything in one call.
    pub fn is_everything(&self) -> bool {
        self.addresses.contains(EVERYTHING)
    }
}

/// What a purge did.
#[derive(Debug, Default)]
pub struct Purged {
    /// Addresses that the CDN accepted, or 1 for everything.
    pub accepted: usize,
    /// Addresses that it did not, which are sent the next time.
    pub left: usize,
    /// Why, each reason once.
    pub reasons: Vec<String>,
}

/// Finds out what the CDN before the site at an address has to be told: the difference to the version that it was last told of, or to
/// `since`, and what it did not accept before.
///
/// # Errors
/// When there is no version, or none named `since`.
pub fn plan_purge(
    store: &Store,
    settings: &CdnSettings,
    site: &str,
    since: Option<&str>,
) -> Result<PurgePlan, PurgeError> {
    let cdn = settings.cdn.remembered_as();
    let stale = store.cdn_backlog(&cdn, since)?;
    let mut pending = addresses(&stale.paths, &stale.known);
    let mut everything = stale.since.is_none();
    if !everything {
        pending.extend(store.unpurged(&cdn)?);
        everything = pending.remove(EVERYTHING);
    }
    everything |= pending.len() > settings.everything_above;
    if everything && settings.cdn.forget_everything(site)?.is_some() {
        pending = BTreeSet::from([EVERYTHING.to_owned()]);
    }
    Ok(PurgePlan {
        cdn,
        stale,
        addresses: pending,
    })
}

/// Carries a plan out. It is written down first, and each batch that was accepted is struck out, so that whatever
/// interrupts it, the next time goes on from there.
///
/// # Errors
/// When the CDN cannot be asked at all, for want of credentials, or SQLite fails. What the CDN did not accept is no error
/// but told in what this gives.
pub async fn purge(
    store: &mut Store,
    settings: &CdnSettings,
    site: &str,
    plan: &PurgePlan,
) -> Result<Purged, PurgeError> {
    let mut outcome = Purged::default();
    store.queue_purge(&plan.cdn, &plan.stale, &plan.addresses)?;
    StopPoint::PurgeQueued.reach();
    if plan.addresses.is_empty() {
        return Ok(outcome);
    }
    let cdn = settings.cdn.as_ref();
    let mut client = CdnClient::new(cdn, settings.patience, site)?;
    let pending: Vec<String> = plan.addresses.iter().cloned().collect();
    let mut failures = 0;
    for batch in pending.chunks(cdn.batch()) {
        let sent = if plan.is_everything() {
            client.forget_everything().await
        } else {
            client.forget(batch).await
        };
        match sent {
            Ok(()) => {
                StopPoint::PurgeAccepted.reach();
                store.purged(batch)?;
                outcome.accepted += batch.len();
                failures = 0;
            }
            Err(error) => {
                failures += 1;
                let reason = error.to_string();
                if !outcome.reasons.contains(&reason) {
                    outcome.reasons.push(reason);
                }
                if error.is_lasting() || failures >= MOST_FAILURES {
                    break;
                }
            }
        }
    }
    outcome.left = pending.len() - outcome.accepted;
    Ok(outcome)
}
