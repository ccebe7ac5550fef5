//! The archive: a bucket of the operator's own that keeps the journal of each month for good.

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::bucket::{Bucket, BucketError};
use super::delivery::Delivery;
use super::host::{BucketSettings, DeploySettings};
use crate::base::checksum::hexadecimal;
use crate::base::month::Month;
use crate::config::ConfigSection;

/// Its commented table in `immostats.toml`.
pub(super) fn template() -> String {
    let about = r#"
# The bucket that `immostats log export --to s3` sends the journal of each month to, once it is over: monthly/YYYY/. It must
# be none that the site is published to. Its keys come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for keys that
# expire, AWS_SESSION_TOKEN, and need to read and write. Without a name of a bucket, nothing is archived.
[archive.s3]
bucket = ""
"#;
    format!("{about}{}", BucketSettings::template("the archive"))
}

/// `[archive]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Archive {
    s3: BucketSettings,
}

/// Reads `[archive]`; `None` where it names no bucket.
///
/// # Errors
/// When it holds an unknown key or a value that cannot be, or is where the site is published.
pub(super) fn read(
    table: ConfigSection<'_>,
    deploy: &DeploySettings,
) -> Result<Option<BucketSettings>, String> {
    let Archive { s3: mut settings } = table.read(&[])?;
    settings.check("archive.s3")?;
    let is_of_site = |site: &BucketSettings| {
        let place = |of: &BucketSettings| (of.bucket.clone(), of.endpoint.clone());
        let is_within = |inner: &str, outer: &str| {
            outer.is_empty() || format!("{inner}/").starts_with(&format!("{outer}/"))
        };
        place(site) == place(&settings)
            && (is_within(&settings.prefix, &site.prefix)
                || is_within(&site.prefix, &settings.prefix))
    };
    if deploy.bucket().is_some_and(is_of_site) {
        return Err(
            "archive.s3 is where deploy.s3 publishes the site, so that anybody could read the journals; name another bucket, or another archive.s3.prefix beside that of the site"
                .into(),
        );
    }
    Ok((!settings.bucket.is_empty()).then_some(settings))
}

/// Why a journal is not in the archive.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// The bucket could not be read or written.
    #[error(transparent)]
    Bucket(#[from] BucketError),
    /// The archive holds something else under the journal's name.
    #[error(
        "{path} in bucket {bucket} is another journal of {month} (SHA-256 {found}) than this project's ({own}); it stays as it is; move it away, and run the command again"
    )]
    Differs {
        /// The month of the journal.
        month: Month,
        /// Its name in the bucket.
        path: String,
        /// The bucket, as messages show it.
        bucket: String,
        /// What the text in the bucket hashes to, or why it cannot be read.
        found: String,
        /// What the text of the project hashes to.
        own: String,
    },
    /// What was sent did not come back.
    #[error(
        "{path} was sent to bucket {bucket} and does not come back as it was; run the command again, and see that the service works"
    )]
    Lost {
        /// Its name in the bucket.
        path: String,
        /// The bucket, as messages show it.
        bucket: String,
    },
    /// The text could not be compressed.
    #[error("the journal could not be compressed: {0}")]
    Compress(#[from] io::Error),
}

/// A journal that the archive keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeptJournal {
    /// Its month.
    pub month: Month,
    /// Its name in the bucket.
    pub path: String,
    /// The SHA-256 of its text, as `zcat FILE | sha256sum` tells it.
    pub sha256: String,
    /// Bytes of its text.
    pub size: u64,
    /// Whether it was sent now, and not there already.
    pub is_new: bool,
}

/// What the journal of a month is called outside of its project.
pub fn journal_name(month: Month) -> String {
    format!("immostats-log-{month}.jsonl.gz")
}

/// The text of a journal as it leaves its project: gzipped.
///
/// # Errors
/// When memory cannot be written to, which does not happen.
pub fn packed_journal(text: &[u8]) -> io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text)?;
    gzip.finish()
}

/// Sees that the archive keeps the journal of a month, of which `text` are the lines: sends it, gzipped, where it is not
/// there, and reads it back.
///
/// # Errors
/// When the bucket fails, or holds another text under its name: that stays.
pub async fn keep_journal(
    bucket: &Bucket,
    month: Month,
    text: &[u8],
) -> Result<KeptJournal, ArchiveError> {
    let path = format!("monthly/{}/{}", month.year(), journal_name(month));
    let sha256 = hexadecimal(Sha256::new(), text)?;
    let there = bucket.get(&path).await?;
    let is_new = there.is_none();
    let kept = match there {
        Some(kept) => kept,
        None => {
            let delivery = Delivery {
                content_type: "application/gzip".into(),
                content_encoding: None,
                cache_control: None,
            };
            bucket.put(&path, packed_journal(text)?, &delivery).await?;
            bucket.get(&path).await?.unwrap_or_default()
        }
    };
    // What is compared is the text: another release of the compressor may make other bytes of it.
    let found = hexadecimal(Sha256::new(), GzDecoder::new(kept.as_slice()))
        .unwrap_or_else(|error| error.to_string());
    if found != sha256 {
        let bucket = bucket.name().to_owned();
        return Err(match is_new {
            true => ArchiveError::Lost { path, bucket },
            false => ArchiveError::Differs {
                month,
                path,
                bucket,
                found,
                own: sha256,
            },
        });
    }
    Ok(KeptJournal {
        month,
        path,
        sha256,
        size: text.len() as u64,
        is_new,
    })
}
