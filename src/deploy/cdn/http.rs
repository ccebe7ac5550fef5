//! Any service that takes an HTTP request, which the operator's own templates make.

use std::collections::BTreeMap;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};

use super::check;
use super::service::{Call, Cdn, CdnError, CdnKind, Credentials, path, read};
use crate::base::address::web_address;
use crate::deploy::template;
use crate::http::{Pace, Request, Secret, header, quote};

/// What `[cdn]` registers.
pub(super) const KIND: CdnKind = CdnKind {
    key: "http",
    template: r#"
# A request of one's own. The address, the headers and the body are Tera templates: {{ addresses }} and {{ paths }} are
# lists, {{ address }} and {{ path }} the first of them, {{ site }} is the site's address; {{ addresses | json }} is JSON.
# {{ token }} is IMMOSTATS_CDN_TOKEN, which may be left out.
[cdn.http]
method = "PURGE"
url = "{{ address }}"
body = ""
# Addresses a request, requests a second.
batch = 1
per_second = 10.0

# More headers, such as Authorization = "Bearer {{ token }}".
[cdn.http.headers]
"#,
    read: read::<OwnRequest>,
};

/// The templates, and what the service takes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OwnRequest {
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    body: String,
    /// Addresses a request.
    batch: usize,
    /// Requests a second.
    per_second: f64,
}

impl Default for OwnRequest {
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

impl Cdn for OwnRequest {
    fn check(&self, chosen: bool) -> Result<(), String> {
        check::within("http.batch", self.batch, 1..=10_000)?;
        check::positive("http.per_second", self.per_second)?;
        let plain = |b: u8| b.is_ascii_uppercase() || b == b'-' || b == b'_';
        let sound = Method::from_bytes(self.method.as_bytes()).is_ok();
        if chosen && !(sound && self.method.bytes().all(plain)) {
            return Err(format!(
                "cdn.http.method is \"{}\"; a method such as POST or PURGE was expected",
                self.method
            ));
        }
        Ok(())
    }

    fn remembered_as(&self) -> String {
        "http".to_owned()
    }

    fn credentials(&self) -> Result<Credentials, CdnError> {
        Ok(Credentials {
            headers: HeaderMap::new(),
            secrets: Secret::from_env("IMMOSTATS_CDN_TOKEN")
                .into_iter()
                .collect(),
        })
    }

    fn rates(&self) -> Vec<Pace> {
        vec![Pace::new(self.per_second, 1.0)]
    }

    fn batch(&self) -> usize {
        self.batch
    }

    fn forget(
        &self,
        site: &str,
        urls: &[String],
        credentials: &Credentials,
    ) -> Result<Call, CdnError> {
        #[derive(Serialize)]
        struct Named<'a> {
            addresses: &'a [String],
            paths: Vec<&'a str>,
            /// The first, and the only one where a request takes one.
            address: &'a str,
            path: &'a str,
            site: &'a str,
        }
        let wrong = |key: &str, reason: &str| CdnError::Template {
            key: key.to_owned(),
            reason: quote(reason, &credentials.secrets),
        };
        let address = urls.first().map_or("", String::as_str);
        let context = tera::Context::from_serialize(&Named {
            addresses: urls,
            paths: urls.iter().map(|url| path(url)).collect(),
            address,
            path: path(address),
            site,
        });
        let token = credentials.secrets.first().map_or("", Secret::expose);
        let context = context.map_err(|error| wrong("url", &error.to_string()))?;
        let tera = template::json();
        let render = |key: &str, template: &str| {
            template::render(&tera, template, &context, ("token", token), false)
                .map_err(|error| wrong(key, &error))
        };
        let url = web_address(render("url", &self.url)?.trim())
            .ok_or_else(|| wrong("url", "it makes no address"))?;
        let mut headers = HeaderMap::new();
        for (name, template) in &self.headers {
            let key = format!("headers.{name}");
            let (name, value) = header(name, &render(&key, template)?)
                .ok_or_else(|| wrong(&key, "it makes no header"))?;
            headers.insert(name, value);
        }
        let request = Request {
            method: Method::from_bytes(self.method.as_bytes())
                .map_err(|error| wrong("method", &error.to_string()))?,
            url,
            headers,
            body: render("body", &self.body)?,
        };
        Ok(Call {
            request,
            rate: 0,
            cost: 1,
        })
    }

    fn forget_everything(&self, _: &str) -> Result<Option<Call>, CdnError> {
        Ok(None)
    }
}
