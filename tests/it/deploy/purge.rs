//! The purge: whatever happens, every address that changed is accepted by the CDN exactly once in the end.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use super::cdn::{Bucket, Cdn, Kind, TOKEN};
use super::service::Answer;
use crate::market::{GUYANE, Release, small_site};
use crate::support::{Project, Run, tree};
use crate::versions::live;

const SITE: &str = "https://prix.example.fr";

/// A project with a site and a CDN before it.
pub struct Bench {
    project: Project,
    release: Release,
    pub cdn: Cdn,
    environment: Vec<(&'static str, &'static str)>,
}

impl Bench {
    fn new(cdn: Cdn, variable: &'static str, settings: &str) -> Self {
        let (project, release) = small_site();
        let bench = Self {
            project,
            release,
            cdn,
            environment: vec![(variable, TOKEN)],
        };
        bench.configure(settings);
        bench
    }

    pub fn cloudflare() -> Self {
        let cdn = Cdn::start(Kind::Cloudflare);
        let settings = format!(
            "provider = \"cloudflare\"\n[cdn.cloudflare]\napi = \"{}\"\nzone = \"0a1b2c\"\n",
            cdn.service.url("/client/v4/")
        );
        Self::new(cdn, "IMMOSTATS_CLOUDFLARE_TOKEN", &settings)
    }

    fn configure(&self, settings: &str) {
        self.project.configure(&format!(
            "[site]\naddress = \"{SITE}\"\ndepartements = [\"973\", \"83\"]\n[cdn]\nretries = 2\nretry_wait = 0.01\ntimeout = 5.0\n{settings}"
        ));
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.project.command();
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command.envs(self.environment.iter().copied());
        command.args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        crate::source::outcome(&mut self.command(arguments))
    }

    #[track_caller]
    pub fn ends(&self, code: i32, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(
            run.code, code,
            "{arguments:?}\n{}{}",
            run.stdout, run.stderr
        );
        run
    }

    /// The prices of a commune move, and a version is built.
    pub fn change(&mut self, commune: usize) {
        self.release.reprice(GUYANE[commune], 120);
        self.release.import(&self.project);
        self.project.run(&["build", "--only-changed"]);
    }

    pub fn site(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.project.path("site"))
    }
}

/// The addresses of what differs between two states of `site/`, by the bytes of the files.
pub fn differing(
    before: &BTreeMap<String, Vec<u8>>,
    after: &BTreeMap<String, Vec<u8>>,
) -> Vec<String> {
    let paths = before.keys().chain(after.keys());
    let mut addresses: Vec<_> = paths
        .filter(|path| before.get(*path) != after.get(*path) && *path != "_headers")
        .flat_map(|path| {
            let address = format!("{SITE}/{path}");
            let folder = address.strip_suffix("index.html").map(str::to_owned);
            folder.into_iter().chain([address])
        })
        .collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

#[test]
fn each_address_that_changed_is_purged_once() {
    let mut bench = Bench::cloudflare();
    // What a CDN keeps that was never told anything is not known.
    let run = bench.ends(0, &["purge"]);
    assert!(run.stdout.contains("forgets everything"), "{}", run.stdout);
    assert_eq!(bench.cdn.accepted(), ["everything"]);
    bench.cdn.service.calls();
    let run = bench.ends(0, &["purge"]);
    assert!(
        run.stdout.contains("nothing that changed"),
        "{}",
        run.stdout
    );
    // Where the site is served is no matter of its content.
    let run = bench.ends(0, &["build", "--only-changed"]);
    assert!(run.stdout.contains("nothing changed"), "{}", run.stdout);
    assert!(bench.cdn.service.calls().is_empty());

    let first = bench.site();
    bench.change(0);
    let second = bench.site();
    let expected = differing(&first, &second);
    assert!(expected.len() > 10, "{expected:?}");
    for path in ["/", "/index.html", "/ville/97302/", "/version.json"] {
        assert!(expected.contains(&format!("{SITE}{path}")), "{expected:?}");
    }
    let run = bench.ends(0, &["purge", "--dry-run", "--log-format", "json"]);
    let mut listed: Vec<String> =
        serde_json::from_value(run.json()[0]["would_purge"].clone()).unwrap();
    listed.sort();
    assert_eq!(listed, expected);
    assert!(bench.cdn.service.calls().is_empty());
    bench.cdn.fault(Answer::new(502, "bad gateway"));
    bench.cdn.fault(Answer::too_many(1));
    let run = bench.ends(0, &["purge"]);
    assert!(
        run.stderr.contains("another attempt in 1.0 s"),
        "{}",
        run.stderr
    );
    assert_eq!(bench.cdn.accepted(), expected);

    // A rollback is a difference like another.
    bench.ends(0, &["rollback"]);
    let third = bench.site();
    bench.ends(0, &["purge"]);
    assert_eq!(bench.cdn.accepted(), differing(&second, &third));

    // There and back again, unseen by the CDN: only what tells of it has changed.
    bench.ends(0, &["rollback"]);
    bench.ends(0, &["rollback"]);
    bench.ends(0, &["purge"]);
    let told = differing(&third, &bench.site());
    assert!(
        told.contains(&format!("{SITE}/version.json")) && told.len() < 5,
        "{told:?}"
    );
    assert_eq!(bench.cdn.accepted(), told);
}

#[test]
fn what_failed_is_sent_the_next_time() {
    let mut bench = Bench::cloudflare();
    bench.ends(0, &["purge"]);
    bench.cdn.accepted();
    let first = bench.site();
    bench.change(0);
    let second = bench.site();
    bench.cdn.down(true);
    let run = bench.ends(1, &["purge"]);
    assert!(
        run.stderr.contains("503") && run.stderr.contains("sent by the next"),
        "{}",
        run.stderr
    );
    assert!(bench.cdn.accepted().is_empty());
    // One batch comes through, and the next do not.
    bench.cdn.down(false);
    let batch = "[cdn.cloudflare]\nbatch = 5\n";
    let settings = fs::read_to_string(bench.project.path("immostats.toml")).unwrap();
    bench
        .project
        .configure(&settings.replace("[cdn.cloudflare]\n", batch));
    for _ in 0..3 {
        bench.cdn.fault(Answer::new(500, "oops"));
    }
    bench.ends(1, &["purge"]);
    let some = bench.cdn.accepted();
    let all = differing(&first, &second);
    assert_eq!(some.len(), all.len() - 5, "one batch of five was given up");
    // Another version meanwhile: what is left is sent with what it changed.
    bench.change(1);
    let third = bench.site();
    bench.ends(0, &["purge"]);
    let rest = bench.cdn.accepted();
    let mut expected = differing(&second, &third);
    expected.extend(
        all.iter()
            .filter(|address| !some.contains(address))
            .cloned(),
    );
    expected.sort();
    expected.dedup();
    assert_eq!(rest, expected);

    // No credentials, or wrong ones: told, and nothing is lost.
    let fourth = bench.site();
    bench.change(2);
    let expected = differing(&fourth, &bench.site());
    bench.environment.clear();
    let run = bench.ends(1, &["purge"]);
    assert!(
        run.stderr.contains("IMMOSTATS_CLOUDFLARE_TOKEN, or"),
        "{}",
        run.stderr
    );
    bench.environment = vec![("IMMOSTATS_CLOUDFLARE_TOKEN", "hunter3-of-somebody-else")];
    bench.cdn.service.calls();
    let run = bench.ends(1, &["purge", "-vv"]);
    assert_eq!(bench.cdn.service.calls().len(), 1, "it asks no further");
    assert!(run.stderr.contains("403"), "{}", run.stderr);
    assert!(run.stderr.contains("Bearer …"), "{}", run.stderr);
    bench.environment = vec![
        ("IMMOSTATS_CLOUDFLARE_TOKEN", ""),
        ("IMMOSTATS_CLOUDFLARE_EMAIL", "me@example.fr"),
        ("IMMOSTATS_CLOUDFLARE_KEY", TOKEN),
    ];
    let sent = bench.ends(0, &["purge", "-vv"]);
    assert_eq!(bench.cdn.accepted(), expected);
    // No secret is anywhere.
    let mut written: Vec<_> = tree(bench.project.root()).into_values().collect();
    written.extend([run.stdout, run.stderr, sent.stdout, sent.stderr].map(String::into_bytes));
    for bytes in written {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("hunter"), "{text}");
    }
}

#[test]
fn too_much_is_purged_at_once() {
    let mut bench = Bench::cloudflare();
    bench.ends(0, &["purge"]);
    let first = live(&bench.project);
    bench.change(0);
    let settings = fs::read_to_string(bench.project.path("immostats.toml")).unwrap();
    bench
        .project
        .configure(&settings.replace("[cdn]\n", "[cdn]\neverything_above = 10\n"));
    bench.cdn.accepted();
    bench.ends(0, &["purge"]);
    assert_eq!(bench.cdn.accepted(), ["everything"]);
    bench.project.configure(&settings);
    bench.ends(0, &["purge"]);
    assert!(bench.cdn.accepted().is_empty());
    // A version that is named is what the difference is taken from, purged or not.
    bench.ends(0, &["purge", "--since", &first]);
    assert!(bench.cdn.accepted().len() > 10);
    let run = bench.ends(1, &["purge", "--since", "2001.01.01.1"]);
    assert!(
        run.stderr.contains("there is no version 2001.01.01.1"),
        "{}",
        run.stderr
    );
    // The version that the CDN was told of last is no more.
    for commune in 1..4 {
        bench.change(commune);
    }
    bench.ends(0, &["gc", "--keep", "1"]);
    bench.ends(0, &["purge"]);
    assert_eq!(bench.cdn.accepted(), ["everything"]);

    // Without a CDN it does nothing, be there a site or not.
    let run = Project::new(&["83"]).run(&["purge"]);
    assert!(
        run.stdout.contains("no CDN is configured"),
        "{}",
        run.stdout
    );
    bench.configure("");
    let run = bench.ends(0, &["purge"]);
    assert!(
        run.stdout.contains("no CDN is configured"),
        "{}",
        run.stdout
    );
}

#[test]
fn fastly_is_told_of_addresses_and_of_keys() {
    let cdn = Cdn::start(Kind::Fastly);
    let settings = |by: &str| {
        format!(
            "provider = \"fastly\"\n[cdn.fastly]\napi = \"{}\"\nservice = \"S1\"\nby = \"{by}\"\nper_second = 500.0\n",
            cdn.service.url("")
        )
    };
    let (urls, keys) = (settings("urls"), settings("keys"));
    let mut bench = Bench::new(cdn, "IMMOSTATS_FASTLY_TOKEN", &urls);
    bench.ends(0, &["purge"]);
    assert_eq!(bench.cdn.accepted(), ["everything"]);
    let first = bench.site();
    bench.change(0);
    let second = bench.site();
    bench.cdn.fault(Answer::new(500, "oops"));
    bench.ends(0, &["purge"]);
    assert_eq!(bench.cdn.accepted(), differing(&first, &second));
    bench.change(1);
    bench.configure(&keys);
    bench.cdn.service.calls();
    bench.ends(0, &["purge"]);
    let expected = differing(&second, &bench.site());
    let paths: Vec<_> = expected.iter().map(|url| url.replace(SITE, "")).collect();
    assert_eq!(bench.cdn.accepted(), paths);
    assert_eq!(bench.cdn.service.calls().len(), 1);
}

#[test]
fn bunny_is_not_asked_faster_than_it_allows() {
    let cdn = Cdn::limited(Kind::Bunny, Bucket::new(40.0, 8.0), Bucket::new(20.0, 4.0));
    let settings = format!(
        "provider = \"bunny\"\n[cdn.bunny]\napi = \"{}\"\nexact_per_second = 39.0\nexact_burst = 8.0\nprefix_per_second = 19.0\nprefix_burst = 4.0\n",
        cdn.service.url("")
    );
    let mut bench = Bench::new(cdn, "IMMOSTATS_BUNNY_KEY", &settings);
    bench.ends(0, &["purge"]);
    assert_eq!(bench.cdn.accepted(), [format!("{SITE}/*")]);
    let first = bench.site();
    bench.change(0);
    bench.ends(0, &["purge"]);
    // An address that ends in a slash is no prefix: the home page is not the whole site.
    let expected = differing(&first, &bench.site());
    assert_eq!(bench.cdn.accepted(), expected);
    let prefixes = expected.iter().filter(|url| url.ends_with('/')).count();
    assert!(
        prefixes > 4 && expected.len() - prefixes > 8,
        "{expected:?}"
    );
    assert_eq!(bench.cdn.refused_for_rate(), 0);
}

#[test]
fn any_service_is_told_by_templates() {
    let cdn = Cdn::start(Kind::Http);
    let settings = |body: &str| {
        format!(
            "provider = \"http\"\n[cdn.http]\nmethod = \"PUT\"\nurl = \"{}\"\nbody = '{body}'\nbatch = 7\nper_second = 500.0\n[cdn.http.headers]\nAuthorization = \"Bearer {{{{ token }}}}\"\n",
            cdn.service.url("/flush")
        )
    };
    let (broken, sound) = (
        settings("{\"list\": {{ adresses | json }}}"),
        settings("{\"list\": {{ addresses | json }}}"),
    );
    let mut bench = Bench::new(cdn, "IMMOSTATS_CDN_TOKEN", &broken);
    let run = bench.ends(1, &["purge"]);
    assert!(
        run.stderr.contains("cdn.http.body does not work"),
        "{}",
        run.stderr
    );
    bench.configure(&sound);
    // There is no call for everything: every address is told.
    bench.ends(0, &["purge"]);
    let first = bench.site();
    assert_eq!(bench.cdn.accepted(), differing(&BTreeMap::new(), &first));
    bench.change(0);
    bench.ends(0, &["purge"]);
    assert_eq!(bench.cdn.accepted(), differing(&first, &bench.site()));
}
