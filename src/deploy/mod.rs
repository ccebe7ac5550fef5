//! Versions to the places that serve them, and to the people who want to know.

mod address;
mod archive;
mod bucket;
mod cdn;
mod delivery;
mod grist;
mod host;
pub mod notify;
mod online;
mod publish;
mod purge;
mod registry;
mod settings;
mod template;

pub use archive::{ArchiveError, KeptJournal, journal_name, keep_journal, packed_journal};
pub use bucket::{Bucket, BucketError};
pub use cdn::{Cdn, CdnError, CdnSettings};
pub use delivery::{Delivery, delivery};
pub use grist::{
    GristChoice, GristReport, GristSettings, RefusedRecord, export_to_grist, has_grist_key,
    parse_timeout,
};
pub use host::{
    BucketSettings, DeploySettings, Excess, HOSTS, Host, HostFile, HostPlan, Keys, Limits,
    MissingKey, SentHeaders, SiteExtent, excesses,
};
pub use online::{Online, OnlineError};
pub use publish::{BucketChanges, PublishError, PublishOptions, publish};
pub use purge::{PurgeError, PurgePlan, Purged, plan_purge, purge};
pub use settings::{Services, template};
