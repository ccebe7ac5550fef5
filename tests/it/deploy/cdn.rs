//! CDNs on 127.0.0.1 that answer as the real ones are documented to, enforce their limits, and fail when told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::{Value, json};

use super::service::{Answer, Call, Service};

/// What stands in the environment for each CDN.
pub const TOKEN: &str = "hunter2-token-of-the-operator";

/// Kinds of CDN that are stood for.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Cloudflare,
    Fastly,
    Bunny,
    /// A service of its own kind: `PUT /flush`, a JSON object with a list, a bearer.
    Http,
}

/// A bucket of tokens, as the services count.
#[derive(Clone)]
pub struct Bucket {
    rate: f64,
    burst: f64,
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    pub fn new(rate: f64, burst: f64) -> Self {
        Self {
            rate,
            burst,
            tokens: burst,
            filled: Instant::now(),
        }
    }

    fn take(&mut self, count: usize) -> bool {
        let gained = self.filled.elapsed().as_secs_f64() * self.rate;
        self.filled = Instant::now();
        self.tokens = (self.tokens + gained).min(self.burst);
        let enough = self.tokens >= count as f64;
        if enough {
            self.tokens -= count as f64;
        }
        enough
    }
}

struct State {
    exact: Bucket,
    prefix: Bucket,
    faults: VecDeque<Answer>,
    /// Whether every request fails.
    down: bool,
    accepted: Vec<String>,
    refused_for_rate: usize,
}

/// A CDN.
pub struct Cdn {
    pub service: Service,
    state: Arc<Mutex<State>>,
}

impl Cdn {
    /// With rates that no test reaches.
    pub fn start(kind: Kind) -> Self {
        Self::limited(kind, Bucket::new(1e6, 1e6), Bucket::new(1e6, 1e6))
    }

    /// With rates for addresses and for prefixes.
    pub fn limited(kind: Kind, exact: Bucket, prefix: Bucket) -> Self {
        let state = Arc::new(Mutex::new(State {
            exact,
            prefix,
            faults: VecDeque::new(),
            down: false,
            accepted: Vec::new(),
            refused_for_rate: 0,
        }));
        let shared = Arc::clone(&state);
        let service = Service::start(move |call| {
            let mut state = shared.lock().unwrap();
            if state.down {
                return Answer::new(503, "down");
            }
            if let Some(answer) = state.faults.pop_front() {
                return answer;
            }
            let outcome = match kind {
                Kind::Cloudflare => cloudflare(call),
                Kind::Fastly => fastly(call),
                Kind::Bunny => bunny(call),
                Kind::Http => http(call),
            };
            match outcome {
                Ok(accepted) => {
                    let prefixes = kind == Kind::Bunny
                        && accepted.iter().any(|address| address.ends_with(['/', '*']));
                    let bucket = if prefixes {
                        &mut state.prefix
                    } else {
                        &mut state.exact
                    };
                    if !bucket.take(accepted.len()) {
                        state.refused_for_rate += 1;
                        return Answer::too_many(1);
                    }
                    state.accepted.extend(accepted);
                    Answer::new(
                        200,
                        json!({"success": true, "errors": [], "status": "ok"}).to_string(),
                    )
                }
                Err((status, message)) => Answer::new(
                    status,
                    json!({"success": false, "errors": [{"code": 1012, "message": message}]})
                        .to_string(),
                ),
            }
        });
        Self { service, state }
    }

    /// The next request gets this instead of an answer.
    pub fn fault(&self, answer: Answer) {
        self.state.lock().unwrap().faults.push_back(answer);
    }

    pub fn down(&self, down: bool) {
        self.state.lock().unwrap().down = down;
    }

    /// What was accepted since the last time, sorted; what was accepted twice stands there twice.
    pub fn accepted(&self) -> Vec<String> {
        let mut accepted = std::mem::take(&mut self.state.lock().unwrap().accepted);
        accepted.sort();
        accepted
    }

    /// Requests refused because they came too fast.
    pub fn refused_for_rate(&self) -> usize {
        self.state.lock().unwrap().refused_for_rate
    }
}

type Outcome = Result<Vec<String>, (u16, String)>;

fn refused(status: u16, message: &str) -> Outcome {
    Err((status, message.to_owned()))
}

fn header<'a>(call: &'a Call, name: &str) -> &'a str {
    call.headers.get(name).map_or("", String::as_str)
}

fn strings(value: &Value) -> Vec<String> {
    let list = value.as_array().into_iter().flatten();
    list.map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn cloudflare(call: &Call) -> Outcome {
    let bearer = header(call, "authorization") == format!("Bearer {TOKEN}");
    let key =
        header(call, "x-auth-email") == "me@example.fr" && header(call, "x-auth-key") == TOKEN;
    if !(bearer || key) {
        // Servers have been seen to repeat what they were sent.
        let sent = header(call, "authorization");
        return refused(403, &format!("Authentication error with {sent}"));
    }
    if call.method != "POST" || call.path != "/client/v4/zones/0a1b2c/purge_cache" {
        return refused(404, "no route");
    }
    let body = call.json();
    let keys: Vec<_> = body.as_object().unwrap().keys().collect();
    if keys == ["purge_everything"] && body["purge_everything"] == true {
        return Ok(vec!["everything".into()]);
    }
    if keys != ["files"] {
        return refused(400, "one of files and purge_everything");
    }
    let files = strings(&body["files"]);
    if files.is_empty() || files.len() > 30 {
        return refused(400, "at most 30 files");
    }
    Ok(files)
}

fn fastly(call: &Call) -> Outcome {
    if header(call, "fastly-key") != TOKEN {
        return refused(401, "Provided credentials are missing or invalid");
    }
    if call.method != "POST" {
        return refused(405, "POST");
    }
    if call.path == "/service/S1/purge_all" {
        return Ok(vec!["everything".into()]);
    }
    if call.path == "/service/S1/purge" {
        let keys = strings(&call.json()["surrogate_keys"]);
        if keys.is_empty() || keys.len() > 256 {
            return refused(400, "at most 256 keys");
        }
        return Ok(keys);
    }
    match call.path.strip_prefix("/purge/") {
        Some(address) => Ok(vec![format!("https://{address}")]),
        None => refused(404, "no route"),
    }
}

fn bunny(call: &Call) -> Outcome {
    if header(call, "accesskey") != TOKEN {
        return refused(401, "Unauthorized");
    }
    let query = |name: &str| call.query.get(name).map_or("", String::as_str);
    if call.method != "POST" || call.path != "/purge" || query("url").is_empty() {
        return refused(404, "no route");
    }
    let url = query("url");
    if url.ends_with('/') && query("exactPath") != "true" {
        return Ok(vec![format!("{url}*")]);
    }
    Ok(vec![url.to_owned()])
}

fn http(call: &Call) -> Outcome {
    if header(call, "authorization") != format!("Bearer {TOKEN}") {
        return refused(401, "who is it?");
    }
    if call.method != "PUT" || call.path != "/flush" {
        return refused(404, "no route");
    }
    let addresses = strings(&call.json()["list"]);
    if addresses.is_empty() || addresses.len() > 7 {
        return refused(400, &format!("at most 7: {}", call.body));
    }
    Ok(addresses)
}
