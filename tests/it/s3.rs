//! A real S3-compatible server on 127.0.0.1, which checks signatures: `tests/s3/server.mjs`, in Node.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::stop::wait_for;
use crate::support::Project;

pub const BUCKET: &str = "prix";
pub const KEY: &str = "KEYOFTHETESTS";
pub const SECRET: &str = "the/secret+of+the+tests";

/// The server, with one empty bucket; it ends with the test.
pub struct S3 {
    child: Child,
    input: Mutex<ChildStdin>,
    port: u16,
    printed: Arc<Mutex<Vec<Value>>>,
    folder: tempfile::TempDir,
}

/// How an object is served.
pub struct Object {
    /// By their names in lower case.
    pub headers: BTreeMap<String, String>,
}

impl S3 {
    pub fn start() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/s3");
        assert!(
            here.join("node_modules").exists(),
            "the server is not installed; run `npm ci` in {}, or scripts/test",
            here.display()
        );
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new("node")
            .arg(here.join("server.mjs"))
            .arg(folder.path())
            .arg(BUCKET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.next().unwrap().unwrap().parse().unwrap();
        let printed = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&printed);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let value = serde_json::from_str(&line).unwrap();
                sink.lock().unwrap().push(value);
            }
        });
        Self {
            input: Mutex::new(child.stdin.take().unwrap()),
            child,
            port,
            printed,
            folder,
        }
    }

    /// The keys of immostats.toml that name the bucket.
    pub fn configuration(&self) -> String {
        format!(
            "[deploy]\nhost = \"s3\"\n[deploy.s3]\nbucket = \"{BUCKET}\"\nendpoint = \"http://127.0.0.1:{}\"\nallow_http = true\n",
            self.port
        )
    }

    /// The keys of immostats.toml that name it as the archive of journals.
    pub fn archive(&self) -> String {
        let configuration = self.configuration();
        let (_, bucket) = configuration.split_once("[deploy.s3]").unwrap();
        format!("[archive.s3]{bucket}")
    }

    /// `immostats publish` of a project, with the keys.
    pub fn publish(&self, project: &Project) -> Command {
        let mut command = project.command();
        command
            .arg("publish")
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .env_remove("AWS_SESSION_TOKEN");
        command
    }

    /// Tells the server how to behave from here on, and waits until it has heard.
    pub fn tell(&self, line: &str) {
        writeln!(self.input.lock().unwrap(), "{line}").unwrap();
        self.wait("the server to hear", |printed| {
            printed.last().is_some_and(|value| value["done"] == line)
        });
    }

    /// The requests that were answered since the last call, as `METHOD /path`, without the folder of the bucket.
    pub fn requests(&self) -> Vec<String> {
        // An answer may be here before the server has printed that it gave it; this line comes after.
        self.tell("requests");
        let printed = std::mem::take(&mut *self.printed.lock().unwrap());
        printed
            .iter()
            .filter_map(|value| {
                let path = value["url"].as_str()?;
                let path = path.trim_start_matches(&format!("/{BUCKET}"));
                Some(format!("{} {path}", value["method"].as_str()?))
            })
            .collect()
    }

    /// Waits until what the server has printed is so.
    fn wait(&self, what: &str, until: impl Fn(&[Value]) -> bool) {
        wait_for(what, || until(&self.printed.lock().unwrap()).then_some(()));
    }

    /// An object of the bucket; `None` when there is none.
    pub fn get(&self, key: &str) -> Option<Object> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "GET /{BUCKET}/{key} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\n\r\n",
            self.port
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        if !lines.next()?.contains(" 200 ") {
            return None;
        }
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        Some(Object { headers })
    }

    /// Where the server keeps an object's bytes.
    pub fn file(&self, key: &str) -> PathBuf {
        self.folder
            .path()
            .join(BUCKET)
            .join(format!("{key}._S3rver_object"))
    }

    /// All objects of the bucket with their bytes.
    pub fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        crate::support::tree(&self.folder.path().join(BUCKET))
            .into_iter()
            .filter_map(|(path, bytes)| {
                Some((path.strip_suffix("._S3rver_object")?.to_owned(), bytes))
            })
            .collect()
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
