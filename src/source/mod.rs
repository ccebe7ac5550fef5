//! What exists upstream, what of it is new, and how it comes here whole.
//!
//! [`survey()`] asks, [`fetch()`] downloads. Neither knows the database: what was fetched and imported before comes in as a
//! [`Ledger`], and what came is handed over file by file. The catalogue is the configuration's
//! ([`crate::config::Source`]).

mod access;
mod api;
mod client;
mod download;
mod error;
mod grist;
mod inspect;
mod ledger;
mod pages;
mod survey;
mod unpack;
mod upstream;

use std::path::Path;

use futures_util::{StreamExt, stream};
use indicatif::ProgressBar;

#[cfg(any(test, fuzzing))]
pub(crate) use api::picked as picked_resources;
pub use client::{Stamp, UpstreamClient};
pub use download::{DownloadOrder, DownloadOutcome, forget_part};
pub use error::SourceError;
pub use inspect::{Checksum, FileForm};
pub use ledger::{FetchedFile, Ledger, LedgerEntry};
#[cfg(any(test, fuzzing))]
pub(crate) use pages::read_in_each_shape as read_pages;
pub use survey::{FileFinding, FileState, SourceReport, survey};
pub use unpack::{UnpackError, Wrapping};
pub(crate) use unpack::{buffered, unpack};
pub use upstream::UpstreamFile;

/// Fetches files into the folder of downloads, several at once, and tells of each as soon as it is done.
///
/// # Errors
/// The errors of `done`, which end it; what was under way is resumed by the next run.
pub async fn fetch<E>(
    client: &UpstreamClient,
    downloads: &Path,
    orders: &[DownloadOrder],
    progress: &ProgressBar,
    mut done: impl FnMut(&DownloadOrder, Result<DownloadOutcome, SourceError>) -> Result<(), E>,
) -> Result<(), E> {
    let mut coming = stream::iter(orders)
        .map(|order| async move {
            let outcome = match (&order.pages, &order.grist) {
                (Some(api), _) => pages::gather(client, downloads, order, api, progress).await,
                (None, Some(notes)) => grist::gather(client, downloads, order, notes).await,
                (None, None) => download::download(client, downloads, order, progress).await,
            };
            (order, outcome)
        })
        .buffer_unordered(client.settings.parallel);
    while let Some((order, outcome)) = coming.next().await {
        done(order, outcome)?;
    }
    Ok(())
}
