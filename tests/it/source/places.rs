//! Communes and EPCI from upstream.

use std::fs;
use std::io::Read;

use serde_json::Value;

use super::bench::{Bench, folder, sales, years};
use crate::server::Server;

const ITEMS: [&str; 4] = ["communes", "epci", "departements", "regions"];

/// A file of the edition in the program.
fn shipped(item: &str) -> Vec<Value> {
    let path = format!("{}/data/cog/{item}.json.gz", env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(fs::File::open(path).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

fn serve(server: &Server, item: &str, records: &[Value]) {
    server.file(
        &format!("/cog/{item}.json"),
        serde_json::to_vec(records).unwrap(),
    );
}

#[test]
fn a_new_edition_reaches_the_pages_and_a_wrong_one_does_not() {
    let server = Server::start();
    let urls: Vec<_> = ITEMS
        .iter()
        .map(|item| format!("{:?}", server.url(&format!("/cog/{item}.json"))))
        .collect();
    let sources = format!(
        "[[sources]]\nid = \"dvf\"\nkind = \"geo-dvf\"\nurls = [\"{}\"]\nyears = {}\n[[sources]]\nid = \"cog\"\nkind = \"cog\"\nurls = [{}]\n",
        server.url("/geo-dvf/{year}/full.csv.gz"),
        years(),
        urls.join(", ")
    );
    let bench = Bench::with(server.clone(), true, &sources);
    let settings = fs::read_to_string(bench.project.path("immostats.toml")).unwrap();
    bench.project.configure(&settings.replace(
        "maximum_size = 1\nmaximum_unpacked = 4",
        "maximum_size = 50\nmaximum_unpacked = 50",
    ));
    server.file(&folder("2023"), sales("2023", "12"));
    for item in ITEMS {
        serve(&server, item, &shipped(item));
    }
    let title = || {
        let page = fs::read_to_string(bench.project.path("site/ville/83137/index.html")).unwrap();
        page[page.find("<title>").unwrap()..page.find("</title>").unwrap()].to_owned()
    };
    bench.ends(0, &["update"]);
    assert!(title().contains("Toulon"), "{}", title());
    assert!(
        bench
            .ends(0, &["check"])
            .stdout
            .contains("cog communes      up to date")
    );

    let mut communes = shipped("communes");
    let toulon = communes
        .iter_mut()
        .find(|commune| commune["code"] == "83137")
        .unwrap();
    toulon["nom"] = "Toulon-sur-Mer".into();
    serve(&server, "communes", &communes);
    let run = bench.ends(0, &["update"]);
    assert!(
        run.stdout.contains("cog: imported communes\n"),
        "{}",
        run.stdout
    );
    assert!(title().contains("Toulon-sur-Mer"), "{}", title());

    // A commune of a département that does not exist; then an edition that lost a tenth of the country.
    let mut odd = communes.clone();
    odd.iter_mut()
        .find(|commune| commune["code"] == "83137")
        .unwrap()["departement"] = "1Z".into();
    let most: Vec<_> = communes
        .iter()
        .filter(|commune| !commune["code"].as_str().unwrap().ends_with('7'))
        .cloned()
        .collect();
    for wrong in [odd, most] {
        serve(&server, "communes", &wrong);
        let run = bench.ends(3, &["update"]);
        assert!(
            run.stderr.contains("the places of France are refused"),
            "{}",
            run.stderr
        );
        assert!(title().contains("Toulon-sur-Mer"), "{}", title());
    }
    // Sales do not wait for the places.
    server.file(&folder("2024"), sales("2024", "12"));
    let run = bench.ends(3, &["update"]);
    assert!(run.stdout.contains("geo-DVF"), "{}", run.stdout);
    assert!(
        bench
            .ends(0, &["check"])
            .stdout
            .contains("dvf 2024          up to date")
    );
}
