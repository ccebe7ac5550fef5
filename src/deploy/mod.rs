//! Versions to the places that serve them.

mod bucket;
mod delivery;
mod hosts;
mod online;
mod publish;
mod servers;

pub use bucket::{Bucket, Keys};
pub use delivery::{Delivery, delivery};
pub use hosts::{Excess, Extent, Limits, excesses, limits};
pub use online::{Online, OnlineError};
pub use publish::{Options, Outcome, PublishError, publish};
pub use servers::{HostFile, host_files};
