//! From an address to a whole and sound file, however often the line is cut.
//!
//! A file comes into `ITEM.part`; `ITEM.part.json` beside it says what it is a part of, so that a later attempt, or a later
//! run after a kill, asks for the rest only. There is at most one part an item, and none once the file has its name.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use indicatif::ProgressBar;
use reqwest::header::{
    CONTENT_RANGE, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use reqwest::{Method, Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::client::{Stamp, UpstreamClient, text};
use super::error::SourceError;
use super::inspect::{FileForm, inspect};
use super::ledger::{FetchedFile, LedgerEntry};
use super::upstream::UpstreamFile;
use crate::base::stop::StopPoint;
use crate::config::{GristNotes, PagedApi};
use crate::files;
use crate::http::{HttpError, RedactedUrl};

pub(super) const MEGABYTE: u64 = 1_000_000;

/// A file to fetch.
pub struct DownloadOrder {
    /// The id of the source that the file belongs to.
    pub source: String,
    /// How the file should look.
    pub form: FileForm,
    /// The file as the producer offers it: its address and what is known of it.
    pub upstream: UpstreamFile,
    /// The API that gives its records, where it is no file.
    pub pages: Option<PagedApi>,
    /// The table of notes that it is, where it is one.
    pub grist: Option<GristNotes>,
    /// What the ledger holds of the file from its last import or download.
    pub known: LedgerEntry,
    /// Whether it is taken although its checksum is not the one that the producer states, which may be that of an earlier
    /// edition.
    pub any_checksum: bool,
}

/// What came of an order.
pub enum DownloadOutcome {
    /// Upstream says that it is what was imported, or that there is nothing.
    Unchanged,
    /// The file was downloaded, and waits in the folder of downloads.
    New(FetchedFile),
}

/// What a part is a part of.
#[derive(Serialize, Deserialize)]
struct PartNote {
    address: String,
    etag: Option<String>,
    last_modified: Option<String>,
    length: Option<u64>,
}

/// The file that is coming.
pub(super) struct PartFile {
    /// Of downloads.
    pub folder: PathBuf,
    /// Below it.
    relative: PathBuf,
    pub path: PathBuf,
}

impl PartFile {
    pub(super) fn new(downloads: &Path, source: &str, item: &str) -> Self {
        let relative = Path::new(source).join(format!("{item}.part"));
        Self {
            folder: downloads.into(),
            path: downloads.join(&relative),
            relative,
        }
    }

    /// What stands beside the part says what it is a part of.
    pub(super) fn note(&self) -> PathBuf {
        self.relative.with_extension("part.json")
    }

    /// What an earlier attempt left, and the byte to go on from; at least one byte is asked for again, so that the server
    /// says whether it is still the same file.
    fn left(&self, address: &str) -> Option<(Stamp, u64)> {
        let whole: PartNote =
            serde_json::from_slice(&std::fs::read(self.folder.join(self.note())).ok()?).ok()?;
        let stamp = Stamp {
            etag: whole.etag,
            last_modified: whole.last_modified,
            length: whole.length,
        };
        let had = self.path.metadata().ok()?.len();
        let from = had.min(stamp.length.unwrap_or(had)).saturating_sub(1);
        (whole.address == address && stamp.validator().is_some() && from > 0)
            .then_some((stamp, from))
    }

    /// Opens it to write from a byte on.
    pub(super) fn open(&self, from: u64) -> Result<File, SourceError> {
        let mut file = files::open_beside(&self.folder, &self.relative)?;
        file.set_len(from)
            .and_then(|()| file.seek(SeekFrom::Start(from)))
            .map_err(|source| self.failed(source))?;
        Ok(file)
    }

    pub(super) fn remove(&self) -> Result<(), SourceError> {
        files::remove(&self.folder, &self.relative)?;
        Ok(files::remove(&self.folder, self.note())?)
    }

    pub(super) fn failed(&self, source: io::Error) -> SourceError {
        SourceError::File {
            path: self.path.clone(),
            source,
        }
    }
}

/// Removes what an interrupted download of an item left.
///
/// # Errors
/// When the folder cannot be written to.
pub fn forget_part(downloads: &Path, source: &str, item: &str) -> Result<(), SourceError> {
    PartFile::new(downloads, source, item).remove()
}

/// Fetches a file into the folder of downloads and proves it whole. `progress` counts bytes.
///
/// # Errors
/// When it cannot be had, or is not what it should be; whatever the folder held before is still there.
pub(super) async fn download(
    client: &UpstreamClient,
    downloads: &Path,
    order: &DownloadOrder,
    progress: &ProgressBar,
) -> Result<DownloadOutcome, SourceError> {
    let part = PartFile::new(downloads, &order.source, &order.upstream.item);
    let outcome = client
        .http
        .retrying(&order.upstream.url, || {
            attempt(client, order, &part, progress)
        })
        .await;
    // A part without a way to resume it is of no use to the next run.
    if outcome.is_err() && part.left(&order.upstream.shown()).is_none() {
        part.remove()?;
    }
    outcome
}

async fn attempt(
    client: &UpstreamClient,
    order: &DownloadOrder,
    part: &PartFile,
    progress: &ProgressBar,
) -> Result<DownloadOutcome, SourceError> {
    let started = Instant::now();
    let left = part.left(&order.upstream.shown());
    let url = order.upstream.url.clone();
    let mut request = client.request(&order.source, Method::GET, url).await?;
    request.headers.extend(conditions(order, left.as_ref()));
    let mut response = client.http.send(&request).await?;
    if response.status() == StatusCode::NOT_MODIFIED {
        return Ok(DownloadOutcome::Unchanged);
    }
    let from = resumes(&response, left.as_ref()).inspect_err(|_| drop(part.remove()))?;
    let mut stamp = Stamp::of(response.headers());
    stamp.length = stamp.length.map(|length| length + from);
    let limit = client.settings.maximum_size * MEGABYTE;
    if stamp.length.is_some_and(|length| length > limit) {
        part.remove()?;
        return Err(too_large(order, limit));
    }
    if from == 0 {
        part.remove()?;
        let whole = PartNote {
            address: order.upstream.shown(),
            etag: stamp.etag.clone(),
            last_modified: stamp.last_modified.clone(),
            length: stamp.length,
        };
        files::write(
            &files::below(&part.folder, part.note())?,
            serde_json::to_string(&whole).unwrap_or_default().as_bytes(),
        )?;
    }
    let size = receive(client, order, part, &mut response, from, limit, progress).await?;
    let seconds = started.elapsed().as_secs_f64();
    let resumed = match from {
        0 => String::new(),
        from => format!(", resumed at {:.1} MB", from as f64 / 1e6),
    };
    tracing::info!(
        "{} {}: {:.1} MB in {seconds:.1} s, {:.1} MB/s{resumed}",
        order.source,
        order.upstream.item,
        size as f64 / 1e6,
        (size - from) as f64 / 1e6 / seconds.max(0.001)
    );
    prove(client, order, part, &order.form, stamp, from > 0).await
}

/// The conditions of a request: the rest of the part that is here, else the file unless it is the one imported.
fn conditions(order: &DownloadOrder, left: Option<&(Stamp, u64)>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut set = |name, value: Option<&str>| {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    };
    if let Some((stamp, from)) = left {
        set(RANGE, Some(&format!("bytes={from}-")));
        set(IF_RANGE, stamp.validator());
    } else if let Some(held) = &order.known.imported
        && held.address == order.upstream.shown()
    {
        set(IF_NONE_MATCH, held.stamp.etag.as_deref());
        set(IF_MODIFIED_SINCE, held.stamp.last_modified.as_deref());
    }
    headers
}

/// The byte that an answer begins with: 0 unless it is the rest that was asked for.
fn resumes(response: &Response, left: Option<&(Stamp, u64)>) -> Result<u64, HttpError> {
    if response.status() != StatusCode::PARTIAL_CONTENT {
        return Ok(0);
    }
    let range = text(response.headers(), &CONTENT_RANGE).unwrap_or_default();
    let now = Stamp::of(response.headers());
    match left {
        Some((stamp, from))
            if range.starts_with(&format!("bytes {from}-"))
                && now.validator() == stamp.validator() =>
        {
            Ok(*from)
        }
        _ => Err(HttpError::Network {
            address: RedactedUrl(response.url()).to_string(),
            reason: "it sent another part of the file than was asked for".into(),
        }),
    }
}

/// Writes an answer to the part. Gives the size that the part then has.
async fn receive(
    client: &UpstreamClient,
    order: &DownloadOrder,
    part: &PartFile,
    response: &mut Response,
    from: u64,
    limit: u64,
    progress: &ProgressBar,
) -> Result<u64, SourceError> {
    let announced = response.content_length().unwrap_or(0);
    progress.inc_length(announced);
    let mut file = part.open(from)?;
    let mut received = 0;
    let outcome = loop {
        match client.http.chunk(&order.upstream.url, response).await {
            Ok(None) => break Ok(()),
            Err(error) => break Err(error.into()),
            Ok(Some(bytes)) => {
                received += bytes.len() as u64;
                if from + received > limit {
                    part.remove()?;
                    break Err(too_large(order, limit));
                }
                file.write_all(&bytes)
                    .map_err(|source| part.failed(source))?;
                StopPoint::DownloadReceived.reach();
                progress.inc(bytes.len() as u64);
            }
        }
    };
    if announced == 0 {
        progress.inc_length(received);
    }
    if outcome.is_err() {
        // The next attempt announces what is left.
        progress.dec_length(announced.saturating_sub(received));
    }
    outcome.map(|()| from + received)
}

/// Reads the file to its end, compares it with what upstream states, and gives it its name.
pub(super) async fn prove(
    client: &UpstreamClient,
    order: &DownloadOrder,
    part: &PartFile,
    form: &FileForm,
    stamp: Stamp,
    patched: bool,
) -> Result<DownloadOutcome, SourceError> {
    let (path, form, checksum) = (
        part.path.clone(),
        form.clone(),
        order
            .upstream
            .checksum
            .clone()
            .filter(|_| !order.any_checksum),
    );
    let most = client.settings.maximum_unpacked * MEGABYTE;
    let inspected =
        tokio::task::spawn_blocking(move || inspect(&path, &form, checksum.as_ref(), most))
            .await
            .map_err(|error| part.failed(io::Error::other(error)))?
            .map_err(|source| part.failed(source))?;
    let inspected = match inspected {
        Ok(inspected) => inspected,
        Err(reason) => {
            part.remove()?;
            return Err(SourceError::Refused {
                address: order.upstream.shown(),
                reason,
                patched,
            });
        }
    };
    let blake3 = inspected.blake3.to_hex();
    let file = format!(
        "{}-{}{}",
        order.upstream.item,
        &blake3[..12],
        inspected.extension
    );
    let target = part.path.with_file_name(&file);
    files::finish(&part.path, &target)?;
    files::remove(&part.folder, part.note())?;
    StopPoint::DownloadNamed.reach();
    Ok(DownloadOutcome::New(FetchedFile {
        address: order.upstream.shown(),
        stamp: Stamp {
            length: Some(inspected.size),
            ..stamp.clone()
        },
        checksum: order.upstream.checksum.clone(),
        released: order.upstream.released.clone().or_else(|| stamp.date()),
        file,
        blake3: blake3.to_string(),
    }))
}

pub(super) fn too_large(order: &DownloadOrder, limit: u64) -> SourceError {
    SourceError::Refused {
        address: order.upstream.shown(),
        reason: format!("it weighs more than {limit} bytes, which fetch.maximum_size bounds"),
        patched: false,
    }
}
