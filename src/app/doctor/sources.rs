//! Whether the clock agrees with upstream's, and what is new there.

use std::time::Duration;

use futures_util::future::{join, join_all};
use jiff::{SignedDuration, Timestamp};
use tokio::time::timeout;

use super::diagnosis::Diagnosis;
use crate::app::failure::Failure;
use crate::app::project::Project;
use crate::app::upstream::{day, file_name, ledger};
use crate::config::{Config, Fetch, Source};
use crate::http::{HttpError, block_on};
use crate::source::{FileFinding, FileState, SourceReport, UpstreamClient, survey};

/// How far the clock may be from upstream's. Services refuse signatures that are a quarter of an hour old.
pub(super) const CLOCK: SignedDuration = SignedDuration::from_mins(5);

/// For all answers, and for one, seconds: a doctor does not keep people waiting.
const PATIENCE: Duration = Duration::from_secs(8);
const ATTEMPT: f64 = 6.0;

const NETWORK: &str =
    "see that this machine reaches the network; proxies are taken from HTTPS_PROXY";

/// What is found of the clock and of the sources.
pub(super) fn findings(project: &Project, config: &Config) -> Vec<Diagnosis> {
    if config.sources.enabled().next().is_none() {
        return vec![Diagnosis::ok("sources", "immostats.toml enables none")];
    }
    let Answers { time, reports } = match ask(project, config) {
        Ok(answers) => answers,
        Err(error) => {
            return vec![Diagnosis::problem(
                "sources",
                error.to_string(),
                "run `immostats status`, which says more of the database",
            )];
        }
    };
    let answered = |report: &SourceReport| report.unknown().count() < report.findings.len();
    let found = match &time {
        _ if reports.iter().any(answered) => None,
        Some(Ok(_)) => None,
        Some(Err(error)) => Some(format!("no source answers: {error}")),
        None => Some(format!(
            "the sources did not answer within {} s",
            PATIENCE.as_secs()
        )),
    };
    if let Some(found) = found {
        return vec![Diagnosis::problem("network", found, NETWORK)];
    }
    let time = time.and_then(Result::ok).flatten();
    let mut findings = vec![clock(config, time)];
    findings.extend(reports.iter().flat_map(source));
    findings
}

/// What upstream says.
struct Answers {
    /// By the clock of the API; `None` where it did not answer in time.
    time: Option<Result<Option<Timestamp>, HttpError>>,
    reports: Vec<SourceReport>,
}

/// Upstream's time and its files. Who does not answer in time does not keep the others waiting.
fn ask(project: &Project, config: &Config) -> Result<Answers, Failure> {
    let ledger = ledger(project)?;
    let fetch = Fetch {
        connect_timeout: config.fetch.connect_timeout.min(ATTEMPT),
        total_timeout: config.fetch.total_timeout.min(ATTEMPT),
        retries: 0,
        ..config.fetch.clone()
    };
    let http = UpstreamClient::new(&fetch, &config.sources.0)?;
    let downloads = project.downloads();
    let (http, ledger, downloads) = (&http, &ledger, &downloads);
    let reports = config.sources.enabled().map(|source| async move {
        let reports = timeout(PATIENCE, survey(http, &[source], ledger, downloads)).await;
        reports.unwrap_or_else(|_| vec![silent(source)])
    });
    let answers = async {
        let (time, reports) = join(timeout(PATIENCE, http.time()), join_all(reports)).await;
        Answers {
            time: time.ok(),
            reports: reports.into_iter().flatten().collect(),
        }
    };
    Ok(block_on(answers)?)
}

/// The report of a source that did not answer in time.
fn silent(source: &Source) -> SourceReport {
    let reason = format!("it did not answer within {} s", PATIENCE.as_secs());
    SourceReport {
        source: source.id.clone(),
        findings: vec![FileFinding::unreachable("", reason)],
        late_since: None,
    }
}

fn clock(config: &Config, time: Option<Timestamp>) -> Diagnosis {
    let Some(time) = time else {
        return Diagnosis::warning(
            "clock",
            format!("{} did not tell the time", config.fetch.api),
            NETWORK,
        );
    };
    let off = crate::base::clock::now().duration_since(time);
    if off.abs() <= CLOCK {
        return Diagnosis::ok("clock", "it agrees with upstream's");
    }
    let side = if off.is_negative() {
        "behind"
    } else {
        "ahead of"
    };
    Diagnosis::problem(
        "clock",
        format!("it is {} s {side} upstream's", off.as_secs().abs()),
        "set it: versions are numbered by it, and buckets refuse signatures of another time",
    )
}

/// How fresh a source is.
fn source(report: &SourceReport) -> Vec<Diagnosis> {
    let mut findings = Vec::new();
    let mut news = Vec::new();
    for finding in &report.findings {
        let file = file_name(&report.source, &finding.item);
        match &finding.state {
            FileState::UpToDate => {}
            FileState::New { since, .. } => {
                let since = since.as_deref().map(day);
                let since = since.map_or(String::new(), |day| format!(" since {day}"));
                news.push(format!("{file} is new{since}"));
            }
            FileState::Gone => findings.push(Diagnosis::warning(
                "sources",
                format!("{file} is gone upstream; what was imported stays"),
                "if it is not coming back, nothing is to be done; if it moved, correct the source in immostats.toml",
            )),
            FileState::Unreachable { reason } => findings.push(Diagnosis::warning(
                "sources",
                format!("{file}: {reason}"),
                "try again later; if it stays so, correct the source in immostats.toml",
            )),
        }
    }
    if let Some(due) = report.late_since {
        findings.push(Diagnosis::warning(
            "sources",
            format!("something new of {} was expected by {due}", report.source),
            "see whether upstream announces a delay or another address; `every` of the source says when it is expected",
        ));
    }
    if !news.is_empty() {
        let news = news.join(", ");
        findings.push(Diagnosis::ok(
            "sources",
            format!("{news}; `immostats update` takes it"),
        ));
    } else if findings.is_empty() {
        findings.push(Diagnosis::ok(
            "sources",
            format!("{} is up to date", report.source),
        ));
    }
    findings
}
