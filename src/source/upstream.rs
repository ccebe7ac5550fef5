//! A file upstream.

use reqwest::Url;

use super::client::Stamp;
use super::inspect::Checksum;
use crate::http::RedactedUrl;

/// A file upstream, as far as it is known without fetching it.
#[derive(Clone, Debug)]
pub struct UpstreamFile {
    /// What it is of its source: a year, or its name.
    pub item: String,
    pub(super) url: Url,
    pub(super) stamp: Stamp,
    /// What the data.gouv.fr API states.
    pub(super) checksum: Option<Checksum>,
    /// RFC 3339.
    pub(super) released: Option<String>,
    /// The licence of its dataset, as the data.gouv.fr API names it: `lov2`, `odc-odbl`.
    pub(super) licence: Option<String>,
}

impl UpstreamFile {
    /// Its address, without what may be secret.
    pub fn shown(&self) -> String {
        RedactedUrl(&self.url).to_string()
    }

    /// When it was last modified, RFC 3339.
    pub fn released(&self) -> Option<String> {
        self.released.clone().or_else(|| self.stamp.date())
    }
}
