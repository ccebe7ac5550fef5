//! Notifications: what people are told of each outcome, through each kind of service.

use std::fs;

use serde_json::{Value, json};

use super::mail::{MailServer, PASSWORD, USER};
use super::service::{Answer, Service};
use crate::market::{GUYANE, small_site};
use crate::source::outcome;
use crate::support::{Project, Run, tree};
use crate::versions::live;

/// The path of a webhook is its secret.
const HOOK: &str = "/services/T0/hunter2-of-the-hook";

/// A project whose configuration names some people to tell.
fn configure(project: &Project, tables: &str) {
    project.configure(&format!(
        "[site]\nname = \"Prix & Cie\"\naddress = \"https://prix.example.fr\"\ndepartements = [\"973\", \"83\"]\n{tables}"
    ));
}

fn table(kind: &str) -> String {
    format!(
        "[[notify]]\nid = \"{kind}\"\nkind = \"{kind}\"\nurl_env = \"{}_URL\"\n",
        kind.to_uppercase()
    )
}

/// Runs the executable with an environment of its own.
fn run(project: &Project, environment: &[(&str, &str)], arguments: &[&str]) -> Run {
    let mut command = project.command();
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    for name in ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"] {
        command.env_remove(name);
    }
    command.envs(environment.iter().copied()).args(arguments);
    outcome(&mut command)
}

#[track_caller]
fn tells(project: &Project, environment: &[(&str, &str)], arguments: &[&str]) -> Run {
    let run = run(project, environment, arguments);
    assert_eq!(run.code, 0, "{arguments:?}\n{}{}", run.stdout, run.stderr);
    run
}

/// A site of which a version was published, with prices that moved.
fn published() -> Project {
    let (project, mut release) = small_site();
    release.reprice(GUYANE[1], 120);
    release.reprice(GUYANE[2], 90);
    release.import(&project);
    configure(&project, "");
    project.run(&["build", "--only-changed"]);
    project
}

#[test]
fn each_kind_is_told_in_its_own_words() {
    let project = published();
    let version = live(&project);
    let kinds = ["slack", "discord", "mattermost", "webhook"];
    configure(&project, &kinds.map(table).concat());
    let service = Service::start(|call| match call.path.as_str() {
        HOOK => Answer::new(200, "ok"),
        _ => Answer::new(404, "no_service"),
    });
    let url = service.url(HOOK);
    let environment: Vec<_> = ["SLACK_URL", "DISCORD_URL", "MATTERMOST_URL", "WEBHOOK_URL"]
        .map(|name| (name, url.as_str()))
        .to_vec();
    let page = "https://github.example/me/prix/actions/runs/42";
    let run = tells(&project, &environment, &["notify", "--run-url", page]);
    assert!(
        run.stdout
            .contains("told of \"published\": slack, discord, mattermost, webhook"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    let mut bodies: Vec<Value> = service
        .calls()
        .iter()
        .map(|call| {
            assert_eq!(call.method, "POST");
            assert_eq!(call.headers["content-type"], "application/json");
            call.json()
        })
        .collect();
    bodies.sort_by_key(|body| body.as_object().unwrap().keys().next().unwrap().clone());
    let of = |key: &str| {
        let found = bodies.iter().filter(|body| body.get(key).is_some());
        found.cloned().collect::<Vec<_>>()
    };
    let [discord] = &of("content")[..] else {
        panic!("{bodies:?}")
    };
    let discord_text = discord["content"].as_str().unwrap();
    assert_eq!(discord["allowed_mentions"], json!({"parse": []}));
    let texts = of("text");
    assert_eq!(texts.len(), 2);
    let (slack, mattermost): (Vec<_>, Vec<_>) = texts
        .iter()
        .partition(|body| body.get("unfurl_links").is_some());
    let slack_text = slack[0]["text"].as_str().unwrap();
    let mattermost_text = mattermost[0]["text"].as_str().unwrap();
    for text in [discord_text, slack_text, mattermost_text] {
        for told in [
            &version,
            "nouvelle version en ligne",
            "communes mises à jour",
            "Iracoubo",
            "€/m²",
            page,
        ] {
            assert!(text.contains(told), "{told}\n{text}");
        }
        assert!(!text.contains("{{") && !text.contains("{%"), "{text}");
    }
    assert!(
        slack_text.contains("*Prix &amp; Cie : nouvelle")
            && slack_text.contains(&format!("<{page}|"))
    );
    assert!(
        discord_text.contains("**Prix & Cie : nouvelle")
            && discord_text.contains(&format!("](<{page}>)"))
    );
    assert!(
        mattermost_text.contains(&format!("]({page})")),
        "{mattermost_text}"
    );

    let [webhook] = &of("outcome")[..] else {
        panic!("{bodies:?}")
    };
    assert_eq!(webhook["outcome"], "published");
    assert_eq!(webhook["site"], "Prix & Cie");
    assert_eq!(webhook["version"], version.as_str());
    assert_eq!(webhook["command"], "build");
    assert_eq!(webhook["message"], Value::Null);
    let changes = &project.json("version.json")["history"][0]["changes"];
    assert_eq!(webhook["cities_updated"], changes["cities_updated"]);
    let movements = webhook["movements"].as_array().unwrap();
    let first = &movements[0];
    assert_eq!(first["code"], GUYANE[1]);
    let [before, after] = ["before", "after"].map(|key| first[key].as_f64().unwrap());
    assert!((after / before - 1.2).abs() < 0.01, "{first}");
    let diff = project.run(&["diff", "previous", &version, "--log-format", "json"]);
    let cities = &diff.json()[0]["cities"];
    assert_eq!(cities[0]["code"], GUYANE[1]);
    assert!(
        cities[0].to_string().contains(&after.to_string()),
        "{cities}"
    );
}

#[test]
fn each_outcome_is_told_to_those_who_want_it() {
    let project = published();
    let all = "on = [\"published\", \"unchanged\", \"refused\", \"failed\", \"rolled-back\"]\n";
    let some = table("webhook").replace("id = \"webhook\"", "id = \"default\"");
    configure(&project, &format!("{some}{}{all}", table("webhook")));
    let service = Service::start(|_| Answer::new(204, ""));
    let url = service.url(HOOK);
    let environment = [("WEBHOOK_URL", url.as_str())];
    let told = |arguments: &[&str]| {
        let mut arguments = arguments.to_vec();
        arguments.insert(0, "notify");
        let run = tells(&project, &environment, &arguments);
        assert!(run.stderr.is_empty(), "{}", run.stderr);
        let calls = service.calls();
        (
            calls.len(),
            calls.last().map_or(Value::Null, |call| call.json()),
        )
    };
    project.run(&["build", "--only-changed"]);
    let (count, message) = told(&[]);
    assert_eq!((count, &message["outcome"]), (1, &json!("unchanged")));

    let before = live(&project);
    project.run(&["rollback"]);
    let (count, message) = told(&[]);
    assert_eq!((count, &message["outcome"]), (2, &json!("rolled-back")));
    assert_eq!(message["previous"], before.as_str());
    assert_eq!(message["version"], live(&project).as_str());

    // A line of a gate may hold anything.
    let refused = json!({
        "refusals": [{"source": "dvf", "file": "2024", "gate": "lost", "reason": "\"half\" is <gone>\nwith @everyone"}],
        "run_url": "https://github.example/runs/7",
    });
    let store = rusqlite::Connection::open(project.path("data/versions.db")).unwrap();
    store
        .execute(
            "INSERT INTO runs (started_at, completed_at, command, outcome, version, message, details)
             VALUES ('2026-10-26T03:00:00Z', '2026-10-26T03:01:00Z', 'update', 'refused', ?, 'dvf was refused', json_patch(
                 (SELECT details FROM runs ORDER BY id DESC LIMIT 1), ?))",
            (live(&project), refused.to_string()),
        )
        .unwrap();
    drop(store);
    let (count, message) = told(&[]);
    assert_eq!((count, &message["outcome"]), (2, &json!("refused")));
    assert_eq!(message["refusals"], refused["refusals"]);
    assert_eq!(message["run_url"], "https://github.example/runs/7");
    // The workflow's run failed because of that, or before it came to anything.
    let (_, message) = told(&[
        "--outcome",
        "failed",
        "--run-url",
        "https://github.example/runs/7",
    ]);
    assert_eq!(message["outcome"], "refused");
    let (_, message) = told(&[
        "--outcome",
        "failed",
        "--run-url",
        "https://github.example/runs/8",
    ]);
    assert_eq!(
        (&message["outcome"], &message["message"]),
        (&json!("failed"), &Value::Null)
    );
    assert_eq!(message["version"], live(&project).as_str());
    configure(&project, &table("slack"));
    let run = tells(&project, &[], &["notify", "--dry-run"]);
    assert!(run.stdout.contains("seuil `lost`"), "{}", run.stdout);
    assert!(run.stdout.contains("&lt;gone&gt;"), "{}", run.stdout);
    configure(&project, &table("discord"));
    let run = tells(&project, &[], &["notify", "--dry-run"]);
    assert!(!run.stdout.contains("@everyone"), "{}", run.stdout);

    // Nothing is on record at all.
    let fresh = Project::new(&["83"]);
    configure(&fresh, &table("webhook"));
    let run = self::run(&fresh, &environment, &["notify"]);
    assert!(
        run.code == 1 && run.stderr.contains("--outcome failed"),
        "{}",
        run.stderr
    );
    tells(&fresh, &environment, &["notify", "--outcome", "failed"]);
    assert_eq!(service.calls()[0].json()["version"], Value::Null);
    let run = self::run(&fresh, &environment, &["notify", "--outcome", "maybe"]);
    assert_eq!(run.code, 2);
}

#[test]
fn one_that_fails_stops_no_other_and_shows_no_secret() {
    let project = published();
    let own = table("webhook")
        + "method = \"PUT\"\nsecret_env = \"WEBHOOK_SECRET\"\nheaders = { Authorization = \"Bearer {{ secret }}\" }\n"
        + "template = '{\"title\": \"{{ site.name }} \\\"{{ title }}\\\"\", \"key\": {{ secret | json }}}'\n";
    let broken = "[[notify]]\nid = \"broken\"\nkind = \"slack\"\nurl_env = \"SLACK_URL\"\ntemplate = \"{{ titel }}\"\n";
    let mail = "[[notify]]\nid = \"mail\"\nkind = \"smtp\"\nserver = \"127.0.0.1\"\nport = 9\nfrom = \"a@b.fr\"\nto = [\"c@d.fr\"]\n";
    let unset = "[[notify]]\nid = \"unset\"\nkind = \"slack\"\nurl_env = \"NO_SUCH_URL\"\n";
    let (slack, discord) = (table("slack"), table("discord"));
    configure(
        &project,
        &[&slack, &discord, &own, broken, mail, unset].concat(),
    );
    let tries = std::sync::atomic::AtomicUsize::new(0);
    let service = Service::start(move |call| match call.path.as_str() {
        // Busy once, then it takes it.
        "/discord/hunter2-of-discord" => {
            match tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
                0 => Answer::too_many(1),
                _ => Answer::new(204, ""),
            }
        }
        "/own" => Answer::new(200, ""),
        path => Answer::new(
            404,
            format!(
                "no service at {path}\nor {}",
                path.rsplit('/').next().unwrap()
            ),
        ),
    });
    let (slack, discord, own) = (
        service.url(HOOK),
        service.url("/discord/hunter2-of-discord"),
        service.url("/own?key=hunter2-of-the-query"),
    );
    let environment = [
        ("SLACK_URL", slack.as_str()),
        ("DISCORD_URL", &discord),
        ("WEBHOOK_URL", &own),
        ("WEBHOOK_SECRET", "hunter2-of-the-header"),
    ];
    let run = tells(&project, &environment, &["notify", "-vv"]);
    assert!(
        run.stdout
            .contains("told of \"published\": discord, webhook"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    for warning in [
        "slack was not told: 127.0.0.1",
        "answered 404 Not Found: no service at … or …",
        "broken was not told: its template does not work",
        "mail was not told: 127.0.0.1:",
        "unset was not told: NO_SUCH_URL is not set",
    ] {
        assert!(run.stderr.contains(warning), "{warning}\n{}", run.stderr);
    }
    let calls = service.calls();
    assert_eq!(
        calls
            .iter()
            .filter(|call| call.path.starts_with("/discord"))
            .count(),
        2
    );
    let own = calls.iter().find(|call| call.path == "/own").unwrap();
    assert_eq!(own.method, "PUT");
    assert_eq!(own.headers["authorization"], "Bearer hunter2-of-the-header");
    assert_eq!(
        own.json(),
        json!({"title": "Prix & Cie \"nouvelle version en ligne\"", "key": "hunter2-of-the-header"})
    );
    let preview = tells(&project, &environment, &["notify", "--dry-run"]);
    assert!(
        preview.stdout.contains("\"key\": \"…\""),
        "{}",
        preview.stdout
    );
    assert!(service.calls().is_empty());
    let mut written: Vec<_> = tree(project.root()).into_values().collect();
    written
        .extend([run.stdout, run.stderr, preview.stdout, preview.stderr].map(String::into_bytes));
    for bytes in written {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn mail_goes_through_tls_alone() {
    let project = published();
    for implicit in [true, false] {
        let server = MailServer::start(implicit);
        project.file("authority.pem", &server.authority);
        let tls = if implicit { "implicit" } else { "starttls" };
        let mail = format!(
            "[[notify]]\nid = \"mail\"\nkind = \"smtp\"\nserver = \"localhost\"\nport = {}\ntls = \"{tls}\"\nfrom = \"Prix de l’immobilier <prix@example.fr>\"\nto = [\"a@example.fr\", \"Équipe <b@example.fr>\"]\nuser_env = \"MAIL_USER\"\npassword_env = \"MAIL_PASSWORD\"\n",
            server.port
        );
        let trusting = format!("{mail}root_certificate = \"authority.pem\"\n");
        configure(&project, &trusting);
        let environment = [("MAIL_USER", USER), ("MAIL_PASSWORD", PASSWORD)];
        let run = tells(&project, &environment, &["notify", "-vv"]);
        assert!(
            run.stdout.contains("told of \"published\": mail"),
            "{}{}",
            run.stdout,
            run.stderr
        );
        let mails = server.mails();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].from, "prix@example.fr");
        assert_eq!(mails[0].to, ["a@example.fr", "b@example.fr"]);
        let (headers, body) = mails[0].data.split_once("\n\n").unwrap();
        for header in [
            "Subject: ",
            "Date: ",
            "Message-ID: <",
            "@example.fr>\n",
            "To: a@example.fr, ",
            "Content-Type: text/plain; charset=utf-8",
        ] {
            assert!(headers.contains(header), "{header}\n{headers}");
        }
        let body = unfold(headers, body);
        for told in [
            live(&project).as_str(),
            "communes mises à jour",
            "Iracoubo",
            "https://prix.example.fr/",
        ] {
            assert!(body.contains(told), "{told}\n{body}");
        }

        let wrong = [
            ("MAIL_USER", USER),
            ("MAIL_PASSWORD", "hunter3-of-somebody"),
        ];
        let wrong = tells(&project, &wrong, &["notify", "-vv"]);
        assert!(
            wrong
                .stderr
                .contains("localhost did not accept the user and the password (535)"),
            "{}",
            wrong.stderr
        );
        // The password as it is, and as SMTP sends it.
        let shows = |text: &str| {
            ["hunter2", "hunter3", "AHBvc3RtYW4"]
                .iter()
                .any(|secret| text.contains(secret))
        };
        for run in [&run, &wrong] {
            assert!(!shows(&run.stdout) && !shows(&run.stderr), "{}", run.stderr);
        }
        // Who signed the certificate is not known: not even a name is said.
        configure(&project, &mail);
        let run = tells(&project, &environment, &["notify"]);
        assert!(run.stderr.contains("certificate"), "{}", run.stderr);
        assert!(server.mails().is_empty());
        let journals = tree(&project.path("data/logs"));
        for bytes in journals.values() {
            let text = String::from_utf8_lossy(bytes);
            assert!(!shows(&text), "{text}");
        }
    }
    let run = tells(&project, &[], &["notify", "--dry-run"]);
    assert!(
        run.stdout
            .contains("Subject: Prix & Cie : nouvelle version en ligne"),
        "{}",
        run.stdout
    );
    fs::remove_file(project.path("authority.pem")).unwrap();
}

/// The text of a body, whichever way it was encoded.
fn unfold(headers: &str, body: &str) -> String {
    if headers.contains("quoted-printable") {
        let joined = body.replace("=\n", "");
        let mut bytes = Vec::new();
        let mut rest = joined.as_bytes();
        while let Some((&byte, tail)) = rest.split_first() {
            if byte == b'=' && tail.len() >= 2 {
                let hex = std::str::from_utf8(&tail[..2]).unwrap();
                bytes.push(u8::from_str_radix(hex, 16).unwrap());
                rest = &tail[2..];
            } else {
                bytes.push(byte);
                rest = tail;
            }
        }
        return String::from_utf8(bytes).unwrap();
    }
    assert!(!headers.contains("base64"), "{headers}");
    body.to_owned()
}
