//! What visitors get: the site as it answers at its address.

use std::time::Duration;

use reqwest::{Client, StatusCode, Url};
use serde_json::Value;
use thiserror::Error;

use crate::site::path;
use crate::source::Shown;

/// Seconds until an answer has come whole.
const TIMEOUT: u64 = 30;

/// What `version.json` may weigh, bytes.
const LIMIT: usize = 1 << 20;

/// Why it cannot be told what is online.
#[derive(Debug, Error)]
pub enum OnlineError {
    #[error("site.address is \"{0}\"; an address such as https://prix.example.fr was expected")]
    Address(String),
    #[error("no HTTPS connection can be made on this machine: {0}")]
    Client(String),
    #[error("{address} cannot be had: {reason}")]
    Unreachable { address: String, reason: String },
    #[error("{address} answered {status}")]
    Status { address: String, status: StatusCode },
    #[error("{address} is no version.json of a site")]
    Foreign { address: String },
}

/// The site at its address.
pub struct Online {
    client: Client,
    url: Url,
}

impl Online {
    /// The site at an address without a slash at its end.
    ///
    /// # Errors
    /// When that is no address, or the machine has no certificates to trust.
    pub fn new(address: &str) -> Result<Self, OnlineError> {
        // An error says that a provider is installed already, which is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("immostats/", env!("CARGO_PKG_VERSION")))
            .timeout(Duration::from_secs(TIMEOUT))
            .build()
            .map_err(|error| OnlineError::Client(error.without_url().to_string()))?;
        let url = Url::parse(&format!("{address}/{}", path::VERSION.as_str()))
            .map_err(|_| OnlineError::Address(address.to_owned()))?;
        Ok(Self { client, url })
    }

    /// Its `version.json`, as any visitor gets it, caches on the way included.
    ///
    /// # Errors
    /// When it cannot be had, or is something else.
    pub async fn version_file(&self) -> Result<Value, OnlineError> {
        let address = || Shown(&self.url).to_string();
        let unreachable = |error: reqwest::Error| OnlineError::Unreachable {
            address: address(),
            reason: reason(error),
        };
        let request = self.client.get(self.url.clone());
        let mut response = request.send().await.map_err(unreachable)?;
        if !response.status().is_success() {
            return Err(OnlineError::Status {
                address: address(),
                status: response.status(),
            });
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            body.extend_from_slice(&chunk);
            if body.len() > LIMIT {
                return Err(OnlineError::Foreign { address: address() });
            }
        }
        let file: Value = serde_json::from_slice(&body)
            .map_err(|_| OnlineError::Foreign { address: address() })?;
        if file["current"].is_string() {
            Ok(file)
        } else {
            Err(OnlineError::Foreign { address: address() })
        }
    }
}

/// The innermost cause, which says what happened; those around it repeat the address.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
