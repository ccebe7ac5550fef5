//! Communes and EPCI from upstream.

use std::fs;
use std::io::Read;
use std::path::Path;

use rusqlite::Connection;
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
    for item in &ITEMS[1..] {
        serve(&server, item, &shipped(item));
    }
    let mut communes = shipped("communes");
    let toulon = communes
        .iter_mut()
        .find(|commune| commune["code"] == "83137")
        .unwrap();
    toulon["nom"] = "Toulon-sur-Mer".into();
    serve(&server, "communes", &communes);
    let title = || {
        let page = fs::read_to_string(bench.project.path("site/ville/83137/index.html")).unwrap();
        page[page.find("<title>").unwrap()..page.find("</title>").unwrap()].to_owned()
    };
    let run = bench.ends(0, &["update"]);
    let imported = "cog: imported communes, departements, epci, regions\n";
    assert!(run.stdout.contains(imported), "{}", run.stdout);
    assert!(title().contains("Toulon-sur-Mer"), "{}", title());

    // A commune of a département that does not exist; then an edition that lost a tenth of the country.
    let mut odd = communes.clone();
    odd[0]["departement"] = "1Z".into();
    serve(&server, "communes", &odd);
    let run = bench.ends(3, &["update"]);
    let reason = "source cog: the places of France are refused";
    assert!(run.stderr.contains(reason), "{}", run.stderr);
    let kept = |value: &Value| !value.as_str().is_some_and(|code| code.ends_with('7'));
    communes.retain(|record| {
        ["code", "chefLieu", "commune"]
            .iter()
            .all(|key| kept(&record[key]))
    });
    serve(&server, "communes", &communes);
    let mut epci = shipped("epci");
    for record in &mut epci {
        let members = record["membres"].as_array_mut().unwrap();
        members.retain(|member| kept(&member["code"]));
    }
    serve(&server, "epci", &epci);
    // Sales do not wait for the places.
    server.file(&folder("2024"), sales("2024", "12"));
    let run = bench.ends(3, &["update"]);
    assert!(
        run.stderr.contains("gates.unknown_communes"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("geo-DVF"), "{}", run.stdout);
    assert!(title().contains("Toulon-sur-Mer"), "{}", title());
    let run = bench.ends(0, &["check"]);
    assert!(
        run.stdout.contains("dvf 2024          up to date"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("cog regions       up to date"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("cog communes      new"),
        "{}",
        run.stdout
    );

    // What was altered behind the program's back is not published.
    let database = bench.project.path("data/immostats.db");
    let (sound, site) = (fs::read(&database).unwrap(), bench.project.site());
    for item in ["communes", "regions"] {
        for is_packed in [true, false] {
            fs::write(&database, &sound).unwrap();
            alter(&database, item, is_packed);
            for arguments in [&["build"][..], &["verify"], &["update"]] {
                let run = bench.ends(1, arguments);
                let reason =
                    "the places of France in the database are not those that were imported";
                assert!(run.stderr.contains(reason), "{item}: {}", run.stderr);
            }
            assert!(bench.project.site() == site, "{item}");
        }
    }
    fs::write(&database, &sound).unwrap();
    bench.ends(0, &["verify"]);
}

/// Gives the first place of an item another name, or flips a bit in the middle of its packed text.
fn alter(database: &Path, item: &str, is_packed: bool) {
    let database = Connection::open(database).unwrap();
    let query = "SELECT json FROM cog WHERE item = ?";
    let mut packed: Vec<u8> = database.query_row(query, [item], |row| row.get(0)).unwrap();
    if is_packed {
        let middle = packed.len() / 2;
        packed[middle] ^= 4;
    } else {
        let text = String::from_utf8(zstd::decode_all(&*packed).unwrap()).unwrap();
        let mut records: Vec<Value> = serde_json::from_str(&text).unwrap();
        records[0]["nom"] = "Ailleurs".into();
        packed = zstd::encode_all(&*serde_json::to_vec(&records).unwrap(), 6).unwrap();
    }
    let update = "UPDATE cog SET json = ? WHERE item = ?";
    assert_eq!(database.execute(update, (packed, item)).unwrap(), 1);
}
