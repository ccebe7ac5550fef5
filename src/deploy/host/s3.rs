//! A bucket of any S3-compatible service: its settings, its keys, its limits. What is sent to it stands in
//! [`bucket`](crate::deploy::bucket).

use serde::Deserialize;
use thiserror::Error;

use super::kind::{Host, Limits, SentHeaders};
use crate::base::address::web_address;

/// An upload may bring 5 GiB; objects themselves may be larger.
pub(super) const HOST: Host = Host {
    key: "s3",
    name: "S3",
    limits: |_| Limits {
        file_size: Some(5 << 30),
        ..Limits::default()
    },
    headers: SentHeaders::CacheControl,
    is_pushed_to: false,
    files: None,
};

/// Its commented table in `immostats.toml`.
pub(super) fn template() -> String {
    let about = r#"
# The bucket, for host = "s3". Its keys come from the environment only: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for
# keys that expire, AWS_SESSION_TOKEN. They need to list the bucket and to read, write and delete in it.
[deploy.s3]
bucket = ""
"#;
    format!("{about}{}", BucketSettings::template("the site"))
}

/// The bucket.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BucketSettings {
    /// The name of the bucket.
    pub bucket: String,
    /// The region that requests are signed for, such as `eu-west-3`.
    pub region: String,
    /// Address of the service; empty: AWS in the region.
    pub endpoint: String,
    /// Folder of the bucket that all is put in, without slashes around it; empty: the bucket itself.
    pub prefix: String,
    /// Requests under way at once.
    pub parallel: usize,
    /// Whether the bucket is named in the path of addresses, and not in their host.
    pub path_style: bool,
    /// Whether the endpoint may be talked to without encryption.
    pub allow_http: bool,
}

impl Default for BucketSettings {
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

impl BucketSettings {
    /// The commented keys of a bucket, but for its name. `content` is what is put there.
    pub(in crate::deploy) fn template(content: &str) -> String {
        format!(
            r#"# Services without regions take "auto" or "us-east-1".
region = "us-east-1"
# Address of the service, such as "https://s3.fr-par.scw.cloud". Empty: AWS in the region.
endpoint = ""
# Folder of the bucket that {content} is in. Empty: the bucket itself.
prefix = ""
# Requests under way at once.
parallel = 16
# Whether addresses name the bucket in their path (https://s3.example.org/bucket/), not in their host.
path_style = true
# Whether the endpoint may be talked to without encryption (http://).
allow_http = false
"#
        )
    }

    /// Takes off the slashes that make no difference, and looks for values that cannot be. `table` is where they stand in
    /// `immostats.toml`.
    ///
    /// # Errors
    /// The key and what was expected.
    pub(in crate::deploy) fn check(&mut self, table: &str) -> Result<(), String> {
        self.prefix = self.prefix.trim_matches('/').to_owned();
        self.endpoint = self.endpoint.trim_end_matches('/').to_owned();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        if !self.bucket.bytes().all(plain) {
            return Err(format!(
                "{table}.bucket is \"{}\"; the name of a bucket was expected: letters, digits, hyphens and dots",
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
                "{table}.prefix is \"{}\"; a folder such as sites/prix was expected",
                self.prefix
            ));
        }
        if self.region.is_empty() {
            return Err(format!(
                "{table}.region is empty; services without regions take \"auto\" or \"us-east-1\""
            ));
        }
        if !(1..=256).contains(&self.parallel) {
            return Err(format!(
                "{table}.parallel is {}; 1 to 256 were expected",
                self.parallel
            ));
        }
        if self.endpoint.is_empty() {
            return Ok(());
        }
        let expected = match web_address(&self.endpoint) {
            Some(url) if !url.username().is_empty() || url.password().is_some() => {
                "holds a user or a password; the keys belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned()
            }
            Some(url) if url.scheme() == "http" && !self.allow_http => format!(
                "begins with http://, which anybody on the way can read; take https://, or set {table}.allow_http"
            ),
            Some(_) => return Ok(()),
            None => "is no address; one such as https://s3.example.org was expected".to_owned(),
        };
        Err(format!("{table}.endpoint {expected}"))
    }
}

/// A key that the environment does not have.
#[derive(Debug, Error)]
#[error(
    "{name} is not set; the keys of the bucket are taken from {}, {} and, for keys that expire, {} in the environment",
    Keys::VARIABLES[0], Keys::VARIABLES[1], Keys::VARIABLES[2]
)]
pub struct MissingKey {
    name: &'static str,
}

/// The keys to a bucket.
pub struct Keys {
    /// `AWS_ACCESS_KEY_ID`.
    pub id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret: String,
    /// `AWS_SESSION_TOKEN`, of keys that expire.
    pub token: Option<String>,
}

impl Keys {
    /// Where the keys are found in the environment.
    pub const VARIABLES: [&'static str; 3] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ];

    /// The keys of the environment.
    ///
    /// # Errors
    /// When one of the two that are needed is not set; the error names it.
    pub fn from_environment() -> Result<Self, MissingKey> {
        let [id, secret, token] = Self::VARIABLES.map(|name| {
            std::env::var(name)
                .ok()
                .filter(|value| !value.trim().is_empty())
        });
        let missing = |name| MissingKey { name };
        Ok(Self {
            id: id.ok_or_else(|| missing(Self::VARIABLES[0]))?,
            secret: secret.ok_or_else(|| missing(Self::VARIABLES[1]))?,
            token,
        })
    }

    /// Why these can be no keys; `None` when they may be. The keys are not in it.
    pub fn implausible(&self) -> Option<String> {
        let keys = [
            (Self::VARIABLES[0], Some(&self.id), 3),
            (Self::VARIABLES[1], Some(&self.secret), 8),
            (Self::VARIABLES[2], self.token.as_ref(), 16),
        ];
        for (name, key, least) in keys {
            let Some(key) = key else { continue };
            if key.contains(|c: char| c.is_whitespace() || c.is_control()) {
                return Some(format!(
                    "{name} holds a space or the end of a line, which no key does"
                ));
            }
            if key.len() < least {
                return Some(format!("{name} is too short for a key"));
            }
        }
        // AWS names keys that expire so.
        if self.id.starts_with("ASIA") && self.token.is_none() {
            return Some(format!(
                "{} is a key that expires, and {} is not set",
                Self::VARIABLES[0],
                Self::VARIABLES[2]
            ));
        }
        None
    }

    /// A text without the keys: services repeat what they were sent in what they answer.
    pub fn hide(&self, text: &str) -> String {
        let token = self.token.as_deref().unwrap_or_default();
        [self.secret.as_str(), token, self.id.as_str()]
            .iter()
            .filter(|key| !key.is_empty())
            .fold(text.to_owned(), |text, key| text.replace(key, "[key]"))
    }
}
