//! What visitors get: the site as it answers at its address.

use std::time::Duration;

use reqwest::{Method, Url};
use serde_json::Value;
use thiserror::Error;

use crate::http::{Client, Guard, HttpError, Patience, RedactedUrl, Request};
use crate::site::path;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What `version.json` may weigh, bytes.
const LIMIT: usize = 1 << 20;

/// Why it cannot be told what is online.
#[derive(Debug, Error)]
pub enum OnlineError {
    /// The configuration's address of the site is none.
    #[error("site.address is \"{0}\"; an address such as https://prix.example.fr was expected")]
    Address(String),
    /// The address gave no answer that is of use.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// Something else than the site answers there.
    #[error("{address} is no version.json of a site")]
    Foreign {
        /// The address that was asked.
        address: String,
    },
}

/// The site at its address.
pub struct Online {
    client: Client,
    request: Request,
}

impl Online {
    /// The site at an address without a slash at its end, which may well be a private one.
    ///
    /// # Errors
    /// When that is no address, or the machine has no certificates to trust.
    pub fn new(address: &str) -> Result<Self, OnlineError> {
        let url = Url::parse(&format!("{address}/{}", path::VERSION.as_str()))
            .map_err(|_| OnlineError::Address(address.to_owned()))?;
        let patience = Patience {
            attempt: Some(TIMEOUT),
            ..Patience::default()
        };
        Ok(Self {
            client: Client::guarded(patience, Guard::new(true, []))?,
            request: Request::new(Method::GET, url),
        })
    }

    /// Its `version.json`, as any visitor gets it, caches on the way included.
    ///
    /// # Errors
    /// When the address cannot be reached or says no, or is that of something else.
    pub async fn version_file(&self) -> Result<Value, OnlineError> {
        let body = self.client.body(&self.request, LIMIT).await?;
        serde_json::from_slice(&body)
            .ok()
            .filter(|file: &Value| file["current"].is_string())
            .ok_or_else(|| OnlineError::Foreign {
                address: RedactedUrl(&self.request.url).to_string(),
            })
    }
}
