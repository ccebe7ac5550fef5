//! `immostats publish` against a real S3-compatible server.

use std::collections::BTreeMap;
use std::fs;
use std::process::Output;

use immostats::base::stop::StopPoint;

use crate::market::{Release, small_site};
use crate::s3::{KEY, S3, SECRET};
use crate::stop::kill_at;
use crate::support::{Project, tree};

/// A small site that is published to a bucket.
pub fn published_site(s3: &S3) -> (Project, Release) {
    let (project, release) = small_site();
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!("{configuration}{}", s3.configuration()));
    (project, release)
}

/// Proves that the bucket holds the site, all of it and nothing else.
#[track_caller]
pub fn assert_published(s3: &S3, project: &Project) {
    assert!(held(s3) == expected(project));
}

#[track_caller]
fn done(output: Output) -> String {
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{text}");
    text
}

#[track_caller]
fn failed(output: Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(!text.contains(SECRET) && !text.contains(KEY), "{text}");
    text
}

/// What the bucket should hold: the site, without what only other hosts read.
fn expected(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(&project.path("site"));
    files.remove("_headers").unwrap();
    files
}

/// What the bucket holds of the site.
fn held(s3: &S3) -> BTreeMap<String, Vec<u8>> {
    let mut objects = s3.objects();
    objects.remove(".immostats-publication");
    objects
}

fn of<'a>(requests: &'a [String], method: &str) -> Vec<&'a str> {
    requests
        .iter()
        .filter_map(|request| request.strip_prefix(method)?.strip_prefix(" /"))
        .collect()
}

#[test]
fn a_bucket_follows_the_site_and_only_what_changed_travels() {
    let s3 = S3::start();
    let (project, mut release) = published_site(&s3);
    let plan = done(s3.publish(&project).arg("--dry-run").output().unwrap());
    assert!(plan.contains("upload ville/97302/index.html"), "{plan}");
    assert!(of(&s3.requests(), "PUT").is_empty() && held(&s3).is_empty());

    let first = done(s3.publish(&project).output().unwrap());
    assert_eq!(held(&s3), expected(&project));
    assert!(first.contains("is in bucket prix at 127.0.0.1"), "{first}");
    // Each once; what pages show before the pages, and version.json at the very end.
    let requests = s3.requests();
    let puts = of(&requests, "PUT");
    assert_eq!(puts.len(), expected(&project).len() + 1);
    assert_eq!(puts.last(), Some(&"version.json"));
    let first_page = puts.iter().position(|path| path.ends_with(".html"));
    let last_data = puts.iter().rposition(|path| {
        let is_data = path.starts_with("data/") && !path.ends_with(".html");
        path.starts_with("assets/") || is_data || *path == "sitemap.xml"
    });
    assert!(last_data < first_page, "{puts:?}");

    let page = s3.get("ville/97302/index.html").unwrap();
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(
        page.headers["cache-control"],
        "public, max-age=3600, s-maxage=604800, stale-while-revalidate=86400"
    );
    let data = s3.get("data/villes/97302.json").unwrap();
    assert_eq!(data.headers["content-type"], "application/json");
    assert_eq!(
        data.headers["cache-control"],
        "public, max-age=3600, s-maxage=604800, stale-while-revalidate=86400"
    );

    // Nothing new: nothing travels.
    s3.requests();
    done(s3.publish(&project).output().unwrap());
    let requests = s3.requests();
    assert_eq!(requests, ["GET /.immostats-publication"]);

    // A commune sells dearer, a département goes; what somebody else put there stays.
    fs::write(s3.file("google1234.html"), "theirs").unwrap();
    fs::write(
        s3.file("google1234.html")
            .with_file_name("google1234.html._S3rver_metadata.json"),
        "{}",
    )
    .unwrap();
    release.reprice("97302", 130);
    release.import(&project);
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&configuration.replace("\"973\", \"83\"", "\"973\""));
    project.run(&["build", "--only-changed", "--allow-removals"]);
    let plan = done(s3.publish(&project).arg("--dry-run").output().unwrap());
    assert!(plan.contains("remove ville/83061/index.html"), "{plan}");
    s3.requests();
    done(s3.publish(&project).output().unwrap());
    let mut objects = held(&s3);
    assert_eq!(objects.remove("google1234.html").unwrap(), b"theirs");
    assert_eq!(objects, expected(&project));
    let requests = s3.requests();
    let puts = of(&requests, "PUT");
    assert!(puts.contains(&"data/villes/97302.json") && !puts.contains(&"robots.txt"));
    let mut deletes = of(&requests, "DELETE");
    // What the search field finds, and the lists of communes, lie in many small files.
    let of_search = ["communes/", "data/recherche/", "data/centres/"];
    deletes.retain(|path| !of_search.iter().any(|start| path.starts_with(start)));
    deletes.sort_unstable();
    assert_eq!(
        deletes,
        [
            "data/departement/83.csv",
            "data/departement/83.json",
            "data/epci/200035319.json",
            "data/region/93.json",
            "data/villes/83061.json",
            "departement/83/atom.xml",
            "departement/83/index.html",
            "epci/200035319/index.html",
            "images/83061.png",
            "region/93/index.html",
            "ville/83061/index.html"
        ]
    );
    // After the last page, before the version is announced.
    assert_eq!(requests.last().unwrap(), "PUT /version.json");
    assert!(requests[requests.len() - 2].starts_with("DELETE "));

    // Back again.
    project.run(&["rollback"]);
    done(s3.publish(&project).output().unwrap());
    let mut objects = held(&s3);
    objects.remove("google1234.html");
    assert_eq!(objects, expected(&project));
}

#[test]
fn an_interrupted_upload_goes_on() {
    let s3 = S3::start();
    let (project, _) = published_site(&s3);
    let total = expected(&project).len();
    // The mark and eleven files come and are noted; then the program is killed while others are under way.
    s3.tell("hold 12");
    kill_at(&mut s3.publish(&project), StopPoint::FileUploaded, 11);
    s3.tell("release");
    let requests = s3.requests();
    let before: Vec<_> = of(&requests, "PUT").into_iter().skip(1).collect();
    assert!(!held(&s3).contains_key("version.json"));

    let text = done(s3.publish(&project).output().unwrap());
    assert!(!text.contains("was listed"), "{text}");
    assert_eq!(held(&s3), expected(&project));
    let requests = s3.requests();
    let after: Vec<_> = of(&requests, "PUT").into_iter().skip(1).collect();
    assert_eq!(after.len(), total - before.len());
    assert!(
        before.iter().all(|path| !after.contains(path)),
        "{before:?} {after:?}"
    );
}

#[test]
fn a_server_that_says_no_for_a_while_is_asked_again() {
    let s3 = S3::start();
    let (project, _) = published_site(&s3);
    s3.tell("fail 3");
    done(s3.publish(&project).output().unwrap());
    assert_eq!(held(&s3), expected(&project));
}

#[test]
fn variants_are_served_as_what_they_unpack_to() {
    let s3 = S3::start();
    let (project, _) = published_site(&s3);
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!(
        "{configuration}[build]\nprecompress = [\"gzip\"]\n"
    ));
    project.run(&["build"]);
    done(s3.publish(&project).output().unwrap());
    assert_eq!(held(&s3), expected(&project));
    let page = s3.get("ville/97302/index.html.gz").unwrap();
    assert_eq!(page.headers["content-encoding"], "gzip");
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(
        page.headers["cache-control"],
        "public, max-age=3600, s-maxage=604800, stale-while-revalidate=86400"
    );
    let page = s3.get("ville/97302/index.html").unwrap();
    assert!(!page.headers.contains_key("content-encoding"));
}

#[test]
fn a_bucket_that_is_not_as_it_was_left_is_looked_at() {
    let s3 = S3::start();
    let (project, mut release) = published_site(&s3);
    done(s3.publish(&project).output().unwrap());
    project.run(&["state", "save", "state.tar.zst"]);
    // A run whose state is lost, as on a machine that died, leaves a page of a version that nobody knows.
    let old = held(&s3)["ville/97302/index.html"].clone();
    release.reprice("97302", 130);
    release.import(&project);
    project.run(&["build"]);
    done(s3.publish(&project).output().unwrap());
    assert_ne!(held(&s3)["ville/97302/index.html"], old);
    project.run(&["state", "restore", "--force", "state.tar.zst"]);
    project.run(&["build"]);
    s3.requests();
    let text = done(s3.publish(&project).output().unwrap());
    assert!(text.contains("so it was listed"), "{text}");
    // What the archive of the lost run said stays said.
    let mut objects = held(&s3);
    objects.retain(|path, _| !path.starts_with("archive/ventes-2024-12.2/"));
    assert_eq!(objects, expected(&project));
    // What is right there already is told by its checksum, and does not travel.
    let requests = s3.requests();
    let puts = of(&requests, "PUT");
    assert!(puts.contains(&"data/villes/97302.json") && !puts.contains(&"robots.txt"));

    // Emptied by hand: all of it comes again.
    for path in held(&s3).keys() {
        fs::remove_file(s3.file(path)).unwrap();
    }
    fs::remove_file(s3.file(".immostats-publication")).unwrap();
    done(s3.publish(&project).output().unwrap());
    assert_eq!(held(&s3), expected(&project));
}

#[test]
fn a_folder_of_the_bucket_is_all_that_is_touched() {
    let s3 = S3::start();
    let (project, _) = published_site(&s3);
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    done(s3.publish(&project).output().unwrap());
    let whole = held(&s3);
    project.configure(&format!("{configuration}prefix = \"/sites/prix/\"\n"));
    done(s3.publish(&project).output().unwrap());
    let (inside, outside): (BTreeMap<_, _>, BTreeMap<_, _>) = held(&s3)
        .into_iter()
        .partition(|(path, _)| path.starts_with("sites/prix/"));
    assert_eq!(outside, whole);
    let inside: BTreeMap<_, _> = inside
        .into_iter()
        .map(|(path, bytes)| (path["sites/prix/".len()..].to_owned(), bytes))
        .filter(|(path, _)| path != ".immostats-publication")
        .collect();
    assert_eq!(inside, expected(&project));
}

#[test]
fn what_is_wrong_is_said_without_the_keys() {
    let s3 = S3::start();
    let (project, _) = published_site(&s3);
    let mut command = s3.publish(&project);
    let text = failed(
        command
            .env("AWS_SECRET_ACCESS_KEY", "another")
            .output()
            .unwrap(),
    );
    assert!(text.contains("SignatureDoesNotMatch"), "{text}");
    assert!(!text.contains("another"), "{text}");
    assert!(held(&s3).is_empty());
    let mut command = s3.publish(&project);
    let text = failed(command.env_remove("AWS_ACCESS_KEY_ID").output().unwrap());
    assert!(text.contains("AWS_ACCESS_KEY_ID is not set"), "{text}");

    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&configuration.replace("bucket = \"prix\"", "bucket = \"elsewhere\""));
    let text = failed(s3.publish(&project).output().unwrap());
    assert!(
        text.contains("NoSuchBucket") && text.contains("see deploy.s3"),
        "{text}"
    );
    project.configure(&configuration.replace("host = \"s3\"", "host = \"netlify\""));
    let text = failed(s3.publish(&project).output().unwrap());
    assert!(text.contains("deploy.host"), "{text}");
    // Nor in the journal, which keeps what was done and how it failed.
    for (path, bytes) in tree(&project.path("data/logs")) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains(SECRET) && !text.contains(KEY), "{path}");
    }
}
