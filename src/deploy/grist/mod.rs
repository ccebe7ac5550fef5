//! Figures into a table of Grist (<https://support.getgrist.com/api/>), brought to what the site publishes: what is there
//! already is not sent again, and what is the operator's own is left alone.

mod batch;
mod client;
mod error;
mod records;
mod report;
mod schema;
mod settings;
mod sync;

pub use client::has_grist_key;
pub use report::{GristReport, RefusedRecord};
pub use settings::{GristChoice, GristSettings, parse_timeout};
pub use sync::export_to_grist;

pub(super) use settings::{read, template};
