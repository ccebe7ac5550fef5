use std::fmt::Write as _;

use anyhow::Result;
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use thiserror::Error;

use super::Context;
use super::check::{ask, block_on, day, name};
use crate::app::project::Project;
use crate::config::{Config, Host, Provider, Site};
use crate::db::Database;
use crate::deploy::{Extent, Keys, cdn_credentials, excesses, limits, notify};
use crate::site::templates_digest;
use crate::source::{Http, Ledger, Report, State};
use crate::version::Store;

/// How far the clock may be from upstream's. Services refuse signatures that are a quarter of an hour old.
const CLOCK: SignedDuration = SignedDuration::from_mins(5);

/// Bytes that have to be free whatever the project holds.
const LEAST_FREE: u64 = 100_000_000;

/// Check the configuration, the credentials, the disk, the host's limits, the clock and the sources
///
/// Says what to do about each thing that is not as it should be. Nothing is written, uploaded or downloaded, and
/// credentials are looked at but not used. The exit code is 1 when something is wrong; what may be wrong, such as a source
/// that does not answer, is a warning.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// Something is wrong; the findings have been told.
#[derive(Debug, Error)]
#[error("{problems} of {checks} checks found something wrong")]
pub struct Unwell {
    problems: usize,
    checks: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Ok,
    Warning,
    Problem,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// What a check found.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    status: Status,
    found: String,
    /// What to do.
    advice: Option<String>,
}

/// What all checks found.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn ok(&mut self, check: &'static str, found: impl Into<String>) {
        self.0.push(Finding {
            check,
            status: Status::Ok,
            found: found.into(),
            advice: None,
        });
    }

    fn warning(
        &mut self,
        check: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(check, Status::Warning, found.into(), advice.into());
    }

    fn problem(
        &mut self,
        check: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(check, Status::Problem, found.into(), advice.into());
    }

    fn add(&mut self, check: &'static str, status: Status, found: String, advice: String) {
        self.0.push(Finding {
            check,
            status,
            found,
            advice: Some(advice),
        });
    }
}

impl Doctor {
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        let mut findings = Findings::default();
        look(&context.project, &mut findings);
        let Findings(findings) = findings;
        let problems = findings
            .iter()
            .filter(|finding| finding.status == Status::Problem)
            .count();
        let data = serde_json::json!({"ok": problems == 0, "checks": findings});
        if self.json {
            context
                .terminal
                .result(&serde_json::to_string_pretty(&data)?);
        } else {
            context.terminal.summary(&text(&findings), &data);
        }
        match problems {
            0 => Ok(()),
            problems => Err(Unwell {
                problems,
                checks: findings.len(),
            }
            .into()),
        }
    }
}

/// A line a finding, and one below for what to do.
fn text(findings: &[Finding]) -> String {
    let width = findings
        .iter()
        .map(|finding| finding.check.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for finding in findings {
        let word = finding.status.word();
        let _ = writeln!(
            text,
            "{word:7}  {:width$}  {}",
            finding.check, finding.found
        );
        if let Some(advice) = &finding.advice {
            let _ = writeln!(text, "{:7}  {:width$}  -> {advice}", "", "");
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// All checks. Each goes by itself: what one cannot tell, the next may.
fn look(project: &Project, findings: &mut Findings) {
    let config = match Config::load(project.root()) {
        Ok(config) => config,
        Err(error) => {
            findings.problem(
                "configuration",
                error.to_string(),
                "nothing else can be checked before that is put right",
            );
            return;
        }
    };
    configuration(project, &config, findings);
    credentials(&config, findings);
    let store = store(project, findings);
    disk(project, store.as_ref(), findings);
    host(&config, store.as_ref(), findings);
    recorded_times(store.as_ref(), findings);
    upstream(project, &config, findings);
}

fn configuration(project: &Project, config: &Config, findings: &mut Findings) {
    if config.site.address == Site::default().address {
        findings.problem(
            "configuration",
            format!("site.address is still {}", config.site.address),
            "set it in immostats.toml to where the site is served: canonical links and the sitemap name it",
        );
    } else {
        findings.ok(
            "configuration",
            format!("immostats.toml, for {}", config.site.address),
        );
    }
    if let Some(templates) = project.templates() {
        match templates_digest(config, Some(&templates)) {
            Ok(_) => findings.ok("templates", "the project's own templates can be read"),
            Err(error) => findings.problem(
                "templates",
                error.to_string(),
                format!("put it right in {}", templates.display()),
            ),
        }
    }
}

/// Whether the credentials that the configuration needs are there and may be some. They are not shown, nor sent anywhere.
fn credentials(config: &Config, findings: &mut Findings) {
    const SET: &str = "set it in the environment; in GitHub Actions, as a secret of the repository";
    let mut check = |found: Result<String, String>| match found {
        Ok(found) => findings.ok("credentials", found),
        Err(reason) => findings.problem("credentials", reason, SET),
    };
    if config.deploy.host == Host::S3 {
        let keys = Keys::from_environment().map_err(|error| error.to_string());
        check(keys.and_then(|keys| match keys.implausible() {
            Some(reason) => Err(reason),
            None => Ok(format!(
                "the keys of bucket {} are set",
                config.deploy.s3.bucket
            )),
        }));
    }
    if config.cdn.provider != Provider::None {
        check(match cdn_credentials(config.cdn.provider) {
            Ok(()) => Ok("those of the CDN are set".into()),
            Err(error) => Err(error.to_string()),
        });
    }
    for table in &config.notify {
        check(match notify::credentials(table) {
            Ok(()) => Ok(format!("those of notification {} are set", table.id)),
            Err(reason) => Err(format!("notification {}: {reason}", table.id)),
        });
    }
}

fn store(project: &Project, findings: &mut Findings) -> Option<Store> {
    let path = project.versions();
    if !path.exists() {
        findings.warning(
            "site",
            "nothing has been built yet",
            "run `immostats update`, or `immostats import FILE…` and `immostats build`",
        );
        return None;
    }
    match Store::open(&path) {
        Ok(store) => Some(store),
        Err(error) => {
            findings.problem(
                "site",
                error.to_string(),
                "restore a saved state with `immostats state restore FILE`, or move the file away and build again",
            );
            None
        }
    }
}

/// Whether there is room for another build: a state is saved and restored beside what is there.
fn disk(project: &Project, store: Option<&Store>, findings: &mut Findings) {
    let free = match rustix::fs::statvfs(project.root()) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => {
            return findings.warning(
                "disk",
                format!("the free space cannot be told ({error})"),
                "see that there is room for three times the size of data/ and site/",
            );
        }
    };
    let size = |path: std::path::PathBuf| path.metadata().map_or(0, |file| file.len());
    let databases = size(project.database()) + size(project.versions());
    let site = store
        .and_then(|store| store.live_sizes().ok())
        .map_or(0, |files| files.iter().map(|(_, size)| size).sum());
    let needed = LEAST_FREE + 2 * (databases + site);
    let told = format!("{} MB free", free / 1_000_000);
    if free < needed {
        findings.problem(
            "disk",
            told,
            format!(
                "free some: {} MB may be needed at a time. `immostats gc --keep 5` drops old versions",
                needed.div_ceil(1_000_000)
            ),
        );
    } else {
        findings.ok("disk", told);
    }
}

/// Whether the host takes the site.
fn host(config: &Config, store: Option<&Store>, findings: &mut Findings) {
    let (host, plan) = (config.deploy.host, config.deploy.plan);
    let name = limits(host, plan).name;
    let files = match store.map(Store::live_sizes) {
        None => return,
        Some(Err(error)) => {
            return findings.problem("host", error.to_string(), "run `immostats verify`");
        }
        Some(Ok(files)) => files,
    };
    let extent = Extent::of(files.iter().map(|(path, size)| (path.as_str(), *size)));
    let excesses = excesses(host, plan, &extent);
    for excess in &excesses {
        let status = if excess.refused {
            Status::Problem
        } else {
            Status::Warning
        };
        findings.add(
            "host",
            status,
            excess.reason.clone(),
            excess.way_out.clone(),
        );
    }
    if excesses.is_empty() {
        findings.ok(
            "host",
            format!(
                "{name} takes the {} files and {:.1} MB of the site",
                extent.files,
                extent.size as f64 / 1e6
            ),
        );
    }
    let headers = match host {
        Host::S3 => {
            "Cache-Control goes with each file, and no other header of site/_headers".to_owned()
        }
        _ if limits(host, plan).sends_headers => return,
        _ => format!("{name} sends headers of its own, and not those of site/_headers"),
    };
    findings.ok("headers", headers);
}

/// Whether what was done before lies before now.
fn recorded_times(store: Option<&Store>, findings: &mut Findings) {
    let live = store.and_then(|store| store.live_version().ok().flatten());
    let Some(last) = live.and_then(|live| live.date.parse::<Timestamp>().ok()) else {
        return;
    };
    if last > Timestamp::now() + CLOCK {
        findings.problem(
            "clock",
            format!("the live version is of {last}, which is yet to come"),
            "set the clock; versions are numbered by it",
        );
    }
}

/// Whether the clock agrees with upstream's, and what is new there.
fn upstream(project: &Project, config: &Config, findings: &mut Findings) {
    let sources: Vec<_> = config.sources.enabled().collect();
    if sources.is_empty() {
        return findings.ok("sources", "immostats.toml enables none");
    }
    let asked = || -> Result<(Option<Timestamp>, Vec<Report>)> {
        let database = Database::open_read_only(&project.database())?;
        let ledger = database.map_or(Ok(Ledger::new()), |database| database.ledger())?;
        let http = Http::new(&config.fetch, &config.sources.0)?;
        let time = block_on(http.time())?;
        Ok((time, ask(&http, &sources, &ledger, &project.downloads())?))
    };
    let (time, reports) = match asked() {
        Ok(answers) => answers,
        Err(error) => {
            return findings.problem(
                "sources",
                format!("{error:#}"),
                "run `immostats status`, which says more of the database",
            );
        }
    };
    match time {
        None => findings.warning(
            "clock",
            format!("{} did not tell the time", config.fetch.api),
            "see that this machine reaches the network; proxies are taken from HTTPS_PROXY",
        ),
        Some(time) => {
            let off = Timestamp::now().duration_since(time);
            if off.abs() > CLOCK {
                findings.problem(
                    "clock",
                    format!(
                        "it is {} s {} upstream's",
                        off.as_secs().abs(),
                        if off.is_negative() { "behind" } else { "ahead of" }
                    ),
                    "set it: versions are numbered by it, and buckets refuse signatures of another time",
                );
            } else {
                findings.ok("clock", "it agrees with upstream's");
            }
        }
    }
    for report in &reports {
        source(report, findings);
    }
}

/// How fresh a source is.
fn source(report: &Report, findings: &mut Findings) {
    let mut news = Vec::new();
    let mut well = true;
    for finding in &report.findings {
        let file = name(&report.source, &finding.item);
        match &finding.state {
            State::UpToDate => {}
            State::New { since, .. } => {
                let since = since
                    .as_deref()
                    .map_or(String::new(), |since| format!(" since {}", day(since)));
                news.push(format!("{file} is new{since}"));
            }
            State::Gone => {
                well = false;
                findings.warning(
                    "sources",
                    format!("{file} is gone upstream; what was imported stays"),
                    "if it is not coming back, nothing is to be done; if it moved, correct the source in immostats.toml",
                );
            }
            State::Unreachable { reason } => {
                well = false;
                findings.warning(
                    "sources",
                    format!("{file}: {reason}"),
                    "try again later; if it stays so, correct the source in immostats.toml",
                );
            }
        }
    }
    if let Some(due) = report.late_since {
        well = false;
        findings.warning(
            "sources",
            format!("something new of {} was expected by {due}", report.source),
            "see whether upstream announces a delay or another address; `every` of the source says when it is expected",
        );
    }
    if !news.is_empty() {
        findings.ok(
            "sources",
            format!("{}; `immostats update` takes it", news.join(", ")),
        );
    } else if well {
        findings.ok("sources", format!("{} is up to date", report.source));
    }
}
