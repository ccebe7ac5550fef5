//! What a host's file says of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::config::Config;

/// A kind of host: what its file registers.
pub struct Host {
    /// As `deploy.host` and `immostats init --host` name it.
    pub key: &'static str,
    /// As people call it.
    pub name: &'static str,
    /// What it takes from who pays it, or does not.
    pub limits: fn(HostPlan) -> Limits,
    /// The headers that it sends with the files of the site.
    pub headers: SentHeaders,
    /// Whether it takes the site from a branch, which a workflow pushes.
    pub is_pushed_to: bool,
    /// The files of a project's folder that it reads to serve the site; `None` when it reads none. The second argument is
    /// the absolute path of `site/`.
    pub files: Option<fn(&Config, &str) -> Vec<HostFile>>,
}

/// Its key, which stands for all of it: the address of a function differs between two copies that the compiler makes.
impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Host({})", self.key)
    }
}

/// Whether the host is paid; some hosts allow larger sites then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostPlan {
    /// The plan without charge, with its lower limits.
    Free,
    /// A plan that is paid for, with higher limits.
    Paid,
}

/// The headers that a host sends with the files of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentHeaders {
    /// The headers of the site, from `_headers` or a configuration of the host's own.
    OfSite,
    /// Of the site's, `Cache-Control` only.
    CacheControl,
    /// None of the site's.
    OfHost,
}

/// What a host takes. `None`: nothing is documented, and the disk or the bill is the limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Files of a site.
    pub files: Option<u64>,
    /// Files in one folder.
    pub folder_files: Option<u64>,
    /// Bytes of a site.
    pub size: Option<u64>,
    /// Bytes of a file.
    pub file_size: Option<u64>,
    /// Rules of `_headers`.
    pub header_rules: Option<u64>,
    /// Files from which deployments have been seen to get stuck, though no limit is documented.
    pub files_seen_to_fail: Option<u64>,
}

/// A file for a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFile {
    /// Where it belongs in the project's folder.
    pub path: &'static str,
    /// The whole content of the file.
    pub text: String,
}
