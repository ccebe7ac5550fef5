//! What a CDN's file says of it.

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::config::ConfigSection;
use crate::http::{HttpError, Pace, Request, Secret, header};

/// Why a CDN cannot be told to forget something.
#[derive(Debug, Error)]
pub enum CdnError {
    /// The environment holds no credentials for the CDN.
    #[error("{cdn} was not asked: set {variables} in the environment")]
    Credentials {
        /// The name of the CDN.
        cdn: &'static str,
        /// The environment variables that have to be set.
        variables: &'static str,
    },
    /// One of the operator's templates makes no part of a request.
    #[error("cdn.http.{key} does not work: {reason}")]
    Template {
        /// The key below `cdn.http` that holds the template.
        key: String,
        /// What is wrong with the template.
        reason: String,
    },
    /// The CDN answered, but refused the purge.
    #[error("{service} did not do it: {reason}")]
    Refused {
        /// As much of the address that was asked as may be shown.
        service: String,
        /// What the CDN says of it.
        reason: String,
    },
    /// The CDN gave no answer that is of use.
    #[error(transparent)]
    Http(#[from] HttpError),
}

impl CdnError {
    /// Whether every other call would meet the same.
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::Credentials { .. } | Self::Template { .. } => true,
            Self::Refused { .. } => false,
            Self::Http(error) => error.is_lasting(),
        }
    }
}

/// A kind of CDN: what its file registers.
pub(super) struct CdnKind {
    /// As `cdn.provider` and the table `[cdn.NAME]` name it.
    pub key: &'static str,
    /// Its commented table in `immostats.toml`: every key with its default, and where its credentials come from.
    pub template: &'static str,
    /// Reads its table, which is empty where the file has none.
    pub read: fn(ConfigSection<'_>) -> Result<Box<dyn Cdn>, String>,
}

/// Reads the table of a CDN into its settings, for [`CdnKind::read`].
///
/// # Errors
/// When it holds an unknown key or a value of another type.
pub(super) fn read<T: Cdn + DeserializeOwned + 'static>(
    table: ConfigSection<'_>,
) -> Result<Box<dyn Cdn>, String> {
    Ok(Box::new(table.read::<T>(&[])?))
}

/// The settings of a CDN, which know how it is talked to.
pub trait Cdn: std::fmt::Debug + Sync {
    /// Looks for values that cannot be; `chosen` tells whether this is the CDN before the site.
    ///
    /// # Errors
    /// The key and what was expected.
    fn check(&self, chosen: bool) -> Result<(), String>;

    /// The name under which is remembered what it was told: another for each zone or service.
    fn remembered_as(&self) -> String;

    /// Its credentials, from the environment.
    ///
    /// # Errors
    /// When a variable is not set or holds what no header can.
    fn credentials(&self) -> Result<Credentials, CdnError>;

    /// The rates that it allows. A call names one of them.
    fn rates(&self) -> Vec<Pace>;

    /// Addresses that one call takes.
    fn batch(&self) -> usize;

    /// The call that makes it forget addresses of the site at the address `site`: at least one, and no more than
    /// [`Cdn::batch`].
    ///
    /// # Errors
    /// When the settings make no request of them.
    fn forget(
        &self,
        site: &str,
        urls: &[String],
        credentials: &Credentials,
    ) -> Result<Call, CdnError>;

    /// The call that makes it forget all it has of the site, whose address this is; `None` when there is none.
    ///
    /// # Errors
    /// When the settings make no request of it.
    fn forget_everything(&self, site: &str) -> Result<Option<Call>, CdnError>;

    /// What an answer of success complains of nevertheless.
    fn complaint(&self, _answer: &str) -> Option<String> {
        None
    }
}

/// What lets requests in.
#[derive(Default)]
pub struct Credentials {
    /// Sent with each request.
    pub headers: HeaderMap,
    /// What must be shown nowhere.
    pub secrets: Vec<Secret>,
}

impl Credentials {
    /// The credentials of headers and their values.
    ///
    /// # Errors
    /// When a value can be none of a header.
    pub fn new(headers: &[(&str, String)], secrets: Vec<Secret>) -> Result<Self, CdnError> {
        let mut credentials = Self {
            headers: HeaderMap::new(),
            secrets,
        };
        for (name, value) in headers {
            let (name, value) = header(name, value).ok_or_else(|| {
                HttpError::Setup(format!(
                    "the credentials hold a character that no {name} can"
                ))
            })?;
            credentials.headers.insert(name, value);
        }
        Ok(credentials)
    }

    /// The credentials of a CDN that takes one token in a header.
    ///
    /// # Errors
    /// When the variable is not set, or holds what no header can.
    pub fn from_variable(
        cdn: &'static str,
        variables: &'static str,
        header: &str,
    ) -> Result<Self, CdnError> {
        let token = Secret::from_env(variables).ok_or(CdnError::Credentials { cdn, variables })?;
        Self::new(&[(header, token.expose().to_owned())], vec![token])
    }
}

/// A request to a CDN, still without its credentials, and what it counts for.
pub struct Call {
    pub request: Request,
    /// Which of [`Cdn::rates`] it is counted by.
    pub rate: usize,
    /// What it takes of that rate.
    pub cost: usize,
}

impl Call {
    /// A POST to a path of an API, with a JSON body unless that is empty. It counts for one of the first rate.
    ///
    /// # Errors
    /// When the two make no address.
    pub fn post(api: &str, path: &str, body: String) -> Result<Self, CdnError> {
        let url = Url::parse(&format!("{}/{path}", api.trim_end_matches('/')))
            .map_err(|error| HttpError::Setup(format!("an address is wrong: {error}")))?;
        let mut request = Request::new(Method::POST, url);
        if !body.is_empty() {
            let json = HeaderValue::from_static("application/json");
            request.headers.insert(CONTENT_TYPE, json);
        }
        request.body = body;
        Ok(Self {
            request,
            rate: 0,
            cost: 1,
        })
    }
}

/// The path of an address, as CDNs and templates name a page by.
pub(super) fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("/", |slash| &rest[slash..])
}
