//! What is told to those who watch over the site: `api/health.json` and `admin/`.

use std::fs;
use std::time::SystemTime;

use crate::market::{Release, small_site};
use crate::server::{DATASET, Server};
use crate::support::{Project, tree};

const ADMIN: &str = "admin/index.html";

fn admin(project: &Project) -> String {
    fs::read_to_string(project.path("site").join(ADMIN)).unwrap()
}

/// Text as a reader sees it: no tags, plain spaces.
fn plain(page: &str) -> String {
    let mut text = String::new();
    let mut tag = false;
    for c in page.chars() {
        match c {
            '<' => tag = true,
            '>' => {
                tag = false;
                text.push(' ');
            }
            _ if tag => {}
            c if c.is_whitespace() => text.push(' '),
            c => text.push(c),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn configured(project: &Project, more: &str) {
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!("{configuration}{more}"));
}

fn modified(project: &Project) -> Vec<(String, SystemTime)> {
    let site = project.path("site");
    tree(&site)
        .into_keys()
        .map(|path| {
            let time = fs::metadata(site.join(&path)).unwrap().modified().unwrap();
            (path, time)
        })
        .collect()
}

#[test]
fn the_operators_page_tells_of_the_data_the_runs_and_the_host() {
    let (project, mut release) = small_site();
    configured(
        &project,
        "[deploy]\nhost = \"cloudflare-pages\"\nworkflow = \"https://github.com/o/r/actions/workflows/update-data.yml\"\n[gates]\nlost = 12.5\n",
    );
    // A run that fails is told of by the next version, and no sooner.
    let before = modified(&project);
    assert_eq!(project.try_run(&["build", "--city", "00000"]).code, 1);
    project.run(&["build", "--only-changed"]);
    assert_eq!(modified(&project), before);
    release.reprice("97302", 130);
    release.import(&project);
    project.run(&["build"]);

    let page = admin(&project);
    let version = project.json("version.json")["current"]
        .as_str()
        .unwrap()
        .to_owned();
    let files = project.site().len();
    let text = plain(&page);
    for told in [
        &format!("Version {version}, publiée le "),
        "Ventes jusqu’au 31 décembre 2024",
        "Communes à jour 23 sur 23",
        "Elle est prévue le lundi ",
        "Lancer une mise à jour",
        // The failed one, the two that found or made something before it, and the one that made this version.
        "4 exécutions : 2 publiées, 1 sans changement, 0 retour en arrière, 0 refusée, 1 en échec.",
        "12,5 % : mutations ou ventes perdues",
        "Aucun refus depuis douze mois.",
        "Hébergeur : Cloudflare Pages",
        &format!("Fichiers {files} 20 000"),
    ] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"));
    assert!(page.contains("href=\"https://github.com/o/r/actions/workflows/update-data.yml\""));
    // Under the policy of the site: no script, no style of its own; its style sheet is there.
    assert!(!page.contains("<script") && !page.contains("style=") && !page.contains("<style"));
    let style = page.split("stylesheet\" href=\"../").nth(1).unwrap();
    assert!(
        project
            .path("site")
            .join(style.split('"').next().unwrap())
            .exists()
    );
    // Not for search engines.
    let read = |path: &str| fs::read_to_string(project.path("site").join(path)).unwrap();
    assert!(read("robots.txt").contains("\nDisallow: /admin/\n"));
    assert!(!read("sitemap.xml").contains("admin"));
    assert!(
        read("_headers").contains("/admin/*\n  Cache-Control: no-cache\n  X-Robots-Tag: noindex\n")
    );

    // A run with nothing new touches nothing; verify knows the page as one of the site's.
    let before = modified(&project);
    project.run(&["build", "--only-changed"]);
    assert_eq!(modified(&project), before);
    fs::write(project.path("site").join(ADMIN), "altered").unwrap();
    let verify = project.try_run(&["verify"]);
    assert!(
        verify.stdout.contains("altered: admin/index.html"),
        "{}",
        verify.stdout
    );
    project.run(&["build"]);
    assert_eq!(admin(&project), page);

    // The way back needs neither the database nor the configuration.
    fs::remove_file(project.path("data/immostats.db")).unwrap();
    fs::remove_file(project.path("immostats.toml")).unwrap();
    project.run(&["rollback"]);
    let text = plain(&admin(&project));
    assert!(text.contains("rétablie par un retour en arrière"), "{text}");
    assert!(text.contains("1 retour en arrière"), "{text}");
    assert_eq!(
        project.json("api/health.json")["last_run"]["outcome"],
        "rolled-back"
    );
    let verify = project.try_run(&["verify"]);
    assert_eq!(verify.code, 1, "{}", verify.stderr);
    let told = "0 damaged, 0 missing, 0 altered, 0 unknown\n  database: ";
    assert!(
        verify.stdout.contains(told) && verify.stdout.contains("lacks the sales that version"),
        "{}",
        verify.stdout
    );
}

#[test]
fn without_a_workflow_there_is_no_button() {
    let (project, _) = small_site();
    let page = admin(&project);
    assert!(!page.contains("class=\"button\""));
    assert!(plain(&page).contains("Hébergeur : GitHub Pages"));
}

#[test]
fn health_tells_of_the_sources_and_the_next_run() {
    let server = Server::start();
    let project = Project::new(&["973"]);
    let release = Release::of_year("973", &crate::market::GUYANE, 2024, 5);
    let publish = |release: &Release, released: &str| {
        server.file("/2024.csv", release.text());
        server.dataset(&[server.resource("DVF 2024", "/2024.csv", released)]);
    };
    publish(&release, "2026-04-28T08:00:00+00:00");
    configured(
        &project,
        &format!(
            "[fetch]\napi = \"{}\"\nallow_private_addresses = true\n[[sources]]\nid = \"dvf\"\nkind = \"geo-dvf\"\ndataset = \"{DATASET}\"\nresources = [\"DVF {{year}}\"]\nevery = \"6 months\"\n",
            server.url("/api/1")
        ),
    );
    project.run(&["update"]);
    let health = project.json("api/health.json");
    assert_eq!(health["last_update"], "2024-12-31");
    assert_eq!(health["update_frequency"], "weekly");
    assert_eq!(
        (&health["cities_count"], &health["cities_up_to_date"]),
        (&22.into(), &22.into())
    );
    let next: jiff::Timestamp = health["next_update"].as_str().unwrap().parse().unwrap();
    let published: jiff::Timestamp = health["published_at"].as_str().unwrap().parse().unwrap();
    let ahead = next.duration_since(published).as_hours();
    assert!((0..=168).contains(&ahead), "{health}");
    assert_eq!(next.strftime("%A %H:%M:%S").to_string(), "Monday 03:00:00");
    let source = &health["sources"][0];
    assert_eq!(source["id"], "dvf");
    assert!(
        source["released"].is_string() && source["expected_by"].is_string(),
        "{health}"
    );
    assert_eq!(health["last_run"]["outcome"], "published");
    assert_eq!(health["last_run"]["version"], health["version"]);
    // What only the operator's page shows stays there.
    assert!(health.get("settings").is_none());
    let text = plain(&admin(&project));
    assert!(text.contains("dvf 28 avril 2026 28 octobre 2026"), "{text}");

    // A gate's refusal leaves the live site as it is, and the next version tells of it.
    let before = modified(&project);
    let mut shrunk = release.clone();
    shrunk.lines = release.lines.iter().step_by(4).cloned().collect();
    publish(&shrunk, "2026-10-20T08:00:00+00:00");
    assert_eq!(project.try_run(&["update"]).code, 3);
    assert_eq!(modified(&project), before);
    let mut unread = release.clone();
    for line in unread.lines.iter_mut().step_by(10) {
        *line = line.replacen(",Vente,", ",Vente,12 RUE DU SECRET ", 1);
    }
    publish(&unread, "2026-10-20T09:00:00+00:00");
    assert_eq!(project.try_run(&["update"]).code, 3);
    let mut sound = release;
    sound.reprice("97302", 120);
    publish(&sound, "2026-10-21T08:00:00+00:00");
    project.run(&["update"]);
    let text = plain(&admin(&project));
    assert!(
        text.contains("2 refusées") && text.contains("Derniers refus"),
        "{text}"
    );
    // The gate, where, how many and the column; no value of a field.
    let told: Vec<_> = text
        .split(": mutations ou ventes perdues, plus de 10 % (")
        .collect();
    assert!(
        told[1..].iter().any(|told| {
            told.starts_with("département 973, janvier – juin 2024, ")
                && told.contains(" mutations contre ")
        }),
        "{text}"
    );
    let lines = unread.lines.len();
    assert!(
        text.contains(&format!(
            "lignes illisibles, plus de 5 % ({} lignes sur {lines}, colonne valeur_fonciere)",
            lines.div_ceil(10)
        )),
        "{text}"
    );
    assert!(!text.contains("SECRET"), "{text}");
    assert!(
        !admin(&project).contains("lang=\"en\">the") && !text.contains("database"),
        "{text}"
    );
}
