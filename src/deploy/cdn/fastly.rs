//! Fastly (<https://www.fastly.com/documentation/reference/api/purging/>): one address a call, or many surrogate keys.

use reqwest::header::HeaderValue;
use serde::Deserialize;
use serde_json::json;

use super::check;
use super::service::{Call, Cdn, CdnError, CdnKind, Credentials, path, read};
use crate::http::Pace;

/// Surrogate keys that one call takes.
const MOST_KEYS: usize = 256;

/// What `[cdn]` registers.
pub(super) const KIND: CdnKind = CdnKind {
    key: "fastly",
    template: r#"
# IMMOSTATS_FASTLY_TOKEN: a token that may purge.
[cdn.fastly]
# Address of the API.
api = "https://api.fastly.com"
# The service's id; needed for by = "keys" and to purge everything.
service = ""
# "urls": one address a call. "keys": 256 surrogate keys a call, for a service that makes the path a page's key, in VCL:
# set beresp.http.Surrogate-Key = req.url.path;
by = "urls"
# Calls a second: 100000 purges an hour are allowed.
per_second = 25.0
# Whether what is purged is marked as stale and not dropped.
soft = false
"#,
    read: read::<Fastly>,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Fastly {
    api: String,
    service: String,
    by: PageName,
    /// Calls a second.
    per_second: f64,
    soft: bool,
}

/// What a page is known to Fastly by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PageName {
    /// Its address, one a call.
    Urls,
    /// Its surrogate key, which is the path of its address.
    Keys,
}

impl Default for Fastly {
    fn default() -> Self {
        Self {
            api: "https://api.fastly.com".into(),
            service: String::new(),
            by: PageName::Urls,
            per_second: 25.0,
            soft: false,
        }
    }
}

impl Cdn for Fastly {
    fn check(&self, chosen: bool) -> Result<(), String> {
        check::api("fastly.api", &self.api)?;
        check::positive("fastly.per_second", self.per_second)?;
        if chosen && self.by == PageName::Keys {
            check::id("fastly.service", &self.service)?;
        }
        Ok(())
    }

    fn remembered_as(&self) -> String {
        format!("fastly {}", self.service)
    }

    fn credentials(&self) -> Result<Credentials, CdnError> {
        Credentials::from_variable("Fastly", "IMMOSTATS_FASTLY_TOKEN", "fastly-key")
    }

    fn rates(&self) -> Vec<Pace> {
        vec![Pace::new(self.per_second, 1.0)]
    }

    fn batch(&self) -> usize {
        match self.by {
            PageName::Urls => 1,
            PageName::Keys => MOST_KEYS,
        }
    }

    fn forget(&self, _: &str, urls: &[String], _: &Credentials) -> Result<Call, CdnError> {
        let mut call = match self.by {
            PageName::Keys => {
                let keys: Vec<_> = urls.iter().map(|url| path(url)).collect();
                let body = json!({"surrogate_keys": keys}).to_string();
                Call::post(&self.api, &format!("service/{}/purge", self.service), body)?
            }
            PageName::Urls => {
                let url = urls.first().map_or("", String::as_str);
                let page = url.split_once("://").map_or(url, |(_, page)| page);
                Call::post(&self.api, &format!("purge/{page}"), String::new())?
            }
        };
        if self.soft {
            let headers = &mut call.request.headers;
            headers.insert("fastly-soft-purge", HeaderValue::from_static("1"));
        }
        Ok(call)
    }

    fn forget_everything(&self, _: &str) -> Result<Option<Call>, CdnError> {
        if self.service.is_empty() {
            return Ok(None);
        }
        let path = format!("service/{}/purge_all", self.service);
        Call::post(&self.api, &path, String::new()).map(Some)
    }
}
