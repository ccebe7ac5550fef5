//! Whether the clock agrees with upstream's, and what is new there.

use jiff::{SignedDuration, Timestamp};

use super::diagnosis::Diagnosis;
use crate::app::failure::Failure;
use crate::app::project::Project;
use crate::app::upstream::{Upstream, day, file_name, ledger};
use crate::config::Config;
use crate::http::block_on;
use crate::source::{FileState, SourceReport};

/// How far the clock may be from upstream's. Services refuse signatures that are a quarter of an hour old.
pub(super) const CLOCK: SignedDuration = SignedDuration::from_mins(5);

/// What is found of the clock and of the sources.
pub(super) fn findings(project: &Project, config: &Config) -> Vec<Diagnosis> {
    if config.sources.enabled().next().is_none() {
        return vec![Diagnosis::ok("sources", "immostats.toml enables none")];
    }
    let (time, reports) = match ask(project, config) {
        Ok(answers) => answers,
        Err(error) => {
            return vec![Diagnosis::problem(
                "sources",
                error.to_string(),
                "run `immostats status`, which says more of the database",
            )];
        }
    };
    let mut findings = vec![clock(config, time)];
    findings.extend(reports.iter().flat_map(source));
    findings
}

/// Upstream's time and its files.
fn ask(
    project: &Project,
    config: &Config,
) -> Result<(Option<Timestamp>, Vec<SourceReport>), Failure> {
    let ledger = ledger(project)?;
    let upstream = Upstream::new(project, config, &[])?;
    let time = block_on(upstream.http.time())?;
    Ok((time, upstream.survey(&ledger)?))
}

fn clock(config: &Config, time: Option<Timestamp>) -> Diagnosis {
    let Some(time) = time else {
        return Diagnosis::warning(
            "clock",
            format!("{} did not tell the time", config.fetch.api),
            "see that this machine reaches the network; proxies are taken from HTTPS_PROXY",
        );
    };
    let off = Timestamp::now().duration_since(time);
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
