//! `immostats doctor`: what it finds, and what it says to do.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::market::{GUYANE, Release};
use crate::s3::{KEY, SECRET};
use crate::server::{DATASET, Fault, Server};
use crate::support::Project;

/// A project whose one source is this server's, up to date and built.
fn healthy(server: &Server) -> Project {
    let project = Project::new(&["973"]);
    let release = Release::of_year("973", &GUYANE, 2024, 5);
    server.file("/2024.csv", release.text());
    publish(server);
    tells_the_time(server, jiff::Timestamp::now());
    project.configure(&configuration(server, ""));
    project.run(&["update"]);
    project
}

fn publish(server: &Server) {
    server.dataset(&[server.resource("DVF 2024", "/2024.csv", "2026-10-20T08:00:00+00:00")]);
}

fn configuration(server: &Server, more: &str) -> String {
    format!(
        "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"973\"]\n{more}[fetch]\napi = \"{}\"\nallow_private_addresses = true\nretries = 0\n[[sources]]\nid = \"dvf\"\nkind = \"geo-dvf\"\ndataset = \"{DATASET}\"\nresources = [\"DVF {{year}}\"]\nevery = \"6 months\"\n[legal]\npublisher = \"Mairie\"\ndirector = \"Le maire\"\ncontact = \"mairie@example.fr\"\nhost = \"GitHub\"\n",
        server.url("/api/1")
    )
}

fn tells_the_time(server: &Server, time: jiff::Timestamp) {
    let date = time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    server.always("/api/1/", Fault::Status(200, vec![("Date", date)]));
}

/// What the doctor finds: its exit code, and a row of check, status, finding and advice each.
fn findings(command: &mut Command) -> (i32, Vec<[String; 4]>) {
    command.args(["doctor", "--json"]);
    command.env_remove("AWS_SESSION_TOKEN");
    let output = command.output().unwrap();
    let code = output.status.code().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let checks: Vec<_> = found["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| ["check", "status", "found", "advice"].map(|key| text(&check[key])))
        .collect();
    assert_eq!(found["ok"], code == 0);
    for [_, status, found, advice] in &checks {
        assert_eq!(status == "ok", advice.is_empty(), "{found}");
        for secret in [SECRET, "short\n"] {
            assert!(!found.contains(secret) && !advice.contains(secret));
        }
    }
    (code, checks)
}

/// Asserts that one finding of a check is so.
#[track_caller]
fn has(checks: &[[String; 4]], check: &str, status: &str, found: &str, advice: &str) {
    assert!(
        checks.iter().any(|row| {
            row[0] == check && row[1] == status && row[2].contains(found) && row[3].contains(advice)
        }),
        "{check} {status} {found} {advice}\n{checks:#?}"
    );
}

#[test]
fn a_healthy_project_passes_and_nothing_is_written_or_downloaded() {
    let server = Server::start();
    let project = healthy(&server);
    let before = crate::support::tree(project.root());
    server.requests();
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 0, "{checks:#?}");
    for check in ["configuration", "disk", "host", "clock", "sources"] {
        has(&checks, check, "ok", "", "");
    }
    assert!(checks.iter().all(|row| row[1] == "ok"), "{checks:#?}");
    has(&checks, "sources", "ok", "dvf is up to date", "");
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.method == "HEAD" || request.target.starts_with("/api/"))
    );
    let after = crate::support::tree(project.root());
    let content = |path: &&String| !path.ends_with("-shm") && !path.ends_with("-wal");
    for path in after.keys().filter(content) {
        assert_eq!(after[path], before[path], "{path}");
    }
    // For people, a line each.
    let run = project.run(&["doctor"]);
    assert!(
        run.stdout
            .contains("ok       clock          it agrees with upstream's\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn each_thing_that_is_wrong_is_told_with_what_to_do() {
    let server = Server::start();
    let project = healthy(&server);

    // What the site could not be built with.
    let configured = configuration(&server, "");
    project.configure(&configured.replace("[\"973\"]", "[\"973\", \"73000\"]"));
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 1);
    let told = "site.departements names 73000, which is no département";
    has(&checks, "configuration", "problem", told, "immostats.toml");
    project.configure(&configuration(&server, "[theme]\nlogo = \"ville.svg\"\n"));
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 1);
    let told = "theme.logo is ville.svg, and there is no templates/assets/ville.svg";
    has(&checks, "templates", "problem", told, "[theme]");

    // What the law asks for.
    project.configure(&configured.replace("host = \"GitHub\"", "host = \"\""));
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 1);
    has(
        &checks,
        "legal",
        "problem",
        "lacks legal.host",
        "French law",
    );
    project.configure(&configured);

    // The clock, a source that is new, one that is late.
    let hour = jiff::SignedDuration::from_hours(1);
    tells_the_time(&server, jiff::Timestamp::now() + hour);
    server.file(
        "/2024.csv",
        Release::of_year("973", &GUYANE, 2024, 6).text(),
    );
    server.dataset(&[server.resource("DVF 2024", "/2024.csv", "2025-04-28T08:00:00+00:00")]);
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 1);
    has(&checks, "clock", "problem", "s behind upstream's", "set it");
    has(
        &checks,
        "sources",
        "ok",
        "dvf 2024 is new since 2025-04-28",
        "",
    );
    has(
        &checks,
        "sources",
        "warning",
        "was expected by 2025-10-28",
        "delay",
    );

    // Upstream that does not answer is no fault of the project.
    publish(&server);
    let dataset = format!("/api/1/datasets/{DATASET}/");
    server.always(&dataset, Fault::Status(503, Vec::new()));
    server.always("/api/1/", Fault::Status(503, Vec::new()));
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 0, "{checks:#?}");
    has(&checks, "sources", "warning", "503", "try again later");
    has(
        &checks,
        "clock",
        "warning",
        "did not tell the time",
        "network",
    );

    // The configuration: an address that nobody set, and a slip.
    let sound = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&sound.replace("https://prix.example.fr", "https://immostats.example"));
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 1);
    has(
        &checks,
        "configuration",
        "problem",
        "still",
        "where the site is served",
    );
    project.configure(&sound.replace("departements", "departement"));
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 1);
    has(
        &checks,
        "configuration",
        "problem",
        "did you mean `departements`?",
        "put right",
    );
    project.configure(&sound);
    project.file("templates/base.html", "{% block");
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 1);
    has(&checks, "templates", "problem", "base.html", "templates");
}

#[test]
fn the_keys_of_a_bucket_are_looked_at_and_not_used() {
    let server = Server::start();
    let project = healthy(&server);
    let bucket = "[deploy]\nhost = \"s3\"\n[deploy.s3]\nbucket = \"prix\"\nendpoint = \"https://127.0.0.1:9\"\n";
    project.configure(&configuration(&server, bucket));
    let with = |id: Option<&str>, secret: &str| {
        let mut command = project.command();
        match id {
            Some(id) => command.env("AWS_ACCESS_KEY_ID", id),
            None => command.env_remove("AWS_ACCESS_KEY_ID"),
        };
        command.env("AWS_SECRET_ACCESS_KEY", secret);
        findings(&mut command)
    };
    let (code, checks) = with(None, SECRET);
    assert_eq!(code, 1);
    has(
        &checks,
        "credentials",
        "problem",
        "AWS_ACCESS_KEY_ID is not set",
        "as a secret",
    );
    let (code, checks) = with(Some(KEY), "short\n");
    assert_eq!(code, 1);
    has(
        &checks,
        "credentials",
        "problem",
        "AWS_SECRET_ACCESS_KEY",
        "environment",
    );
    let (code, checks) = with(Some("ASIAKEYTHATEXPIRES00"), SECRET);
    assert_eq!(code, 1);
    has(
        &checks,
        "credentials",
        "problem",
        "AWS_SESSION_TOKEN",
        "environment",
    );
    // Nothing listens at the endpoint: a key that is used would show.
    let (code, checks) = with(Some(KEY), SECRET);
    assert_eq!(code, 0, "{checks:#?}");
    has(&checks, "credentials", "ok", "prix", "");
}

#[test]
fn the_credentials_of_the_cdn_and_of_notifications_are_looked_at() {
    let server = Server::start();
    let project = healthy(&server);
    project.configure(&configuration(
        &server,
        "[cdn]\nprovider = \"fastly\"\n[cdn.fastly]\nservice = \"abc\"\n[[notify]]\nid = \"team\"\nkind = \"slack\"\nurl_env = \"TEAM_WEBHOOK\"\n",
    ));
    let with = |token: &str, webhook: &str| {
        let mut command = project.command();
        command
            .env("IMMOSTATS_FASTLY_TOKEN", token)
            .env("TEAM_WEBHOOK", webhook);
        findings(&mut command)
    };
    let (code, checks) = with("", "");
    assert_eq!(code, 1);
    has(
        &checks,
        "credentials",
        "problem",
        "IMMOSTATS_FASTLY_TOKEN",
        "as a secret",
    );
    has(
        &checks,
        "credentials",
        "problem",
        "notification team: TEAM_WEBHOOK is not set",
        "",
    );
    let (code, checks) = with(SECRET, SECRET);
    assert_eq!(code, 1);
    has(
        &checks,
        "credentials",
        "problem",
        "TEAM_WEBHOOK holds no address",
        "as a secret",
    );
    // Nothing listens there: an address that is used would show.
    let (code, checks) = with(SECRET, "https://127.0.0.1:9/the/secret+of+the+tests");
    assert_eq!(code, 0, "{checks:#?}");
    has(&checks, "credentials", "ok", "CDN", "");
    has(&checks, "credentials", "ok", "team", "");
}

#[test]
fn a_host_that_cannot_take_the_site_is_refused_with_the_way_out() {
    let server = Server::start();
    let project = healthy(&server);
    // An asset of its own that is larger than a file may be there.
    project.file("templates/assets/large.bin", vec![0; (25 << 20) + 1]);
    project.configure(&configuration(
        &server,
        "[deploy]\nhost = \"cloudflare-pages\"\n",
    ));
    project.run(&["build"]);
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 1);
    has(
        &checks,
        "host",
        "problem",
        "Cloudflare Pages takes files of up to 26214400 bytes, and assets/large.",
        "templates/",
    );
    project.configure(&configuration(&server, "[deploy]\nhost = \"nginx\"\n"));
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 0, "{checks:#?}");
    has(&checks, "host", "ok", "nginx takes the", "");
}

#[test]
fn a_project_that_is_not_there_yet_is_told_how_to_begin() {
    let server = Server::start();
    let project = Project::new(&["973"]);
    publish_nothing(&server);
    project.configure(&configuration(&server, ""));
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 0, "{checks:#?}");
    has(
        &checks,
        "site",
        "warning",
        "nothing has been built yet",
        "immostats update",
    );
    assert!(!project.path("data").exists());
    fs::remove_file(project.path("immostats.toml")).unwrap();
    let (code, checks) = findings(&mut project.command());
    assert_eq!(code, 1);
    has(&checks, "configuration", "problem", "immostats init", "");
}

fn publish_nothing(server: &Server) {
    server.dataset(&[]);
    tells_the_time(server, jiff::Timestamp::now());
}

#[test]
fn a_silent_source_is_named_and_leaves_the_others_their_answers() {
    let server = Server::start();
    let project = healthy(&server);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = silent.local_addr().unwrap();
    let more = format!(
        "[[sources]]\nid = \"lent\"\nkind = \"contours\"\nurls = [\"http://{silent}/communes.geojson\"]\n"
    );
    let path = project.path("immostats.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text + &more).unwrap();
    let (_, checks) = findings(&mut project.command());
    has(&checks, "sources", "ok", "dvf is up to date", "");
    has(
        &checks,
        "sources",
        "warning",
        "lent: ",
        "correct the source",
    );
    assert!(checks.iter().all(|row| row[0] != "network"), "{checks:#?}");
}

#[test]
fn without_a_network_it_ends_soon_and_says_so_however_quiet() {
    // One that takes connections and never answers, and one where nobody is.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = silent.local_addr().unwrap();
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/api/1", gone.local_addr().unwrap());
    drop(gone);
    for (api, reason) in [
        (format!("http://{silent}/api/1"), "did not answer"),
        (address, "no source answers"),
    ] {
        let project = Project::new(&["973"]);
        project.configure(&format!(
            "[site]\naddress = \"https://prix.example.fr\"\n[fetch]\napi = \"{api}\"\nallow_private_addresses = true\n{}",
            ["01", "02", "03", "04"].map(|id| format!(
                "[[sources]]\nid = \"{id}\"\nkind = \"geo-dvf\"\ndataset = \"{DATASET}\"\nresources = [\"DVF {{year}}\"]\nscope = \"{id}\"\n"
            )).concat()
        ));
        let started = std::time::Instant::now();
        let run = project.try_run(&["doctor", "-q"]);
        assert!(started.elapsed().as_secs() < 10, "{api}");
        assert_eq!(run.code, 1);
        assert_eq!(run.stdout, "");
        for part in ["network: ", reason, "warning: site: nothing has been built"] {
            assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
        }
    }
}
