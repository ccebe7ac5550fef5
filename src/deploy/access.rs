//! The credentials of the CDNs, which come from the environment.

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use super::cdn::CdnError;
use crate::config::Provider;
use crate::http::{HttpError, Secret};

/// What the requests carry to be let in.
pub enum Access {
    Headers(HeaderMap),
    /// What templates name as `token`.
    Token(Option<Secret>),
}

/// Whether the environment has the credentials of a CDN. They are not sent anywhere.
///
/// # Errors
/// When one is not set, or cannot be one; the error names it.
pub fn cdn_credentials(provider: Provider) -> Result<(), CdnError> {
    access(provider).map(drop)
}

/// The credentials of the environment, as headers, and the secrets in them.
pub fn access(provider: Provider) -> Result<(Access, Vec<Secret>), CdnError> {
    let missing = |provider, variables| CdnError::Credentials {
        provider,
        variables,
    };
    let headers = |pairs: &[(HeaderName, String)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let mut value = HeaderValue::from_str(value).map_err(|_| {
                HttpError::Setup(format!(
                    "the credentials hold a character that no {name} can"
                ))
            })?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok::<_, CdnError>(Access::Headers(headers))
    };
    let named = HeaderName::from_static;
    match provider {
        Provider::None => Ok((Access::Token(None), Vec::new())),
        Provider::Cloudflare => {
            if let Some(token) = Secret::from_env("IMMOSTATS_CLOUDFLARE_TOKEN") {
                let bearer = format!("Bearer {}", token.expose());
                return Ok((headers(&[(AUTHORIZATION, bearer)])?, vec![token]));
            }
            let email = Secret::from_env("IMMOSTATS_CLOUDFLARE_EMAIL");
            let key = Secret::from_env("IMMOSTATS_CLOUDFLARE_KEY");
            let (Some(email), Some(key)) = (email, key) else {
                return Err(missing(
                    "Cloudflare",
                    "IMMOSTATS_CLOUDFLARE_TOKEN, or IMMOSTATS_CLOUDFLARE_EMAIL and IMMOSTATS_CLOUDFLARE_KEY,",
                ));
            };
            let pairs = [
                (named("x-auth-email"), email.expose().to_owned()),
                (named("x-auth-key"), key.expose().to_owned()),
            ];
            Ok((headers(&pairs)?, vec![email, key]))
        }
        Provider::Fastly => {
            let token = Secret::from_env("IMMOSTATS_FASTLY_TOKEN")
                .ok_or_else(|| missing("Fastly", "IMMOSTATS_FASTLY_TOKEN"))?;
            let pairs = [(named("fastly-key"), token.expose().to_owned())];
            Ok((headers(&pairs)?, vec![token]))
        }
        Provider::Bunny => {
            let key = Secret::from_env("IMMOSTATS_BUNNY_KEY")
                .ok_or_else(|| missing("Bunny", "IMMOSTATS_BUNNY_KEY"))?;
            let pairs = [(named("accesskey"), key.expose().to_owned())];
            Ok((headers(&pairs)?, vec![key]))
        }
        Provider::Http => {
            let token = Secret::from_env("IMMOSTATS_CDN_TOKEN");
            let secrets = token.clone().into_iter().collect();
            Ok((Access::Token(token), secrets))
        }
    }
}
