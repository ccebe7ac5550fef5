//! `[cdn]`: what keeps copies of the site, and how it is told to forget them.

use std::collections::BTreeMap;

use reqwest::{Method, Url};
use serde::{Deserialize, Serialize};

/// The CDN before the site, and how `immostats purge` talks to it. Times are in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cdn {
    pub provider: Provider,
    /// From more addresses than this on, everything is purged in one call.
    pub everything_above: usize,
    /// For one request.
    pub timeout: f64,
    /// Attempts after the first one.
    pub retries: usize,
    /// Before the first retry; it doubles each time, and up to as much again is added at random.
    pub retry_wait: f64,
    pub cloudflare: Cloudflare,
    pub fastly: Fastly,
    pub bunny: Bunny,
    pub http: HttpPurge,
}

impl Default for Cdn {
    fn default() -> Self {
        Self {
            provider: Provider::None,
            everything_above: 3000,
            timeout: 30.0,
            retries: 5,
            retry_wait: 1.0,
            cloudflare: Cloudflare::default(),
            fastly: Fastly::default(),
            bunny: Bunny::default(),
            http: HttpPurge::default(),
        }
    }
}

/// A kind of CDN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    None,
    Cloudflare,
    Fastly,
    Bunny,
    /// Any service that takes an HTTP request, made of templates.
    Http,
}

/// [`Provider::Cloudflare`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cloudflare {
    /// Address of the API, without a slash at its end.
    pub api: String,
    pub zone: String,
    /// Addresses a call.
    pub batch: usize,
    /// Addresses a second.
    pub per_second: f64,
}

impl Default for Cloudflare {
    fn default() -> Self {
        Self {
            api: "https://api.cloudflare.com/client/v4".into(),
            zone: String::new(),
            batch: 30,
            per_second: 800.0,
        }
    }
}

/// [`Provider::Fastly`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fastly {
    /// Address of the API, without a slash at its end.
    pub api: String,
    pub service: String,
    pub by: PurgeBy,
    /// Calls a second.
    pub per_second: f64,
    /// Whether what is purged is marked as stale and not dropped.
    pub soft: bool,
}

impl Default for Fastly {
    fn default() -> Self {
        Self {
            api: "https://api.fastly.com".into(),
            service: String::new(),
            by: PurgeBy::Urls,
            per_second: 25.0,
            soft: false,
        }
    }
}

/// What a page is known to Fastly by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PurgeBy {
    /// Its address, one a call.
    Urls,
    /// Its surrogate key, which is the path of its address: 256 a call.
    Keys,
}

/// [`Provider::Bunny`]. It counts exact addresses and prefixes apart, each with a bucket of tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bunny {
    /// Address of the API, without a slash at its end.
    pub api: String,
    pub exact_per_second: f64,
    pub exact_burst: f64,
    pub prefix_per_second: f64,
    pub prefix_burst: f64,
}

impl Default for Bunny {
    fn default() -> Self {
        Self {
            api: "https://api.bunny.net".into(),
            exact_per_second: 5.0,
            exact_burst: 120.0,
            prefix_per_second: 0.5,
            prefix_burst: 20.0,
        }
    }
}

/// [`Provider::Http`]. The address, the headers and the body are Tera templates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpPurge {
    pub method: String,
    pub url: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
    /// Addresses a request.
    pub batch: usize,
    /// Requests a second.
    pub per_second: f64,
}

impl Default for HttpPurge {
    fn default() -> Self {
        Self {
            method: "PURGE".into(),
            url: "{{ address }}".into(),
            headers: BTreeMap::new(),
            body: String::new(),
            batch: 1,
            per_second: 10.0,
        }
    }
}

impl Cdn {
    /// Takes off the slashes that make no difference.
    pub(super) fn tidy(&mut self) {
        for api in [
            &mut self.cloudflare.api,
            &mut self.fastly.api,
            &mut self.bunny.api,
        ] {
            api.truncate(api.trim_end_matches('/').len());
        }
    }

    pub(super) fn validate(&self) -> Result<(), String> {
        for (key, value) in [
            ("timeout", self.timeout),
            ("retry_wait", self.retry_wait),
            ("cloudflare.per_second", self.cloudflare.per_second),
            ("fastly.per_second", self.fastly.per_second),
            ("bunny.exact_per_second", self.bunny.exact_per_second),
            ("bunny.exact_burst", self.bunny.exact_burst),
            ("bunny.prefix_per_second", self.bunny.prefix_per_second),
            ("bunny.prefix_burst", self.bunny.prefix_burst),
            ("http.per_second", self.http.per_second),
        ] {
            if !(value > 0.0 && value <= 1e6) {
                return Err(format!(
                    "cdn.{key} is {value}; more than 0, and at most a million, was expected"
                ));
            }
        }
        if self.retries > 20 {
            return Err(format!(
                "cdn.retries is {}; 0 to 20 were expected",
                self.retries
            ));
        }
        for (key, burst) in [
            ("exact_burst", self.bunny.exact_burst),
            ("prefix_burst", self.bunny.prefix_burst),
        ] {
            if burst < 1.0 {
                return Err(format!(
                    "cdn.bunny.{key} is {burst}; at least 1 was expected"
                ));
            }
        }
        for (key, batch, most) in [
            ("cloudflare", self.cloudflare.batch, 500),
            ("http", self.http.batch, 10_000),
        ] {
            if !(1..=most).contains(&batch) {
                return Err(format!(
                    "cdn.{key}.batch is {batch}; 1 to {most} were expected"
                ));
            }
        }
        for (key, api) in [
            ("cloudflare", &self.cloudflare.api),
            ("fastly", &self.fastly.api),
            ("bunny", &self.bunny.api),
        ] {
            let sound = Url::parse(api).is_ok_and(|url| {
                matches!(url.scheme(), "http" | "https")
                    && url.has_host()
                    && url.username().is_empty()
                    && url.password().is_none()
            });
            if !sound {
                return Err(format!(
                    "cdn.{key}.api is no address; one that begins with https:// was expected, without a user and a password"
                ));
            }
        }
        let id = |key: &str, id: &str| {
            let plain = id.bytes().all(|b| b.is_ascii_alphanumeric());
            if !id.is_empty() && plain {
                return Ok(());
            }
            Err(format!(
                "cdn.{key} is \"{id}\"; an id of letters and digits was expected, as the CDN's console shows it"
            ))
        };
        match self.provider {
            Provider::None | Provider::Bunny => Ok(()),
            Provider::Cloudflare => id("cloudflare.zone", &self.cloudflare.zone),
            Provider::Fastly if self.fastly.by == PurgeBy::Urls => Ok(()),
            Provider::Fastly => id("fastly.service", &self.fastly.service),
            Provider::Http => self.http.validate(),
        }
    }
}

impl HttpPurge {
    fn validate(&self) -> Result<(), String> {
        let method = &self.method;
        if !method
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b == b'-' || b == b'_')
            || Method::from_bytes(method.as_bytes()).is_err()
        {
            return Err(format!(
                "cdn.http.method is \"{method}\"; a method such as POST or PURGE was expected"
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn what_no_cdn_takes_is_refused() {
        for (text, complaint) in [
            ("provider = \"cloudflare\"", "cdn.cloudflare.zone is \"\""),
            ("provider = \"akamai\"", "unknown variant"),
            ("cloudflare.batch = 501", "1 to 500"),
            (
                "cloudflare.api = \"https://me:hunter2@x.fr\"",
                "without a user",
            ),
            (
                "fastly.by = \"keys\"\nprovider = \"fastly\"",
                "cdn.fastly.service",
            ),
            ("bunny.exact_burst = 0.5", "at least 1"),
            ("http.per_second = 0.0", "more than 0"),
            (
                "provider = \"http\"\nhttp.method = \"post it\"",
                "a method such as",
            ),
        ] {
            let message = Config::parse(&format!("[cdn]\n{text}\n")).unwrap_err();
            assert!(
                message.contains(complaint) && !message.contains("hunter2"),
                "{message}"
            );
        }
    }
}
