//! The configuration of hosts: what nginx and Caddy make of it, on a real site.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use immostats::site::header_rules;

use crate::market::small_site;
use crate::stop::wait_for;
use crate::support::{Project, tree};

/// A web server at work; it ends with the test.
struct Server {
    child: Child,
    port: u16,
}

struct Answer {
    status: u16,
    /// By their names in lower case.
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Server {
    fn start(mut command: Command, port: u16) -> Self {
        let child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{command:?} does not start ({error}); scripts/test installs it")
            });
        let server = Self { child, port };
        wait_for(&format!("{command:?}"), || {
            TcpStream::connect(("127.0.0.1", port)).ok()
        });
        server
    }

    fn get(&self, path: &str, encoding: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: prix.example.fr\r\nAccept-Encoding: {encoding}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers: BTreeMap<_, _> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let body = &answer[end + 4..];
        Answer {
            status: status.parse().unwrap(),
            body: match headers.get("transfer-encoding") {
                Some(encoding) if encoding == "chunked" => joined(body),
                _ => body.to_vec(),
            },
            headers,
        }
    }
}

/// The chunks of a body, each of which has its length in hexadecimal before it.
fn joined(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let line = body.windows(2).position(|two| two == b"\r\n").unwrap();
        let length = std::str::from_utf8(&body[..line]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            return whole;
        }
        let start = line + 2;
        whole.extend_from_slice(&body[start..start + length]);
        body = &body[start + length + 2..];
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // nginx has a second process, which only a signal that can be caught takes along.
        if let Some(pid) = rustix::process::Pid::from_raw(self.child.id() as i32) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// A small site whose pages are written in gzip and zstd, too.
fn compressed_site() -> Project {
    let (project, _) = small_site();
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!(
        "{configuration}[build]\nprecompress = [\"gzip\", \"zstd\"]\n"
    ));
    project.run(&["build"]);
    project
}

fn nginx(project: &Project, name: &str) -> Server {
    let port = free_port();
    let written = fs::read_to_string(project.path("nginx.conf")).unwrap();
    let site = written
        .replace("listen 80;", &format!("listen 127.0.0.1:{port};"))
        .replace("    listen [::]:80;\n", "");
    let folder = project.path(name);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("site.conf"), site).unwrap();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("{kind}_temp_path {}/{kind};\n", folder.display()))
        .collect();
    fs::write(
        folder.join("main.conf"),
        format!(
            "daemon off;\nworker_processes 1;\nuser root;\npid {folder}/pid;\nerror_log {folder}/log;\nevents {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{temporary}include {folder}/site.conf;\n}}\n",
            folder = folder.display()
        ),
    )
    .unwrap();
    let command = |arguments: &[&str]| {
        let mut command = Command::new("nginx");
        command
            .args(arguments)
            .arg("-c")
            .arg(folder.join("main.conf"))
            .arg("-e")
            .arg(folder.join("log"));
        command
    };
    let tested = command(&["-t"])
        .output()
        .expect("scripts/test installs nginx");
    let said = String::from_utf8_lossy(&tested.stderr).into_owned();
    assert!(tested.status.success(), "{said}");
    Server::start(command(&[]), port)
}

fn caddy(project: &Project, name: &str) -> Server {
    let port = free_port();
    let written = fs::read_to_string(project.path("Caddyfile")).unwrap();
    let site = written.replace(
        "prix.example.fr {",
        &format!("http://prix.example.fr:{port} {{"),
    );
    let folder = project.path(name);
    fs::create_dir(&folder).unwrap();
    fs::write(
        folder.join("Caddyfile"),
        format!("{{\n\tadmin off\n}}\n{site}"),
    )
    .unwrap();
    let mut command = Command::new("caddy");
    command
        .args(["run", "--adapter", "caddyfile", "--config"])
        .arg(folder.join("Caddyfile"))
        .env("XDG_DATA_HOME", &folder)
        .env("XDG_CONFIG_HOME", &folder);
    Server::start(command, port)
}

/// What every host has to do.
fn serves_the_site(server: &Server, site: &Path, zstd: bool) {
    let files = tree(site);
    for (address, path) in [
        ("/", "index.html"),
        ("/ville/97302/", "ville/97302/index.html"),
        ("/data/villes/97302.json", "data/villes/97302.json"),
        ("/version.json", "version.json"),
        ("/api/health.json", "api/health.json"),
        ("/robots.txt", "robots.txt"),
    ] {
        let answer = server.get(address, "identity");
        assert_eq!(
            (answer.status, &answer.body),
            (200, &files[path]),
            "{address}"
        );
        for rule in header_rules() {
            for (name, value) in rule.headers {
                let name = name.to_lowercase();
                if rule.applies(address) {
                    assert_eq!(answer.headers[&name], *value, "{address}");
                }
            }
        }
        let expected = header_rules()
            .iter()
            .filter(|rule| rule.applies(address))
            .flat_map(|rule| rule.headers)
            .any(|(name, _)| *name == "Cache-Control");
        assert_eq!(
            answer.headers.contains_key("cache-control"),
            expected,
            "{address}"
        );
    }
    let (asset, _) = files
        .iter()
        .find(|(path, _)| path.starts_with("assets/style."))
        .unwrap();
    let asset = server.get(&format!("/{asset}"), "identity");
    assert_eq!(
        asset.headers["cache-control"],
        "public, max-age=31536000, immutable"
    );
    // Variants are handed out as they are.
    let page = server.get("/ville/97302/", "gzip");
    assert_eq!(page.headers["content-encoding"], "gzip");
    assert!(page.headers["content-type"].starts_with("text/html"));
    assert!(page.headers["vary"].eq_ignore_ascii_case("accept-encoding"));
    assert_eq!(page.body, files["ville/97302/index.html.gz"]);
    assert_eq!(
        page.headers["cache-control"],
        "public, max-age=3600, s-maxage=604800, stale-while-revalidate=86400"
    );
    if zstd {
        let page = server.get("/ville/97302/", "gzip, zstd");
        assert_eq!(page.body, files["ville/97302/index.html.zst"]);
    }
    // What is not there is not kept for a year.
    for address in ["/ville/00000/", "/assets/style.00000000.css", "/_headers"] {
        let answer = server.get(address, "identity");
        assert_eq!(
            (answer.status, &answer.body),
            (404, &files["404.html"]),
            "{address}"
        );
        assert!(!answer.headers.contains_key("cache-control"), "{address}");
        assert!(answer.headers.contains_key("content-security-policy"));
    }
}

#[test]
fn nginx_serves_the_site_with_its_headers() {
    let project = compressed_site();
    project.run(&["init", "--host", "nginx"]);
    serves_the_site(&nginx(&project, "nginx-1"), &project.path("site"), false);

    // Without variants it compresses by itself.
    fs::remove_file(project.path("nginx.conf")).unwrap();
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&configuration.replace("[\"gzip\", \"zstd\"]", "[]"));
    project.run(&["init", "--host", "nginx"]);
    project.run(&["build"]);
    let page = nginx(&project, "nginx-2").get("/ville/97302/", "gzip");
    assert_eq!(page.headers["content-encoding"], "gzip");
}

#[test]
fn caddy_serves_the_site_with_its_headers() {
    let project = compressed_site();
    project.run(&["init", "--host", "caddy"]);
    serves_the_site(&caddy(&project, "caddy"), &project.path("site"), true);
}

#[test]
fn variants_are_part_of_the_version() {
    use std::io::Read as _;
    let (project, mut release) = small_site();
    let plain = project.site();
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!(
        "{configuration}[build]\nprecompress = [\"zstd\", \"gzip\"]\n"
    ));
    project.run(&["build", "--only-changed"]);
    let count_fresh_variants = || {
        let site = project.site();
        let mut variants = 0;
        for (path, bytes) in &site {
            let unpacked = if path.ends_with(".gz") {
                let mut unpacked = Vec::new();
                flate2::read::GzDecoder::new(bytes.as_slice())
                    .read_to_end(&mut unpacked)
                    .unwrap();
                unpacked
            } else if path.ends_with(".zst") {
                zstd::decode_all(bytes.as_slice()).unwrap()
            } else {
                continue;
            };
            let (plain, _) = path.rsplit_once('.').unwrap();
            assert_eq!(unpacked, site[plain], "{path}");
            variants += 1;
        }
        variants
    };
    // Of each text, and of nothing else.
    let is_text = |path: &&String| {
        *path != "_headers"
            && ![".png", ".parquet"]
                .iter()
                .any(|ending| path.ends_with(ending))
    };
    let texts = plain.keys().filter(is_text).count();
    assert_eq!(count_fresh_variants(), 2 * texts);
    project.run(&["verify", "--rebuild"]);

    // With each change of a page, in whole builds and in those of some communes, and on the way back.
    release.reprice("97302", 130);
    release.import(&project);
    let before = project.site();
    project.run(&["build", "--city", "97302"]);
    let changed: Vec<_> = project
        .site()
        .into_iter()
        .filter(|(path, bytes)| before.get(path) != Some(bytes))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(
        changed,
        [
            "data/villes/97302.json",
            "data/villes/97302.json.gz",
            "data/villes/97302.json.zst",
            "ville/97302/index.html",
            "ville/97302/index.html.gz",
            "ville/97302/index.html.zst"
        ]
    );
    assert_eq!(count_fresh_variants(), 2 * texts);
    project.run(&["build", "--only-changed"]);
    assert_eq!(count_fresh_variants(), 2 * texts);
    project.run(&["rollback"]);
    assert_eq!(count_fresh_variants(), 2 * texts);

    // Off again, none stays behind.
    project.configure(&configuration);
    project.run(&["build", "--only-changed"]);
    assert!(
        project
            .site()
            .keys()
            .all(|path| !path.ends_with(".gz") && !path.ends_with(".zst"))
    );
}

#[test]
fn init_writes_what_each_host_reads_and_overwrites_nothing() {
    for (host, files) in [
        ("nginx", &["nginx.conf"][..]),
        ("caddy", &["Caddyfile"]),
        ("netlify", &["netlify.toml"]),
        ("cloudflare-pages", &["wrangler.toml"]),
        ("github-pages", &["site/.nojekyll"]),
    ] {
        let project = Project::new(&["83"]);
        fs::remove_file(project.path("immostats.toml")).unwrap();
        let run = project.run(&["init", "--host", host]);
        let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
        assert!(configuration.contains(&format!("\nhost = \"{host}\"\n")));
        for file in files {
            assert!(project.path(file).exists(), "{file}");
            assert!(
                run.stdout.contains(&format!("{file} is written")),
                "{}",
                run.stdout
            );
        }
        // The same again is no harm; what somebody changed is left alone.
        project.run(&["init", "--host", host]);
        let file = files.last().unwrap();
        project.file(file, "mine");
        let refused = project.try_run(&["init", "--host", host]);
        assert_eq!(refused.code, 1);
        assert!(
            refused.stderr.contains("stays as it is"),
            "{}",
            refused.stderr
        );
        assert_eq!(fs::read(project.path(file)).unwrap(), b"mine");
    }
    let project = Project::new(&["83"]);
    let run = project.run(&["init", "--host", "github-pages"]);
    assert!(
        run.stdout.contains("sends its own headers"),
        "{}",
        run.stdout
    );
    assert_eq!(
        fs::read_to_string(project.path("site/CNAME")).unwrap(),
        "prix.example.fr\n"
    );
    let run = project.run(&["init", "--host", "caddy"]);
    assert!(
        run.stdout
            .contains("names another host; set it to \"caddy\""),
        "{}",
        run.stdout
    );
    assert_eq!(project.try_run(&["init", "--host", "s3"]).code, 2);
}
