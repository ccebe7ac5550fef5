//! Contours from upstream.

use std::fs;

use super::bench::Bench;
use crate::contours::VAL_D_OISE;
use crate::server::Server;
use crate::support::sample;

#[test]
fn new_contours_are_imported_and_wrong_ones_leave_those_in_use() {
    let server = Server::start();
    let path = "/contours/communes-100m.geojson.gz";
    let source = format!(
        "[[sources]]\nid = \"contours\"\nkind = \"contours\"\nurls = [\"{}\"]\n",
        server.url(path)
    );
    let bench = Bench::with(server.clone(), true, &source);
    server.file(path, fs::read(sample(VAL_D_OISE)).unwrap());
    let run = bench.ends(0, &["update"]);
    assert!(
        run.stdout.contains("contours of 184 communes of 95"),
        "{}",
        run.stdout
    );
    let again = bench.ends(0, &["update"]);
    assert!(!again.stdout.contains("contours of"), "{}", again.stdout);

    server.file(path, &b"{\"type\": \"Topology\", \"objects\": {}}"[..]);
    let refused = bench.ends(3, &["update"]);
    assert!(
        refused
            .stderr
            .contains("it is \"Topology\"; a FeatureCollection was expected"),
        "{}",
        refused.stderr
    );
    server.file(path, &b"<html>moved</html>"[..]);
    let page = bench.ends(3, &["update"]);
    assert!(
        page.stderr.contains("a GeoJSON object was expected"),
        "{}",
        page.stderr
    );
    server.file(path, fs::read(sample(VAL_D_OISE)).unwrap());
    let back = bench.ends(0, &["update"]);
    assert!(!back.stdout.contains("changed 1 map"), "{}", back.stdout);
}
