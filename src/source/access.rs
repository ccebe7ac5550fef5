//! What a source asks of those who ask it: not too often, and with a token.

use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::{Map, Value};
use tokio::sync::{Mutex, OnceCell};

use super::error::SourceError;
use crate::config::{Source, Token, TokenExchange};
use crate::http::{self, Client, Pace, Request, Secret};

/// Bytes of an answer with a token.
const LIMIT: usize = 64 << 10;

/// The access to the servers of a source, for one run.
pub(super) struct Access {
    pace: Option<Mutex<Pace>>,
    token: Option<Token>,
    /// The header with the token, once it was asked for.
    header: OnceCell<Option<(HeaderName, HeaderValue)>>,
}

impl Access {
    pub(super) fn new(source: &Source) -> Self {
        let pace = source.per_minute.map(|most| {
            let mut pace = Pace::new(f64::from(most.get()) / 60.0, 1.0);
            // What is asked at once counts from now on.
            pace.answered();
            Mutex::new(pace)
        });
        Self {
            pace,
            token: source.token(),
            header: OnceCell::new(),
        }
    }

    /// Waits until the next request may be sent.
    pub(super) async fn turn(&self) {
        if let Some(pace) = &self.pace {
            pace.lock().await.take(1).await;
        }
    }

    /// The header that says who asks.
    ///
    /// # Errors
    /// When a token cannot be had.
    pub(super) async fn token(
        &self,
        client: &Client,
    ) -> Result<Option<(HeaderName, HeaderValue)>, SourceError> {
        let Some(token) = &self.token else {
            return Ok(None);
        };
        let header = self.header.get_or_try_init(|| async {
            let secret = match (&token.env, &token.exchange) {
                (Some(variable), _) => Secret::from_env(variable),
                (None, Some(exchange)) => Some(exchanged(client, exchange).await?),
                (None, None) => None,
            };
            let header = |secret: Secret| {
                http::header(
                    &token.header,
                    &format!("{}{}", token.prefix, secret.expose()),
                )
            };
            Ok::<_, SourceError>(secret.and_then(header))
        });
        Ok(header.await?.clone())
    }
}

/// The token that a service gives for credentials.
async fn exchanged(client: &Client, exchange: &TokenExchange) -> Result<Secret, SourceError> {
    let mut body = Map::new();
    for (field, variable) in &exchange.fields {
        let value = Secret::from_env(variable).ok_or_else(|| SourceError::NoSecret {
            variable: variable.clone(),
        })?;
        body.insert(field.clone(), value.expose().into());
    }
    let failed = |reason: String| SourceError::Answer {
        address: "pages.token.exchange.url".into(),
        reason,
    };
    let url = Url::parse(&exchange.url).map_err(|error| failed(error.to_string()))?;
    let mut request = Request::new(Method::POST, url);
    let json = HeaderValue::from_static("application/json");
    request.headers.insert(CONTENT_TYPE, json);
    request.body = Value::from(body).to_string();
    let answer = client.body(&request, LIMIT).await?;
    let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
    let token = answer.pointer(&exchange.at).and_then(Value::as_str);
    let token = token.and_then(Secret::part);
    token.ok_or_else(|| {
        failed(format!(
            "there is no token at {} of its answer",
            exchange.at
        ))
    })
}
