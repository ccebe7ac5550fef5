//! Downloads that are cut, and go on from there.

use std::fs;

use immostats::base::stop::StopPoint;

use super::bench::{Bench, folder, sales};
use crate::server::{Entry, Fault, Request};
use crate::stop::kill_at;

fn bench() -> (Bench, Vec<u8>) {
    let bench = Bench::new();
    let bytes = sales("2023", "20");
    bench.publish(&[("2023", &bytes)]);
    (bench, bytes)
}

/// The GET requests for the file.
fn gets(bench: &Bench) -> Vec<Request> {
    let mut requests = bench.server.requests();
    requests.retain(|request| request.method == "GET" && request.target == folder("2023"));
    requests
}

/// The byte that a request asks to go on from.
fn from(request: &Request) -> usize {
    let range = request
        .headers
        .get("range")
        .map(|range| range.trim_start_matches("bytes=").trim_end_matches('-'));
    range.map_or(0, |from| from.parse().unwrap())
}

#[test]
fn a_cut_download_goes_on_from_where_it_was() {
    let half = 5000;
    for fault in [Fault::Reset(half), Fault::Stall(half), Fault::Short(half)] {
        let (bench, bytes) = bench();
        let short = matches!(fault, Fault::Short(_));
        bench.server.fault(&folder("2023"), fault);
        bench.ends(0, &["fetch"]);
        assert_eq!(bench.downloaded(), bytes);
        let gets = gets(&bench);
        assert_eq!(gets.len(), 2);
        let had = if short { bytes.len() - half } else { half };
        assert_eq!(
            from(&gets[1]),
            had - 1,
            "one byte again, to see that the file is the same"
        );
        assert!(gets[1].headers["if-range"].starts_with('"'));
    }
}

#[test]
fn a_file_that_changed_meanwhile_starts_again() {
    let (bench, _) = bench();
    // Not in the API's list, so that no checksum tells.
    bench.server.dataset(&[bench.server.remote(
        "DVF 2023",
        &bench.server.url(&folder("2023")),
        "2026-11-01T00:00:00",
    )]);
    bench.server.always(&folder("2023"), Fault::Reset(1000));
    bench.ends(1, &["fetch"]);
    assert_eq!(bench.downloads(), ["2023.part", "2023.part.json"]);
    bench.server.heal(&folder("2023"));
    let other = sales("2023", "25");
    bench.server.file(&folder("2023"), other.clone());
    bench.server.requests();
    bench.ends(0, &["fetch"]);
    assert_eq!(bench.downloaded(), other);
    let gets = gets(&bench);
    assert_eq!(gets.len(), 1);
    assert!(
        from(&gets[0]) > 2000,
        "asked for the rest of three attempts, was given the whole"
    );
}

#[test]
fn a_part_that_does_not_fit_is_thrown_away() {
    let (bench, bytes) = bench();
    // The same ETag for other bytes: only the checksum tells.
    let etag = Some("\"fixed\"".to_owned());
    let entry = |body: Vec<u8>| Entry {
        body,
        etag: etag.clone(),
        last_modified: None,
    };
    bench
        .server
        .entry(&folder("2023"), entry(vec![b'x'; bytes.len()]));
    bench.server.always(&folder("2023"), Fault::Reset(1000));
    bench.ends(1, &["fetch"]);
    bench.server.heal(&folder("2023"));
    bench.server.entry(&folder("2023"), entry(bytes.clone()));
    bench.server.requests();
    bench.ends(0, &["fetch"]);
    assert_eq!(bench.downloaded(), bytes);
    let starts: Vec<_> = gets(&bench).iter().map(from).collect();
    assert!(
        starts.len() == 2 && starts[0] > 2000 && starts[1] == 0,
        "{starts:?}"
    );
}

#[test]
fn without_a_validator_nothing_is_resumed_or_left() {
    let (bench, bytes) = bench();
    bench.server.entry(
        &folder("2023"),
        Entry {
            body: bytes.clone(),
            ..Entry::default()
        },
    );
    bench.server.always(&folder("2023"), Fault::Reset(1000));
    bench.ends(1, &["fetch"]);
    assert_eq!(bench.downloads(), [""; 0]);
    assert!(gets(&bench).iter().all(|get| from(get) == 0));
    // A weak ETag does not promise the same bytes; a date does.
    let weak = Some("W/\"weak\"".to_owned());
    let date = Some("Tue, 20 Oct 2026 08:00:00 GMT".to_owned());
    bench.server.entry(
        &folder("2023"),
        Entry {
            body: bytes.clone(),
            etag: weak,
            last_modified: date.clone(),
        },
    );
    bench.server.heal(&folder("2023"));
    bench.server.fault(&folder("2023"), Fault::Reset(5000));
    bench.ends(0, &["fetch"]);
    assert_eq!(bench.downloaded(), bytes);
    assert_eq!(gets(&bench)[1].headers.get("if-range"), date.as_ref());
}

#[test]
fn a_trickle_ends_with_the_total_time_and_goes_on_in_the_next_run() {
    let (bench, bytes) = bench();
    let config = fs::read_to_string(bench.project.path("immostats.toml")).unwrap();
    bench
        .project
        .configure(&config.replace("total_timeout = 8.0", "total_timeout = 1.0"));
    let first = bytes.len() / 40;
    bench.server.fault(&folder("2023"), Fault::Trickle(first));
    let run = bench.ends(1, &["fetch"]);
    assert!(
        run.stderr.contains("did not answer in full within 1 s"),
        "{}",
        run.stderr
    );
    assert_eq!(bench.downloads(), ["2023.part", "2023.part.json"]);
    bench.server.requests();
    bench.ends(0, &["fetch"]);
    assert_eq!(bench.downloaded(), bytes);
    assert!(from(&gets(&bench)[0]) >= first - 1);
}

#[test]
fn a_killed_download_goes_on_in_the_next_run() {
    let (bench, bytes) = bench();
    bench
        .server
        .fault(&folder("2023"), Fault::Stall(bytes.len() / 2));
    kill_at(
        &mut bench.command(&["update"]),
        StopPoint::DownloadReceived,
        1,
    );
    assert_eq!(bench.downloads(), ["2023.part", "2023.part.json"]);
    let part = bench.project.path("data/downloads/dvf/2023.part");
    let received = part.metadata().unwrap().len() as usize;
    assert!(received > 1 && received <= bytes.len() / 2);
    bench.server.requests();
    let run = bench.ends(0, &["update"]);
    let gets = gets(&bench);
    assert_eq!(gets.len(), 1);
    assert_eq!(from(&gets[0]), received - 1);
    assert_eq!(bench.downloaded(), bytes);
    assert!(run.stdout.contains("added"), "{}", run.stdout);
    assert!(bench.project.path("site/ville/83137/index.html").exists());
}

#[test]
fn a_part_of_what_is_no_longer_new_is_cleared_away() {
    let (bench, bytes) = bench();
    bench.ends(0, &["update", "--quiet"]);
    let other = sales("2023", "25");
    bench.publish(&[("2023", &other)]);
    bench.server.always(&folder("2023"), Fault::Reset(1000));
    bench.ends(1, &["fetch"]);
    assert_eq!(bench.downloads().len(), 3);
    // Upstream takes its new edition back.
    bench.server.heal(&folder("2023"));
    bench.publish(&[("2023", &bytes)]);
    bench.ends(0, &["update", "--quiet"]);
    assert_eq!(bench.downloaded(), bytes);
}
