//! A bucket of an S3-compatible service.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::TryStreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, ClientOptions, Error, ObjectStore, ObjectStoreExt, PutOptions,
    RetryConfig,
};
use reqwest::Url;
use thiserror::Error;

use super::delivery::Delivery;
use super::host::{BucketSettings, Keys};
use crate::http::install_cryptography;

/// Attempts after a first one that failed for a passing reason, and how long they may take in all.
const RETRIES: usize = 6;
const RETRY_TIME: Duration = Duration::from_secs(120);

/// Why a bucket did not do something.
#[derive(Debug, Error)]
pub enum BucketError {
    /// The service cannot be reached or says no.
    #[error("bucket {bucket} could not be {doing}: {reason}")]
    Service {
        /// What was tried, as a participle, such as "listed".
        doing: String,
        /// The bucket, the folder in it and its service, as a message shows them.
        bucket: String,
        /// What the service or the network says of it.
        reason: String,
    },
    /// No object can have the name.
    #[error("{path} cannot be the name of an object in a bucket; rename it in templates/")]
    Path {
        /// The path within the site that no object can be named by.
        path: String,
    },
}

/// A file of the bucket, as it is listed.
pub(super) struct ListedObject {
    /// Bytes.
    pub size: u64,
    /// The MD5 of its bytes, in hexadecimal, unless it was put there in parts.
    pub etag: Option<String>,
}

/// The part of a bucket that holds the site.
pub struct Bucket {
    store: AmazonS3,
    keys: Keys,
    prefix: String,
    name: String,
    table: &'static str,
    /// Requests under way at once.
    pub parallel: usize,
}

impl Bucket {
    /// Takes the bucket of a table of the configuration, such as `deploy.s3`. Nothing is sent yet.
    ///
    /// # Errors
    /// When the settings make no address.
    pub fn new(
        table: &'static str,
        settings: &BucketSettings,
        keys: Keys,
    ) -> Result<Self, BucketError> {
        install_cryptography();
        let retries = RetryConfig {
            max_retries: RETRIES,
            retry_timeout: RETRY_TIME,
            ..RetryConfig::default()
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&keys.id)
            .with_secret_access_key(&keys.secret)
            .with_virtual_hosted_style_request(!settings.path_style)
            .with_client_options(ClientOptions::new().with_allow_http(settings.allow_http))
            .with_retry(retries)
            // Not every service knows how to remove many at once.
            .with_disable_bulk_delete(true);
        if let Some(token) = &keys.token {
            builder = builder.with_token(token);
        }
        if !settings.endpoint.is_empty() {
            builder = builder.with_endpoint(endpoint(settings));
        }
        let service = match settings.endpoint.as_str() {
            "" => format!("s3.{}.amazonaws.com", settings.region),
            endpoint => endpoint
                .trim_start_matches("https://")
                .trim_start_matches("http://")
                .to_owned(),
        };
        let folder = match settings.prefix.as_str() {
            "" => String::new(),
            prefix => format!("/{prefix}"),
        };
        let name = format!("{}{folder} at {service}", settings.bucket);
        let store = builder.build().map_err(|error| BucketError::Service {
            doing: "used".into(),
            bucket: name.clone(),
            reason: keys.hide(&error.to_string()),
        })?;
        Ok(Self {
            store,
            keys,
            prefix: settings.prefix.clone(),
            name,
            table,
            parallel: settings.parallel,
        })
    }

    /// What the bucket is called, with its folder and service: no two have one name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes of a file; `None` when there is none.
    pub(super) async fn get(&self, path: &str) -> Result<Option<Vec<u8>>, BucketError> {
        let failed = |error| self.failed(&format!("asked for {path}"), &error);
        let result = match self.store.get(&self.path(path)?).await {
            Ok(result) => result,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        Ok(Some(result.bytes().await.map_err(failed)?.to_vec()))
    }

    /// All files of the site's part of the bucket, by their paths in the site.
    pub(super) async fn list(&self) -> Result<BTreeMap<String, ListedObject>, BucketError> {
        let prefix = (!self.prefix.is_empty()).then(|| Path::from(self.prefix.as_str()));
        let objects: Vec<_> = self
            .store
            .list(prefix.as_ref())
            .try_collect()
            .await
            .map_err(|error| self.failed("listed", &error))?;
        let skipped = if self.prefix.is_empty() {
            0
        } else {
            self.prefix.len() + 1
        };
        Ok(objects
            .into_iter()
            .filter_map(|object| {
                let path = object.location.as_ref().get(skipped..)?.to_owned();
                let etag = object
                    .e_tag
                    .map(|etag| etag.trim_matches('"').to_ascii_lowercase());
                let size = object.size;
                Some((path, ListedObject { size, etag }))
            })
            .collect())
    }

    /// Puts a file into the bucket, in place of what is there.
    pub(super) async fn put(
        &self,
        path: &str,
        bytes: Vec<u8>,
        delivery: &Delivery,
    ) -> Result<(), BucketError> {
        let mut attributes = Attributes::new();
        attributes.insert(Attribute::ContentType, delivery.content_type.clone().into());
        if let Some(encoding) = delivery.content_encoding {
            attributes.insert(Attribute::ContentEncoding, encoding.into());
        }
        if let Some(cache) = delivery.cache_control {
            attributes.insert(Attribute::CacheControl, cache.into());
        }
        let options = PutOptions {
            attributes,
            ..PutOptions::default()
        };
        self.store
            .put_opts(&self.path(path)?, bytes.into(), options)
            .await
            .map_err(|error| self.failed(&format!("given {path}"), &error))?;
        Ok(())
    }

    /// Removes a file from the bucket. One that is not there is no error.
    pub(super) async fn delete(&self, path: &str) -> Result<(), BucketError> {
        match self.store.delete(&self.path(path)?).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.failed(&format!("rid of {path}"), &error)),
        }
    }

    fn path(&self, path: &str) -> Result<Path, BucketError> {
        let key = match self.prefix.as_str() {
            "" => path.to_owned(),
            prefix => format!("{prefix}/{path}"),
        };
        Path::parse(&key).map_err(|_| BucketError::Path { path: path.into() })
    }

    /// What the service said, without the keys, and what to do about it.
    fn failed(&self, doing: &str, error: &Error) -> BucketError {
        let text = self.keys.hide(&error.to_string());
        let said = |tag: &str| {
            let (_, rest) = text.split_once(&format!("<{tag}>"))?;
            Some(rest.split_once("</")?.0.to_owned())
        };
        let code = said("Code");
        let missing = code.as_deref() == Some("NoSuchBucket");
        let reason = match (code, said("Message")) {
            (Some(code), Some(message)) => format!("{message} ({code})"),
            (Some(code), None) => code,
            _ => text,
        };
        let advice = match error {
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
                "; see that the keys of the environment are those of the bucket, and may list, read, write and delete in it".to_owned()
            }
            _ if missing => format!("; see {} in immostats.toml", self.table),
            _ => String::new(),
        };
        BucketError::Service {
            doing: doing.into(),
            bucket: self.name.clone(),
            reason: reason + &advice,
        }
    }
}

/// The endpoint, with the bucket in its host when that is where it is named.
fn endpoint(settings: &BucketSettings) -> String {
    let endpoint = &settings.endpoint;
    if settings.path_style {
        return endpoint.clone();
    }
    let named = Url::parse(endpoint).ok().and_then(|mut url| {
        let host = url.host_str()?;
        let bucket = format!("{}.", settings.bucket);
        if !host.starts_with(&bucket) {
            let host = bucket + host;
            url.set_host(Some(&host)).ok()?;
        }
        Some(url.as_str().trim_end_matches('/').to_owned())
    });
    named.unwrap_or_else(|| endpoint.clone())
}
