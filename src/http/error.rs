//! Why a request got no answer that is of use.

use std::io;
use std::time::Duration;

use reqwest::StatusCode;
use thiserror::Error;

use super::guard::Stray;

/// Why a request got no answer that is of use. `address` is as much of the address as may be shown
/// ([`Client::name`](super::Client::name)).
#[derive(Debug, Error)]
pub enum HttpError {
    /// The machine lacks something, such as certificates to trust.
    #[error("the HTTP client cannot be set up: {0}")]
    Setup(String),
    /// The operating system gives no event loop to wait for the network with.
    #[error("the system gives no way to wait for the network: {0}")]
    EventLoop(#[from] io::Error),
    /// The request, or a redirect of it, would have gone to an address that the guard forbids.
    #[error("{address} was not asked: {stray}")]
    Stray {
        /// As much of the address as may be shown.
        address: String,
        /// Which rule the address breaks.
        stray: Stray,
    },
    /// No connection stood, or it was cut.
    #[error("the request to {address} failed: {reason}")]
    Network {
        /// As much of the address as may be shown.
        address: String,
        /// What the network says of it, without the address.
        reason: String,
    },
    /// The answer was no success.
    #[error("{address} answered {status}{reason}")]
    Status {
        /// As much of the address as may be shown.
        address: String,
        /// The status of the answer.
        status: StatusCode,
        /// What the server says of it, after a colon; empty when it says nothing.
        reason: String,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// The time for all attempts is over.
    #[error("{address} did not answer in full within {seconds} s, retries included")]
    Late {
        /// As much of the address as may be shown.
        address: String,
        /// The time that all attempts had together, in seconds.
        seconds: f64,
    },
    /// The answer is longer than the limit, and was not read to its end.
    #[error("{address} answered more than {limit} bytes")]
    TooLong {
        /// As much of the address as may be shown.
        address: String,
        /// How many bytes the answer may have.
        limit: usize,
    },
}

impl HttpError {
    /// Whether trying again may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Network { .. } => true,
            Self::Status { status, .. } => {
                matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504)
            }
            _ => false,
        }
    }

    /// Whether every other request to the same service would meet the same: the credentials or the address are wrong.
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::Setup(_) => true,
            Self::Status { status, .. } => matches!(status.as_u16(), 401 | 403 | 404 | 405),
            _ => false,
        }
    }

    /// Whether it is the request that the server does not take: it asks for what is not there, or no longer.
    pub fn is_about_request(&self) -> bool {
        matches!(self, Self::Status { status, .. } if matches!(status.as_u16(), 400 | 404 | 410 | 416 | 422))
    }

    /// Whether the server says that there is no such thing.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Status { status, .. } if matches!(status.as_u16(), 404 | 410))
    }
}

/// What went wrong in the end: the errors around it repeat the address, which may hold a secret.
pub(super) fn innermost(error: &reqwest::Error) -> &(dyn std::error::Error + 'static) {
    let mut cause: &(dyn std::error::Error + 'static) = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause
}
