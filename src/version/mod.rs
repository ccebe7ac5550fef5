//! Versions of the site: every state that was built, kept whole in a SQLite database, and `site/` as the checkout of
//! the live one.
//!
//! A version is a list of paths, each with the hash of its content; what did not change between two versions is stored
//! once. A version is committed in one transaction; then [`checkout`] brings `site/` to it, and can be interrupted and
//! taken up again at any instant. The files for operators, which tell of versions and runs, are made by the site when a
//! version goes live, and kept like any other content.
//!
//! The store is a database of its own, beside that of the sales, and its SQL stands here.

mod archive;
mod baseline;
mod checkout;
mod commit;
mod continuation;
mod diff;
mod error;
mod gc;
mod history;
mod inputs;
mod live;
mod manifest;
mod objects;
mod published;
mod purges;
mod runs;
mod store;
mod verify;

pub use archive::{ArchivedFile, ArchivedRelease};
pub use baseline::Baseline;
pub use checkout::{CheckoutCounts, CheckoutHints, FolderSurvey, checkout};
pub use commit::{BuildRequest, Committed, commit};
pub use continuation::inherit;
pub use diff::Difference;
pub use error::VersionError;
pub use gc::CollectionPlan;
pub use history::Version;
pub use inputs::Inputs;
pub use live::LiveVersion;
pub use published::{LiveFiles, Publication};
pub use purges::{CdnBacklog, EVERYTHING};
pub use store::{Head, Store};
pub use verify::{DamagedContent, Findings};
