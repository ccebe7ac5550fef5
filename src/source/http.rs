//! Requests: bounded in time, size and number, retried where that may help.

use std::ops::Deref;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, DATE, ETAG, HeaderMap, HeaderName, HeaderValue, LAST_MODIFIED,
    RETRY_AFTER,
};
use reqwest::{Client, Method, Response, StatusCode, Url};

use super::SourceError;
use super::address::Shown;
use super::guard::Guard;
use crate::config::{Fetch, Source};

/// A server that asks for a longer wait is not waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// What a server says of a file, to tell it from another edition of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    pub etag: Option<String>,
    /// As sent: an HTTP date.
    pub last_modified: Option<String>,
    /// Bytes.
    pub length: Option<u64>,
}

impl Stamp {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self {
            etag: text(headers, &ETAG),
            last_modified: text(headers, &LAST_MODIFIED),
            length: text(headers, &CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        }
    }

    /// What If-Range takes: a strong ETag, else the date.
    pub(super) fn validator(&self) -> Option<&str> {
        let strong = self.etag.as_deref().filter(|etag| !etag.starts_with("W/"));
        strong.or(self.last_modified.as_deref())
    }

    /// The date of [`Stamp::last_modified`], RFC 3339.
    pub(super) fn date(&self) -> Option<String> {
        let time = httpdate::parse_http_date(self.last_modified.as_deref()?).ok()?;
        Timestamp::try_from(time).ok().map(|time| time.to_string())
    }
}

/// A header as text.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The client of a run.
pub struct Http {
    client: Client,
    guard: Guard,
    settings: Fetch,
}

impl Http {
    /// Sets up the client. Proxies are those of the environment.
    ///
    /// # Errors
    /// When the machine has no certificates to trust.
    pub fn new(settings: &Fetch, sources: &[Source]) -> Result<Self, SourceError> {
        // An error says that a provider is installed already, which is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let addresses = sources
            .iter()
            .flat_map(|source| &source.urls)
            .map(String::as_str);
        let guard = Guard::new(
            settings.allow_private_addresses,
            addresses.chain([settings.api.as_str()]),
        );
        let client = Client::builder()
            .user_agent(concat!("immostats/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs_f64(settings.connect_timeout))
            .read_timeout(Duration::from_secs_f64(settings.idle_timeout))
            .redirect(guard.redirects())
            // It would tell the next host the query of this one.
            .referer(false)
            .dns_resolver(guard.clone())
            .build()
            .map_err(|error| SourceError::Client(error.without_url().to_string()))?;
        Ok(Self {
            client,
            guard,
            settings: settings.clone(),
        })
    }

    pub(super) fn settings(&self) -> &Fetch {
        &self.settings
    }

    /// The time by the clock of the data.gouv.fr API; `None` when it does not tell. What it answers besides is of no
    /// matter, and it is asked once.
    pub async fn time(&self) -> Option<Timestamp> {
        let url = Url::parse(&format!("{}/", self.settings.api)).ok()?;
        self.guard.check(&url).ok()?;
        let response = self.client.head(url).send().await.ok()?;
        let date = text(response.headers(), &DATE)?;
        let time = httpdate::parse_http_date(&date).ok()?;
        Timestamp::try_from(time).ok()
    }

    /// What a server says of a file, without the file.
    ///
    /// # Errors
    /// When the server cannot be reached or says no.
    pub(super) async fn head(&self, url: &Url) -> Result<Stamp, SourceError> {
        let headers = HeaderMap::new();
        let response = self
            .retrying(url, || self.send(Method::HEAD, url, headers.clone()))
            .await?;
        Ok(Stamp::of(response.headers()))
    }

    /// The whole of a short answer.
    ///
    /// # Errors
    /// When the server cannot be reached or says no, or the answer is longer than `limit` bytes.
    pub(super) async fn body(&self, url: &Url, limit: usize) -> Result<Vec<u8>, SourceError> {
        self.retrying(url, || async {
            let mut response = self.send(Method::GET, url, HeaderMap::new()).await?;
            let mut body = Vec::new();
            while let Some(chunk) = self.chunk(url, &mut response).await? {
                if body.len() + chunk.len() > limit {
                    return Err(SourceError::Answer {
                        address: Shown(url).to_string(),
                        reason: format!("it is longer than {limit} bytes"),
                    });
                }
                body.extend_from_slice(&chunk);
            }
            Ok(body)
        })
        .await
    }

    /// One request. 304 is an answer like those of success.
    pub(super) async fn send(
        &self,
        method: Method,
        url: &Url,
        mut headers: HeaderMap,
    ) -> Result<Response, SourceError> {
        let address = || Shown(url).to_string();
        self.guard.check(url).map_err(|stray| SourceError::Stray {
            address: address(),
            stray,
        })?;
        // Sizes and checksums are those of the file as it lies there.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let response = self
            .client
            .request(method, url.clone())
            .headers(headers)
            .send()
            .await
            .map_err(|error| SourceError::network(url, error, &self.settings))?;
        let status = response.status();
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            return Ok(response);
        }
        Err(SourceError::Status {
            address: address(),
            status,
            retry_after: retry_after(response.headers()),
        })
    }

    /// The next piece of an answer.
    pub(super) async fn chunk(
        &self,
        url: &Url,
        response: &mut Response,
    ) -> Result<Option<impl Deref<Target = [u8]> + use<>>, SourceError> {
        let chunk = response.chunk().await;
        chunk.map_err(|error| SourceError::network(url, error, &self.settings))
    }

    /// Tries until it works, as often and as long as the configuration allows.
    pub(super) async fn retrying<T, F, R>(&self, url: &Url, attempt: F) -> Result<T, SourceError>
    where
        F: FnMut() -> R,
        R: Future<Output = Result<T, SourceError>>,
    {
        let settings = &self.settings;
        let waits = ExponentialBuilder::new()
            .with_min_delay(Duration::from_secs_f64(settings.retry_wait))
            .with_factor(2.0)
            .with_max_delay(LONGEST_WAIT)
            .with_max_times(settings.retries)
            .with_jitter();
        let tries = attempt
            .retry(waits)
            .when(SourceError::is_passing)
            .adjust(|error, wait| match error.retry_after() {
                Some(asked) if asked > LONGEST_WAIT => None,
                Some(asked) => wait.map(|_| asked),
                None => wait,
            })
            .notify(|error, wait| {
                tracing::warn!("{error}; another attempt in {:.1} s", wait.as_secs_f64())
            });
        let total = Duration::from_secs_f64(settings.total_timeout);
        match tokio::time::timeout(total, tries).await {
            Ok(outcome) => outcome,
            Err(_) => Err(SourceError::Late {
                address: Shown(url).to_string(),
                seconds: settings.total_timeout,
            }),
        }
    }
}

/// The wait that a server asks for, in seconds or as a date.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, &RETRY_AFTER)?;
    match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => {
            let date = httpdate::parse_http_date(&value).ok()?;
            Some(
                date.duration_since(std::time::SystemTime::now())
                    .unwrap_or_default(),
            )
        }
    }
}
