//! A small web server for a look at the site, with the headers that the published one is served with, compressed as
//! hosts do.

use std::net::Ipv4Addr;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

use super::failure::Failure;
use super::project::Project;
use crate::site::header_rules;

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
        let files =
            ServeDir::new(&folder).not_found_service(ServeFile::new(folder.join("404.html")));
        let app = Router::new()
            .fallback_service(files)
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
    let is_kept = response.status() != StatusCode::NOT_FOUND;
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

/// Opens an address in the browser of this machine, where it has one.
pub fn open_browser(address: &str) {
    if let Err(error) = open::that_detached(address) {
        tracing::warn!("no browser could be opened: {error}");
    }
}
