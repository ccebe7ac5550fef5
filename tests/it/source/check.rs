use std::fs;

use serde_json::{Value, json};

use super::bench::{Bench, finding, folder, outcome, sales};
use crate::server::{DATASET, Fault};

fn findings(bench: &Bench, code: i32) -> Value {
    serde_json::from_str(&bench.ends(code, &["check", "--json"]).stdout).unwrap()
}

#[test]
fn it_tells_new_up_to_date_gone_and_unreachable_and_downloads_nothing() {
    let bench = Bench::new();
    let (a, b) = (sales("2023", "12"), sales("2024", "12"));
    bench.publish(&[("2023", &a), ("2024", &b)]);
    let run = bench.ends(0, &["check"]);
    assert!(
        run.stdout
            .contains("dvf 2023  new since 2026-10-20 (0.0 MB)\n"),
        "{}",
        run.stdout
    );
    assert!(
        !bench.project.path("data").exists(),
        "a look leaves nothing"
    );
    assert_eq!(bench.file_requests(), [""; 0], "the API's checksums tell");

    bench.ends(0, &["update", "--quiet"]);
    let data = findings(&bench, 0);
    assert_eq!(finding(&data, "dvf", "2023")["state"], "up_to_date");
    assert_eq!(data["has_updates"], json!(false));

    // 2023 leaves the window; 2024 is now somewhere else, and not to be had.
    let remote = bench.server.remote(
        "DVF 2024",
        &bench.server.url("/elsewhere.csv.gz"),
        "2026-11-01T00:00:00",
    );
    bench.server.dataset(&[remote]);
    bench
        .server
        .always("/elsewhere.csv.gz", Fault::Status(403, vec![]));
    let data = findings(&bench, 1);
    assert_eq!(finding(&data, "dvf", "2023")["state"], "gone");
    assert_eq!(finding(&data, "dvf", "2024")["state"], "unreachable");
    let reason = finding(&data, "dvf", "2024")["reason"].as_str().unwrap();
    assert!(
        reason.ends_with("/elsewhere.csv.gz answered 403 Forbidden"),
        "{reason}"
    );
}

#[test]
fn the_servers_of_files_are_asked_where_the_api_has_no_checksum() {
    let bench = Bench::new();
    bench.server.file("/a.csv.gz", sales("2023", "12"));
    let remote = bench.server.remote(
        "DVF 2023",
        &bench.server.url("/a.csv.gz"),
        "2026-11-01T00:00:00+00:00",
    );
    bench.server.dataset(std::slice::from_ref(&remote));
    assert_eq!(finding(&findings(&bench, 0), "dvf", "2023")["state"], "new");
    bench.ends(0, &["update", "--quiet"]);
    bench.server.requests();
    assert_eq!(
        finding(&findings(&bench, 0), "dvf", "2023")["state"],
        "up_to_date"
    );
    let asked: Vec<_> = bench
        .server
        .requests()
        .into_iter()
        .map(|request| request.method)
        .collect();
    assert_eq!(asked, ["GET", "HEAD"]);

    bench.server.file("/a.csv.gz", sales("2023", "13"));
    let new = findings(&bench, 0);
    assert_eq!(finding(&new, "dvf", "2023")["state"], "new");
    assert_eq!(new["has_updates"], json!(true));
}

#[test]
fn the_folder_is_asked_when_the_api_cannot_be() {
    let bench = Bench::new();
    let bytes = sales("2023", "12");
    bench.publish(&[("2023", &bytes)]);
    bench.ends(0, &["update", "--quiet"]);
    let api = format!("/api/1/datasets/{DATASET}/");
    let html = [("Content-Type", "text/html".to_owned())].to_vec();
    for fault in [
        Fault::Status(500, vec![]),
        Fault::Status(404, vec![]),
        Fault::Status(200, html),
        Fault::Short(9),
    ] {
        bench.server.always(&api, fault);
        let run = bench.ends(0, &["check"]);
        assert!(
            run.stderr.contains("its addresses are asked instead"),
            "{}",
            run.stderr
        );
        // The folder's copy is at another address, and as long.
        assert!(
            run.stdout.contains("dvf 2023  up to date"),
            "{}",
            run.stdout
        );
        assert!(
            !run.stdout.contains("2024"),
            "a year that was never there is not gone: {}",
            run.stdout
        );
    }
    // A dataset whose resources are called otherwise is no better than none.
    bench.server.heal(&api);
    bench.server.dataset(&[bench.server.resource(
        "Ventes 2023",
        &folder("2023"),
        "2026-10-20T08:00:00+00:00",
    )]);
    let run = bench.ends(0, &["check"]);
    assert!(
        run.stderr.contains("no resource called DVF {year}"),
        "{}",
        run.stderr
    );

    bench.server.always(&api, Fault::Status(503, vec![]));
    bench
        .server
        .always(&folder("2023"), Fault::Status(403, vec![]));
    let run = bench.ends(1, &["check"]);
    assert!(
        run.stdout.contains("dvf 2023  unreachable"),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr
            .contains("/geo-dvf/2023/full.csv.gz answered 403"),
        "{}",
        run.stderr
    );

    bench.server.heal(&folder("2023"));
    bench.server.remove(&folder("2023"));
    let run = bench.ends(1, &["check"]);
    assert!(run.stdout.contains("dvf 2023  gone"), "{}", run.stdout);
    assert!(
        run.stderr.contains("nothing of it is left upstream"),
        "{}",
        run.stderr
    );
}

#[test]
fn github_gets_its_outputs() {
    let bench = Bench::new();
    bench.publish(&[("2023", &sales("2023", "12"))]);
    let output = bench.project.file("output", "before=1\n");
    let check = |code| {
        let run = outcome(bench.command(&["check"]).env("GITHUB_OUTPUT", &output));
        assert_eq!(run.code, code, "{}", run.stderr);
        fs::read_to_string(&output).unwrap()
    };
    assert_eq!(
        check(0),
        "before=1\nhas_updates=true\nsummary=dvf (new: 2023)\n"
    );
    bench.ends(0, &["update", "--quiet"]);
    assert!(check(0).ends_with("has_updates=false\nsummary=dvf (up to date: 2023)\n"));
    bench.server.always(
        &format!("/api/1/datasets/{DATASET}/"),
        Fault::Status(500, vec![]),
    );
    bench
        .server
        .always(&folder("2023"), Fault::Status(500, vec![]));
    assert!(check(1).ends_with("has_updates=false\nsummary=dvf (unreachable: 2023)\n"));
}

#[test]
fn what_is_late_is_said() {
    let bench = Bench::new();
    bench.server.file(&folder("2023"), sales("2023", "12"));
    let resource = |released| bench.server.resource("DVF 2023", &folder("2023"), released);
    bench
        .server
        .dataset(&[resource("2020-04-28T08:00:00.123000")]);
    let run = bench.ends(0, &["check"]);
    assert!(
        run.stdout
            .contains("something new was expected by 2020-10-28"),
        "{}",
        run.stdout
    );
    let now = jiff::Timestamp::now().to_string();
    bench.server.dataset(&[resource(&now)]);
    assert!(!bench.ends(0, &["check"]).stdout.contains("expected"));
}
