//! Webhooks: addresses that are secrets, and take JSON.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};

use super::channel::secret;
use crate::base::address::web_address;
use crate::http::{Client, Patience, Request, Secret, block_on};

/// A chat that does not answer must not hold a run up.
const PATIENCE: Patience = Patience {
    connect: None,
    idle: None,
    attempt: Some(Duration::from_secs(20)),
    total: None,
    retries: 3,
    wait: Duration::from_secs(1),
};

/// The address of a webhook as it stands in an environment variable, and read.
///
/// # Errors
/// When the variable is not set, or holds no address.
pub(super) fn address(variable: &str) -> Result<(Secret, Url), String> {
    let address = secret(variable)?;
    let url = web_address(address.expose())
        .ok_or_else(|| format!("{variable} holds no address that begins with https://"))?;
    Ok((address, url))
}

/// Sends JSON to a webhook whose address an environment variable holds. `headers` are sent too, in the place of the
/// usual ones of their names; `other` is a secret of theirs.
///
/// # Errors
/// Why it was not taken, without the secrets.
pub(super) fn send(
    variable: &str,
    method: Method,
    headers: HeaderMap,
    body: String,
    other: Option<Secret>,
) -> Result<(), String> {
    let (address, url) = address(variable)?;
    let parts = Secret::parts_of(&url);
    let secrets = [address].into_iter().chain(parts).chain(other);
    let client = Client::for_own_services(PATIENCE, secrets.collect());
    let mut request = Request::new(method, url);
    let json = HeaderValue::from_static("application/json");
    request.headers.insert(CONTENT_TYPE, json);
    request.headers.extend(headers);
    request.body = body;
    let sent = client.and_then(|client| block_on(client.text(&request))?);
    sent.map(drop).map_err(|error| error.to_string())
}
