//! Downloads that go wrong, and what is left of them.

use std::fs;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use super::bench::{Bench, folder, gzip, sales};
use crate::server::{Entry, Fault};

/// A project that has fetched a first edition of 2023, and a server that has another one.
fn second_edition() -> (Bench, Vec<u8>, Vec<u8>) {
    let bench = Bench::new();
    let (old, new) = (sales("2023", "12"), sales("2023", "20"));
    bench.publish(&[("2023", &old)]);
    bench.ends(0, &["fetch"]);
    assert_eq!(bench.downloaded(), old);
    bench.publish(&[("2023", &new)]);
    bench.server.requests();
    (bench, old, new)
}

/// The second edition is refused: exit code 3, this reason, and only the first one is left.
#[track_caller]
fn refused(bench: &Bench, old: &[u8], reason: &str) {
    let run = bench.ends(3, &["fetch"]);
    assert!(run.stderr.contains(reason), "{}", run.stderr);
    assert_eq!(bench.downloaded(), old);
    let gets = bench
        .file_requests()
        .iter()
        .filter(|line| line.starts_with("GET"))
        .count();
    assert_eq!(gets, 1, "what is wrong is not asked for again");
}

/// The second edition comes in spite of all, in this many requests.
#[track_caller]
fn comes(bench: &Bench, new: &[u8], gets: usize) {
    bench.ends(0, &["fetch"]);
    assert_eq!(bench.downloaded(), new);
    assert_eq!(
        bench.file_requests(),
        vec!["GET /geo-dvf/2023/full.csv.gz"; gets]
    );
}

#[test]
fn nothing_is_asked_for_twice() {
    let (bench, _, new) = second_edition();
    comes(&bench, &new, 1);
    let run = bench.ends(0, &["fetch"]);
    assert!(run.stdout.contains("nothing was fetched"), "{}", run.stdout);
    assert_eq!(bench.file_requests(), [""; 0]);
    let run = bench.ends(1, &["fetch", "dfv"]);
    assert!(
        run.stderr.contains("no source \"dfv\"") && run.stderr.contains("dvf"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_was_imported_is_asked_for_on_condition() {
    let bench = Bench::new();
    bench.server.file("/a.csv.gz", sales("2023", "12"));
    bench.server.dataset(&[bench.server.remote(
        "DVF 2023",
        &bench.server.url("/a.csv.gz"),
        "2026-11-01T00:00:00",
    )]);
    bench.ends(0, &["update", "--quiet"]);
    bench.server.requests();
    // A host of several machines, one of which has other ETags.
    bench.server.fault(
        "HEAD /a.csv.gz",
        Fault::Status(200, vec![("ETag", "\"other\"".into())]),
    );
    let run = bench.ends(0, &["fetch"]);
    assert!(
        run.stdout.contains("the same as imported: dvf 2023"),
        "{}",
        run.stdout
    );
    let get = bench.server.requests().pop().unwrap();
    assert_eq!(get.method, "GET");
    assert!(
        get.headers.contains_key("if-none-match") && get.headers.contains_key("if-modified-since")
    );
}

#[test]
fn a_file_of_the_same_bytes_is_no_news() {
    let bench = Bench::new();
    let bytes = sales("2023", "12");
    bench.publish(&[("2023", &bytes)]);
    bench.ends(0, &["update", "--quiet"]);
    let entry = Entry {
        body: bytes.clone(),
        etag: Some("\"touched\"".into()),
        last_modified: Some("Wed, 21 Oct 2026 08:00:00 GMT".into()),
    };
    bench.server.entry("/a.csv.gz", entry);
    let url = bench.server.url("/a.csv.gz?longer=name");
    // Nothing to compare by: another address, and a length that the API has wrong.
    let mut remote = bench.server.remote("DVF 2023", &url, "2026-11-01T00:00:00");
    remote["checksum"] = serde_json::json!({"type": "sha256", "value": hex_sha256(&bytes)});
    bench
        .server
        .fault("HEAD /a.csv.gz", Fault::Status(200, vec![]));
    bench.server.dataset(&[remote]);
    let run = bench.ends(0, &["fetch"]);
    assert!(
        run.stdout.contains("the same as imported: dvf 2023"),
        "{}",
        run.stdout
    );
    assert_eq!(bench.downloaded(), bytes);
    let check = bench.ends(0, &["check"]);
    assert!(
        check.stdout.contains("dvf 2023  up to date"),
        "{}",
        check.stdout
    );
}

fn hex_sha256(bytes: &[u8]) -> String {
    let digest = <sha2::Sha256 as sha2::Digest>::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_passing_failure_is_retried() {
    let (bench, _, new) = second_edition();
    bench
        .server
        .fault(&folder("2023"), Fault::Status(500, vec![]));
    bench
        .server
        .fault(&folder("2023"), Fault::Status(503, vec![]));
    comes(&bench, &new, 3);
}

#[test]
fn retry_after_is_honoured() {
    let (bench, _, new) = second_edition();
    bench.server.fault(
        &folder("2023"),
        Fault::Status(429, vec![("Retry-After", "1".into())]),
    );
    let started = Instant::now();
    comes(&bench, &new, 2);
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_retry_after_of_a_day_is_not_waited_for() {
    let (bench, old, _) = second_edition();
    bench.server.always(
        &folder("2023"),
        Fault::Status(429, vec![("Retry-After", "86400".into())]),
    );
    let run = bench.ends(1, &["fetch"]);
    assert!(run.stderr.contains("answered 429"), "{}", run.stderr);
    assert_eq!(bench.file_requests().len(), 1);
    assert_eq!(bench.downloaded(), old);
}

#[test]
fn a_lasting_failure_is_not_retried() {
    for status in [403, 404] {
        let (bench, old, _) = second_edition();
        bench
            .server
            .always(&folder("2023"), Fault::Status(status, vec![]));
        let run = bench.ends(1, &["fetch"]);
        assert!(
            run.stderr.contains(&format!(
                "dvf 2023: {} answered {status}",
                bench.server.url(&folder("2023"))
            )),
            "{}",
            run.stderr
        );
        assert_eq!(bench.file_requests().len(), 1);
        assert_eq!(bench.downloaded(), old);
    }
}

#[test]
fn a_failure_that_stays_ends_after_the_retries() {
    let (bench, old, _) = second_edition();
    bench
        .server
        .always(&folder("2023"), Fault::Status(502, vec![]));
    bench.ends(1, &["fetch"]);
    assert_eq!(bench.file_requests().len(), 3);
    assert_eq!(bench.downloaded(), old);
}

#[test]
fn a_wrong_checksum_is_refused() {
    let (bench, old, _) = second_edition();
    let mut resource =
        bench
            .server
            .resource("DVF 2023", &folder("2023"), "2026-10-20T08:00:00+00:00");
    resource["checksum"]["value"] = "0123456789012345678901234567890123456789".into();
    bench.server.dataset(&[resource]);
    refused(
        &bench,
        &old,
        "upstream states 0123456789012345678901234567890123456789",
    );
    // It may be that of an earlier edition: whoever looked at the file takes it, and it is not fetched again.
    bench.ends(0, &["fetch", "--force"]);
    assert_ne!(bench.downloaded(), old);
    bench.file_requests();
    let run = bench.ends(0, &["fetch"]);
    assert!(run.stdout.contains("nothing was fetched"), "{}", run.stdout);
    assert_eq!(bench.file_requests(), [""; 0]);
}

#[test]
fn a_web_page_in_place_of_the_file_is_refused() {
    let (bench, old, _) = second_edition();
    bench.publish(&[("2023", b"<!doctype html><title>Maintenance</title>")]);
    refused(&bench, &old, "a web page");
}

#[test]
fn a_gzip_that_was_cut_before_it_was_published_is_refused() {
    let (bench, old, new) = second_edition();
    bench.publish(&[("2023", &new[..new.len() - 9])]);
    refused(&bench, &old, "cut or damaged");
}

#[test]
fn a_gzip_bomb_is_refused() {
    let (bench, old, _) = second_edition();
    let mut zeros = b"id_mutation,date_mutation\n".to_vec();
    zeros.resize(40_000_000, b'0');
    bench.publish(&[("2023", &gzip(&zeros))]);
    refused(
        &bench,
        &old,
        "more than 4000000 bytes, which fetch.maximum_unpacked bounds",
    );
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let large = vec![b'x'; 1_500_000];
    for unannounced in [false, true] {
        let (bench, old, _) = second_edition();
        bench.publish(&[("2023", &large)]);
        if unannounced {
            bench.server.fault(&folder("2023"), Fault::Unannounced);
        }
        refused(
            &bench,
            &old,
            "more than 1000000 bytes, which fetch.maximum_size bounds",
        );
    }
}

#[test]
fn a_file_whose_length_is_not_announced_comes() {
    let (bench, _, new) = second_edition();
    bench.server.fault(&folder("2023"), Fault::Unannounced);
    comes(&bench, &new, 1);
}

#[test]
fn several_come_at_once_and_one_that_fails_does_not_stop_the_others() {
    let bench = Bench::new();
    let (a, b, c) = (
        sales("2023", "12"),
        sales("2024", "12"),
        sales("2025", "12"),
    );
    bench.publish(&[("2023", &a), ("2024", &b), ("2025", &c)]);
    bench
        .server
        .always(&folder("2024"), Fault::Status(403, vec![]));
    // Neither answer begins before both are asked for.
    let both = Arc::new(Barrier::new(2));
    for year in ["2023", "2025"] {
        let together = Fault::Together(Arc::clone(&both));
        bench.server.fault(&folder(year), together);
    }
    let settings = fs::read_to_string(bench.project.path("immostats.toml")).unwrap();
    bench
        .project
        .configure(&settings.replace("idle_timeout = 0.5", "idle_timeout = 7.0"));
    let run = bench.ends(1, &["fetch"]);
    let mut asked = bench.file_requests();
    asked.sort();
    let once = ["2023", "2024", "2025"].map(|year| format!("GET {}", folder(year)));
    assert_eq!(asked, once, "one after the other");
    assert!(
        run.stdout.contains("fetched: dvf 2023, dvf 2025")
            || run.stdout.contains("fetched: dvf 2025, dvf 2023"),
        "{}",
        run.stdout
    );
    assert_eq!(bench.downloads().len(), 2);
}
