//! Versions to the places that serve them.

mod bucket;
mod delivery;
mod publish;

pub use bucket::{Bucket, Keys};
pub use delivery::{Delivery, delivery};
pub use publish::{Options, Outcome, PublishError, publish};
