use std::path::PathBuf;
use std::time::Duration;

use reqwest::{StatusCode, Url};
use thiserror::Error;

use super::address::Shown;
use super::guard::Stray;
use crate::files::WriteError;

/// Why something upstream was not had. Addresses stand in it without their secrets.
#[derive(Debug, Error)]
pub enum SourceError {
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
    #[error(
        "there is no source \"{id}\" to fetch; those that immostats.toml enables are: {enabled}"
    )]
    Unknown { id: String, enabled: String },
    #[error("{address} was not asked: {stray}")]
    Stray { address: String, stray: Stray },
    #[error("{address} was not had: {reason}")]
    Network { address: String, reason: String },
    #[error("{address} answered {status}")]
    Status {
        address: String,
        status: StatusCode,
        retry_after: Option<Duration>,
    },
    #[error("{address} was not had within {seconds} s, with all retries")]
    Late { address: String, seconds: f64 },
    #[error("{address} is not what was expected: {reason}")]
    Answer { address: String, reason: String },
    #[error("{address} gave a file that is refused: {reason}")]
    Refused {
        address: String,
        reason: String,
        /// Parts of it came at different times, so that a whole download may differ.
        patched: bool,
    },
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("{} cannot be read or written: {source}", path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
}

impl SourceError {
    /// The reason of a failed request, without its address, which may hold a secret.
    pub(super) fn network(
        url: &Url,
        error: reqwest::Error,
        settings: &crate::config::Fetch,
    ) -> Self {
        let address = Shown(url).to_string();
        let reason = if error.is_timeout() && error.is_connect() {
            format!("no connection within {} s", settings.connect_timeout)
        } else if error.is_timeout() {
            format!("nothing came for {} s", settings.idle_timeout)
        } else {
            match stray(error.without_url()) {
                Ok(stray) => return Self::Stray { address, stray },
                Err(reason) => reason,
            }
        };
        Self::Network { address, reason }
    }

    /// Whether trying again may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Network { .. } => true,
            Self::Status { status, .. } => {
                matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504)
            }
            Self::Refused { patched, .. } => *patched,
            _ => false,
        }
    }

    /// Whether upstream says that there is no such thing.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Status { status, .. } if matches!(status.as_u16(), 404 | 410))
    }

    /// Whether a file came, and is not what it should be.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }

    /// How long the server asked to wait.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// The rule that stopped a request, where one did; else what went wrong in the end.
fn stray(error: reqwest::Error) -> Result<Stray, String> {
    let mut cause: &(dyn std::error::Error + 'static) = &error;
    loop {
        if let Some(stray) = cause.downcast_ref::<Stray>() {
            return Ok(stray.clone());
        }
        match cause.source() {
            Some(source) => cause = source,
            None => return Err(cause.to_string()),
        }
    }
}
