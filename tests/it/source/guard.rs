//! Where requests go, and what is told of them.

use std::net::Ipv4Addr;

use super::bench::{Bench, folder, outcome, sales};
use crate::server::{DATASET, Fault, Server};
use crate::support::tree;

fn redirect(location: String) -> Fault {
    Fault::Status(302, vec![("Location", location)])
}

/// A source of one file at an address.
fn one(url: &str) -> String {
    format!("[[sources]]\nid = \"dvf\"\nkind = \"geo-dvf\"\nurls = [\"{url}\"]\n")
}

#[test]
fn redirects_to_another_host_are_followed_without_what_was_secret() {
    let (server, other) = (Server::start(), Server::start());
    let bytes = sales("2023", "12");
    other.file("/real.csv.gz", bytes.clone());
    server.always(
        "/full.csv.gz",
        redirect(format!("http://localhost:{}/real.csv.gz", other.port())),
    );
    let url = format!(
        "http://me:hunter2@127.0.0.1:{}/full.csv.gz?token=hunter2",
        server.port()
    );
    let bench = Bench::with(server, true, &one(&url));
    bench.ends(0, &["fetch"]);
    assert_eq!(bench.downloaded(), bytes);
    assert!(
        bench
            .server
            .requests()
            .iter()
            .all(|request| request.headers.contains_key("authorization"))
    );
    for request in other.requests() {
        assert!(
            !request.headers.contains_key("authorization"),
            "{request:?}"
        );
        assert!(!request.headers.contains_key("referer"), "{request:?}");
    }
}

#[test]
fn a_private_address_is_not_asked_unless_allowed() {
    let inner = Server::start_on(Ipv4Addr::new(127, 0, 0, 2));
    let bytes = sales("2023", "12");
    inner.file("/real.csv.gz", bytes.clone());
    let literal = inner.url("/real.csv.gz");
    let server = Server::start();
    let bench = Bench::with(server.clone(), false, &one(&server.url("/full.csv.gz")));
    // The number, the number in other clothes, and a name.
    let port = inner.port();
    for target in [
        literal.clone(),
        format!("http://2130706434:{port}/real.csv.gz"),
        format!("http://[::ffff:127.0.0.2]:{port}/real.csv.gz"),
        format!("http://localhost:{port}/real.csv.gz"),
    ] {
        server.always("/full.csv.gz", redirect(target.clone()));
        let run = bench.ends(1, &["fetch"]);
        assert!(
            run.stderr.contains("not on the public internet"),
            "{target}: {}",
            run.stderr
        );
        assert_eq!(
            run.stderr.matches("not on the public internet").count(),
            1,
            "no retry: {}",
            run.stderr
        );
    }
    // Neither by way of a resource.
    let source = format!(
        "[[sources]]\nid = \"dvf\"\nkind = \"geo-dvf\"\ndataset = \"{DATASET}\"\nresources = [\"DVF {{year}}\"]\n"
    );
    server.dataset(&[server.remote("DVF 2023", &literal, "2026-11-01T00:00:00")]);
    bench.configure(false, &source);
    let run = bench.ends(1, &["fetch"]);
    assert!(
        run.stderr.contains("not on the public internet"),
        "{}",
        run.stderr
    );
    assert!(inner.requests().is_empty(), "the private server was asked");
    assert_eq!(bench.downloads(), [""; 0]);

    bench.configure(true, &source);
    bench.ends(0, &["fetch"]);
    assert_eq!(bench.downloaded(), bytes);
}

#[test]
fn loops_and_other_schemes_end() {
    let server = Server::start();
    let bench = Bench::with(server.clone(), true, &one(&server.url("/full.csv.gz")));
    server.always("/full.csv.gz", redirect(server.url("/full.csv.gz")));
    let run = bench.ends(1, &["check"]);
    assert!(
        run.stderr.contains("redirected more than 5 times"),
        "{}",
        run.stderr
    );
    assert_eq!(server.requests().len(), 6);
    for (target, reason) in [
        ("ftp://example.org/full.csv.gz", "neither http nor https"),
        // What is no address of the web at all is not even looked at.
        ("file:///etc/passwd", "answered 302"),
    ] {
        server.always("/full.csv.gz", redirect(target.into()));
        let run = bench.ends(1, &["check"]);
        assert!(run.stderr.contains(reason), "{}", run.stderr);
    }
}

#[test]
fn secrets_are_in_no_message_and_no_file() {
    let bench = Bench::new();
    bench.server.file("/full.csv.gz", sales("2023", "12"));
    let url = format!(
        "http://me:hunter2@127.0.0.1:{}/full.csv.gz?api_key=hunter2&hunter2",
        bench.server.port()
    );
    let config = |api: &str| {
        bench.configure(true, &one(&url));
        let text = std::fs::read_to_string(bench.project.path("immostats.toml")).unwrap();
        let safe = bench.server.url("/api/1");
        bench.project.configure(&text.replace(&safe, api));
    };
    config(&format!(
        "http://me:hunter2@127.0.0.1:{}/api/1",
        bench.server.port()
    ));
    let loud = |command: &str, format: &str| {
        let run = outcome(&mut bench.command(&[command, "-vv", "--log-format", format]));
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains("hunter2"), "{command}: {text}");
        }
        run.code
    };
    // Failures of all sorts, and a success.
    for fault in [
        Fault::Status(403, vec![]),
        Fault::Status(503, vec![]),
        redirect(format!(
            "http://x:hunter2@127.0.0.1:{}/full.csv.gz?token=hunter2",
            bench.server.port()
        )),
        redirect("ftp://x:hunter2@example.org/hunter".into()),
        redirect("http://x:hunter2@127.0.0.1:1/?token=hunter2".into()),
    ] {
        bench.server.always("/full.csv.gz", fault);
        for format in ["text", "json"] {
            assert_eq!(loud("check", format), 1);
            assert_eq!(loud("fetch", format), 1);
        }
    }
    bench.server.heal("/full.csv.gz");
    bench.server.fault("/full.csv.gz", Fault::Reset(5000));
    assert_eq!(loud("update", "text"), 0);
    assert_eq!(loud("check", "json"), 0);
    bench.server.file("/full.csv.gz", "<html>");
    assert_eq!(loud("update", "text"), 3);
    for (path, bytes) in tree(bench.project.root()) {
        let holds = bytes.windows(7).any(|window| window == b"hunter2");
        assert!(!holds || path == "immostats.toml", "{path} holds a secret");
    }
}

#[test]
fn the_proxy_of_the_environment_is_used_and_its_password_kept() {
    let bench = Bench::new();
    let bytes = sales("2023", "12");
    bench.server.file(&folder("2023"), bytes.clone());
    bench.configure(
        false,
        &one("http://upstream.invalid/geo-dvf/2023/full.csv.gz"),
    );
    let proxy = format!("http://me:hunter2@127.0.0.1:{}", bench.server.port());
    let fetch = || outcome(bench.command(&["fetch", "-vv"]).env("http_proxy", &proxy));
    bench
        .server
        .always(&folder("2023"), Fault::Status(407, vec![]));
    let run = fetch();
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("http://upstream.invalid/geo-dvf/2023/full.csv.gz answered 407"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("hunter2"));
    bench.server.heal(&folder("2023"));
    let run = fetch();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("hunter2"));
    assert_eq!(bench.downloaded(), bytes);
    let request = bench.server.requests().pop().unwrap();
    assert_eq!(
        request.target,
        "http://upstream.invalid/geo-dvf/2023/full.csv.gz"
    );
    assert!(request.headers["proxy-authorization"].starts_with("Basic "));
}
