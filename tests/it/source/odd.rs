//! Hosts and datasets that are odd in one thing, and what the public page tells of a refusal.

use std::fs;

use serde_json::json;

use super::bench::{Bench, sales};
use crate::material::{TOULON_2023, extract, text};
use crate::server::{Entry, Fault};

/// A host that says nothing of its file but its length.
fn bare(body: Vec<u8>) -> Entry {
    Entry {
        body,
        etag: None,
        last_modified: None,
    }
}

#[test]
fn a_host_that_answers_no_head_is_asked_for_a_byte() {
    for fault in [
        Fault::Status(405, vec![]),
        Fault::Status(403, vec![]),
        Fault::Status(501, vec![]),
        Fault::Stall(0),
    ] {
        let bench = Bench::new();
        bench.server.file("/a.csv.gz", sales("2023", "12"));
        bench.server.always("HEAD /a.csv.gz", fault.clone());
        let url = bench.server.url("/a.csv.gz");
        let remote = bench.server.remote("DVF 2023", &url, "2026-10-20T08:00:00");
        bench.server.dataset(&[remote]);
        bench.ends(0, &["update", "--quiet"]);
        assert!(bench.project.path("site/ville/83137/index.html").exists());
        bench.server.requests();
        let run = bench.ends(0, &["check"]);
        assert!(
            run.stdout.contains("up to date"),
            "{fault:?}: {}",
            run.stdout
        );
        let mut asked = bench.server.requests();
        asked.retain(|request| request.method == "GET" && request.target == "/a.csv.gz");
        assert_eq!(asked.len(), 1, "{fault:?}");
        assert_eq!(asked[0].headers["range"], "bytes=0-0");
    }
}

#[test]
fn a_file_as_long_as_the_last_one_is_looked_into() {
    let bench = Bench::new();
    let first = text(&extract(TOULON_2023, |date| date < "2023-02-01")).into_bytes();
    bench.server.entry("/a.csv", bare(first.clone()));
    let url = bench.server.url("/a.csv");
    bench
        .server
        .dataset(&[bench.server.remote("DVF 2023", &url, "2026-10-20T08:00:00")]);
    bench.ends(0, &["update", "--quiet"]);
    // One digit of a price is another; the host gives neither ETag nor date.
    let corrected = String::from_utf8(first.clone())
        .unwrap()
        .replacen(",Vente,1", ",Vente,2", 1);
    assert_ne!(corrected.as_bytes(), first);
    bench.server.entry("/a.csv", bare(corrected.into_bytes()));
    let run = bench.ends(0, &["update"]);
    assert!(
        run.stdout.contains("1 mutation added, 1 removed"),
        "{}",
        run.stdout
    );
    let run = bench.ends(0, &["fetch"]);
    assert!(
        run.stdout.contains("the same as imported: dvf 2023"),
        "{}",
        run.stdout
    );
}

#[test]
fn an_odd_resource_costs_only_itself() {
    let bench = Bench::new();
    let bytes = sales("2023", "12");
    bench.server.file("/2023.csv.gz", bytes);
    bench.server.file("/2023.parquet", *b"PAR1");
    let csv = bench
        .server
        .resource("DVF 2023", "/2023.csv.gz", "2026-10-20T08:00:00");
    let mut csv = csv;
    csv["filesize"] = json!("many");
    let mut twin = bench
        .server
        .resource("DVF 2023", "/2023.parquet", "2026-10-21T08:00:00");
    twin["format"] = json!("parquet");
    let mut undated = bench
        .server
        .resource("DVF 2023", "/2023.parquet", "2026-10-22T08:00:00");
    undated["format"] = json!(null);
    let renamed = bench.server.remote(
        "DVF 2022 \u{1b}[31m(corrigé)",
        "http://h/a.csv.gz",
        "2026-10-20",
    );
    let mut odd = bench
        .server
        .resource("DVF 2021", "/2023.csv.gz", "2026-10-20");
    odd["url"] = json!(null);
    let mut nowhere = bench
        .server
        .resource("DVF 2020", "/2023.csv.gz", "2026-10-20");
    nowhere["url"] = json!("//");
    bench
        .server
        .dataset(&[twin, csv, undated, renamed, odd, nowhere, json!("?")]);
    let run = bench.ends(0, &["update"]);
    for told in [
        "the resource \"DVF 2022 \u{fffd}[31m(corrigé)\" is left out: it is not called DVF {year}",
        "the resource \"DVF 2021\" is left out: ",
        "the resource \"DVF 2020\" is left out: its url is no address",
    ] {
        assert!(run.stderr.contains(told), "{told}: {}", run.stderr);
    }
    assert!(bench.project.path("site/ville/83137/index.html").exists());
    assert_eq!(bench.downloads().len(), 1);
}

#[test]
fn the_public_page_tells_no_value_and_no_folder() {
    let bench = Bench::new();
    let lines = extract(TOULON_2023, |date| date < "2023-02-01");
    bench.publish(&[("2023", text(&lines).as_bytes())]);
    bench.ends(0, &["update", "--quiet"]);
    let secret = "12 RUE DU SECRET";
    let mut broken = lines.clone();
    for line in broken.iter_mut().skip(1) {
        let mut fields: Vec<&str> = line.split(',').collect();
        fields[1] = secret;
        *line = fields.join(",");
    }
    bench.publish(&[("2023", text(&broken).as_bytes())]);
    let run = bench.ends(3, &["update"]);
    assert!(run.stderr.contains(secret), "{}", run.stderr);
    // The next version tells of it.
    bench.publish(&[("2023", text(&lines[..lines.len() - 1]).as_bytes())]);
    bench.ends(0, &["update", "--quiet"]);
    let folder = bench.project.root().display().to_string();
    for file in ["admin/index.html", "api/health.json"] {
        let page = fs::read_to_string(bench.project.path("site").join(file)).unwrap();
        assert!(
            !page.contains("SECRET") && !page.contains(&folder),
            "{file}: {page}"
        );
    }
    let page = fs::read_to_string(bench.project.path("site/admin/index.html")).unwrap();
    assert!(page.contains("Motif"), "{page}");
}

#[test]
fn a_file_that_is_not_the_one_named_by_its_hash_is_refused() {
    let bench = Bench::new();
    let bytes = text(&extract(TOULON_2023, |date| date < "2023-02-01"));
    bench.server.file("/2023.csv", bytes.as_bytes());
    let sha256 = <sha2::Sha256 as sha2::Digest>::digest(bytes.as_bytes());
    let sha256: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let configure = |hash: &str| {
        let url = bench.server.url("/2023.csv");
        let source =
            format!("[[sources]]\nid = \"dvf\"\nkind = \"geo-dvf\"\nurls = [\"{url}#{hash}\"]\n");
        bench.configure(true, &source);
    };
    configure("latest");
    let run = bench.ends(1, &["fetch"]);
    assert!(
        run.stderr.contains("sha256= and 64 hexadecimal digits"),
        "{}",
        run.stderr
    );
    configure(&format!("sha256={}", "0".repeat(64)));
    let run = bench.ends(3, &["fetch"]);
    assert!(run.stderr.contains(&sha256), "{}", run.stderr);
    configure(&format!("sha256={sha256}"));
    bench.ends(0, &["update", "--quiet"]);
    bench.server.requests();
    let run = bench.ends(0, &["check"]);
    assert!(
        run.stdout.contains("up to date") && bench.server.requests().is_empty(),
        "{}",
        run.stdout
    );
}

#[test]
fn natures_that_no_file_has_are_refused_when_they_are_many() {
    let bench = Bench::new();
    let mut lines = extract(TOULON_2023, |date| date < "2023-02-01");
    for line in lines.iter_mut().skip(1).step_by(20) {
        *line = line.replacen(",Vente,", ",Cession amiable,", 1);
    }
    bench.publish(&[("2023", text(&lines).as_bytes())]);
    let run = bench.ends(3, &["update"]);
    for told in [
        "natures that no official file has, \"Cession amiable\" (",
        "(gates.unknown_natures)",
    ] {
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
}

/// One unreadable line in hundreds is no reason to refuse a file; that it ends there is.
#[test]
fn a_file_that_ends_in_the_middle_of_a_line_is_refused() {
    let bench = Bench::new();
    let lines = extract(TOULON_2023, |date| date < "2023-02-01");
    let whole = text(&lines);
    let cut = &whole[..whole.len() - 100];
    bench.publish(&[("2023", cut.as_bytes())]);
    let run = bench.ends(3, &["update"]);
    let told = format!(
        "line {}: the file ends in the middle of it; it was cut",
        cut.lines().count()
    );
    assert!(run.stderr.contains(&told), "{}", run.stderr);
    // Without the last line end it is whole.
    bench.publish(&[("2023", whole.trim_end().as_bytes())]);
    bench.ends(0, &["update"]);
}
