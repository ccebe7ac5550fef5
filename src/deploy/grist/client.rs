//! The API of a document. Every request here may be sent twice and does what it does once, so that one whose connection
//! was cut, or whose answer was lost, is sent again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::batch::{Doing, Write, body};
use super::error::GristError;
use super::records::ServerRecord;
use super::schema::{ServerColumn, WantedColumn};
use super::settings::GristSettings;
use crate::config::GRIST_KEY;
use crate::http::{Client, Pace, Patience, Request, Secret, header};

/// Bytes of an answer: all communes with all columns are a third of it.
const LONGEST_ANSWER: usize = 128 << 20;

/// For one request.
const ATTEMPT: Duration = Duration::from_secs(120);

/// Whether the environment has a key. Nothing is asked.
pub fn has_grist_key() -> bool {
    Secret::from_env(GRIST_KEY).is_some()
}

/// A document, ready to be asked.
pub(super) struct GristClient {
    client: Client,
    document: Url,
    headers: HeaderMap,
    pace: Mutex<Pace>,
    reads: AtomicUsize,
    writes: AtomicUsize,
}

#[derive(Deserialize)]
struct Table {
    id: String,
}

#[derive(Deserialize)]
struct Tables {
    tables: Vec<Table>,
}

#[derive(Deserialize)]
struct Columns {
    columns: Vec<ServerColumn>,
}

#[derive(Deserialize)]
struct Records {
    records: Vec<ServerRecord>,
}

impl GristClient {
    /// With the key of the environment.
    ///
    /// # Errors
    /// When the environment has no key.
    pub(super) fn new(settings: &GristSettings) -> Result<Self, GristError> {
        let key = Secret::from_env(GRIST_KEY).ok_or(GristError::MissingKey)?;
        let (name, value) = header(AUTHORIZATION.as_str(), &format!("Bearer {}", key.expose()))
            .ok_or(GristError::MissingKey)?;
        let patience = Patience {
            attempt: Some(ATTEMPT),
            retries: settings.retries,
            wait: Duration::from_secs_f64(settings.retry_wait),
            ..Patience::default()
        };
        let json = HeaderValue::from_static("application/json");
        Ok(Self {
            client: Client::for_own_services(patience, vec![key])?,
            document: settings.address().ok_or(GristError::Address)?,
            headers: HeaderMap::from_iter([(name, value), (CONTENT_TYPE, json)]),
            pace: Mutex::new(Pace::new(settings.per_second, settings.per_second.max(1.0))),
            reads: AtomicUsize::new(0),
            writes: AtomicUsize::new(0),
        })
    }

    /// Requests that were sent so far: those that read, and those that write.
    pub(super) fn requests(&self) -> [usize; 2] {
        [&self.reads, &self.writes].map(|count| count.load(Ordering::Relaxed))
    }

    /// The ids of the document's tables.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub(super) async fn tables(&self) -> Result<Vec<String>, GristError> {
        let request = self.request(Method::GET, "tables", &[])?;
        let tables: Tables = self.read("tables", &request).await?;
        Ok(tables.tables.into_iter().map(|table| table.id).collect())
    }

    /// Makes a table with its columns, unless it is there: an attempt before may have made it.
    ///
    /// # Errors
    /// When it is not made.
    pub(super) async fn make_table(
        &self,
        table: &str,
        columns: &[WantedColumn],
    ) -> Result<(), GristError> {
        let mut make = self.request(Method::POST, "tables", &[])?;
        let columns: Vec<_> = columns.iter().map(described).collect();
        make.body = json!({"tables": [{"id": table, "columns": columns}]}).to_string();
        let list = self.request(Method::GET, "tables", &[])?;
        let mut is_first = true;
        self.client
            .retrying(&make.url, || {
                let look = !std::mem::take(&mut is_first);
                let (make, list) = (&make, &list);
                async move {
                    if look {
                        let tables: Tables = parsed("tables", &self.attempt(list).await?)?;
                        if tables.tables.iter().any(|made| made.id == table) {
                            return Ok(());
                        }
                    }
                    self.attempt(make).await.map(drop)
                }
            })
            .await
    }

    /// The columns of a table.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub(super) async fn columns(&self, table: &str) -> Result<Vec<ServerColumn>, GristError> {
        let path = format!("tables/{table}/columns");
        let request = self.request(Method::GET, &path, &[])?;
        let columns: Columns = self.read("columns", &request).await?;
        Ok(columns.columns)
    }

    /// Makes columns, and gives those that are there their types and labels.
    ///
    /// # Errors
    /// When it is not done.
    pub(super) async fn put_columns(
        &self,
        table: &str,
        columns: impl Iterator<Item = &WantedColumn>,
    ) -> Result<(), GristError> {
        let path = format!("tables/{table}/columns");
        let mut request = self.request(Method::PUT, &path, &[])?;
        let columns: Vec<_> = columns.map(described).collect();
        request.body = json!({"columns": columns}).to_string();
        self.send(&request).await.map(drop)
    }

    /// The rows of a table, up to a number where one is given.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub(super) async fn records(
        &self,
        table: &str,
        limit: Option<usize>,
    ) -> Result<Vec<ServerRecord>, GristError> {
        let limit = limit.map(|limit| limit.to_string());
        let query: Vec<_> = limit
            .iter()
            .map(|limit| ("limit", limit.as_str()))
            .collect();
        self.find(table, &query).await
    }

    /// The rows of a table that hold a value.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub(super) async fn records_with(
        &self,
        table: &str,
        column: &str,
        value: &str,
    ) -> Result<Vec<ServerRecord>, GristError> {
        let filter = json!({column: [value]}).to_string();
        self.find(table, &[("filter", &filter)]).await
    }

    async fn find(
        &self,
        table: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<ServerRecord>, GristError> {
        let path = format!("tables/{table}/records");
        let request = self.request(Method::GET, &path, query)?;
        let records: Records = self.read("records", &request).await?;
        Ok(records.records)
    }

    /// Writes to rows. What is new is looked up by its code, so that a row is made once however often it is sent; texts are
    /// taken as they are.
    ///
    /// # Errors
    /// When it is not done.
    pub(super) async fn write(
        &self,
        table: &str,
        doing: Doing,
        writes: &[Write],
    ) -> Result<(), GristError> {
        let records = format!("tables/{table}/records");
        let as_it_is = ("noparse", "1");
        let mut request = match doing {
            Doing::Remove => self.request(Method::POST, &format!("{records}/delete"), &[])?,
            Doing::Change => self.request(Method::PATCH, &records, &[as_it_is])?,
            Doing::Add => self.request(Method::PUT, &records, &[as_it_is, ("onmany", "first")])?,
        };
        request.body = body(doing, writes);
        self.send(&request).await.map(drop)
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Request, GristError> {
        let mut url = self.document.join(path).map_err(|_| GristError::Address)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = Request::new(method, url);
        request.headers = self.headers.clone();
        Ok(request)
    }

    async fn read<T: DeserializeOwned>(
        &self,
        what: &'static str,
        request: &Request,
    ) -> Result<T, GristError> {
        parsed(what, &self.send(request).await?)
    }

    async fn send(&self, request: &Request) -> Result<Vec<u8>, GristError> {
        let attempt = || self.attempt(request);
        self.client.retrying(&request.url, attempt).await
    }

    /// One attempt, in its turn.
    async fn attempt(&self, request: &Request) -> Result<Vec<u8>, GristError> {
        self.pace.lock().await.take(1).await;
        let count = match request.method == Method::GET {
            true => &self.reads,
            false => &self.writes,
        };
        count.fetch_add(1, Ordering::Relaxed);
        let answer = self.client.whole(request, LONGEST_ANSWER).await;
        self.pace.lock().await.answered();
        Ok(answer?.1)
    }
}

fn parsed<T: DeserializeOwned>(what: &'static str, answer: &[u8]) -> Result<T, GristError> {
    serde_json::from_slice(answer).map_err(|error| GristError::Answer {
        what,
        reason: error.to_string(),
    })
}

/// A column as it is sent.
fn described(column: &WantedColumn) -> Value {
    json!({"id": column.id, "fields": {"label": column.label, "type": column.kind}})
}
