//! The client of upstream: what the configuration allows it, and what servers say of their files.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{
    CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue, LAST_MODIFIED, RANGE,
};
use reqwest::{Method, StatusCode, Url};

use super::access::Access;
use super::error::SourceError;
use crate::base::clock;
use crate::config::{Fetch, Source};
use crate::http::{Client, Guard, HttpError, Patience, Request};

/// What a server says of a file, to tell it from another edition of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The `ETag`, as sent.
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
        let time = Timestamp::try_from(time).ok();
        time.filter(is_a_publication).map(|time| time.to_string())
    }
}

/// Whether a file may have been published then: servers whose clock is wrong, or that know no time, name days to come and the
/// first of 1970.
pub(super) fn is_a_publication(time: &Timestamp) -> bool {
    const FIRST: Timestamp = Timestamp::constant(946_684_800, 0);
    // A clock may be somewhat ahead.
    (FIRST..=clock::now() + SignedDuration::from_hours(24)).contains(time)
}

/// A header as text.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The client of upstream, for one run.
pub struct UpstreamClient {
    pub(super) http: Client,
    /// For APIs, whose tokens no redirect may take elsewhere.
    pub(super) api: Client,
    pub(super) settings: Fetch,
    /// By the ids of the sources.
    access: BTreeMap<String, Access>,
}

impl UpstreamClient {
    /// Sets up the client. Hosts that the settings or the sources name are trusted wherever they stand; what their
    /// answers lead to has to be on the public internet, unless the settings allow more.
    ///
    /// # Errors
    /// When the machine has no certificates to trust.
    pub fn new(settings: &Fetch, sources: &[Source]) -> Result<Self, HttpError> {
        let addresses = sources.iter().flat_map(|source| &source.urls);
        let tokens = sources
            .iter()
            .filter_map(|source| source.pages.as_ref()?.token.as_ref());
        let exchanges = tokens.filter_map(|token| token.exchange.as_ref());
        let addresses = addresses
            .chain(exchanges.map(|exchange| &exchange.url))
            .chain([&settings.api])
            .map(String::as_str);
        let documents = sources.iter().flat_map(|source| &source.grist);
        let addresses = addresses.chain(documents.map(|grist| grist.server.as_str()));
        let guard = Guard::new(settings.allow_private_addresses, addresses);
        let patience = Patience {
            connect: Some(Duration::from_secs_f64(settings.connect_timeout)),
            idle: Some(Duration::from_secs_f64(settings.idle_timeout)),
            attempt: None,
            total: Some(Duration::from_secs_f64(settings.total_timeout)),
            retries: settings.retries,
            wait: Duration::from_secs_f64(settings.retry_wait),
        };
        Ok(Self {
            http: Client::guarded(patience, guard.clone())?,
            api: Client::guarded_without_redirects(patience, guard)?,
            settings: settings.clone(),
            access: sources
                .iter()
                .map(|source| (source.id.clone(), Access::new(source)))
                .collect(),
        })
    }

    /// A request to a server of a source, once it is its turn, with the token that the source asks for.
    ///
    /// # Errors
    /// When there is no token.
    pub(super) async fn request(
        &self,
        source: &str,
        method: Method,
        url: Url,
    ) -> Result<Request, SourceError> {
        let mut request = Request::new(method, url);
        if let Some(access) = self.access.get(source) {
            access.turn().await;
            request.headers.extend(access.token(&self.api).await?);
        }
        Ok(request)
    }

    /// The time by the clock of the data.gouv.fr API; `None` when it does not tell.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn time(&self) -> Result<Option<Timestamp>, HttpError> {
        match Url::parse(&format!("{}/", self.settings.api)) {
            Ok(url) => self.http.time(url).await,
            Err(error) => Err(HttpError::Setup(format!(
                "fetch.api is no address: {error}"
            ))),
        }
    }

    /// What a server says of a file, without the file. A server that refuses the question, or never answers it, is asked
    /// for the file's first byte; one that sends all of it is not listened to.
    ///
    /// # Errors
    /// When the server cannot be reached or says no.
    pub(super) async fn head(&self, source: &Source, url: &Url) -> Result<Stamp, SourceError> {
        let http = match source.pages.is_some() || source.grist.is_some() {
            true => &self.api,
            false => &self.http,
        };
        let request = self.request(&source.id, Method::HEAD, url.clone()).await?;
        match http.send(&request).await {
            Ok(response) => return Ok(Stamp::of(response.headers())),
            Err(error) if error.is_gone() || matches!(error, HttpError::Stray { .. }) => {
                return Err(error.into());
            }
            Err(error) => tracing::debug!("{error}; its first byte is asked for instead"),
        }
        let mut request = self.request(&source.id, Method::GET, url.clone()).await?;
        request
            .headers
            .insert(RANGE, HeaderValue::from_static("bytes=0-0"));
        let response = http.retrying(url, || http.send(&request)).await?;
        let mut stamp = Stamp::of(response.headers());
        if response.status() == StatusCode::PARTIAL_CONTENT {
            let range = text(response.headers(), &CONTENT_RANGE).unwrap_or_default();
            stamp.length = range.rsplit('/').next().and_then(|all| all.parse().ok());
        }
        Ok(stamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_on_which_nothing_was_published_is_unknown() {
        let date = |last_modified: String| {
            let stamp = Stamp {
                last_modified: Some(last_modified),
                ..Stamp::default()
            };
            stamp.date()
        };
        assert_eq!(
            date("Mon, 20 Oct 2025 06:00:00 GMT".to_owned()).as_deref(),
            Some("2025-10-20T06:00:00Z")
        );
        let tomorrow = std::time::SystemTime::from(clock::now() + SignedDuration::from_hours(48));
        for unknown in [
            "Thu, 01 Jan 1970 00:00:00 GMT".to_owned(),
            "Mon, 17 Nov 2098 00:00:00 GMT".to_owned(),
            httpdate::fmt_http_date(tomorrow),
        ] {
            assert_eq!(date(unknown.clone()), None, "{unknown}");
        }
    }
}
