//! GitHub's release API on this machine, with the two other hosts that it sends its clients to: one that takes uploads,
//! one that gives files.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::support::serve;

/// The job's token.
pub const TOKEN: &str = "ghs_FortyRandomLettersThatNobodyMaySee000000";

/// The repository.
pub const REPOSITORY: &str = "somebody/prices";

/// A file attached to the release.
#[derive(Clone, Debug)]
pub struct Asset {
    pub id: u64,
    pub name: String,
    pub bytes: Bytes,
    /// Whether it was uploaded to its end.
    pub whole: bool,
}

/// What it holds.
#[derive(Clone, Default)]
pub struct State {
    /// The id of the draft, once it is made.
    release: Option<u64>,
    assets: Vec<Asset>,
    last_id: u64,
    /// Uploads that fail in their middle, from now on.
    cuts: usize,
    /// Downloads that come with another byte, from now on.
    altered: usize,
    /// Whether somebody has published the release.
    published: bool,
    /// Whether the API says no to everything.
    closed: bool,
}

/// The API.
#[derive(Clone)]
pub struct GitHub {
    state: Arc<Mutex<State>>,
    pub address: String,
}

impl GitHub {
    pub fn start() -> Self {
        let state: Arc<Mutex<State>> = Arc::default();
        let files = {
            let state = state.clone();
            serve(
                Router::new().fallback(move |uri: Uri, headers: HeaderMap| async move {
                    give(&mut state.lock().unwrap(), &uri, &headers)
                }),
            )
        };
        let uploads = {
            let state = state.clone();
            let limit = axum::extract::DefaultBodyLimit::disable();
            serve(
                Router::new()
                    .fallback(
                        move |uri: Uri, headers: HeaderMap, body: Bytes| async move {
                            take(&mut state.lock().unwrap(), &uri, &headers, body)
                        },
                    )
                    .layer(limit),
            )
        };
        let address = {
            let state = state.clone();
            serve(Router::new().fallback(
                move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| async move {
                    let call = Call {
                        method,
                        uri,
                        headers,
                        body,
                    };
                    call.respond(&mut state.lock().unwrap(), &files, &uploads)
                },
            ))
        };
        Self { state, address }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The assets whose name begins so.
    pub fn assets(&self, prefix: &str) -> Vec<Asset> {
        let state = self.state();
        let named = state
            .assets
            .iter()
            .filter(|asset| asset.name.starts_with(prefix));
        named.cloned().collect()
    }

    /// Alters a byte of the newest assets whose names begin so.
    pub fn damage(&self, prefix: &str, number: usize) {
        let mut state = self.state();
        let named = state
            .assets
            .iter_mut()
            .filter(|asset| asset.name.starts_with(prefix));
        for asset in named.rev().take(number) {
            let mut bytes = asset.bytes.to_vec();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            asset.bytes = bytes.into();
        }
    }

    /// What it holds now.
    pub fn save(&self) -> State {
        self.state().clone()
    }

    /// Goes back to what was saved.
    pub fn reset(&self, saved: &State) {
        *self.state() = saved.clone();
    }

    /// Somebody deletes the release.
    pub fn forget(&self) {
        let mut state = self.state();
        state.release = None;
        state.assets.clear();
    }

    /// The next uploads are cut in their middle.
    pub fn cut_uploads(&self, number: usize) {
        self.state().cuts = number;
    }

    /// The next downloads come with another byte than GitHub has.
    pub fn alter_downloads(&self, number: usize) {
        self.state().altered = number;
    }

    /// Somebody publishes the release.
    pub fn publish(&self) {
        self.state().published = true;
    }

    /// Whether the API says no to every request.
    pub fn set_closed(&self, closed: bool) {
        self.state().closed = closed;
    }
}

fn is_allowed(headers: &HeaderMap) -> bool {
    headers
        .get("authorization")
        .is_some_and(|value| *value == *format!("Bearer {TOKEN}"))
}

fn no(status: StatusCode, message: &str) -> Response {
    answer(status, &json!({"message": message}))
}

/// An answer in JSON.
pub fn answer(status: StatusCode, value: &Value) -> Response {
    (
        status,
        [("Content-Type", "application/json")],
        value.to_string(),
    )
        .into_response()
}

/// The host of files: it refuses a request with a token, which is for the API alone.
fn give(state: &mut State, uri: &Uri, headers: &HeaderMap) -> Response {
    if headers.contains_key("authorization") {
        return no(StatusCode::BAD_REQUEST, "only one way of authentication");
    }
    let id = uri.path().rsplit('/').next().unwrap();
    match state.assets.iter().find(|asset| asset.id.to_string() == id) {
        Some(asset) if uri.query() == Some("signature=1") => {
            let mut bytes = asset.bytes.to_vec();
            if state.altered > 0 {
                state.altered -= 1;
                bytes[0] ^= 1;
            }
            bytes.into_response()
        }
        _ => no(StatusCode::FORBIDDEN, "no signature"),
    }
}

/// The host of uploads.
fn take(state: &mut State, uri: &Uri, headers: &HeaderMap, body: Bytes) -> Response {
    if !is_allowed(headers) {
        return no(StatusCode::UNAUTHORIZED, "Bad credentials");
    }
    let expected = format!(
        "/repos/{REPOSITORY}/releases/{}/assets",
        state.release.unwrap_or(0)
    );
    let Some(name) = uri.query().and_then(|query| query.strip_prefix("name=")) else {
        return no(StatusCode::BAD_REQUEST, "a name is missing");
    };
    if uri.path() != expected {
        return no(StatusCode::NOT_FOUND, "Not Found");
    }
    if state.assets.iter().any(|asset| asset.name == name) {
        return no(StatusCode::UNPROCESSABLE_ENTITY, "already_exists");
    }
    state.last_id += 1;
    let whole = state.cuts == 0;
    state.cuts = state.cuts.saturating_sub(1);
    let asset = Asset {
        id: state.last_id,
        name: name.to_owned(),
        bytes: if whole { body } else { Bytes::new() },
        whole,
    };
    let shown = show(&asset);
    state.assets.push(asset);
    if whole {
        answer(StatusCode::CREATED, &shown)
    } else {
        no(StatusCode::BAD_GATEWAY, "Bad Gateway")
    }
}

/// The digest that GitHub tells of an asset, in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    let mut command = std::process::Command::new("sha256sum");
    command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped());
    let mut process = command.spawn().unwrap();
    std::io::Write::write_all(&mut process.stdin.take().unwrap(), bytes).unwrap();
    let output = process.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap()[..64].to_owned()
}

fn show(asset: &Asset) -> Value {
    let digest = sha256(&asset.bytes);
    json!({
        "id": asset.id, "name": asset.name, "size": asset.bytes.len(),
        "digest": asset.whole.then(|| format!("sha256:{digest}")),
        "state": if asset.whole { "uploaded" } else { "starter" },
    })
}

struct Call {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    fn respond(&self, state: &mut State, files: &str, uploads: &str) -> Response {
        if state.closed {
            return no(StatusCode::FORBIDDEN, "API rate limit exceeded");
        }
        // To strangers a draft does not exist.
        if !is_allowed(&self.headers) {
            return no(StatusCode::NOT_FOUND, "Not Found");
        }
        let root = format!("/repos/{REPOSITORY}/releases");
        let Some(path) = self.uri.path().strip_prefix(&root) else {
            return no(StatusCode::NOT_FOUND, "Not Found");
        };
        let parts: Vec<_> = path.split('/').skip(1).collect();
        let release = |id: u64| {
            json!({
                "id": id, "draft": !state.published, "tag_name": "immostats-state",
                "upload_url": format!("{uploads}{root}/{id}/assets{{?name,label}}"),
            })
        };
        let is_release = |id: &str| state.release.is_some_and(|known| known.to_string() == id);
        match (self.method.as_str(), &parts[..]) {
            ("GET", []) => {
                let published = json!({"id": 1, "draft": false, "tag_name": "v1.0.0"});
                let list = match state.release {
                    Some(id) => json!([release(id), published]),
                    None => json!([published]),
                };
                answer(StatusCode::OK, &list)
            }
            ("POST", []) => {
                let asked: Value = serde_json::from_slice(&self.body).unwrap();
                assert!(asked["draft"] == true && asked["tag_name"] == "immostats-state");
                state.last_id += 1;
                state.release = Some(state.last_id);
                answer(StatusCode::CREATED, &release(state.last_id))
            }
            ("GET", [id]) if is_release(id) => {
                answer(StatusCode::OK, &release(id.parse().unwrap()))
            }
            ("GET", [id, "assets"]) if is_release(id) => {
                answer(StatusCode::OK, &state.assets.iter().map(show).collect())
            }
            ("GET", ["assets", id])
                if self
                    .headers
                    .get("accept")
                    .is_some_and(|accept| accept == "application/octet-stream") =>
            {
                let place = format!("{files}/{id}?signature=1");
                (StatusCode::FOUND, [("Location", place)]).into_response()
            }
            ("DELETE", ["assets", id]) => {
                state.assets.retain(|asset| asset.id.to_string() != *id);
                StatusCode::NO_CONTENT.into_response()
            }
            _ => no(StatusCode::NOT_FOUND, "Not Found"),
        }
    }
}
