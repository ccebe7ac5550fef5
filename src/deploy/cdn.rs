//! The CDNs that can be told to forget addresses, each in its own words and within its documented limits.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde::{Deserialize, Serialize};
use serde_json::json;
use thiserror::Error;

use super::access::{Access, access};
use crate::config::{self, Provider, PurgeBy};
use crate::http::{Client, HttpError, Pace, Patience, Request, header};

/// Surrogate keys that Fastly takes in one call.
const FASTLY_KEYS: usize = 256;

/// Why a CDN cannot be talked to.
#[derive(Debug, Error)]
pub enum CdnError {
    #[error("{provider} was not asked: set {variables} in the environment")]
    Credentials {
        provider: &'static str,
        variables: &'static str,
    },
    #[error("cdn.http.{key} does not work: {reason}")]
    Template { key: String, reason: String },
    #[error("{service} did not do it: {reason}")]
    Refused { service: String, reason: String },
    #[error(transparent)]
    Http(#[from] HttpError),
}

/// The configured CDN, ready to be asked.
pub struct Cdn<'a> {
    settings: &'a config::Cdn,
    client: Client,
    access: Access,
    /// Address of the site, without a slash at its end.
    site: &'a str,
    pace: Pace,
    /// Of Bunny's prefixes, which are counted apart.
    prefix_pace: Pace,
}

/// The name under which the configured CDN is remembered.
pub fn name(settings: &config::Cdn) -> String {
    match settings.provider {
        Provider::None => "none".to_owned(),
        Provider::Cloudflare => format!("cloudflare {}", settings.cloudflare.zone),
        Provider::Fastly => format!("fastly {}", settings.fastly.service),
        Provider::Bunny => "bunny".to_owned(),
        Provider::Http => "http".to_owned(),
    }
}

/// Whether the configured CDN can be told to forget everything in one call.
pub fn forgets_everything(settings: &config::Cdn) -> bool {
    match settings.provider {
        Provider::None | Provider::Http => false,
        Provider::Fastly => !settings.fastly.service.is_empty(),
        Provider::Cloudflare | Provider::Bunny => true,
    }
}

impl<'a> Cdn<'a> {
    /// Sets the client up, with the credentials of the environment.
    ///
    /// # Errors
    /// When the environment has no credentials.
    pub fn new(settings: &'a config::Cdn, site: &'a str) -> Result<Self, CdnError> {
        let (access, secrets) = access(settings.provider)?;
        let patience = Patience {
            attempt: Some(Duration::from_secs_f64(settings.timeout)),
            retries: settings.retries,
            wait: Duration::from_secs_f64(settings.retry_wait),
            ..Patience::default()
        };
        let (rate, burst) = match settings.provider {
            Provider::Cloudflare => {
                let rate = settings.cloudflare.per_second;
                (rate, rate.max(settings.cloudflare.batch as f64))
            }
            Provider::Fastly => (settings.fastly.per_second, 1.0),
            Provider::Bunny => (settings.bunny.exact_per_second, settings.bunny.exact_burst),
            Provider::Http | Provider::None => (settings.http.per_second, 1.0),
        };
        let bunny = &settings.bunny;
        Ok(Self {
            client: Client::for_own_services(patience, secrets)?,
            access,
            settings,
            site,
            pace: Pace::new(rate, burst),
            prefix_pace: Pace::new(bunny.prefix_per_second, bunny.prefix_burst),
        })
    }

    /// Addresses that one call takes.
    pub fn batch(&self) -> usize {
        match self.settings.provider {
            Provider::Cloudflare => self.settings.cloudflare.batch,
            Provider::Fastly if self.settings.fastly.by == PurgeBy::Keys => FASTLY_KEYS,
            Provider::Fastly | Provider::Bunny | Provider::None => 1,
            Provider::Http => self.settings.http.batch,
        }
    }

    /// Makes the CDN forget some addresses, relative to the site's; no more than [`Cdn::batch`] of them.
    ///
    /// # Errors
    /// When it cannot be reached, or did not accept them.
    pub async fn forget(&mut self, addresses: &[String]) -> Result<(), CdnError> {
        let urls: Vec<_> = addresses
            .iter()
            .map(|address| format!("{}/{address}", self.site))
            .collect();
        match self.settings.provider {
            Provider::None => Ok(()),
            Provider::Cloudflare => {
                self.pace.take(urls.len()).await;
                let done = self.cloudflare(&json!({"files": urls})).await;
                self.pace.answered();
                done
            }
            Provider::Fastly => {
                self.pace.take(1).await;
                let done = self.fastly_forget(&urls).await;
                self.pace.answered();
                done
            }
            Provider::Bunny => {
                for url in &urls {
                    // Without being told so, Bunny takes such an address for all below it, the home page's for the site.
                    let exact = url.ends_with('/');
                    if exact {
                        self.prefix_pace.take(1).await;
                    } else {
                        self.pace.take(1).await;
                    }
                    let done = self.bunny(url, exact).await;
                    if exact {
                        self.prefix_pace.answered();
                    } else {
                        self.pace.answered();
                    }
                    done?;
                }
                Ok(())
            }
            Provider::Http => {
                self.pace.take(1).await;
                let request = self.templated(&urls)?;
                let done = self.client.text(&request).await;
                self.pace.answered();
                done?;
                Ok(())
            }
        }
    }

    /// Makes the CDN forget all it has of the site, where it can ([`forgets_everything`]).
    ///
    /// # Errors
    /// When it cannot be reached, or did not accept it.
    pub async fn forget_everything(&mut self) -> Result<(), CdnError> {
        match self.settings.provider {
            Provider::Cloudflare => self.cloudflare(&json!({"purge_everything": true})).await,
            Provider::Fastly => {
                let service = &self.settings.fastly.service;
                self.fastly(&format!("service/{service}/purge_all"), String::new())
                    .await
            }
            Provider::Bunny => self.bunny(&format!("{}/*", self.site), false).await,
            Provider::Http | Provider::None => Ok(()),
        }
    }

    async fn cloudflare(&self, body: &serde_json::Value) -> Result<(), CdnError> {
        #[derive(Deserialize)]
        struct Answer {
            success: bool,
            #[serde(default)]
            errors: Vec<Complaint>,
        }
        #[derive(Deserialize)]
        struct Complaint {
            code: i64,
            message: String,
        }
        let cloudflare = &self.settings.cloudflare;
        let request = self.request(
            Method::POST,
            &format!("{}/zones/{}/purge_cache", cloudflare.api, cloudflare.zone),
            body.to_string(),
        )?;
        let text = self.client.text(&request).await?;
        let complaints = match serde_json::from_str::<Answer>(&text) {
            Ok(answer) if answer.success => return Ok(()),
            Ok(answer) => answer
                .errors
                .iter()
                .map(|complaint| format!("{} ({})", complaint.message, complaint.code))
                .collect::<Vec<_>>()
                .join("; "),
            Err(_) => "it answered something else than its API does".to_owned(),
        };
        Err(self.refused(&request, &complaints))
    }

    async fn fastly_forget(&self, urls: &[String]) -> Result<(), CdnError> {
        let fastly = &self.settings.fastly;
        if fastly.by == PurgeBy::Keys {
            let keys: Vec<_> = urls.iter().map(|url| path(url)).collect();
            let body = json!({"surrogate_keys": keys}).to_string();
            let path = format!("service/{}/purge", fastly.service);
            return self.fastly(&path, body).await;
        }
        for url in urls {
            let cached = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            self.fastly(&format!("purge/{cached}"), String::new())
                .await?;
        }
        Ok(())
    }

    async fn fastly(&self, path: &str, body: String) -> Result<(), CdnError> {
        let fastly = &self.settings.fastly;
        let mut request = self.request(Method::POST, &format!("{}/{path}", fastly.api), body)?;
        if fastly.soft && !path.ends_with("/purge_all") {
            request.headers.insert(
                HeaderName::from_static("fastly-soft-purge"),
                HeaderValue::from_static("1"),
            );
        }
        self.client.text(&request).await?;
        Ok(())
    }

    async fn bunny(&self, url: &str, exact: bool) -> Result<(), CdnError> {
        let api = &self.settings.bunny.api;
        let mut request = self.request(Method::POST, &format!("{api}/purge"), String::new())?;
        request
            .url
            .query_pairs_mut()
            .append_pair("url", url)
            .append_pair("async", "true");
        if exact {
            request
                .url
                .query_pairs_mut()
                .append_pair("exactPath", "true");
        }
        self.client.text(&request).await?;
        Ok(())
    }

    fn request(&self, method: Method, url: &str, body: String) -> Result<Request, CdnError> {
        let mut headers = match &self.access {
            Access::Headers(headers) => headers.clone(),
            Access::Token(_) => HeaderMap::new(),
        };
        if !body.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let url = Url::parse(url)
            .map_err(|error| HttpError::Setup(format!("an address is wrong: {error}")))?;
        Ok(Request {
            method,
            url,
            headers,
            body,
        })
    }

    fn refused(&self, request: &Request, reason: &str) -> CdnError {
        CdnError::Refused {
            service: self.client.name(&request.url),
            reason: self.client.quote(reason),
        }
    }

    /// The request that the operator's templates make for some addresses.
    fn templated(&self, urls: &[String]) -> Result<Request, CdnError> {
        #[derive(Serialize)]
        struct Named<'a> {
            addresses: &'a [String],
            paths: Vec<&'a str>,
            /// The first, and the only one where a request takes one.
            address: &'a str,
            path: &'a str,
            site: &'a str,
            token: &'a str,
        }
        let token = match &self.access {
            Access::Token(Some(token)) => token.expose(),
            _ => "",
        };
        let address = urls.first().map_or("", String::as_str);
        let context = tera::Context::from_serialize(&Named {
            addresses: urls,
            paths: urls.iter().map(|url| path(url)).collect(),
            address,
            path: path(address),
            site: self.site,
            token,
        });
        let wrong = |key: &str, reason: String| CdnError::Template {
            key: key.to_owned(),
            reason: self.client.quote(&reason),
        };
        let context = context.map_err(|error| wrong("url", error.to_string()))?;
        let tera = super::template::json();
        let render = |key: &str, template: &str| {
            tera.render_str(template, &context, false)
                .map_err(|error| wrong(key, error.to_string()))
        };
        let http = &self.settings.http;
        let url = Url::parse(render("url", &http.url)?.trim())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| wrong("url", "it makes no address".to_owned()))?;
        let mut headers = HeaderMap::new();
        for (name, template) in &http.headers {
            let key = format!("headers.{name}");
            let (name, value) = header(name, &render(&key, template)?)
                .ok_or_else(|| wrong(&key, "it makes no header".to_owned()))?;
            headers.insert(name, value);
        }
        Ok(Request {
            method: Method::from_bytes(http.method.as_bytes())
                .map_err(|error| wrong("method", error.to_string()))?,
            url,
            headers,
            body: render("body", &http.body)?,
        })
    }
}

/// The path of an address.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("/", |slash| &rest[slash..])
}
