//! A small web server for a look at the site, with the headers that the published one is served with, compressed as
//! hosts do.

use std::net::Ipv4Addr;
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

use super::failure::Failure;
use super::preview::{Answer, Preview};
use super::project::Project;
use crate::site::header_rules;

/// Where a page that is watched hears of edits, and the script that listens there.
const EDITS: &str = "/.immostats/edits";
const SCRIPT: &str = "/.immostats/reload.js";

/// Asks until there is an answer, which takes until something is edited.
const RELOAD: &str = "const { search } = new URL(document.currentScript.src);
const listen = () => fetch(`/.immostats/edits${search}`).then(({ status }) => status === 204 ? location.reload() : undefined, () => setTimeout(listen, 1000));
listen();
";

/// Serves the site of a project on 127.0.0.1 until the process ends. `port` 0 takes any free one; `ready` is told the
/// address.
///
/// # Errors
/// When there is no site, or the port is taken.
pub fn serve(project: &Project, port: u16, ready: impl FnOnce(&str)) -> Result<(), Failure> {
    let folder = project.site();
    if !folder.join("index.html").exists() {
        return Err(Failure::because(format!(
            "{} holds no site yet; run `immostats build`",
            folder.display()
        )));
    }
    let files = ServeDir::new(&folder).not_found_service(ServeFile::new(folder.join("404.html")));
    run(port, Router::new().fallback_service(files), ready)
}

/// Serves the site as the templates and the settings make it at each moment, from the figures that there are; pages load
/// themselves anew when one was edited.
///
/// # Errors
/// When the figures cannot be read, or the port is taken.
pub fn watch(project: &Project, port: u16, ready: impl FnOnce(&str)) -> Result<(), Failure> {
    let pages = Router::new()
        .route(EDITS, get(edits))
        .route(SCRIPT, get(script))
        .fallback(page)
        .with_state(Preview::start(project)?);
    run(port, pages, ready)
}

fn run(port: u16, pages: Router, ready: impl FnOnce(&str)) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.map_err(|error| {
            Failure::because(format!(
                "port {port} cannot be listened on: {error}; name another with --port, or 0 for any free one"
            ))
        })?;
        let address = listener.local_addr()?;
        let app = pages
            .layer(from_fn(add_headers))
            .layer(CompressionLayer::new());
        ready(&format!("http://{address}/"));
        Ok(axum::serve(listener, app).await?)
    })
}

async fn add_headers(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    // What is not there may come with the next build: nobody keeps that it is missing as long as a page.
    let is_kept = response.status() != StatusCode::NOT_FOUND
        && !response.headers().contains_key(header::CACHE_CONTROL);
    let rules = header_rules().iter().filter(|rule| rule.applies(&path));
    for (name, value) in rules.flat_map(|rule| rule.headers) {
        if is_kept || *name != "Cache-Control" {
            response.headers_mut().insert(
                HeaderName::from_bytes(name.as_bytes()).expect("rules hold header names"),
                HeaderValue::from_static(value),
            );
        }
    }
    response
}

/// A file of the site as it is now.
async fn page(State(preview): State<Preview>, request: Request) -> Response {
    // Before the file is asked for: an edit that comes in between loads the page once more than needed.
    let seen = *preview.edits.borrow();
    let path = request.uri().path().trim_start_matches('/');
    let path = match path.is_empty() || path.ends_with('/') {
        true => format!("{path}index.html"),
        false => path.to_owned(),
    };
    let (status, path, answer) = match preview.file(&path).await {
        Answer::Missing => (
            StatusCode::NOT_FOUND,
            "404.html".to_owned(),
            preview.file("404.html").await,
        ),
        answer => (StatusCode::OK, path, answer),
    };
    let kind = mime_guess::from_path(Path::new(&path)).first_or_octet_stream();
    let is_page = kind.essence_str() == "text/html";
    let (status, kind, bytes) = match answer {
        Answer::File(bytes) if is_page => (
            status,
            kind.to_string(),
            watched(&String::from_utf8_lossy(&bytes), seen),
        ),
        Answer::File(bytes) => (status, kind.to_string(), bytes),
        Answer::Missing => (status, "text/plain".into(), b"404".to_vec()),
        Answer::Broken(reason) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "text/html; charset=utf-8".into(),
            watched(&broken(&reason), seen),
        ),
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        // What was edited is to be seen at once.
        (header::CACHE_CONTROL, "no-store".into()),
    ];
    (status, headers, Body::from(bytes)).into_response()
}

/// A page with the script that loads it anew once something was edited after what it shows.
fn watched(page: &str, seen: u64) -> Vec<u8> {
    let script = format!("<script src=\"{SCRIPT}?seen={seen}\"></script></body>");
    page.replacen("</body>", &script, 1).into_bytes()
}

/// A page that says why there is none.
fn broken(reason: &str) -> String {
    let reason = reason.replace('&', "&amp;").replace('<', "&lt;");
    format!("<!DOCTYPE html><title>immostats</title><body><pre>{reason}</pre></body>")
}

async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript")], RELOAD)
}

/// Answers once something was edited since an edit, by its number.
async fn edits(State(preview): State<Preview>, Query(seen): Query<Seen>) -> StatusCode {
    let mut edits = preview.edits;
    match edits.wait_for(|number| *number != seen.seen).await {
        Ok(_) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::GONE,
    }
}

/// Up to which edit a page knows.
#[derive(Deserialize)]
struct Seen {
    seen: u64,
}

/// Opens an address in the browser of this machine, where it has one.
pub fn open_browser(address: &str) {
    if let Err(error) = open::that_detached(address) {
        tracing::warn!("no browser could be opened: {error}");
    }
}
