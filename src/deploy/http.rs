//! Requests to services of the operator's own: a CDN, a chat. They are retried where that may help, and whatever is told
//! of them holds no secret.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode, Url};
use thiserror::Error;
use tokio::time::Instant;

use super::secret::{Secret, scrub};
use crate::source::retry_after;

/// A server that asks for a longer wait is not waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// Bytes of an answer that are read.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Characters of an answer that an error shows.
const SHOWN: usize = 200;

/// Why a request was not granted. `to` is the host, for the rest of an address may be a secret.
#[derive(Debug, Error)]
pub enum RequestError {
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
    #[error("{to} was not reached: {reason}")]
    Network { to: String, reason: String },
    #[error("{to} answered {status}{reason}")]
    Status {
        to: String,
        status: StatusCode,
        /// What it says of it, after a colon; empty when it says nothing.
        reason: String,
        retry_after: Option<Duration>,
    },
    #[error("{to} did not do it: {reason}")]
    Answer { to: String, reason: String },
}

impl RequestError {
    /// Whether trying again may help.
    fn is_passing(&self) -> bool {
        match self {
            Self::Network { .. } => true,
            Self::Status { status, .. } => {
                matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504)
            }
            Self::Client(_) | Self::Answer { .. } => false,
        }
    }

    /// Whether every other request would meet the same: the credentials or the address are wrong.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(status.as_u16(), 401 | 403 | 404 | 405),
            Self::Client(_) => true,
            Self::Network { .. } | Self::Answer { .. } => false,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// How often and how long requests are tried.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For one attempt.
    pub timeout: Duration,
    /// Attempts after a first one.
    pub retries: usize,
    /// Before the first retry; it doubles each time, and up to as much again is added at random.
    pub wait: Duration,
}

/// A request, which can be sent several times.
#[derive(Clone)]
pub struct Request {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: String,
}

/// The client of a command. Redirects are not followed: none of the services is documented to send one, and it would take
/// the credentials elsewhere.
pub struct Client {
    client: reqwest::Client,
    patience: Patience,
    secrets: Vec<Secret>,
}

impl Client {
    /// Sets up the client. Proxies are those of the environment.
    ///
    /// # Errors
    /// When the machine has no certificates to trust.
    pub fn new(patience: Patience, secrets: Vec<Secret>) -> Result<Self, RequestError> {
        // An error says that a provider is installed already, which is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("immostats/", env!("CARGO_PKG_VERSION")))
            .timeout(patience.timeout)
            .redirect(Policy::none())
            .build()
            .map_err(|error| RequestError::Client(error.without_url().to_string()))?;
        Ok(Self {
            client,
            patience,
            secrets,
        })
    }

    /// Sends a request until it is granted, as often as the patience allows and as the server asks for. Gives the body of
    /// the answer.
    ///
    /// # Errors
    /// When the server cannot be reached or says no.
    pub async fn send(&self, request: &Request) -> Result<String, RequestError> {
        let waits = ExponentialBuilder::new()
            .with_min_delay(self.patience.wait)
            .with_factor(2.0)
            .with_max_delay(LONGEST_WAIT)
            .with_max_times(self.patience.retries)
            .with_jitter();
        (|| self.attempt(request))
            .retry(waits)
            .when(RequestError::is_passing)
            .adjust(|error, wait| match error.retry_after() {
                Some(asked) if asked > LONGEST_WAIT => None,
                Some(asked) => wait.map(|_| asked),
                None => wait,
            })
            .notify(|error, wait| {
                tracing::warn!("{error}; another attempt in {:.1} s", wait.as_secs_f64())
            })
            .await
    }

    async fn attempt(&self, request: &Request) -> Result<String, RequestError> {
        let to = self.name(&request.url);
        let network = |error: reqwest::Error| {
            let reason = if error.is_timeout() {
                format!("no answer within {} s", self.patience.timeout.as_secs_f64())
            } else {
                scrub(&innermost(&error.without_url()), &self.secrets)
            };
            RequestError::Network {
                to: to.clone(),
                reason,
            }
        };
        let mut answer = self
            .client
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .body(request.body.clone())
            .send()
            .await
            .map_err(network)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(network)? {
            body.extend_from_slice(&chunk);
            if body.len() > LONGEST_ANSWER {
                break;
            }
        }
        let body = String::from_utf8_lossy(&body).into_owned();
        let status = answer.status();
        if status.is_success() {
            return Ok(body);
        }
        let reason = self.shown(&body);
        Err(RequestError::Status {
            to,
            status,
            reason: if reason.is_empty() {
                reason
            } else {
                format!(": {reason}")
            },
            retry_after: retry_after(answer.headers()),
        })
    }

    /// The service in words: its host.
    pub fn name(&self, url: &Url) -> String {
        let host = url.host_str().unwrap_or_default();
        let name = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        scrub(&name, &self.secrets)
    }

    /// What a server said, as far as it can be shown: short, in one line, without secrets.
    pub fn shown(&self, text: &str) -> String {
        let text = scrub(text, &self.secrets);
        let line: Vec<_> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        line.join(" ").chars().take(SHOWN).collect()
    }
}

/// What went wrong in the end.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &(dyn std::error::Error + 'static) = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// Keeps requests within a rate: a bucket of tokens that fills steadily, as the services count themselves.
pub struct Pace {
    /// Tokens a second.
    rate: f64,
    /// What the bucket holds.
    burst: f64,
    tokens: f64,
    /// When it was last filled; `None` until the first answer: a server counts from when the first request reached it.
    filled: Option<Instant>,
}

impl Pace {
    /// A full bucket.
    pub fn new(rate: f64, burst: f64) -> Self {
        Self {
            rate,
            burst,
            tokens: burst,
            filled: None,
        }
    }

    /// Waits until there are `count` tokens, or a full bucket, and takes them.
    pub async fn take(&mut self, count: usize) {
        let count = (count as f64).min(self.burst);
        self.fill();
        if self.tokens < count {
            tokio::time::sleep(Duration::from_secs_f64((count - self.tokens) / self.rate)).await;
            self.fill();
        }
        self.tokens -= count;
    }

    /// Tells that a request was answered.
    pub fn answered(&mut self) {
        self.filled.get_or_insert_with(Instant::now);
    }

    fn fill(&mut self) {
        if let Some(filled) = &mut self.filled {
            let now = Instant::now();
            let gained = now.duration_since(*filled).as_secs_f64() * self.rate;
            self.tokens = (self.tokens + gained).min(self.burst);
            *filled = now;
        }
    }
}
