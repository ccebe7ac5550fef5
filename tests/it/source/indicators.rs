//! Indicators from upstream: each source by itself.

use std::fs;

use jiff::civil::date;
use serde_json::{Value, json};

use super::bench::Bench;
use super::runs::runs;
use crate::facts::workbook;
use crate::input::zipped;
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

#[test]
fn workbooks_parquet_and_files_of_a_zip_are_fetched() {
    let server = Server::start();
    let declared = |id: &str, path: &str, more: &str| {
        source(&server, id)
            .replace(&format!("/{id}.csv"), path)
            .replace("[sources.table]\n", &format!("[sources.table]\n{more}\n"))
    };
    let book = workbook(
        &["Jour", "CODGEO", "arbres_24"],
        &[
            (date(2024, 1, 1), "83137", 1200.0),
            (date(2024, 1, 1), "83061", 300.0),
        ],
    );
    let several = |name: &str, content: &[u8]| {
        zipped(&[
            ("lisez-moi.txt", b"rien"),
            (&format!("donnees/{name}"), content),
            ("donnees/meta.csv", b"a;b\n"),
        ])
    };
    server.file("/arbres.xlsx", book.clone());
    server.file("/lots.zip", several("arbres_2024.xlsx", &book));
    let text = "CODGEO;bancs_24\n83137;40\n83061;12\n";
    server.file("/bancs.zip", several("bancs_2024.csv", text.as_bytes()));
    let sources = declared("arbres", "/arbres.xlsx", "format = \"xlsx\"")
        + &declared(
            "bancs",
            "/bancs.zip",
            "member = \"bancs_{year}.csv\"\nseparator = \";\"",
        )
        + &declared(
            "lots",
            "/lots.zip",
            "format = \"xlsx\"\nmember = \"*.xlsx\"",
        )
        .replace("lots_{yy}", "arbres_{yy}");
    let bench = Bench::with(server.clone(), true, &sources);
    Release::of_year("83061", &VAR[1..2], 2024, 6).import(&bench.project);
    bench.ends(0, &["update"]);
    let expected = ["arbres", "bancs", "lots"].map(|id| (id.to_owned(), 2024, 2));
    assert_eq!(known(&bench), expected);

    // The site's own table of communes, as one of another site.
    let table = fs::read(bench.project.path("site/data/communes.parquet")).unwrap();
    server.file("/communes.parquet", table);
    let communes = declared(
        "communes",
        "/communes.parquet",
        "format = \"parquet\"\nedition = 2024",
    )
    .replace("CODGEO", "code")
    .replace("communes_{yy}", "population");
    bench.configure(true, &communes);
    bench.ends(0, &["update"]);
    let known = known(&bench);
    let (_, edition, places) = known
        .iter()
        .find(|(id, ..)| id == "communes")
        .expect("it was read");
    assert_eq!(
        (*edition, *places),
        (2024, 1),
        "the one commune of the site"
    );

    let none = sources.replace("bancs_{year}.csv", "bancs_{year}.txt");
    bench.configure(true, &none);
    server.file("/bancs.zip", several("bancs_2025.csv", text.as_bytes()));
    let refused = bench.ends(3, &["update"]);
    let told = "it holds 0 files named \"bancs_{year}.txt\", the member that its source declares; one was expected (lisez-moi.txt, donnees/bancs_2025.csv, donnees/meta.csv)";
    assert!(refused.stderr.contains(told), "{}", refused.stderr);
}
