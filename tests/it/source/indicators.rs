//! Indicators from upstream: each source by itself.

use std::fs;

use serde_json::{Value, json};

use super::bench::Bench;
use super::runs::runs;
use crate::market::{Release, VAR};
use crate::server::{DATASET, Server};

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

#[test]
fn another_licence_keeps_the_last_edition_until_a_person_has_read_it() {
    let server = Server::start();
    let of_dataset = source(&server, "arbres").replace(
        &format!("urls = [\"{}\"]", server.url("/arbres.csv")),
        &format!("dataset = \"{DATASET}\"\nresources = [\"Arbres\"]"),
    );
    let sources = of_dataset + &source(&server, "bancs");
    let bench = Bench::with(server.clone(), true, &sources);
    let publish = |year: u16, licence: Value| {
        server.file(
            "/arbres.csv",
            format!("CODGEO;arbres_{year}\n83137;1200\n83061;{year}\n"),
        );
        server.file(
            "/bancs.csv",
            format!("CODGEO;bancs_{year}\n83137;40\n83061;{year}\n"),
        );
        let released = format!("20{year}-10-20T08:00:00+00:00");
        let resources = [server.resource("Arbres", "/arbres.csv", &released)];
        let dataset = json!({"id": DATASET, "license": licence, "resources": resources});
        let path = format!("/api/1/datasets/{DATASET}/");
        server.file(&path, serde_json::to_vec(&dataset).unwrap());
    };
    // The newest of each.
    let editions = || {
        let known = known(&bench);
        ["arbres", "bancs"].map(|id| {
            let own = known.iter().filter(|(indicator, ..)| indicator == id);
            own.map(|(_, edition, _)| *edition).max()
        })
    };
    let both = |arbres, bancs| [Some(arbres), Some(bancs)];
    // What the page of Fréjus says of the years of both.
    Release::of_year("83061", &VAR[1..2], 2024, 6).import(&bench.project);
    let years = || {
        let page = fs::read_to_string(bench.project.path("site/ville/83061/index.html")).unwrap();
        [2023, 2024, 2025]
            .into_iter()
            .filter(|year| page.contains(&format!("{year}, ancien")))
            .collect::<Vec<u16>>()
    };
    publish(23, Value::Null);
    bench.ends(0, &["update"]);
    assert!(years().is_empty());
    publish(24, json!("lov2"));
    bench.ends(0, &["update"]);
    assert_eq!(editions(), both(2024, 2024));

    publish(25, json!("odc-odbl"));
    let told =
        "source arbres was refused: upstream states the licence \"odc-odbl\", and stated \"lov2\"";
    let preview = bench.ends(0, &["update", "--dry-run"]);
    assert!(
        preview.stdout.contains("would be fetched: arbres"),
        "{}",
        preview.stdout
    );
    for again in [false, true] {
        let refused = bench.ends(3, &["update"]);
        assert!(
            refused.stderr.contains(told) && refused.stderr.contains("update --force"),
            "{again}: {}",
            refused.stderr
        );
        assert_eq!(editions(), both(2024, 2025), "the other source goes on");
        assert_eq!(years(), [2024], "what is held back is marked");
    }
    let preview = bench.ends(3, &["update", "--dry-run"]);
    assert!(preview.stderr.contains(told), "{}", preview.stderr);
    let runs = runs(&bench);
    let refusals = &runs.last().unwrap().4["refusals"];
    assert_eq!(
        (&refusals[0]["source"], &refusals[0]["gate"]),
        (&json!("arbres"), &json!("licence"))
    );

    bench.ends(0, &["update", "--force"]);
    assert_eq!(editions(), both(2025, 2025));
    assert!(years().is_empty());
    publish(26, json!("odc-odbl"));
    bench.ends(0, &["update"]);
    assert_eq!(editions(), both(2026, 2026), "what was read once passes");
}
