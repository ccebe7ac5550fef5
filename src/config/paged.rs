//! `[sources.pages]`: an API that gives the records of a source a page at a time.

use std::collections::BTreeMap;

use reqwest::header::HeaderName;
use serde::{Deserialize, Serialize};

use super::address::address;

/// How the records of a source are asked for, page by page. Its `urls` are those of first pages; a `{departement}` in one of
/// them makes a partition of each département, read by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagedApi {
    /// How an answer leads to the next.
    pub shape: PageShape,
    /// The field by which a record is known; one that comes again is counted once.
    pub key: Option<String>,
    /// What says who asks; nothing where anybody may.
    pub token: Option<Token>,
}

/// How the answers of an API are made, and lead from one to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageShape {
    /// `results`, the address of the `next` page, and the `total` on the first page.
    DataFair,
    /// `results` and `total_count`; pages are asked for by `limit` and `offset`, up to the ten-thousandth record.
    Opendatasoft,
    /// `count`, the address of the `next` page, and `results`, as Django REST framework gives them.
    CountNext,
}

/// A token that goes with each request, in a header.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The header.
    #[serde(default = "authorization")]
    pub header: String,
    /// What stands before the token in it, such as `"Token "`.
    #[serde(default)]
    pub prefix: String,
    /// The environment variable that holds the token. Where it is not set, requests go without one.
    pub env: Option<String>,
    /// A request that a token is given for.
    pub exchange: Option<TokenExchange>,
}

/// A POST that is answered with a token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenExchange {
    /// Where it goes.
    pub url: String,
    /// The fields of its JSON body, each with the environment variable that holds its value.
    pub fields: BTreeMap<String, String>,
    /// Where the token stands in the answer: a JSON Pointer.
    #[serde(default = "token")]
    pub at: String,
}

fn authorization() -> String {
    "Authorization".into()
}

fn token() -> String {
    "/token".into()
}

impl Token {
    /// One of an environment variable, as a bearer's.
    pub(super) fn bearer(variable: &str) -> Self {
        Self {
            header: authorization(),
            prefix: "Bearer ".into(),
            env: Some(variable.into()),
            exchange: None,
        }
    }
}

impl PagedApi {
    /// What of the declaration cannot be, with the key and an example.
    ///
    /// # Errors
    /// When there is something.
    pub(super) fn validate(&self) -> Result<(), String> {
        let Some(token) = &self.token else {
            return Ok(());
        };
        if token.env.is_some() == token.exchange.is_some() {
            return Err("pages.token has one of env and exchange, such as env = \"ADEME_KEY\", the name of the variable that holds the token".into());
        }
        let exchange = token.exchange.as_ref();
        let fields = exchange
            .into_iter()
            .flat_map(|exchange| exchange.fields.values());
        for variable in token.env.iter().chain(fields) {
            let is_name = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
            if variable.is_empty() || !variable.bytes().all(is_name) {
                return Err("pages.token takes the names of environment variables, such as \"ADEME_KEY\", and never a secret itself".into());
            }
        }
        if HeaderName::from_bytes(token.header.as_bytes()).is_err() {
            return Err(format!(
                "pages.token.header is \"{}\"; the name of a header was expected, such as \"x-apiKey\"",
                token.header
            ));
        }
        match exchange.map(|exchange| address(&exchange.url)) {
            Some(Err(reason)) => Err(format!("pages.token.exchange.url {reason}")),
            _ => Ok(()),
        }
    }
}
