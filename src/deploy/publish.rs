//! The live version to a bucket: what differs is uploaded, what is gone from the site is removed, nothing else is touched.
//!
//! What the bucket holds is known from the publications before. Each begins by leaving a mark of its own both in the
//! version store and in the bucket: where the two differ, somebody else was at work there, and the bucket is listed.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::bucket::{Bucket, BucketError, ListedObject};
use super::delivery::{self, Delivery, delivery};
use crate::base::checksum::hexadecimal;
use crate::base::clock;
use crate::base::stop::StopPoint;
use crate::site::{UploadStep, upload_step};
use crate::version::{LiveFiles, Publication, Store, VersionError};

/// Path of the mark in the bucket. Its name keeps it out of what pages link to.
const MARK: &str = ".immostats-publication";

/// Why a version could not be published.
#[derive(Debug, Error)]
pub enum PublishError {
    /// The bucket could not be read or written.
    #[error(transparent)]
    Bucket(#[from] BucketError),
    /// The version store could not be read, or its content is damaged.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// No site was ever built, so that there is nothing to publish.
    #[error("there is no version yet; run `immostats build`")]
    Nothing,
}

/// How to publish.
pub struct PublishOptions<'a> {
    /// Tell what would be done, and do nothing.
    pub dry_run: bool,
    /// Told how many files there are to upload and remove, before the first one.
    pub planned: &'a dyn Fn(u64),
    /// Told of each that is done.
    pub progress: &'a dyn Fn(),
}

/// What was done, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BucketChanges {
    /// The number of the version that was published, or would be.
    pub version: String,
    /// Paths of the files that were new or had changed.
    pub uploaded: Vec<String>,
    /// Paths of the files that the version no longer has.
    pub removed: Vec<String>,
    /// How many files the bucket already had as they are.
    pub unchanged: u64,
    /// Bytes uploaded.
    pub bytes: u64,
    /// What the bucket held was not known, and had to be listed.
    pub listed: bool,
    /// Files found there that are not the site's. They stay.
    pub foreign: u64,
}

/// What the bucket says of the last publication that began.
#[derive(Serialize, Deserialize)]
struct Mark {
    mark: String,
    /// Stands for the headers that files were put there with.
    headers: String,
}

/// A file that is to be in the bucket.
struct Wanted {
    delivery: Delivery,
    fingerprint: [u8; 32],
}

/// Brings the bucket to the live version. `version.json` comes last. Interrupted, calling again goes on.
///
/// # Errors
/// When the bucket cannot be listed, read or written to; what was uploaded is remembered.
pub async fn publish(
    store: &Store,
    bucket: &Bucket,
    options: &PublishOptions<'_>,
) -> Result<BucketChanges, PublishError> {
    let place = bucket.name();
    let mut live = store.live_files()?.ok_or(PublishError::Nothing)?;
    let wanted: BTreeMap<String, Wanted> = live
        .hashes
        .iter()
        .filter(|(path, _)| upload_step(path) != UploadStep::Never)
        .map(|(path, hash)| {
            let delivery = delivery(path);
            let fingerprint = delivery.fingerprint(hash);
            let wanted = Wanted {
                delivery,
                fingerprint,
            };
            (path.clone(), wanted)
        })
        .collect();
    let mut outcome = BucketChanges {
        version: live.version.clone(),
        ..BucketChanges::default()
    };
    let mut known = store.publication(place)?;
    // What is no mark of this program's says nothing.
    let mark: Option<Mark> = bucket
        .get(MARK)
        .await?
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let trusted = mark
        .as_ref()
        .is_some_and(|mark| known.mark.as_ref() == Some(&mark.mark));
    if !trusted {
        let listing = bucket.list().await?;
        let same_headers = mark.is_some_and(|mark| mark.headers == delivery::digest());
        known.files = compare(store, &mut live, &wanted, &known, &listing, same_headers)?;
        outcome.listed = true;
        outcome.foreign = listing
            .keys()
            .filter(|path| *path != MARK && !known.files.contains_key(*path))
            .count() as u64;
    }
    let todo: Vec<&str> = wanted
        .iter()
        .filter(|(path, wanted)| {
            known.files.get(*path).copied().flatten() != Some(wanted.fingerprint)
        })
        .map(|(path, _)| path.as_str())
        .collect();
    let gone: Vec<String> = known
        .files
        .keys()
        .filter(|path| !wanted.contains_key(*path))
        .cloned()
        .collect();
    outcome.unchanged = (wanted.len() - todo.len()) as u64;
    outcome.uploaded = todo.iter().map(|path| (*path).to_owned()).collect();
    outcome.removed = gone.clone();
    if options.dry_run {
        for path in &todo {
            outcome.bytes += live.read(path)?.len() as u64;
        }
        return Ok(outcome);
    }
    if todo.is_empty() && gone.is_empty() && trusted {
        store.finish_publication(place, &outcome.version)?;
        return Ok(outcome);
    }
    let new = Mark {
        mark: new_mark(&outcome.version),
        headers: delivery::digest(),
    };
    known.mark = Some(new.mark.clone());
    store.begin_publication(place, &known, todo.iter().copied())?;
    StopPoint::PublicationBegun.reach();
    let text = serde_json::to_vec(&new).map_err(VersionError::from)?;
    let plain = Delivery {
        content_type: "application/json".into(),
        content_encoding: None,
        cache_control: Some("no-store"),
    };
    bucket.put(MARK, text, &plain).await?;
    (options.planned)((todo.len() + gone.len()) as u64);

    // A page may show what is new only once that is there.
    for step in [UploadStep::Assets, UploadStep::Data, UploadStep::Pages] {
        let files = todo
            .iter()
            .copied()
            .filter(|path| upload_step(path) == step);
        outcome.bytes += upload(store, bucket, &mut live, &wanted, files, options).await?;
    }
    stream::iter(&gone)
        .map(|path| async move {
            bucket.delete(path).await?;
            Ok::<_, PublishError>(path)
        })
        .buffer_unordered(bucket.parallel)
        .try_for_each(|path| {
            (options.progress)();
            std::future::ready(store.forget_published(place, path).map_err(Into::into))
        })
        .await?;
    StopPoint::VersionUploadDue.reach();
    let last = todo
        .iter()
        .copied()
        .filter(|path| upload_step(path) == UploadStep::Version);
    outcome.bytes += upload(store, bucket, &mut live, &wanted, last, options).await?;
    StopPoint::PublicationUploaded.reach();
    store.finish_publication(place, &outcome.version)?;
    Ok(outcome)
}

/// Uploads files, several at once, and notes each that has come. Gives their bytes.
async fn upload<'a>(
    store: &Store,
    bucket: &Bucket,
    live: &mut LiveFiles<'_>,
    wanted: &BTreeMap<String, Wanted>,
    files: impl Iterator<Item = &'a str>,
    options: &PublishOptions<'_>,
) -> Result<u64, PublishError> {
    // Read one after the other as there is room for them: what is in memory is what is under way.
    stream::iter(files)
        .map(|path| {
            let bytes = live.read(path);
            async move {
                let bytes = bytes?;
                let size = bytes.len() as u64;
                bucket.put(path, bytes, &wanted[path].delivery).await?;
                Ok::<_, PublishError>((path, size))
            }
        })
        .buffer_unordered(bucket.parallel)
        .try_fold(0, |sum, (path, size)| {
            (options.progress)();
            let noted = store.note_published(bucket.name(), path, &wanted[path].fingerprint);
            StopPoint::FileUploaded.reach();
            std::future::ready(noted.map(|()| sum + size).map_err(Into::into))
        })
        .await
}

/// What of the bucket is ours, and which of it is as it should be. Ours is what the site holds, what an earlier
/// publication is known to have put there, and what a version of the store has held.
fn compare(
    store: &Store,
    live: &mut LiveFiles<'_>,
    wanted: &BTreeMap<String, Wanted>,
    known: &Publication,
    listing: &BTreeMap<String, ListedObject>,
    same_headers: bool,
) -> Result<BTreeMap<String, Option<[u8; 32]>>, VersionError> {
    let ours = store.paths()?;
    let mut found = BTreeMap::new();
    for (path, listed) in listing {
        let fingerprint = match wanted.get(path) {
            Some(wanted) if same_headers => {
                let bytes = live.read(path)?;
                let md5 = hexadecimal(Md5::new(), bytes.as_slice()).ok();
                let same = listed.size == bytes.len() as u64 && md5.is_some() && listed.etag == md5;
                same.then_some(wanted.fingerprint)
            }
            Some(_) => None,
            None if known.files.contains_key(path) || ours.contains(path) => None,
            None => continue,
        };
        found.insert(path.clone(), fingerprint);
    }
    Ok(found)
}

/// A name that no other publication has.
fn new_mark(version: &str) -> String {
    let seed = format!("{version} {}", clock::moment());
    blake3::hash(seed.as_bytes()).to_hex()[..16].to_owned()
}
