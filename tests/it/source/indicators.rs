//! Indicators from upstream: each source by itself.

use serde_json::Value;

use super::bench::Bench;
use crate::server::Server;

/// A source of one indicator.
fn source(server: &Server, id: &str) -> String {
    format!(
        "[[sources]]\nid = \"{id}\"\nkind = \"table\"\nurls = [\"{}\"]\n[sources.table]\nplace = \"CODGEO\"\nattribution = \"La mairie\"\nindicators = [{{ id = \"{id}\", column = \"{id}_{{yy}}\", label = \"{id}\", rollup = \"sum\" }}]\n",
        server.url(&format!("/{id}.csv"))
    )
}

/// What is known of each indicator, its edition first.
fn known(bench: &Bench) -> Vec<(String, u64, u64)> {
    let run = bench.ends(0, &["indicators", "--json"]);
    let known: Value = serde_json::from_str(&run.stdout).unwrap();
    let known = known.as_array().unwrap().iter();
    let number = |one: &Value, of: &str| one[of].as_u64().unwrap();
    known
        .map(|one| {
            let id = one["indicator"].as_str().unwrap().to_owned();
            (id, number(one, "edition"), number(one, "known"))
        })
        .collect()
}

#[test]
fn one_source_that_is_not_as_declared_keeps_its_last_edition_and_the_others_go_on() {
    let server = Server::start();
    let sources = source(&server, "arbres") + &source(&server, "bancs");
    let bench = Bench::with(server.clone(), true, &sources);
    server.file("/arbres.csv", "CODGEO;arbres_24\n83137;1200\n83061;300\n");
    server.file("/bancs.csv", "CODGEO;bancs_24\n83137;40\n83061;12\n");
    bench.ends(0, &["update"]);
    let both = |edition| {
        vec![
            ("arbres".to_owned(), edition, 2),
            ("bancs".to_owned(), 2024, 2),
        ]
    };
    assert_eq!(known(&bench), both(2024));

    server.file("/arbres.csv", "CODGEO;arbres_25\n83137;1250\n83061;310\n");
    server.file("/bancs.csv", "CODGEO;sieges_25\n83137;41\n83061;13\n");
    let refused = bench.ends(3, &["update"]);
    let told = "it has no column bancs_{yy}; it has CODGEO, sieges_25";
    assert!(refused.stderr.contains(told), "{}", refused.stderr);
    let mut expected = both(2024);
    expected.insert(1, ("arbres".to_owned(), 2025, 2));
    assert_eq!(known(&bench), expected);

    server.file("/bancs.csv", "<html>moved</html>");
    let page = bench.ends(3, &["update"]);
    assert!(
        page.stderr.contains("a table, and no page was expected"),
        "{}",
        page.stderr
    );
    server.file("/bancs.csv", "CODGEO;bancs_24\n83137;40\n83061;12\n");
    bench.ends(0, &["update"]);
    assert_eq!(known(&bench), expected);
}
