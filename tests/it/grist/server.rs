//! A Grist on 127.0.0.1 with one document, which enforces what its API is documented to enforce and fails when told to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::Response;
use serde_json::{Map, Value, json};

/// The only document.
pub const DOC: &str = "kHq3ZrNcMqvA";

/// The key of an account that may write to it.
pub const KEY: &str = "hunter2-key-of-the-operator";

/// Requests at once that a document takes.
const BACKLOG: usize = 10;

/// What a request meets in place of its answer.
#[derive(Clone, Debug)]
pub enum Fault {
    /// A status and what is said with it; nothing is done.
    Status(u16, &'static str),
    /// It is done, and then the answer is lost in a gateway.
    Lost,
    /// It is never answered.
    Silent,
}

/// A request, as it came.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    /// From the document on.
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub body: String,
    pub status: u16,
}

impl Call {
    /// `PATCH tables/Communes/records (2) 200`: how many records, columns or tables were sent, and what was answered.
    pub fn told(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        let list = ["records", "columns", "tables"].map(|name| body[name].as_array().cloned());
        let list = list
            .into_iter()
            .flatten()
            .next()
            .or(body.as_array().cloned());
        let count = list.map_or_else(String::new, |list| format!(" ({})", list.len()));
        format!("{} {}{count} {}", self.method, self.path, self.status)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Clone, Default)]
pub struct Table {
    /// Ids with label and type, in their order; a formula where it is one.
    pub columns: Vec<(String, String, String, Option<String>)>,
    pub rows: BTreeMap<i64, Map<String, Value>>,
    last: i64,
}

#[derive(Default)]
struct State {
    tables: BTreeMap<String, Table>,
    /// For the next requests of a method, one each.
    faults: Vec<(&'static str, VecDeque<Fault>)>,
    /// Codes that no request may hold.
    poison: BTreeSet<String>,
    /// Bytes of a body.
    largest: usize,
    at_once: usize,
    most_at_once: usize,
    calls: Vec<Call>,
}

/// The server; it ends with the test's process.
#[derive(Clone)]
pub struct GristServer {
    url: String,
    state: Arc<Mutex<State>>,
}

type Outcome = Result<Value, (u16, Value)>;

fn refused(status: u16, message: &str) -> Outcome {
    Err((status, json!({"error": message})))
}

fn invalid(reason: &str) -> Outcome {
    let details = json!({"userError": format!("Error: {reason}")});
    Err((400, json!({"error": "Invalid payload", "details": details})))
}

impl GristServer {
    pub fn start() -> Self {
        let state = Arc::new(Mutex::new(State {
            largest: 1_000_000,
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        let router = Router::new().fallback(move |request: Request| {
            let state = Arc::clone(&shared);
            async move { serve(&state, request).await }
        });
        Self {
            url: crate::support::serve(router),
            state,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The next request of a method meets this; several are met in turn.
    pub fn fault(&self, method: &'static str, fault: Fault) {
        self.state().faults.push((method, [fault].into()));
    }

    /// Nothing is wrong any more.
    pub fn mend(&self) {
        self.state().faults.clear();
    }

    /// No request may hold this code from here on; none is forbidden where it is empty.
    pub fn poison(&self, code: &str) {
        let code = Some(code.to_owned()).filter(|code| !code.is_empty());
        self.state().poison = code.into_iter().collect();
    }

    /// Bodies may have so many bytes from here on.
    pub fn take_up_to(&self, bytes: usize) {
        self.state().largest = bytes;
    }

    /// The most requests that were there at once.
    pub fn most_at_once(&self) -> usize {
        self.state().most_at_once
    }

    /// The requests since the last time.
    pub fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.state().calls)
    }

    /// A table, as it is.
    #[track_caller]
    pub fn table(&self, name: &str) -> Table {
        self.state().tables[name].clone()
    }

    pub fn tables(&self) -> Vec<String> {
        self.state().tables.keys().cloned().collect()
    }

    /// What a person does to a table in the document.
    pub fn edit(&self, name: &str, edit: impl FnOnce(&mut Table)) {
        edit(self.state().tables.entry(name.to_owned()).or_default());
    }
}

/// Answers a request.
async fn serve(shared: &Mutex<State>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 8 << 20).await.unwrap();
    let url = reqwest::Url::parse(&format!("http://x{}", parts.uri)).unwrap();
    let path = url.path().strip_prefix(&format!("/api/docs/{DOC}/"));
    let mut call = Call {
        method: parts.method.to_string(),
        path: path.unwrap_or_default().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
        status: 200,
    };
    let bearer = parts.headers.get("authorization");
    let allowed = bearer.is_some_and(|bearer| bearer == &format!("Bearer {KEY}"));
    let fault = {
        let mut state = shared.lock().unwrap();
        state.at_once += 1;
        state.most_at_once = state.most_at_once.max(state.at_once);
        let due = state.faults.iter_mut().find(|(method, faults)| {
            (*method == call.method || *method == "any") && !faults.is_empty()
        });
        due.and_then(|(_, faults)| faults.pop_front())
    };
    if matches!(fault, Some(Fault::Silent)) {
        std::future::pending::<()>().await;
    }
    let is_read = ["GET", "HEAD"].contains(&call.method.as_str());
    // So that requests that are sent together are here together.
    if !is_read {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut state = shared.lock().unwrap();
    let outcome = match fault {
        Some(Fault::Status(status, said)) => refused(status, said),
        _ if path.is_none() => refused(404, "document not found"),
        // Servers have been seen to repeat what they were sent.
        _ if !allowed => refused(403, &format!("No write access with {bearer:?}")),
        _ if state.at_once > BACKLOG => refused(
            429,
            &format!("Too many backlogged requests for document {DOC} - try again later?"),
        ),
        _ if call.body.len() > state.largest => refused(413, "request entity too large"),
        _ => answer(&mut state, &call),
    };
    let outcome = match fault {
        Some(Fault::Lost) => refused(502, "bad gateway"),
        _ => outcome,
    };
    let (status, answer) = match outcome {
        Ok(answer) => (200, answer),
        Err(refused) => refused,
    };
    state.at_once -= 1;
    call.status = status;
    state.calls.push(call);
    let answer = answer.to_string();
    // As Express does it; of an answer to HEAD it sends the headers alone.
    let etag = format!("W/\"{}\"", &blake3::hash(answer.as_bytes()).to_hex()[..16]);
    let response = Response::builder().status(status).header("etag", etag);
    response.body(Body::from(answer)).unwrap()
}

fn answer(state: &mut State, call: &Call) -> Outcome {
    let body: Value = match call.body.as_str() {
        "" => Value::Null,
        text => match serde_json::from_str(text) {
            Ok(body) => body,
            Err(error) => return invalid(&error.to_string()),
        },
    };
    if let Some(code) = state.poison.iter().find(|code| call.body.contains(*code)) {
        return invalid(&format!("the trigger of {code} failed"));
    }
    let parts: Vec<_> = call.path.split('/').collect();
    if parts == ["tables"] {
        return match call.method.as_str() {
            "GET" => {
                let tables = state
                    .tables
                    .keys()
                    .map(|id| json!({"id": id, "fields": {}}));
                Ok(json!({"tables": tables.collect::<Value>()}))
            }
            "POST" => make_tables(state, &body),
            _ => refused(404, "not found"),
        };
    }
    let ["tables", name, rest @ ..] = &parts[..] else {
        return refused(404, "not found");
    };
    let Some(table) = state.tables.get_mut(*name) else {
        return refused(404, &format!("Table not found \"{name}\""));
    };
    match (call.method.as_str(), rest) {
        ("GET", ["columns"]) => Ok(json!({"columns": table.described()})),
        ("PUT", ["columns"]) => table.put_columns(&body["columns"]),
        ("GET" | "HEAD", ["records"]) => table.find(&call.query),
        ("PATCH", ["records"]) => table.patch(&call.query, &body["records"]),
        ("PUT", ["records"]) => table.put(&call.query, &body["records"]),
        ("POST", ["records", "delete"]) => table.delete(&body),
        _ => refused(404, "not found"),
    }
}

fn make_tables(state: &mut State, body: &Value) -> Outcome {
    let mut made = Vec::new();
    for described in body["tables"].as_array().into_iter().flatten() {
        let id = described["id"].as_str().unwrap();
        assert!(
            id.starts_with(|sign: char| sign.is_ascii_uppercase()),
            "{id}"
        );
        let mut name = id.to_owned();
        while state.tables.contains_key(&name) {
            name.push('2');
        }
        let mut table = Table::default();
        table.put_columns(&described["columns"])?;
        made.push(json!({"id": name}));
        state.tables.insert(name, table);
    }
    Ok(json!({"tables": made}))
}

/// As Grist makes ids safe.
fn sanitised(id: &str) -> String {
    let safe = id.chars().map(|sign| match sign {
        sign if sign.is_ascii_alphanumeric() => sign,
        _ => '_',
    });
    safe.collect::<String>().trim_start_matches('_').to_owned()
}

/// What a column of a type holds where nothing was put in.
fn blank(kind: &str) -> Value {
    match kind {
        "Text" => "".into(),
        "Int" | "Numeric" => 0.into(),
        _ => Value::Null,
    }
}

impl Table {
    fn described(&self) -> Value {
        let columns = self.columns.iter().map(|(id, label, kind, formula)| {
            let formula = formula.as_deref();
            json!({"id": id, "fields": {
                "label": label, "type": kind, "isFormula": formula.is_some(), "formula": formula.unwrap_or_default(),
                "colRef": 1, "widgetOptions": ""
            }})
        });
        columns.collect()
    }

    fn put_columns(&mut self, columns: &Value) -> Outcome {
        for column in columns.as_array().unwrap() {
            let id = sanitised(column["id"].as_str().unwrap());
            let text = |name: &str| column["fields"][name].as_str().unwrap().to_owned();
            let (label, kind) = (text("label"), text("type"));
            match self.columns.iter_mut().find(|(there, ..)| *there == id) {
                Some(there) => (there.1, there.2) = (label, kind),
                None => {
                    for row in self.rows.values_mut() {
                        row.insert(id.clone(), blank(&kind));
                    }
                    self.columns.push((id, label, kind, None));
                }
            }
        }
        Ok(Value::Null)
    }

    fn find(&self, query: &BTreeMap<String, String>) -> Outcome {
        let filter: Map<String, Value> = match query.get("filter") {
            Some(filter) => serde_json::from_str(filter).unwrap(),
            None => Map::new(),
        };
        let fits = |row: &Map<String, Value>| {
            let mut wanted = filter.iter();
            wanted.all(|(id, values)| values.as_array().unwrap().contains(&row[id]))
        };
        let limit = query
            .get("limit")
            .map_or(usize::MAX, |limit| limit.parse().unwrap());
        let rows = self.rows.iter().filter(|(_, row)| fits(row)).take(limit);
        let rows = rows.map(|(id, row)| json!({"id": id, "fields": row}));
        Ok(json!({"records": rows.collect::<Value>()}))
    }

    /// Complains of fields that the columns do not take. Texts are taken as they are only where the request says so.
    fn check(&self, query: &BTreeMap<String, String>, fields: &Map<String, Value>) -> Outcome {
        assert_eq!(query.get("noparse").map(String::as_str), Some("1"));
        for (id, value) in fields {
            let Some((_, _, kind, formula)) = self.columns.iter().find(|(there, ..)| there == id)
            else {
                return refused(400, &format!("Invalid column \"{id}\""));
            };
            let fits = match kind.as_str() {
                "Text" => value.is_string(),
                "Int" => value.is_i64(),
                "Numeric" => value.is_number(),
                _ => true,
            };
            if formula.is_some() || !(fits || value.is_null()) {
                return invalid(&format!("{id} does not take {value}"));
            }
        }
        Ok(Value::Null)
    }

    fn patch(&mut self, query: &BTreeMap<String, String>, records: &Value) -> Outcome {
        let Some(records) = records.as_array() else {
            return invalid("body.records is missing");
        };
        let keys = |record: &Value| {
            let fields = record["fields"].as_object().unwrap();
            fields.keys().cloned().collect::<Vec<_>>()
        };
        if records
            .iter()
            .any(|record| keys(record) != keys(&records[0]))
        {
            return invalid("PATCH requires all records to have same fields");
        }
        for record in records {
            let id = record["id"].as_i64().unwrap();
            if !self.rows.contains_key(&id) {
                return refused(400, &format!("Invalid row id {id}"));
            }
            self.check(query, record["fields"].as_object().unwrap())?;
        }
        for record in records {
            let row = self.rows.get_mut(&record["id"].as_i64().unwrap()).unwrap();
            row.extend(record["fields"].as_object().unwrap().clone());
        }
        Ok(Value::Null)
    }

    fn put(&mut self, query: &BTreeMap<String, String>, records: &Value) -> Outcome {
        let Some(records) = records.as_array() else {
            return invalid("body.records is missing");
        };
        let part = |record: &Value, name: &str| record[name].as_object().unwrap().clone();
        for record in records {
            assert!(!part(record, "require").is_empty(), "an empty require");
            self.check(query, &part(record, "require"))?;
            self.check(query, &part(record, "fields"))?;
        }
        for record in records {
            let require = part(record, "require");
            let fits =
                |row: &Map<String, Value>| require.iter().all(|(id, value)| row[id] == *value);
            let found = self.rows.values_mut().find(|row| fits(row));
            if let Some(row) = found {
                row.extend(part(record, "fields"));
                continue;
            }
            let columns = self.columns.iter();
            let mut row: Map<_, _> = columns
                .map(|(id, _, kind, _)| (id.clone(), blank(kind)))
                .collect();
            row.extend(require);
            row.extend(part(record, "fields"));
            self.add(row);
        }
        Ok(Value::Null)
    }

    /// Makes a row.
    pub fn add(&mut self, row: Map<String, Value>) -> i64 {
        self.last += 1;
        self.rows.insert(self.last, row);
        self.last
    }

    fn delete(&mut self, rows: &Value) -> Outcome {
        let rows: Vec<i64> = serde_json::from_value(rows.clone()).unwrap();
        if let Some(id) = rows.iter().find(|id| !self.rows.contains_key(id)) {
            return refused(400, &format!("Invalid row id {id}"));
        }
        for id in rows {
            self.rows.remove(&id);
        }
        Ok(Value::Null)
    }

    /// The row of a code; the first where there are several.
    #[track_caller]
    pub fn row(&self, code: &str) -> &Map<String, Value> {
        let mut rows = self.rows.values();
        rows.find(|row| row["code"] == code).unwrap()
    }

    /// The codes of all rows, sorted; one that stands in two rows stands there twice.
    pub fn codes(&self) -> Vec<String> {
        let codes = self
            .rows
            .values()
            .map(|row| row["code"].as_str().unwrap().to_owned());
        let mut codes: Vec<_> = codes.collect();
        codes.sort();
        codes
    }
}
