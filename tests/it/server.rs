//! A real HTTP server on 127.0.0.1 that answers as the data.gouv.fr API and the hosts of files do, and misbehaves on demand.
//!
//! It is written on sockets, for what it has to do no HTTP library does: cut, stall, and announce what does not come.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Barrier, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};

/// The dataset that the server describes.
pub const DATASET: &str = "5cc1b94a634f4165e96436c1";

/// A request, as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// With the query, or a whole address when the server was asked as a proxy.
    pub target: String,
    /// By their names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

/// A file that is served.
#[derive(Clone, Default)]
pub struct Entry {
    pub body: Vec<u8>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What a request meets instead of the file.
#[derive(Clone, Debug)]
pub enum Fault {
    /// A status with headers, and no file.
    Status(u16, Vec<(&'static str, String)>),
    /// The first bytes of the body, then a reset of the connection.
    Reset(usize),
    /// The first bytes of the body, then nothing until the client hangs up.
    Stall(usize),
    /// The first bytes of the body, then one at a time, slowly, until the client hangs up.
    Trickle(usize),
    /// Nothing until as many requests as the barrier counts are here, then the body.
    Together(Arc<Barrier>),
    /// All but the last bytes of the body, and a proper end of the connection.
    Short(usize),
    /// The whole body, whose length is not announced.
    Unannounced,
}

/// An answer that is made for a request: its status, its headers and its body.
pub type Reply = (u16, Vec<(&'static str, String)>, Vec<u8>);

/// What answers the requests of a path.
type Answer = Arc<dyn Fn(&Request) -> Reply + Send + Sync>;

#[derive(Default)]
struct State {
    answers: BTreeMap<String, Answer>,
    files: BTreeMap<String, Entry>,
    /// For the next requests of a path, one each; HEAD requests meet those of `HEAD /path`.
    faults: BTreeMap<String, VecDeque<Fault>>,
    /// For all requests of a path.
    always: BTreeMap<String, Fault>,
    requests: Vec<Request>,
}

/// The server; it ends with the test's process.
#[derive(Clone)]
pub struct Server {
    port: u16,
    host: Ipv4Addr,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// Starts one on 127.0.0.1.
    pub fn start() -> Self {
        Self::start_on(Ipv4Addr::LOCALHOST)
    }

    /// Starts one on another address of this machine, such as 127.0.0.2.
    pub fn start_on(host: Ipv4Addr) -> Self {
        let listener = TcpListener::bind((host, 0)).unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            host,
            state: Arc::default(),
        };
        let shared = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let server = shared.clone();
                // A client that hangs up is part of the tests.
                std::thread::spawn(move || server.serve(&stream).is_ok());
            }
        });
        server
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}:{}{path}", self.host, self.port)
    }

    /// Serves a file. Its ETag is of its bytes, its date that of a release.
    pub fn file(&self, path: &str, body: impl Into<Vec<u8>>) {
        let body = body.into();
        let etag = format!("\"{}\"", &blake3::hash(&body).to_hex()[..16]);
        self.entry(
            path,
            Entry {
                body,
                etag: Some(etag),
                last_modified: Some("Tue, 20 Oct 2026 08:00:00 GMT".into()),
            },
        );
    }

    /// Serves a file with headers of its own.
    pub fn entry(&self, path: &str, entry: Entry) {
        self.state().files.insert(path.into(), entry);
    }

    /// Answers the requests of a path one by one, whatever their method.
    pub fn answer(&self, path: &str, answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) {
        self.state().answers.insert(path.into(), Arc::new(answer));
    }

    pub fn remove(&self, path: &str) {
        self.state().files.remove(path);
    }

    /// The next GET of a path meets this; several are met in turn. `HEAD /path` is for the HEAD requests of it.
    pub fn fault(&self, path: &str, fault: Fault) {
        self.state()
            .faults
            .entry(path.into())
            .or_default()
            .push_back(fault);
    }

    /// Every request of a path meets this; `HEAD /path` is for the HEAD requests of it.
    pub fn always(&self, path: &str, fault: Fault) {
        self.state().always.insert(path.into(), fault);
    }

    /// A path works again.
    pub fn heal(&self, path: &str) {
        let mut state = self.state();
        state.always.remove(path);
        state.faults.remove(path);
    }

    /// The requests since the last time.
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.state().requests)
    }

    /// Describes the dataset, as `/api/1/datasets/ID/` does, with these resources.
    pub fn dataset(&self, resources: &[Value]) {
        let dataset = json!({
            "id": DATASET, "slug": "demandes-de-valeurs-foncieres-geolocalisees",
            "title": "Demandes de valeurs foncières géolocalisées", "frequency": "semiannual",
            "last_update": "2026-10-20T08:00:00.000000+00:00", "last_modified": "2026-10-20T08:00:00.000000+00:00",
            "resources": resources,
        });
        let path = format!("/api/1/datasets/{DATASET}/");
        self.file(&path, serde_json::to_vec(&dataset).unwrap());
    }

    /// A resource of type `file`, which is this server's `path`: with size and checksum.
    pub fn resource(&self, title: &str, path: &str, released: &str) -> Value {
        let body = self.state().files[path].body.clone();
        let sha1 = <sha1::Sha1 as sha1::Digest>::digest(&body);
        let sha1: String = sha1.iter().map(|byte| format!("{byte:02x}")).collect();
        json!({
            "id": format!("00000000-0000-0000-0000-{:0>12}", title.len()), "title": title, "type": "main",
            "format": "csv.gz", "filetype": "file", "mime": "application/gzip", "url": self.url(path),
            "latest": self.url("/api/1/datasets/r/0"), "filesize": body.len(),
            "checksum": {"type": "sha1", "value": sha1}, "created_at": "2026-04-28T08:00:00+00:00",
            "last_modified": released, "extras": {"check:available": true, "analysis:content-length": body.len()},
        })
    }

    /// A resource of type `remote`, whose size and checksum the API does not know.
    pub fn remote(&self, title: &str, url: &str, released: &str) -> Value {
        json!({
            "id": "00000000-0000-0000-0000-000000000000", "title": title, "type": "main", "format": "csv.gz",
            "filetype": "remote", "mime": null, "url": url, "filesize": null, "checksum": null,
            "created_at": "2026-04-28T08:00:00+00:00", "last_modified": released, "extras": {"check:available": true},
        })
    }

    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        let request = read_request(stream)?;
        // Asked as a proxy, the server is the host of any address.
        let target = request
            .target
            .split_once("://")
            .map_or(request.target.as_str(), |(_, rest)| {
                &rest[rest.find('/').unwrap_or(0)..]
            });
        let path = target.split('?').next().unwrap().to_owned();
        let head = request.method == "HEAD";
        let (entry, fault) = {
            let mut state = self.state();
            state.requests.push(request.clone());
            let key = if head {
                format!("HEAD {path}")
            } else {
                path.clone()
            };
            let fault = state.faults.get_mut(&key).and_then(VecDeque::pop_front);
            (
                state.files.get(&path).cloned(),
                fault
                    .or_else(|| state.always.get(&key).cloned())
                    .or_else(|| state.always.get(&path).cloned()),
            )
        };
        if let Some(Fault::Status(status, headers)) = &fault {
            return respond(stream, *status, headers, b"");
        }
        let answer = self.state().answers.get(&path).cloned();
        if let Some(answer) = answer {
            let (status, headers, body) = answer(&request);
            let body = if head { Vec::new() } else { body };
            return match fault {
                None => respond(stream, status, &headers, &body),
                fault => {
                    let length = ("Content-Length", body.len().to_string());
                    write_head(stream, status, &[headers, vec![length]].concat())?;
                    send(stream, &body, fault)
                }
            };
        }
        let Some(entry) = entry else {
            return respond(
                stream,
                404,
                &[("Content-Type", "text/html".into())],
                b"<!doctype html><h1>404</h1>",
            );
        };
        let mut headers = vec![("Accept-Ranges", "bytes".to_owned())];
        headers.extend(entry.etag.clone().map(|etag| ("ETag", etag)));
        headers.extend(
            entry
                .last_modified
                .clone()
                .map(|date| ("Last-Modified", date)),
        );
        let header = |name: &str| request.headers.get(name);
        let matches = |name| header(name).is_some() && header(name) == entry.etag.as_ref();
        if matches("if-none-match") {
            return respond(stream, 304, &headers, b"");
        }
        let range = header("range").and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
        let from = range.and_then(|(from, _)| from.parse().ok());
        let last = range.and_then(|(_, last)| last.parse().ok());
        let whole = header("if-range").is_some_and(|validator| {
            Some(validator) != entry.etag.as_ref()
                && Some(validator) != entry.last_modified.as_ref()
        });
        let (status, body) = match from {
            Some(from) if !whole && from < entry.body.len() => {
                let last = last.unwrap_or(entry.body.len() - 1);
                headers.push((
                    "Content-Range",
                    format!("bytes {from}-{last}/{}", entry.body.len()),
                ));
                (206, &entry.body[from..=last])
            }
            Some(from) if !whole && from >= entry.body.len() => {
                return respond(stream, 416, &headers, b"");
            }
            _ => (200, &entry.body[..]),
        };
        if !matches!(fault, Some(Fault::Unannounced)) {
            headers.push(("Content-Length", body.len().to_string()));
        }
        if head && matches!(fault, Some(Fault::Stall(_))) {
            // Nothing at all.
            let mut stream = stream;
            return stream.read(&mut [0]).map(drop);
        }
        write_head(stream, status, &headers)?;
        if head {
            return Ok(());
        }
        send(stream, body, fault)
    }
}

/// Sends a body, or what the fault leaves of it.
fn send(mut stream: &TcpStream, body: &[u8], fault: Option<Fault>) -> io::Result<()> {
    let first = |n: usize| &body[..n.min(body.len())];
    match fault {
        Some(Fault::Reset(n)) => {
            stream.write_all(first(n))?;
            // A linger of no time turns the close into a reset.
            rustix::net::sockopt::set_socket_linger(stream, Some(Duration::ZERO))
                .map_err(io::Error::from)
        }
        Some(Fault::Stall(n)) => {
            stream.write_all(first(n))?;
            // The client sends nothing more: there is something to read when it hangs up.
            stream.read(&mut [0]).map(drop)
        }
        Some(Fault::Trickle(n)) => {
            stream.write_all(first(n))?;
            for byte in &body[first(n).len()..] {
                std::thread::sleep(Duration::from_millis(20));
                stream.write_all(&[*byte])?;
            }
            Ok(())
        }
        Some(Fault::Together(requests)) => {
            requests.wait();
            stream.write_all(body)
        }
        Some(Fault::Short(n)) => stream.write_all(&body[..body.len().saturating_sub(n)]),
        Some(Fault::Status(..) | Fault::Unannounced) | None => stream.write_all(body),
    }
}

fn read_request(stream: &TcpStream) -> io::Result<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        reader.read_line(&mut line).map(|_| line)
    };
    let first = line()?;
    let mut words = first.split(' ');
    let (method, target) = (
        words.next().unwrap_or_default().to_owned(),
        words.next().unwrap_or_default().to_owned(),
    );
    let mut headers = BTreeMap::new();
    while let Some((name, value)) = line()?.split_once(':') {
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length");
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap_or(0))];
    reader.read_exact(&mut body)?;
    Ok(Request {
        method,
        target,
        headers,
        body,
    })
}

fn write_head(mut stream: &TcpStream, status: u16, headers: &[(&str, String)]) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {status} Status\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())
}

fn respond(
    mut stream: &TcpStream,
    status: u16,
    headers: &[(&str, String)],
    body: &[u8],
) -> io::Result<()> {
    let mut headers = headers.to_vec();
    if status != 304 {
        headers.push(("Content-Length", body.len().to_string()));
    }
    write_head(stream, status, &headers)?;
    stream.write_all(body)
}
