//! Records that an API gives a page at a time: three shapes of it, each of which misbehaves.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};

use immostats::base::stop::StopPoint;
use reqwest::Url;
use serde_json::{Value, json};

use super::bench::Bench;
use crate::server::{Fault, Reply, Request, Server};
use crate::stop::kill_at;

/// Where the records of the API are.
const PATH: &str = "/data-fair/api/v1/datasets/dpe/lines";

/// The certificates of a département, made up: five of Toulon and two of La Valette-du-Var in 83, three elsewhere.
fn records(departement: &str) -> Vec<Value> {
    let of = |code: &str, label: &str, number: usize| json!({"numero_dpe": format!("{code}{number:03}"), "code_insee_ban": code, "etiquette_dpe": label});
    match departement {
        "83" => ["D", "D", "F", "G", "C"]
            .iter()
            .enumerate()
            .map(|(number, label)| of("83137", label, number))
            .chain((0..2).map(|number| of("83144", "E", number)))
            .collect(),
        "13" => (0..3).map(|number| of("13001", "F", number)).collect(),
        _ => Vec::new(),
    }
}

/// What the API holds, and how it answers.
struct Api {
    edition: &'static str,
    records: fn(&str) -> Vec<Value>,
    /// Records that stand on two pages.
    repeats: bool,
    /// The first page comes again under ever new addresses.
    endless: bool,
    token: Option<&'static str>,
}

impl Default for Api {
    fn default() -> Self {
        Self {
            edition: "Mon, 05 Oct 2026 08:00:00 GMT",
            records,
            repeats: false,
            endless: false,
            token: None,
        }
    }
}

fn query(request: &Request) -> BTreeMap<String, String> {
    let url = Url::parse(&format!("http://server{}", request.target)).unwrap();
    url.query_pairs().into_owned().collect()
}

fn answer(api: &Api, body: &Value) -> Reply {
    let headers = vec![("Last-Modified", api.edition.to_owned())];
    (200, headers, serde_json::to_vec(body).unwrap())
}

/// Pages of two records, by a cursor or an offset; the shape of data-fair, of Opendatasoft and of Django REST framework.
fn page(api: &Api, shape: &str, request: &Request) -> Reply {
    if let Some(token) = api.token
        && request.headers.get("authorization").map(String::as_str) != Some(token)
    {
        return (401, Vec::new(), b"{\"detail\":\"Token\"}".to_vec());
    }
    let query = query(request);
    let all = (api.records)(&query["departement"]);
    let size = 2;
    let from: usize = ["after", "offset", "page"]
        .iter()
        .find_map(|name| query.get(*name))
        .map_or(0, |from| from.parse().unwrap());
    let first = match api.repeats {
        true => from.saturating_sub(1),
        false => from,
    };
    let first = if api.endless { 0 } else { first };
    let results: Vec<_> = all
        .iter()
        .skip(first)
        .take(if api.endless {
            size
        } else {
            from + size - first
        })
        .collect();
    let next = from + size;
    let departement = &query["departement"];
    match shape {
        "data-fair" => {
            let mut body = json!({"results": results});
            // The total is on the first page only, and a full page leads on even where it is the last.
            if from == 0 {
                body["total"] = all.len().into();
            }
            if results.len() >= size {
                body["next"] = format!(
                    "https://data.ademe.fr{PATH}?size=2&departement={departement}&after={next}"
                )
                .into();
            }
            answer(api, &body)
        }
        "opendatasoft" => (
            200,
            Vec::new(),
            serde_json::to_vec(&json!({"total_count": all.len(), "results": results})).unwrap(),
        ),
        _ => {
            let more = next < all.len();
            let address = format!(
                "http://elsewhere.example.org/lines%23?size=2&departement={departement}&page={next}"
            );
            answer(
                api,
                &json!({"count": all.len(), "next": more.then_some(address), "results": results}),
            )
        }
    }
}

/// A project with the API as its source, and what the API is.
fn bench(shape: &'static str, more: &str) -> (Bench, Arc<Mutex<Api>>) {
    bench_on(&Server::start(), shape, more)
}

fn bench_on(server: &Server, shape: &'static str, more: &str) -> (Bench, Arc<Mutex<Api>>) {
    let api = Arc::new(Mutex::new(Api::default()));
    let answering = Arc::clone(&api);
    server.answer(PATH, move |request| {
        page(&answering.lock().unwrap(), shape, request)
    });
    let url = server.url(PATH);
    let source = format!(
        "[[sources]]\nid = \"dpe\"\nkind = \"table\"\nurls = [\"{url}?size=2&departement={{departement}}\"]\n[sources.pages]\nshape = \"{shape}\"\nkey = \"numero_dpe\"\n{more}[sources.table]\nformat = \"json-lines\"\nplace = \"code_insee_ban\"\nedition = 2026\nattribution = \"ADEME\"\nindicators = [{{ id = \"diagnostics\", count = true, rollup = \"sum\" }}, {{ id = \"passoires\", count = true, where = {{ etiquette_dpe = [\"F\", \"G\"] }}, rollup = \"sum\" }}]\n"
    );
    (Bench::with(server.clone(), true, &source), api)
}

/// What is counted of each commune.
fn counted(bench: &Bench) -> Vec<(String, f64)> {
    let database = rusqlite::Connection::open(bench.project.path("data/immostats.db")).unwrap();
    let mut statement = database
        .prepare("SELECT indicateur || ' ' || territoire, valeur FROM indicateurs ORDER BY 1")
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

fn expected() -> Vec<(String, f64)> {
    [
        ("diagnostics 13001", 3.0),
        ("diagnostics 83137", 5.0),
        ("diagnostics 83144", 2.0),
        ("passoires 13001", 3.0),
        ("passoires 83137", 2.0),
        ("passoires 83144", 0.0),
    ]
    .map(|(name, count)| (name.to_owned(), count))
    .into()
}

/// The cursors that a département's pages were asked for by.
fn asked(requests: &[Request], departement: &str) -> Vec<String> {
    let gets = requests.iter().filter(|request| request.method == "GET");
    let queries = gets
        .map(query)
        .filter(|query| query["departement"] == departement);
    queries
        .map(|query| query.get("after").cloned().unwrap_or_default())
        .collect()
}

/// The names of the files of the source in the folder of downloads.
fn parts(bench: &Bench) -> Vec<String> {
    let folder = bench.project.path("data/downloads/dpe");
    let names = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn three_shapes_give_all_their_records_once() {
    for shape in ["data-fair", "opendatasoft", "count-next"] {
        let (bench, api) = bench(shape, "");
        api.lock().unwrap().repeats = shape == "data-fair";
        bench.ends(0, &["update"]);
        assert_eq!(counted(&bench), expected(), "{shape}");
        let files = parts(&bench);
        assert!(
            files.iter().all(|name| name.ends_with(".jsonl")),
            "{files:?}"
        );
        // What has a date is not read again, and what has none is read and found to be the same.
        bench.server.requests();
        let again = bench.ends(0, &["update"]);
        let requests = bench.server.requests();
        let pages = asked(&requests, "83").len();
        assert_eq!(
            pages,
            if shape == "opendatasoft" { 4 } else { 0 },
            "{shape}"
        );
        assert!(!again.stdout.contains("would"), "{}", again.stdout);
        assert_eq!(counted(&bench), expected(), "{shape}");
    }
}

#[test]
fn pages_that_tell_nothing_new_end() {
    let (bench, api) = bench_of_83();
    api.lock().unwrap().endless = true;
    let told = bench.ends(1, &["update"]).stderr;
    assert!(told.contains("20 pages in a row"), "{told}");
    assert!(parts(&bench).is_empty());
}

/// The same of one département, which has four pages.
fn bench_of_83() -> (Bench, Arc<Mutex<Api>>) {
    let (bench, api) = bench("data-fair", "");
    edit(&bench, "{departement}", "83");
    (bench, api)
}

/// Replaces a part of the configuration.
fn edit(bench: &Bench, from: &str, to: &str) {
    let path = bench.project.path("immostats.toml");
    let text = fs::read_to_string(&path).unwrap();
    let edited = text.replace(from, to);
    assert_ne!(text, edited);
    fs::write(path, edited).unwrap();
}

fn of_83(counts: Vec<(String, f64)>) -> Vec<(String, f64)> {
    let counts = counts.into_iter();
    counts.filter(|(name, _)| name.contains(" 83")).collect()
}

/// Kills a run at a point, and sees that the next gives what an undisturbed one gives, and asks for no page that was noted.
pub fn is_whole_after_a_kill(point: StopPoint, time: u32) {
    let (bench, _) = bench_of_83();
    kill_at(&mut bench.command(&["update"]), point, time);
    bench.server.requests();
    bench.ends(0, &["update"]);
    let left = 4 - usize::try_from(time).unwrap();
    assert_eq!(asked(&bench.server.requests(), "83").len(), left, "{time}");
    assert_eq!(counted(&bench), of_83(expected()), "{time}");
}

#[test]
fn a_run_that_is_killed_or_refused_is_resumed_at_the_page_that_was_next() {
    let (bench, _) = bench_of_83();
    kill_at(&mut bench.command(&["fetch"]), StopPoint::PageNoted, 2);
    assert_eq!(parts(&bench), ["lines.part", "lines.part.json"]);
    assert_eq!(asked(&bench.server.requests(), "83"), ["", "2"]);
    // Too many requests, in French and without a word on when to come again.
    let busy = || {
        Fault::Status(
            429,
            vec![("Content-Type", "text/plain; charset=utf-8".into())],
        )
    };
    bench.server.fault(PATH, busy());
    bench.ends(0, &["update"]);
    assert_eq!(asked(&bench.server.requests(), "83"), ["4", "4", "6"]);
    assert_eq!(counted(&bench), of_83(expected()));

    let (bench, _) = bench_of_83();
    kill_at(&mut bench.command(&["fetch"]), StopPoint::PageNoted, 1);
    bench.server.requests();
    // As long as it does not answer, what is there waits.
    bench.server.always(PATH, Fault::Status(503, Vec::new()));
    bench
        .server
        .always(&format!("HEAD {PATH}"), Fault::Short(0));
    bench.ends(1, &["update"]);
    assert_eq!(parts(&bench), ["lines.part", "lines.part.json"]);
    bench.server.heal(PATH);
    bench.server.requests();
    bench.ends(0, &["update"]);
    assert_eq!(asked(&bench.server.requests(), "83"), ["2", "4", "6"]);
    assert_eq!(counted(&bench), of_83(expected()));
}

#[test]
fn what_was_published_again_is_read_from_its_first_page() {
    let (bench, api) = bench_of_83();
    kill_at(&mut bench.command(&["fetch"]), StopPoint::PageNoted, 2);
    bench.server.requests();
    let mut changed = api.lock().unwrap();
    changed.edition = "Tue, 06 Oct 2026 08:00:00 GMT";
    changed.records = |departement| records(departement).into_iter().skip(1).collect();
    drop(changed);
    let run = bench.ends(0, &["update"]);
    assert!(
        run.stderr.contains("published again while it was read"),
        "{}",
        run.stderr
    );
    // Six records are three full pages, the last of which leads to an empty one.
    assert_eq!(
        asked(&bench.server.requests(), "83"),
        ["4", "", "2", "4", "6"]
    );
    assert_eq!(counted(&bench)[0], ("diagnostics 83137".to_owned(), 4.0));
}

#[test]
fn a_cursor_that_the_server_knows_no_more_begins_anew_once() {
    for status in [400, 404] {
        let (bench, _) = bench_of_83();
        kill_at(&mut bench.command(&["fetch"]), StopPoint::PageNoted, 2);
        bench.server.requests();
        bench.server.fault(PATH, Fault::Status(status, Vec::new()));
        let run = bench.ends(0, &["update"]);
        assert!(
            run.stderr.contains("its next page is no more"),
            "{}",
            run.stderr
        );
        let pages = asked(&bench.server.requests(), "83");
        assert_eq!(pages, ["4", "", "2", "4", "6"], "{status}");
        assert_eq!(counted(&bench), of_83(expected()));
    }
    // Where it is always so, the run ends with what the server says.
    let (bench, _) = bench_of_83();
    bench.server.always(PATH, Fault::Status(400, Vec::new()));
    let run = bench.ends(1, &["update"]);
    assert!(run.stderr.contains("400"), "{}", run.stderr);
}

#[test]
fn records_that_pages_passed_over_are_told() {
    let (bench, api) = bench("count-next", "");
    // One of seven stands in the place of another.
    api.lock().unwrap().records = |departement| {
        let mut records = records(departement);
        if let [first, .., last] = &mut records[..] {
            *last = first.clone();
        }
        records
    };
    let run = bench.ends(0, &["update"]);
    let told = "1 record came twice, and 6 of the 7 that there are came at all";
    assert!(run.stderr.contains(told), "{}", run.stderr);
}

#[test]
fn an_answer_that_is_none_costs_its_departement_and_keeps_what_was_known() {
    let (bench, api) = bench("data-fair", "");
    bench.ends(0, &["update"]);
    let mut wrong = api.lock().unwrap();
    wrong.edition = "Tue, 06 Oct 2026 08:00:00 GMT";
    // It says that there are more than it gives.
    wrong.records = |departement| match departement {
        "83" => vec![json!("no object"), json!({"code_insee_ban": "83137"})],
        departement => records(departement),
    };
    drop(wrong);
    let run = bench.ends(1, &["update"]);
    assert!(
        run.stderr.contains("2 of 2 records could not be read"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("it gave no record, and had some"),
        "{}",
        run.stderr
    );
    assert_eq!(counted(&bench), expected());
    bench.server.fault(PATH, Fault::Reset(3));
    api.lock().unwrap().records = records;
    bench.ends(0, &["update"]);
    assert_eq!(counted(&bench), expected());
}

#[test]
fn a_token_comes_from_the_environment_or_is_asked_for_and_is_shown_nowhere() {
    const SECRET: &str = "s3cret-of-the-tests";
    let (bench, api) = bench(
        "count-next",
        "token = { prefix = \"Token \", env = \"API_KEY\" }\n",
    );
    api.lock().unwrap().token = Some("Token s3cret-of-the-tests");
    let run = super::outcome(&mut bench.command(&["update"]));
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("401"), "{}", run.stderr);
    let run = super::outcome(bench.command(&["update"]).env("API_KEY", SECRET));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(counted(&bench), expected());
    assert!(!(run.stdout + &run.stderr).contains(SECRET));

    let server = Server::start();
    let exchange = format!(
        "token = {{ exchange = {{ url = \"{}\", fields = {{ username = \"API_USER\", password = \"API_PASSWORD\" }}, at = \"/access\" }}, prefix = \"Bearer \" }}\n",
        server.url("/api/token")
    );
    let (bench, api) = bench_on(&server, "count-next", &exchange);
    api.lock().unwrap().token = Some("Bearer s3cret-of-the-tests");
    bench.server.answer("/api/token", |request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let is_known = request.method == "POST"
            && body == json!({"username": "me", "password": "hunter2hunter2"});
        let token = if is_known { SECRET } else { "no" };
        (
            200,
            Vec::new(),
            json!({"access": token}).to_string().into_bytes(),
        )
    });
    let run = super::outcome(&mut bench.command(&["update"]));
    assert!(
        run.code == 1 && run.stderr.contains("API_PASSWORD is not set"),
        "{}",
        run.stderr
    );
    let mut command = bench.command(&["update"]);
    command
        .env("API_USER", "me")
        .env("API_PASSWORD", "hunter2hunter2");
    let run = super::outcome(&mut command);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(counted(&bench), expected());
    let exchanges = bench.server.requests().into_iter();
    let exchanges = exchanges.filter(|request| request.target == "/api/token");
    assert_eq!(exchanges.count(), 1, "one token a run");
    let told = run.stdout + &run.stderr;
    assert!(!told.contains(SECRET) && !told.contains("hunter2hunter2"));
}

#[test]
fn requests_keep_to_the_rate_that_the_source_declares() {
    let (bench, _) = bench("data-fair", "");
    edit(&bench, "{departement}\"]", "83\"]\nper_minute = 600");
    let started = std::time::Instant::now();
    bench.ends(0, &["fetch"]);
    // One HEAD and four pages, a tenth of a second apart.
    assert!(started.elapsed().as_secs_f64() >= 0.4);
    assert_eq!(bench.server.requests().len(), 5);
}
