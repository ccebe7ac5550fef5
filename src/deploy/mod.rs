//! Versions to the places that serve them, and to the people who want to know.

mod access;
mod address;
mod bucket;
mod cdn;
mod delivery;
mod hosts;
pub mod notify;
mod online;
mod publish;
mod purge;
mod servers;
mod template;

pub use access::cdn_credentials;
pub use bucket::{Bucket, Keys};
pub use cdn::CdnError;
pub use delivery::{Delivery, delivery};
pub use hosts::{Excess, Extent, Limits, excesses, host_key, limits};
pub use online::{Online, OnlineError};
pub use publish::{Options, Outcome, PublishError, publish};
pub use purge::{Plan as PurgePlan, PurgeError, Purged, plan as plan_purge, purge};
pub use servers::{HostFile, host_files};
