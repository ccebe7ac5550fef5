//! A real HTTP server on 127.0.0.1 that stands for a service of the operator's: it keeps what it was sent and answers as a
//! test wants it to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::Response;

use crate::support::serve;

/// A request, as it came.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    pub path: String,
    /// The query, decoded.
    pub query: BTreeMap<String, String>,
    /// By their names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Call {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What is answered to a request.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// 429, with the wait that is asked for in seconds.
    pub fn too_many(seconds: u32) -> Self {
        let mut answer = Self::new(429, "too many");
        answer.headers.push(("Retry-After", seconds.to_string()));
        answer
    }
}

/// The server; it ends with the test's process.
#[derive(Clone)]
pub struct Service {
    address: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Service {
    /// Starts one whose answers a function makes.
    pub fn start(answer: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> Self {
        let calls = Arc::<Mutex<Vec<Call>>>::default();
        let (shared, answer) = (Arc::clone(&calls), Arc::new(answer));
        let router = Router::new().fallback(move |request: Request| {
            let (calls, answer) = (Arc::clone(&shared), Arc::clone(&answer));
            async move {
                let call = read(request).await;
                let answer = answer(&call);
                calls.lock().unwrap().push(call);
                let mut response = Response::builder().status(answer.status);
                for (name, value) in answer.headers {
                    response = response.header(name, value);
                }
                response.body(Body::from(answer.body)).unwrap()
            }
        });
        Self {
            address: serve(router),
            calls,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// The requests since the last time.
    pub fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }
}

async fn read(request: Request) -> Call {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let url = reqwest::Url::parse(&format!("http://x{}", parts.uri)).unwrap();
    Call {
        method: parts.method.to_string(),
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}
