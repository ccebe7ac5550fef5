//! The internet around a site: the host that visitors ask, the CDN before it, and a webhook.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::github::answer;
use super::world::Files;
use crate::s3::{KEY, SECRET};
use crate::support::serve;

/// Secrets of the repository. None may show anywhere.
pub const SECRETS: [(&str, &str); 4] = [
    (
        "IMMOSTATS_CLOUDFLARE_TOKEN",
        "cloudflare-token-that-nobody-may-see",
    ),
    ("AWS_ACCESS_KEY_ID", KEY),
    ("AWS_SECRET_ACCESS_KEY", SECRET),
    ("IMMOSTATS_WEBHOOK_URL", "webhook-that-nobody-may-see"),
];

/// Gives what a host serves just now.
type Host = Box<dyn Fn() -> Files + Send>;

#[derive(Default)]
struct State {
    online: Files,
    /// What visitors are given, where that is not what was put online.
    host: Option<Host>,
    purged: Vec<Value>,
    cdn_closed: bool,
    told: Vec<String>,
}

/// Three servers on this machine.
#[derive(Clone)]
pub struct Internet {
    state: Arc<Mutex<State>>,
    pub site: String,
    pub cdn: String,
    pub webhook: String,
}

impl Internet {
    pub fn start() -> Self {
        let state: Arc<Mutex<State>> = Arc::default();
        let (visited, purging, telling) = (state.clone(), state.clone(), state.clone());
        let site = Router::new().fallback(move |uri: Uri| async move {
            let mut state = visited.lock().unwrap();
            state.look();
            visit(&state.online, uri.path())
        });
        let cdn = Router::new().fallback(move |headers: HeaderMap, body: Bytes| async move {
            purge(&mut purging.lock().unwrap(), &headers, &body)
        });
        let webhook = Router::new().fallback(move |body: Bytes| async move {
            let message = String::from_utf8(body.to_vec()).unwrap();
            telling.lock().unwrap().told.push(message);
            StatusCode::OK
        });
        Self {
            state,
            site: serve(site),
            cdn: serve(cdn),
            webhook: serve(webhook),
        }
    }

    /// What visitors get.
    pub fn online(&self) -> Files {
        let mut state = self.state.lock().unwrap();
        state.look();
        state.online.clone()
    }

    /// Puts a site online.
    pub fn put(&self, files: Files) {
        self.state.lock().unwrap().online = files;
    }

    /// From here on, visitors get what this gives.
    pub fn serve_from(&self, host: impl Fn() -> Files + Send + 'static) {
        self.state.lock().unwrap().host = Some(Box::new(host));
    }

    /// The number of calls to the CDN that it accepted.
    pub fn purges(&self) -> usize {
        self.state.lock().unwrap().purged.len()
    }

    /// Whether the CDN was told to forget a path.
    pub fn is_purged(&self, path: &str) -> bool {
        let state = self.state.lock().unwrap();
        state.purged.iter().any(|call| {
            let files = call["files"].as_array().into_iter().flatten();
            call["purge_everything"] == true
                || files
                    .into_iter()
                    .any(|address| address.as_str().unwrap().ends_with(path))
        })
    }

    /// Whether the CDN says no to everything.
    pub fn set_cdn_closed(&self, closed: bool) {
        self.state.lock().unwrap().cdn_closed = closed;
    }

    /// What was told on the webhook since the last time.
    pub fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().told)
    }

    /// Forgets what was purged and told.
    pub fn forget(&self) {
        let mut state = self.state.lock().unwrap();
        state.purged.clear();
        state.told.clear();
    }
}

impl State {
    fn look(&mut self) {
        if let Some(host) = &self.host {
            self.online = host();
        }
    }
}

/// Answers a visitor as GitHub Pages does.
fn visit(files: &Files, path: &str) -> Response {
    let path = path.trim_start_matches('/');
    let path = match path {
        "" => "index.html".to_owned(),
        folder if folder.ends_with('/') => format!("{folder}index.html"),
        file => file.to_owned(),
    };
    match files.get(&path) {
        Some(bytes) => bytes.clone().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Answers as Cloudflare does, and remembers what is to be purged.
fn purge(state: &mut State, headers: &HeaderMap, body: &[u8]) -> Response {
    let token = format!("Bearer {}", SECRETS[0].1);
    let known = headers
        .get("authorization")
        .is_some_and(|value| *value == token);
    if state.cdn_closed || !known {
        return answer(StatusCode::FORBIDDEN, &json!({"success": false}));
    }
    state.purged.push(serde_json::from_slice(body).unwrap());
    let accepted = json!({"success": true, "errors": [], "messages": [], "result": {"id": "1"}});
    answer(StatusCode::OK, &accepted)
}
