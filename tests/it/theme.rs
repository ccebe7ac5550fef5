//! What a project changes of its look: copies of templates, settings, and pages that follow an edit.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::market::{GUYANE, Release};
use crate::support::Project;

fn built() -> Project {
    let project = Project::new(&["973"]);
    Release::of_year("973", &GUYANE, 2024, 5).import(&project);
    project.run(&["build"]);
    project
}

/// The states of the files of a theme, by their names.
fn state(project: &Project, name: &str) -> String {
    let run = project.run(&["theme", "list", "--json"]);
    let files: Value = serde_json::from_str(&run.stdout).unwrap();
    let files = files.as_array().unwrap();
    let file = files.iter().find(|file| file["name"] == name);
    file.unwrap_or_else(|| panic!("{name} is not listed"))["state"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_copy_knows_what_it_was_taken_of() {
    let project = built();
    assert_eq!(state(&project, "block/budget.html"), "built_in");
    project.run(&["theme", "eject", "block/budget.html"]);
    let path = project.path("templates/block/budget.html");
    assert_eq!(state(&project, "block/budget.html"), "same");
    let before = project.site();
    project.run(&["build"]);
    assert!(project.site() == before, "a copy changes nothing");

    let copy = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        copy.replace("Ce qu’un budget achète ici", "Avec un budget"),
    )
    .unwrap();
    assert_eq!(state(&project, "block/budget.html"), "overridden");
    project.run(&["build"]);
    assert!(project.site() != before);
    let again = project.try_run(&["theme", "eject", "block/budget.html"]);
    assert_eq!(again.code, 1);
    assert!(
        again.stderr.contains("is already there"),
        "{}",
        again.stderr
    );
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .contains("Avec un budget")
    );

    // As if the one that ships had changed since.
    let record = project.path("templates/.ejected.json");
    let hash = blake3::hash(copy.as_bytes()).to_hex();
    let text = fs::read_to_string(&record).unwrap();
    fs::write(&record, text.replace(hash.as_str(), &"0".repeat(64))).unwrap();
    assert_eq!(state(&project, "block/budget.html"), "outdated");
    fs::remove_file(&record).unwrap();
    assert_eq!(state(&project, "block/budget.html"), "unrecorded");

    project.file(
        "templates/assets/logo.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    assert_eq!(state(&project, "assets/logo.svg"), "own");
    let near = project.try_run(&["theme", "eject", "comune.html"]);
    assert!(
        near.stderr.contains("did you mean commune.html?"),
        "{}",
        near.stderr
    );
    project.run(&["theme", "eject"]);
    assert_eq!(state(&project, "assets/style.css"), "same");
    assert_eq!(
        state(&project, "block/budget.html"),
        "unrecorded",
        "what is there stays"
    );
}

#[test]
fn colours_a_logo_a_banner_and_the_legal_notice_are_settings() {
    let project = built();
    let configure = |more: &str| {
        project.configure(&format!(
            "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"973\"]\n{more}"
        ));
    };
    let page = |path: &str| String::from_utf8(project.site()[path].clone()).unwrap();
    assert!(page("mentions-legales/index.html").contains("ne s’est pas encore nommé"));
    configure(
        "[legal]\npublisher = \"Mairie de Cayenne <b>\"\ndirector = \"Le maire\"\ncontact = \"mairie@example.fr\"\nhost = \"GitHub\"\n[theme]\nbanner = \"Site en essai.\"\nlogo = \"logo.svg\"\ncolours = { link = [\"#123456\", \"#abcdef\"] }\n",
    );
    let run = project.try_run(&["build"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("there is no templates/assets/logo.svg"),
        "{}",
        run.stderr
    );
    project.file(
        "templates/assets/logo.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    project.run(&["build"]);
    let home = page("index.html");
    assert!(home.contains("<p class=\"banner\">Site en essai.</p>"));
    assert!(home.contains("src=\"./assets/logo."), "{home}");
    let legal = page("mentions-legales/index.html");
    for part in [
        "Mairie de Cayenne &lt;b&gt;",
        "Le maire",
        "mairie@example.fr",
        "GitHub",
    ] {
        assert!(legal.contains(part), "{part}: {legal}");
    }
    let site = project.site();
    let style = site
        .iter()
        .find(|(path, _)| path.starts_with("assets/style."));
    let style = String::from_utf8(style.unwrap().1.clone()).unwrap();
    assert!(style.contains("--link: #123456;") && style.contains("--link: #abcdef;"));

    configure("[theme]\ncolours = { link = [\"blue\", \"#abcdef\"] }\n");
    let run = project.try_run(&["build"]);
    assert!(
        run.stderr.contains("theme.colours.link has \"blue\""),
        "{}",
        run.stderr
    );
    configure("[theme]\ncolours = { lnk = [\"#123456\", \"#abcdef\"] }\n");
    assert_eq!(project.try_run(&["build"]).code, 1);
}

/// A server that is stopped at the end.
struct Watching {
    child: Child,
    host: String,
}

impl Watching {
    fn start(project: &Project) -> Self {
        let mut command = project.command();
        command.args(["serve", "--watch", "--port", "0", "--json"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        told.read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let address = told["address"].as_str().unwrap();
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        Self {
            child,
            host: host.to_owned(),
        }
    }

    /// The status and the rest of the answer.
    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.host
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer[9..12].parse().unwrap(), answer)
    }

    /// The number of the edit that a page is of.
    fn seen(page: &str) -> &str {
        let (_, rest) = page.split_once("reload.js?seen=").unwrap();
        rest.split('"').next().unwrap()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_page_follows_an_edit_and_nothing_is_written() {
    let project = built();
    let before = project.site();
    let server = Watching::start(&project);
    let (status, page) = server.get("/ville/97302/");
    assert_eq!(status, 200);
    let built = String::from_utf8(before["ville/97302/index.html"].clone()).unwrap();
    assert!(
        page.contains(built.split_once("</body>").unwrap().0),
        "the page is the one that a build writes"
    );
    assert_eq!(server.get("/ville/00000/").0, 404);
    assert_eq!(server.get("/data/villes/97302.json").0, 200);

    project.file(
        "templates/404.html",
        "{% extends \"base.html\" %}{% block content %}<p>Nouveau</p>{% endblock content %}",
    );
    // Answered once the edit is seen.
    let (status, _) = server.get(&format!("/.immostats/edits?seen={}", Watching::seen(&page)));
    assert_eq!(status, 204);
    let (_, page) = server.get("/ville/00000/");
    assert!(page.contains("<p>Nouveau</p>"), "{page}");

    // A template that does not work says so, until it does.
    project.file("templates/404.html", "{% broken");
    server.get(&format!("/.immostats/edits?seen={}", Watching::seen(&page)));
    let (status, broken) = server.get("/ville/97302/");
    assert_eq!(status, 500);
    assert!(broken.contains("404.html:1"), "{broken}");
    fs::remove_file(project.path("templates/404.html")).unwrap();
    server.get(&format!(
        "/.immostats/edits?seen={}",
        Watching::seen(&broken)
    ));
    assert_eq!(server.get("/ville/97302/").0, 200);
    assert!(project.site() == before);
}

/// Adds the path of each value of a page, as the reference writes it.
fn paths(path: &str, value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                paths(&path, value, into);
            }
        }
        Value::Array(items) => {
            for item in items {
                paths(&format!("{path}[]"), item, into);
            }
        }
        _ => {
            into.insert(path.to_owned());
        }
    }
}

#[test]
fn the_reference_has_every_variable_that_pages_see() {
    let project = built();
    let reference: Value =
        serde_json::from_str(&project.run(&["theme", "variables", "--json"]).stdout).unwrap();
    let of = |template: &str| -> HashMap<String, String> {
        let text = |variable: &Value, of: &str| variable[of].as_str().unwrap().to_owned();
        let variables = reference[template].as_array().unwrap().iter();
        variables
            .map(|variable| (text(variable, "path"), text(variable, "kind")))
            .collect()
    };
    let shared = of("");
    let (mut templates, mut seen) = (0, 0);
    for template in reference.as_object().unwrap().keys() {
        // Of some kinds this project has no page.
        let run = project.try_run(&["theme", "variables", "--json", template]);
        if template.is_empty() || run.code != 0 {
            continue;
        }
        templates += 1;
        let known: HashMap<_, _> = of(template).into_iter().chain(shared.clone()).collect();
        let mut there = BTreeSet::new();
        paths("", &serde_json::from_str(&run.stdout).unwrap(), &mut there);
        for path in there {
            // What is any value is told as a whole.
            let (mut whole, mut is_known) = (path.as_str(), known.contains_key(&path));
            while let Some((above, _)) = whole.rsplit_once(['.', '[']) {
                whole = above;
                is_known |= known.get(whole).is_some_and(|kind| kind == "any value");
                is_known |= known.contains_key(&format!("{whole}.*"));
            }
            assert!(is_known, "{template}: {path} is not in the reference");
            seen += 1;
        }
    }
    assert!(templates > 12 && seen > 500, "{seen} of {templates}");
    let text = project.run(&["theme", "variables"]).stdout;
    assert!(
        text.contains("| `until` | text or none | Last month"),
        "{text}"
    );
}
