//! `[deploy]`: where the site is published.

use clap::ValueEnum;
use reqwest::Url;
use serde::{Deserialize, Serialize};

/// Where the site is published, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deploy {
    pub host: Host,
    pub plan: Plan,
    /// The branch of [`Host::Branch`].
    pub branch: String,
    /// Address of the page from which a run is started by hand; empty when there is none.
    pub workflow: String,
    pub s3: Bucket,
}

impl Default for Deploy {
    fn default() -> Self {
        Self {
            host: Host::GithubPages,
            plan: Plan::Free,
            branch: "gh-pages".into(),
            workflow: String::new(),
            s3: Bucket::default(),
        }
    }
}

/// A kind of host. Those of `immostats init --host` read a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Host {
    GithubPages,
    /// A bucket of any S3-compatible service.
    #[value(skip)]
    S3,
    /// A branch of the repository, which some host serves.
    #[value(skip)]
    Branch,
    CloudflarePages,
    Netlify,
    Nginx,
    Caddy,
}

/// What the host is paid; it bounds the site on [`Host::CloudflarePages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Plan {
    Free,
    Paid,
}

/// The bucket of [`Host::S3`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bucket {
    pub bucket: String,
    pub region: String,
    /// Address of the service; empty: AWS in the region.
    pub endpoint: String,
    /// Folder of the bucket that the site is in, without slashes around it; empty: the bucket is the site.
    pub prefix: String,
    /// Requests under way at once.
    pub parallel: usize,
    /// Whether the bucket is named in the path of addresses, and not in their host.
    pub path_style: bool,
    /// Whether the endpoint may be talked to without encryption.
    pub allow_http: bool,
}

impl Default for Bucket {
    fn default() -> Self {
        Self {
            bucket: String::new(),
            region: "us-east-1".into(),
            endpoint: String::new(),
            prefix: String::new(),
            parallel: 16,
            path_style: true,
            allow_http: false,
        }
    }
}

impl Deploy {
    /// The branch that the workflow pushes the site to, from which its host takes it; `None` for the hosts that take it
    /// otherwise.
    pub fn pushed_branch(&self) -> Option<&str> {
        match self.host {
            Host::GithubPages | Host::S3 => None,
            Host::Branch | Host::CloudflarePages | Host::Netlify | Host::Nginx | Host::Caddy => {
                Some(&self.branch)
            }
        }
    }

    /// Takes off the slashes that make no difference.
    pub(super) fn tidy(&mut self) {
        let s3 = &mut self.s3;
        s3.prefix = s3.prefix.trim_matches('/').to_owned();
        s3.endpoint = s3.endpoint.trim_end_matches('/').to_owned();
    }

    pub(super) fn validate(&self) -> Result<(), String> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./".contains(&b);
        if self.branch.is_empty()
            || self.branch.starts_with('-')
            || !self.branch.bytes().all(plain)
            || self.branch.contains("..")
        {
            return Err(format!(
                "deploy.branch is \"{}\"; the name of a branch such as gh-pages was expected",
                self.branch
            ));
        }
        if !self.workflow.is_empty() && web_address(&self.workflow).is_none() {
            return Err(
                "deploy.workflow is no address; one such as https://github.com/OWNER/REPOSITORY/actions/workflows/update-data.yml was expected"
                    .into(),
            );
        }
        self.s3.validate(self.host == Host::S3)
    }
}

impl Bucket {
    fn validate(&self, used: bool) -> Result<(), String> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        if used && self.bucket.is_empty() {
            return Err(
                "deploy.host is \"s3\", and deploy.s3.bucket names no bucket; set it".into(),
            );
        }
        if !self.bucket.bytes().all(plain) {
            return Err(format!(
                "deploy.s3.bucket is \"{}\"; the name of a bucket was expected: letters, digits, hyphens and dots",
                self.bucket
            ));
        }
        if self
            .prefix
            .split('/')
            .any(|part| !part.bytes().all(plain) || part == ".." || part == ".")
            || self.prefix.contains("//")
        {
            return Err(format!(
                "deploy.s3.prefix is \"{}\"; a folder such as sites/prix was expected",
                self.prefix
            ));
        }
        if self.region.is_empty() {
            return Err("deploy.s3.region is empty; services without regions take \"auto\" or \"us-east-1\"".into());
        }
        if !(1..=256).contains(&self.parallel) {
            return Err(format!(
                "deploy.s3.parallel is {}; 1 to 256 were expected",
                self.parallel
            ));
        }
        if self.endpoint.is_empty() {
            return Ok(());
        }
        match web_address(&self.endpoint) {
            Some(url) if !url.username().is_empty() || url.password().is_some() => Err(
                "deploy.s3.endpoint holds a user or a password; the keys belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                    .into(),
            ),
            Some(url) if url.scheme() == "http" && !self.allow_http => Err(
                "deploy.s3.endpoint begins with http://, which anybody on the way can read; take https://, or set deploy.s3.allow_http"
                    .into(),
            ),
            Some(_) => Ok(()),
            None => Err(
                "deploy.s3.endpoint is no address; one such as https://s3.example.org was expected"
                    .into(),
            ),
        }
    }
}

fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.host_str().is_some()).then_some(url)
}
