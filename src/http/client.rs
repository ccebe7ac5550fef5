//! The client of all requests.

use std::fmt::Display;
use std::ops::Deref;
use std::time::{Duration, SystemTime};

use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use reqwest::header::{ACCEPT_ENCODING, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Method, Response, StatusCode, Url};

use super::address::RedactedUrl;
use super::error::{HttpError, innermost};
use super::guard::{Guard, Stray};
use super::secret::{Secret, quote, scrub};

/// A server that asks for a longer wait is not waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// Bytes that are read of what a service of the operator's answers.
const LONGEST_ANSWER: usize = 64 * 1024;

/// How long and how often requests are tried. A time that is `None` is not bounded by itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Patience {
    /// Until a connection stands.
    pub connect: Option<Duration>,
    /// Between two pieces of an answer.
    pub idle: Option<Duration>,
    /// For one attempt, its answer included.
    pub attempt: Option<Duration>,
    /// For all attempts, the waits between them included.
    pub total: Option<Duration>,
    /// Attempts after a first one.
    pub retries: usize,
    /// Before the first retry; it doubles each time, and up to as much again is added at random.
    pub wait: Duration,
}

/// A request, which can be sent several times.
#[derive(Clone, Debug)]
pub struct Request {
    /// What the server is asked to do.
    pub method: Method,
    /// The whole address, which may hold a secret and is shown only in its redacted form.
    pub url: Url,
    /// Headers besides those that the client sends with every request.
    pub headers: HeaderMap,
    /// The text that is sent; empty when there is none.
    pub body: String,
}

impl Request {
    /// A request without headers of its own and without a body.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: String::new(),
        }
    }
}

/// What the error of an attempt means for the next one.
pub enum NextAttempt {
    /// Trying again would not help.
    Never,
    /// After the usual wait.
    Later,
    /// After the wait that the server asks for.
    After(Duration),
}

/// An error of an attempt, which [`Client::retrying`] can judge.
pub trait Retry: Display + From<HttpError> {
    /// Whether there is a next attempt.
    fn next_attempt(&self) -> NextAttempt;
}

impl Retry for HttpError {
    fn next_attempt(&self) -> NextAttempt {
        match self {
            Self::Status {
                retry_after: Some(asked),
                ..
            } if self.is_passing() => NextAttempt::After(*asked),
            _ if self.is_passing() => NextAttempt::Later,
            _ => NextAttempt::Never,
        }
    }
}

/// A client, with what it may ask and for how long. Proxies are those of the environment.
pub struct Client {
    client: reqwest::Client,
    patience: Patience,
    /// `None` for services of the operator's own.
    guard: Option<Guard>,
    secrets: Vec<Secret>,
}

impl Client {
    /// A client for addresses that others give: it goes where `guard` lets it, by way of redirects too. Errors show its
    /// addresses without what may be secret in them.
    ///
    /// # Errors
    /// When the machine has no certificates to trust.
    pub fn guarded(patience: Patience, guard: Guard) -> Result<Self, HttpError> {
        Self::within(patience, guard.redirects(), guard)
    }

    /// As [`Client::guarded`], for requests that carry what is meant for one host: no redirect is followed.
    ///
    /// # Errors
    /// As [`Client::guarded`].
    pub fn guarded_without_redirects(patience: Patience, guard: Guard) -> Result<Self, HttpError> {
        Self::within(patience, Policy::none(), guard)
    }

    fn within(patience: Patience, redirects: Policy, guard: Guard) -> Result<Self, HttpError> {
        let builder = builder(patience)
            .redirect(redirects)
            .dns_resolver(guard.clone());
        Self::build(builder, patience, Some(guard), Vec::new())
    }

    /// A client for services of the operator's own, which may stand anywhere. Redirects are not followed: none of the
    /// services is documented to send one, and it would take the credentials elsewhere. Errors show the host only, for
    /// the rest of an address may be a secret, and quote the answer without the secrets.
    ///
    /// # Errors
    /// When the machine has no certificates to trust.
    pub fn for_own_services(patience: Patience, secrets: Vec<Secret>) -> Result<Self, HttpError> {
        let builder = builder(patience).redirect(Policy::none());
        Self::build(builder, patience, None, secrets)
    }

    fn build(
        builder: reqwest::ClientBuilder,
        patience: Patience,
        guard: Option<Guard>,
        secrets: Vec<Secret>,
    ) -> Result<Self, HttpError> {
        let client = builder.build();
        let client = client.map_err(|error| HttpError::Setup(error.without_url().to_string()))?;
        Ok(Self {
            client,
            patience,
            guard,
            secrets,
        })
    }

    /// The time by the clock of a server; `None` when it does not tell. What it answers besides is of no matter, and it
    /// is asked once.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn time(&self, url: Url) -> Result<Option<Timestamp>, HttpError> {
        let response = self.attempt(&Request::new(Method::HEAD, url)).await?;
        let date = response.headers().get(DATE);
        let date = date.and_then(|date| date.to_str().ok());
        let time = date.and_then(|date| httpdate::parse_http_date(date).ok());
        Ok(time.and_then(|time| Timestamp::try_from(time).ok()))
    }

    /// The whole of a short answer.
    ///
    /// # Errors
    /// When the server cannot be reached or says no, or the answer is longer than `limit` bytes.
    pub async fn body(&self, request: &Request, limit: usize) -> Result<Vec<u8>, HttpError> {
        self.answer(request, limit).await.map(|(_, body)| body)
    }

    /// The headers and the whole of a short answer.
    ///
    /// # Errors
    /// As [`Client::body`].
    pub async fn answer(
        &self,
        request: &Request,
        limit: usize,
    ) -> Result<(HeaderMap, Vec<u8>), HttpError> {
        self.retrying(&request.url, || self.whole(request, limit))
            .await
    }

    /// One attempt of the same.
    ///
    /// # Errors
    /// As [`Client::body`].
    pub async fn whole(
        &self,
        request: &Request,
        limit: usize,
    ) -> Result<(HeaderMap, Vec<u8>), HttpError> {
        let mut response = self.send(request).await?;
        let headers = std::mem::take(response.headers_mut());
        let body = self.read(&request.url, &mut response, limit).await?;
        match body.len() > limit {
            true => Err(HttpError::TooLong {
                address: self.name(&request.url),
                limit,
            }),
            false => Ok((headers, body)),
        }
    }

    /// Sends a request until it is granted. Gives the answer's text, cut where it is longer than any service has to say.
    ///
    /// # Errors
    /// When the server cannot be reached or says no.
    pub async fn text(&self, request: &Request) -> Result<String, HttpError> {
        self.retrying(&request.url, || async {
            let mut response = self.send(request).await?;
            let url = &request.url;
            let body = self.read(url, &mut response, LONGEST_ANSWER).await?;
            Ok(String::from_utf8_lossy(&body).into_owned())
        })
        .await
    }

    /// One attempt of a request. 304 is an answer like those of success.
    ///
    /// # Errors
    /// When the server cannot be reached or says no.
    pub async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        let mut response = self.attempt(request).await?;
        let status = response.status();
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            return Ok(response);
        }
        let retry_after = retry_after(response.headers());
        let mut reason = String::new();
        if self.guard.is_none() {
            let url = &request.url;
            let body = self.read(url, &mut response, LONGEST_ANSWER).await?;
            reason = self.quote(&String::from_utf8_lossy(&body));
        }
        if !reason.is_empty() {
            reason.insert_str(0, ": ");
        }
        Err(HttpError::Status {
            address: self.name(&request.url),
            status,
            reason,
            retry_after,
        })
    }

    async fn attempt(&self, request: &Request) -> Result<Response, HttpError> {
        if let Some(guard) = &self.guard {
            guard
                .check(&request.url)
                .map_err(|stray| HttpError::Stray {
                    address: self.name(&request.url),
                    stray,
                })?;
        }
        self.client
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .body(request.body.clone())
            .send()
            .await
            .map_err(|error| self.network(&request.url, error))
    }

    /// The next piece of an answer.
    ///
    /// # Errors
    /// When the connection is cut or nothing comes any more.
    pub async fn chunk(
        &self,
        url: &Url,
        response: &mut Response,
    ) -> Result<Option<impl Deref<Target = [u8]> + use<>>, HttpError> {
        let chunk = response.chunk().await;
        chunk.map_err(|error| self.network(url, error))
    }

    /// An answer, read up to the piece that passes the limit.
    async fn read(
        &self,
        url: &Url,
        response: &mut Response,
        limit: usize,
    ) -> Result<Vec<u8>, HttpError> {
        let mut body = Vec::new();
        while body.len() <= limit
            && let Some(chunk) = self.chunk(url, response).await?
        {
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// Tries until it works, as often and as long as the patience allows and as the server asks for.
    ///
    /// # Errors
    /// The error of the last attempt, or that the time is over.
    pub async fn retrying<T, E: Retry, F, R>(&self, url: &Url, attempt: F) -> Result<T, E>
    where
        F: FnMut() -> R,
        R: Future<Output = Result<T, E>>,
    {
        let waits = ExponentialBuilder::new()
            .with_min_delay(self.patience.wait)
            .with_factor(2.0)
            .with_max_delay(LONGEST_WAIT)
            .with_max_times(self.patience.retries)
            .with_jitter();
        let tries = attempt
            .retry(waits)
            .adjust(|error: &E, wait| match error.next_attempt() {
                NextAttempt::Never => None,
                NextAttempt::Later => wait,
                NextAttempt::After(asked) => {
                    wait.map(|_| asked).filter(|asked| *asked <= LONGEST_WAIT)
                }
            })
            .notify(|error, wait| {
                tracing::warn!("{error}; another attempt in {:.1} s", wait.as_secs_f64());
            });
        let Some(total) = self.patience.total else {
            return tries.await;
        };
        match tokio::time::timeout(total, tries).await {
            Ok(outcome) => outcome,
            Err(_) => Err(E::from(HttpError::Late {
                address: self.name(url),
                seconds: total.as_secs_f64(),
            })),
        }
    }

    /// As much of an address as may be shown.
    pub fn name(&self, url: &Url) -> String {
        if self.guard.is_some() {
            return RedactedUrl(url).to_string();
        }
        let host = url.host_str().unwrap_or_default();
        let name = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        scrub(&name, &self.secrets)
    }

    /// What a server said, as far as it can be shown: short, in one line, without secrets.
    pub fn quote(&self, text: &str) -> String {
        quote(text, &self.secrets)
    }

    /// The reason of a failed request.
    fn network(&self, url: &Url, error: reqwest::Error) -> HttpError {
        let seconds = |time: Option<Duration>| time.unwrap_or_default().as_secs_f64();
        let patience = &self.patience;
        let address = self.name(url);
        let reason = if error.is_timeout() {
            match patience.attempt {
                Some(attempt) => format!("no answer within {} s", attempt.as_secs_f64()),
                None if error.is_connect() => {
                    format!("no connection within {} s", seconds(patience.connect))
                }
                None => format!("nothing came for {} s", seconds(patience.idle)),
            }
        } else {
            let error = error.without_url();
            let cause = innermost(&error);
            if let Some(stray) = cause.downcast_ref::<Stray>() {
                let stray = stray.clone();
                return HttpError::Stray { address, stray };
            }
            scrub(&cause.to_string(), &self.secrets)
        };
        HttpError::Network { address, reason }
    }
}

fn builder(patience: Patience) -> reqwest::ClientBuilder {
    install_cryptography();
    let mut headers = HeaderMap::new();
    // Sizes and checksums are those of the file as it lies there.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("immostats/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        // It would tell the next host the query of this one.
        .referer(false);
    if let Some(connect) = patience.connect {
        builder = builder.connect_timeout(connect);
    }
    if let Some(idle) = patience.idle {
        builder = builder.read_timeout(idle);
    }
    if let Some(attempt) = patience.attempt {
        builder = builder.timeout(attempt);
    }
    builder
}

/// Makes ring the cryptography of TLS in this process.
pub fn install_cryptography() {
    // An error says that a provider is installed already, which is as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Runs what waits for the network, on this thread.
///
/// # Errors
/// When the system gives no event loop.
pub fn block_on<T>(work: impl Future<Output = T>) -> Result<T, HttpError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(work))
}

/// A header that may hold a secret, so that no log shows it; `None` when the name or the value can be none.
pub fn header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
    let mut value = HeaderValue::from_str(value.trim()).ok()?;
    value.set_sensitive(true);
    Some((name, value))
}

/// The wait that a server asks for, in seconds or as a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => {
            let date = httpdate::parse_http_date(value).ok()?;
            Some(date.duration_since(SystemTime::now()).unwrap_or_default())
        }
    }
}
