//! The commands around the data: making a project, its configuration, its status, what is printed and who may write.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::material::{TOULON_2023, TOULON_2025, a_few_days, database, text};
use crate::stop::wait_until_blocked;
use crate::support::{Project, sample, tree};

#[test]
fn init_writes_a_commented_file_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("my/prices");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_immostats"));
        command
            .arg("--root")
            .arg(&root)
            .args(arguments)
            .output()
            .unwrap()
    };
    let first = run(&["init"]);
    assert!(first.status.success());
    assert!(
        String::from_utf8(first.stdout)
            .unwrap()
            .contains("immostats.toml is written")
    );
    let path = root.join("immostats.toml");
    let text = fs::read_to_string(&path).unwrap();
    // A comment stands above each key, or above the few that belong together.
    let mut commented = false;
    for line in text.lines() {
        commented = line.starts_with("# ") || commented && !line.is_empty();
        assert!(
            commented || !line.contains(" = "),
            "no comment above: {line}"
        );
    }
    assert!(
        run(&["status"]).status.success(),
        "the file that init writes is a configuration"
    );

    let mine = text.replace("name = \"immostats\"", "name = \"Prix du Var\"");
    fs::write(&path, &mine).unwrap();
    let second = run(&["init"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(
        String::from_utf8(second.stderr)
            .unwrap()
            .contains("already there")
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), mine);
}

#[test]
fn without_a_project_each_command_says_how_to_make_one() {
    let project = Project::new(&[]);
    fs::remove_file(project.path("immostats.toml")).unwrap();
    let file = sample(TOULON_2023);
    for arguments in [
        &["import", file.to_str().unwrap()][..],
        &["import", "--dry-run", file.to_str().unwrap()],
        &["build"],
        &["status"],
        &["export", "statistiques-dvf", "--out", "out"],
    ] {
        let run = project.try_run(arguments);
        assert_eq!(run.code, 1, "{arguments:?}");
        for part in [
            "immostats.toml is missing",
            "run `immostats init`",
            "--root",
        ] {
            assert!(run.stderr.contains(part), "{arguments:?}: {}", run.stderr);
        }
    }
    assert!(tree(project.root()).is_empty());
}

#[test]
fn a_configuration_that_cannot_be_meant_is_refused() {
    let project = Project::new(&[]);
    for (text, says) in [
        (
            "[site]\nadress = \"https://x.fr\"\n",
            "did you mean `address`?",
        ),
        (
            "[statistics]\nminimum_sale = 6\n",
            "did you mean `minimum_sales`?",
        ),
        ("[sites]\nname = \"x\"\n", "did you mean `site`?"),
        (
            "[site]\naddress = \"prix.fr\"\n",
            "an address such as https://prix.example.fr was expected",
        ),
        (
            "[site]\naddress = \"https:///prix\"\n",
            "site.address is \"https:///prix\"; an address such as",
        ),
        (
            "[site]\naddress = \"https://prix.fr/\\u202Ea\"\n",
            "an address such as https://prix.example.fr was expected",
        ),
        (
            "[site]\naddress = \"https://prix.fr/../a\"\n",
            "line 2: site.address is \"https://prix.fr/../a\"",
        ),
        (
            "[site]\naddress = \"https://prix.fr/a/%2E%2e/\"\n",
            "an address such as https://prix.example.fr was expected",
        ),
        ("[site]\nname = \"Prix\\u202E\"\n", "site.name is"),
        ("[statistics]\nminimum_sales = 3\n", "minimum_sales is 3"),
        ("[statistics]\nsolid_sales = 30\n", "must not decrease"),
        ("[site\n", "line 1"),
    ] {
        project.configure(text);
        let run = project.try_run(&["status"]);
        assert_eq!(run.code, 1, "{text}");
        assert!(run.stderr.contains(says), "{text}: {}", run.stderr);
        assert!(run.stderr.contains("immostats.toml"), "{}", run.stderr);
    }
    project.configure("[site]\ndepartements = [\"99\"]\n");
    project.import(&[&project.file("x.csv", text(&a_few_days()))]);
    let run = project.try_run(&["build"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("99"), "{}", run.stderr);
}

#[test]
fn status_tells_what_there_is() {
    let project = Project::new(&["83"]);
    let empty = project.run(&["status"]);
    assert!(
        empty.stdout.contains("database: none yet"),
        "{}",
        empty.stdout
    );
    assert_eq!(
        project.run(&["--log-format", "json", "status"]).json(),
        [json!({"database": null, "site": null})]
    );

    project.import(&[&sample(TOULON_2025)]);
    let text = project.run(&["status"]).stdout;
    for part in [
        "database: 1589 mutations, 1296 of them sales, in 1 commune, 2025-01-02 to 2025-06-30",
        "1 commune changed since the last build",
        "site:     not built yet",
        "83137-toulon-2025-s1.csv.gz  commune 83137, 2025-01 to 2025-06: 3444 lines",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }

    project.run(&["build"]);
    let text = project.run(&["status"]).stdout;
    assert!(text.contains("fresh"), "{text}");
    let version = project.json("version.json")["current"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        text.contains(&format!("site:     version {version} of ")),
        "{text}"
    );
    assert!(text.contains("sales up to 2025-06-30, 1 city"), "{text}");

    let bad = project.file("bad.csv", "nothing of the kind\n");
    assert_eq!(project.try_run(&["import", bad.to_str().unwrap()]).code, 3);
    let json = project
        .run(&["--log-format", "json", "status"])
        .json()
        .remove(0);
    assert_eq!(json["database"]["transactions"], 1589);
    assert_eq!(json["database"]["sales"], 1296);
    assert_eq!(json["database"]["stale"], 0);
    assert_eq!(json["site"]["version"], version);
    assert_eq!(json["log"][0]["status"], "refused");
    assert!(
        json["log"][0]["message"]
            .as_str()
            .unwrap()
            .contains("is not a DVF file")
    );
    assert_eq!(json["log"][1]["status"], "done");
}

#[test]
fn quiet_is_silent_but_for_errors() {
    let project = Project::new(&["83"]);
    let file = project.file("days.csv", text(&a_few_days()));
    for arguments in [
        &["--quiet", "import", file.to_str().unwrap()][..],
        &["--quiet", "import", "--dry-run", file.to_str().unwrap()],
        &["build", "--quiet"],
        &["-q", "status"],
    ] {
        let run = project.run(arguments);
        assert_eq!(
            (run.stdout.as_str(), run.stderr.as_str()),
            ("", ""),
            "{arguments:?}"
        );
    }
    assert!(project.path("site/index.html").exists());
    let run = project.try_run(&["-q", "import", "absent.csv"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("absent.csv"), "{}", run.stderr);
}

#[test]
fn one_process_writes_at_a_time() {
    let project = Project::new(&["83"]);
    let file = project.file("days.csv", text(&a_few_days()));
    let file = file.to_str().unwrap();
    project.run(&["import", file]);
    let before = database(&project);
    let lock = fs::File::options()
        .write(true)
        .open(project.path("data/lock"))
        .unwrap();
    lock.lock().unwrap();
    for arguments in [&["import", file][..], &["build"]] {
        let run = project.try_run(arguments);
        assert_eq!(run.code, 1);
        assert!(
            run.stderr.contains("another immostats is at work"),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("--wait"), "{}", run.stderr);
    }
    // Who only reads need not wait.
    project.run(&["status"]);
    project.run(&["import", "--dry-run", file]);
    assert!(database(&project) == before);

    let mut waiting = project
        .command()
        .args(["--wait", "import", file])
        .spawn()
        .unwrap();
    wait_until_blocked(&mut waiting);
    drop(lock);
    assert!(waiting.wait().unwrap().success());
}

#[test]
fn wrong_usage_has_a_code_of_its_own() {
    let project = Project::new(&["83"]);
    for arguments in [
        &["import"][..],
        &["import", "--drie-run", "x.csv"],
        &["import", "--scope", "Toulon", "x.csv"],
        &["import", "--scope", "83@2023-13", "x.csv"],
        &["imports"],
        &["build", "--quiet", "--verbose"],
        &["export"],
        &[],
    ] {
        let run = project.try_run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}\n{}", run.stderr);
        assert!(
            run.stderr.contains("Usage:") || run.stderr.contains("--help"),
            "{}",
            run.stderr
        );
    }
    assert_eq!(tree(project.root()).len(), 1);
}

#[test]
fn the_work_goes_on_whoever_reads() {
    let project = Project::new(&["83"]);
    let file = sample(TOULON_2025);
    let file = file.to_str().unwrap();
    let full = || {
        fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    for arguments in [
        &["import", file][..],
        &["build"],
        &["status"],
        &["man"],
        &["status", "--json"],
    ] {
        // A reader that is gone before the first line.
        let mut child = project.command();
        let mut child = child
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {told}");
        assert!(!told.contains("panicked"), "{arguments:?}: {told}");
        // A disk that is full, and an error that nobody hears.
        let mut command = project.command();
        command.args(arguments).stdout(full()).stderr(full());
        assert_eq!(command.status().unwrap().code(), Some(0), "{arguments:?}");
        let mut command = project.command();
        command.arg("import").arg("nothing.csv").stderr(full());
        assert_eq!(command.status().unwrap().code(), Some(1));
    }
    assert!(project.path("site/ville/83137/index.html").exists());
}

#[test]
fn the_program_tells_what_it_can() {
    let project = Project::new(&["83"]);
    let said = |arguments: &[&str]| project.run(arguments).stdout;
    let version = said(&["--version"]);
    assert!(
        version.starts_with(concat!("immostats ", env!("CARGO_PKG_VERSION"))),
        "{version}"
    );
    let help = said(&["build", "--help"]);
    let (own, global) = help
        .split_once("Global options:")
        .expect("they have a heading");
    for option in ["--root", "--quiet", "--json", "--color", "--wait"] {
        assert!(
            global.contains(option) && !own.contains(option),
            "{option}\n{help}"
        );
    }
    assert!(said(&["--help"]).contains("Exit codes: 0 done; 1 failed; 2 wrong usage; 3 "));
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            said(&["completions", shell]).contains("rollback"),
            "{shell}"
        );
    }
    assert!(said(&["man"]).contains(".TH immostats 1"));
    let folder = project.path("man");
    said(&["man", "--to", folder.to_str().unwrap()]);
    let pages = fs::read_dir(&folder).unwrap().count();
    assert!(
        pages > 20 && folder.join("immostats-build.1").exists(),
        "{pages}"
    );
}

#[test]
fn a_report_is_one_line_of_json_when_asked_for() {
    let project = Project::new(&["83"]);
    project.import(&[&sample(TOULON_2025)]);
    project.run(&["build"]);
    for arguments in [
        &["status"][..],
        &["versions"],
        &["log"],
        &["releases"],
        &["diff", "previous", "previous"],
        &["verify"],
        &["gc", "--dry-run"],
    ] {
        let run = project.try_run(&[arguments, &["--json", "--quiet"]].concat());
        if run.code == 0 {
            assert_eq!(
                run.stdout.lines().count(),
                1,
                "{arguments:?}: {}",
                run.stdout
            );
            serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap();
        }
    }
    assert_eq!(
        project.run(&["status", "--json"]).json()[0]["database"]["sales"],
        1296
    );
}

#[test]
fn the_site_of_a_project_is_served() {
    let project = Project::new(&["83"]);
    let serve = ["serve", "--port", "0", "--json"];
    let none = project.try_run(&serve);
    assert_eq!(none.code, 1);
    assert!(
        none.stderr
            .contains("holds no site yet; run `immostats build`"),
        "{}",
        none.stderr
    );

    project.import(&[&sample(TOULON_2025)]);
    project.run(&["build"]);
    let mut child = project.command();
    let mut child = child.args(serve).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut told = BufReader::new(child.stdout.take().unwrap());
    told.read_line(&mut line).unwrap();
    let told: serde_json::Value = serde_json::from_str(&line).unwrap();
    let address = told["address"].as_str().unwrap();
    let host = address
        .strip_prefix("http://")
        .unwrap()
        .trim_end_matches('/');
    let get = |path: &str| {
        let mut answer = String::new();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let page = get("/ville/83137/");
    let missing = [
        "/ville/00000/",
        "/assets/style.00000000.css",
        "/data/x.json",
    ]
    .map(get);
    child.kill().unwrap();
    child.wait().unwrap();
    let (head, body) = page.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200") && head.contains("s-maxage=604800"),
        "{head}"
    );
    assert_eq!(body.as_bytes(), project.site()["ville/83137/index.html"]);
    for answer in missing {
        let (head, _) = answer.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with("HTTP/1.1 404") && head.contains("x-content-type-options"),
            "{head}"
        );
        assert!(!head.to_lowercase().contains("cache-control"), "{head}");
    }
}

#[test]
fn a_host_gets_no_name_before_the_address_is_set() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("p");
    let init = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_immostats"));
        command
            .arg("--root")
            .arg(&root)
            .args(["init", "--host", "github-pages"]);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let told = init();
    assert!(
        told.contains("site.address in immostats.toml is not set"),
        "{told}"
    );
    assert!(root.join("site/.nojekyll").exists() && !root.join("site/CNAME").exists());
    let path = root.join("immostats.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        text.replace("https://immostats.example", "https://prix.example.fr"),
    )
    .unwrap();
    assert!(!init().contains("site.address"));
    assert_eq!(
        fs::read_to_string(root.join("site/CNAME")).unwrap(),
        "prix.example.fr\n"
    );
}

#[test]
fn a_template_that_grows_without_end_is_stopped() {
    let (project, _) = crate::market::small_site();
    let site = project.site();
    let double = "{% set_global x = x ~ x %}".repeat(45);
    let template = format!("{{% set x = \"0123456789abcdef\" %}}{double}{{{{ x }}}}");
    project.file("templates/404.html", template);
    let run = project.try_run(&["build"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stderr.contains("takes more than 2 GB of memory"),
        "{}",
        run.stderr
    );
    assert!(project.site() == site);
}
