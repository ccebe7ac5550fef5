//! What exists upstream, what of it is new, and how it comes here whole.
//!
//! [`survey()`] asks, [`fetch()`] downloads. Neither knows the database: what was fetched and imported before comes in as a
//! [`Ledger`], and what came is handed over file by file. The catalogue is the configuration's
//! ([`crate::config::Source`]).

mod address;
mod api;
mod download;
mod error;
mod guard;
mod http;
mod inspect;
mod ledger;
mod survey;

use std::path::Path;

use futures_util::{StreamExt, stream};
use indicatif::ProgressBar;

pub use address::Shown;
pub use download::{Fetched, Order, forget_part};
pub use error::SourceError;
pub use guard::Stray;
pub(crate) use http::retry_after;
pub use http::{Http, Stamp};
pub use inspect::{Checksum, FileForm};
pub use ledger::{Held, Known, Ledger};
pub use survey::{Finding, Report, State, Upstream, survey};

/// Fetches files into the folder of downloads, several at once, and tells of each as soon as it is done.
///
/// # Errors
/// Those of `done`, which end it; what was under way is resumed by the next run.
pub async fn fetch<E>(
    http: &Http,
    downloads: &Path,
    orders: &[Order],
    progress: &ProgressBar,
    mut done: impl FnMut(&Order, Result<Fetched, SourceError>) -> Result<(), E>,
) -> Result<(), E> {
    let mut coming = stream::iter(orders)
        .map(|order| async move {
            (
                order,
                download::download(http, downloads, order, progress).await,
            )
        })
        .buffer_unordered(http.settings().parallel);
    while let Some((order, outcome)) = coming.next().await {
        done(order, outcome)?;
    }
    Ok(())
}
