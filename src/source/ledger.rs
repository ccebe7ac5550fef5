//! What is remembered of the files that were fetched.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::client::Stamp;
use super::inspect::Checksum;
use super::upstream::UpstreamFile;

/// A file that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedFile {
    /// Where it came from, without what may be secret.
    pub address: String,
    /// What the server said of it.
    pub stamp: Stamp,
    /// What the data.gouv.fr API stated.
    pub checksum: Option<Checksum>,
    /// When upstream says that it was last modified, RFC 3339.
    pub released: Option<String>,
    /// Its name in the source's folder of downloads.
    pub file: String,
    /// Of its bytes, in hexadecimal.
    pub blake3: String,
}

/// What is known of one file of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The edition that was imported last.
    pub imported: Option<FetchedFile>,
    /// An edition that was fetched since, and waits.
    pub fetched: Option<FetchedFile>,
}

/// What is known, by source and item.
pub type Ledger = BTreeMap<(String, String), LedgerEntry>;

impl FetchedFile {
    /// Where the file is.
    pub fn path(&self, downloads: &Path, source: &str) -> PathBuf {
        downloads.join(self.below(source))
    }

    /// Where it is in the folder of downloads.
    pub fn below(&self, source: &str) -> PathBuf {
        Path::new(source).join(&self.file)
    }

    /// Whether what is upstream is this very file. Checksums tell, then what the server said of it at the same address; a
    /// copy at another address is taken for the same when it is as long and was not modified later. Where nothing of this
    /// can be compared it is another, for a corrected file may be as long: it is fetched, and its content tells.
    pub(super) fn is_same_as(&self, upstream: &UpstreamFile) -> bool {
        if let (Some(held), Some(stated)) = (&self.checksum, &upstream.checksum)
            && let Some(agrees) = held.agrees(stated)
        {
            return agrees;
        }
        let same_length = match (self.stamp.length, upstream.stamp.length) {
            (Some(held), Some(stated)) => Some(held == stated),
            _ => None,
        };
        if self.address == upstream.shown() {
            if let (Some(held), Some(stated)) = (&self.stamp.etag, &upstream.stamp.etag) {
                return held == stated;
            }
            if let (Some(held), Some(stated)) =
                (&self.stamp.last_modified, &upstream.stamp.last_modified)
            {
                return held == stated && same_length != Some(false);
            }
            return false;
        }
        let day = |time: Option<String>| time.and_then(|time| time.get(..10).map(str::to_owned));
        match (day(self.released.clone()), day(upstream.released())) {
            (Some(held), Some(stated)) => same_length == Some(true) && stated <= held,
            _ => false,
        }
    }
}
