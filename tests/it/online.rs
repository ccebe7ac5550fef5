//! `immostats online`: whether visitors get the live version.

use std::fs;

use crate::market::{GUYANE, Release};
use crate::server::{Fault, Server};
use crate::support::{Project, Run};

/// Runs `online` and gives what it left, with the outputs that it set.
fn online(project: &Project, arguments: &[&str]) -> (Run, String) {
    let outputs = project.path("outputs");
    fs::write(&outputs, "").unwrap();
    let mut command = project.command();
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command
        .env("GITHUB_OUTPUT", &outputs)
        .arg("online")
        .args(arguments);
    let run = crate::source::bench::outcome(&mut command);
    (run, fs::read_to_string(outputs).unwrap())
}

/// A site of the Guyane whose address is on a server.
fn site(server: &Server) -> Project {
    let project = Project::new(&["973"]);
    project.configure(&format!(
        "[site]\naddress = \"{}\"\ndepartements = [\"973\"]\n[deploy]\nhost = \"netlify\"\n",
        server.url("/prix/")
    ));
    Release::of_year("973", &GUYANE, 2024, 1).import(&project);
    project.run(&["build"]);
    project
}

#[test]
fn before_the_first_version() {
    let project = Project::new(&["973"]);
    let (run, outputs) = online(&project, &[]);
    assert_eq!(
        (run.code, outputs.as_str()),
        (0, "deploy=false\n"),
        "{}",
        run.stderr
    );
    assert_eq!(online(&project, &["--within", "1"]).0.code, 1);
}

#[test]
fn an_address_that_is_an_example_is_told() {
    let project = site(&Server::start());
    project.configure("[site]\ndepartements = [\"973\"]\n");
    let (run, outputs) = online(&project, &[]);
    assert_eq!((run.code, outputs.as_str()), (1, ""));
    assert!(run.stderr.contains("only an example"), "{}", run.stderr);
}

#[test]
fn what_is_online_is_compared() {
    let server = Server::start();
    let project = site(&server);
    let version = project.json("version.json")["current"]
        .as_str()
        .unwrap()
        .to_owned();
    let address = server.url("/prix");
    let told = |deploy: &str| {
        format!(
            "deploy={deploy}\nversion={version}\naddress={address}\nhost=netlify\nbranch=gh-pages\n"
        )
    };
    let check = |deploy: &str, text: &str| {
        let (run, outputs) = online(&project, &[]);
        assert_eq!((run.code, outputs), (0, told(deploy)), "{}", run.stderr);
        assert!(run.stdout.contains(text), "{}", run.stdout);
    };
    check("true", "answered 404");
    server.file(
        "/prix/version.json",
        "<!doctype html><title>Bienvenue</title>",
    );
    check("true", "is no version.json of a site");
    let old = r#"{"current": "2026.01.05.1", "previous": null, "history": [{"date": "2026-01-05T03:00:00Z"}]}"#;
    server.file("/prix/version.json", old);
    check("true", "but 2026.01.05.1, live since 2026-01-05T03:00:00Z");

    let (run, outputs) = online(&project, &["--within", "1"]);
    assert_eq!((run.code, outputs.as_str()), (1, ""));
    assert!(run.stderr.contains("but 2026.01.05.1"), "{}", run.stderr);
    // It comes a moment later.
    let path = "/prix/version.json";
    server.fault(path, Fault::Status(404, Vec::new()));
    server.file(path, fs::read(project.path("site/version.json")).unwrap());
    let (run, _) = online(&project, &["--within", "60"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout
            .contains(&format!("version {version} is online at {address}"))
    );
    check("false", "is online at");

    // The same number is another version after a rollback and back.
    Release::of_year("973", &GUYANE, 2023, 2).import(&project);
    project.run(&["build"]);
    project.run(&["rollback", &version]);
    check("true", &format!("but {version}, live since"));
}
