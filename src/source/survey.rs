//! What is upstream, against what was imported.

use std::path::Path;

use futures_util::{StreamExt, stream};
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use reqwest::Url;
use serde::Serialize;

use super::address::Shown;
use super::api;
use super::http::{Http, Stamp};
use super::inspect::Checksum;
use super::ledger::{Held, Known, Ledger};
use crate::config::Source;

/// A file upstream, as far as it is known without fetching it.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// What it is of its source: a year, or its name.
    pub item: String,
    pub(super) url: Url,
    pub(super) stamp: Stamp,
    pub(super) checksum: Option<Checksum>,
    /// RFC 3339.
    pub(super) released: Option<String>,
}

impl Upstream {
    /// Its address, without what may be secret.
    pub fn shown(&self) -> String {
        Shown(&self.url).to_string()
    }

    /// When it was last modified, RFC 3339.
    pub fn released(&self) -> Option<String> {
        self.released.clone().or_else(|| self.stamp.date())
    }
}

/// What was found out of a source.
#[derive(Clone, Debug)]
pub struct Report {
    pub source: String,
    pub findings: Vec<Finding>,
    /// A release was expected by this day, and has not come.
    pub late_since: Option<Date>,
}

/// What was found out of a file of a source.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Empty when the source as a whole is meant.
    pub item: String,
    pub state: State,
    /// What is to be fetched; `None` when there is nothing, or it could not be told.
    pub upstream: Option<Upstream>,
}

/// How a file upstream compares with the one that was imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    UpToDate,
    New {
        /// When it was last modified, RFC 3339.
        since: Option<String>,
        /// Bytes.
        length: Option<u64>,
        /// It is here already, and waits to be imported.
        fetched: bool,
    },
    /// It was imported once, and is no longer upstream. The database keeps what it held.
    Gone,
    /// It could not be told.
    Unreachable {
        reason: String,
    },
}

impl Report {
    pub fn has_news(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| matches!(finding.state, State::New { .. }))
    }

    /// Why it could not be told, for the files where it could not.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, &str)> {
        self.findings
            .iter()
            .filter_map(|finding| match &finding.state {
                State::Unreachable { reason } => Some((finding.item.as_str(), reason.as_str())),
                _ => None,
            })
    }
}

/// Asks upstream for all enabled sources, downloading nothing. `downloads` is the folder of downloads.
pub async fn survey(
    http: &Http,
    sources: &[&Source],
    ledger: &Ledger,
    downloads: &Path,
) -> Vec<Report> {
    let mut reports = Vec::new();
    for source in sources {
        reports.push(survey_one(http, source, ledger, downloads).await);
    }
    reports
}

async fn survey_one(http: &Http, source: &Source, ledger: &Ledger, downloads: &Path) -> Report {
    let nothing = Known::default();
    let known = |item: &str| {
        ledger
            .get(&(source.id.clone(), item.to_owned()))
            .unwrap_or(&nothing)
    };
    let candidates = match candidates(http, source).await {
        Ok(candidates) => candidates,
        Err(reason) => {
            return Report {
                source: source.id.clone(),
                findings: vec![Finding::unreachable("", reason)],
                late_since: None,
            };
        }
    };
    let mut findings: Vec<Finding> = stream::iter(candidates)
        .map(|candidate| {
            let known = known(&candidate.item);
            look(http, source, candidate, known, downloads)
        })
        .buffered(http.settings().parallel)
        .filter_map(std::future::ready)
        .collect()
        .await;
    let items = ledger
        .iter()
        .filter(|((id, _), known)| *id == source.id && **known != nothing);
    for (_, item) in items.map(|(key, _)| key) {
        if !findings.iter().any(|finding| finding.item == *item) {
            findings.push(Finding {
                item: item.clone(),
                state: State::Gone,
                upstream: None,
            });
        }
    }
    findings.sort_by(|a, b| a.item.cmp(&b.item));
    if findings.iter().all(|finding| finding.state == State::Gone) {
        let reason =
            "nothing of it is left upstream; its dataset or its urls in immostats.toml want a look";
        findings.push(Finding::unreachable("", reason.to_owned()));
    }
    let late_since = late_since(source, &findings);
    Report {
        source: source.id.clone(),
        findings,
        late_since,
    }
}

impl Finding {
    fn unreachable(item: &str, reason: String) -> Self {
        Self {
            item: item.to_owned(),
            state: State::Unreachable { reason },
            upstream: None,
        }
    }
}

/// The files that a source may have: those its dataset lists; where there is none or it cannot be asked, its addresses.
async fn candidates(http: &Http, source: &Source) -> Result<Vec<Upstream>, String> {
    if let Some(dataset) = &source.dataset {
        match api::resources(http, source, dataset).await {
            Ok(found) => return Ok(found),
            Err(error) if source.urls.is_empty() => return Err(error.to_string()),
            Err(error) => tracing::warn!("{}: {error}; its addresses are asked instead", source.id),
        }
    }
    let this_year = Zoned::now().year();
    let mut found = Vec::new();
    for url in &source.urls {
        let items: Vec<(String, String)> = if url.contains("{year}") {
            let years = (0..i16::try_from(source.years).unwrap_or(1))
                .rev()
                .map(|back| (this_year - back).to_string());
            years
                .map(|year| (url.replace("{year}", &year), year))
                .collect()
        } else {
            vec![(url.clone(), Source::item(url).to_owned())]
        };
        for (url, item) in items {
            let url = Url::parse(&url).map_err(|error| error.to_string())?;
            found.push(Upstream {
                item,
                url,
                stamp: Stamp::default(),
                checksum: None,
                released: None,
            });
        }
    }
    Ok(found)
}

/// Compares a file upstream with the one that was imported. `None` when there is none and never was one.
async fn look(
    http: &Http,
    source: &Source,
    mut upstream: Upstream,
    known: &Known,
    downloads: &Path,
) -> Option<Finding> {
    let reference = if source.import {
        &known.imported
    } else {
        &known.fetched
    };
    let comparable = |held: &Held| match (&held.checksum, &upstream.checksum) {
        (Some(held), Some(stated)) => held.agrees(stated).is_some(),
        _ => false,
    };
    // The API's checksum says it all; without one, the file's server is asked.
    let told = upstream.checksum.is_some() && reference.as_ref().is_none_or(comparable);
    if !told {
        match http.head(&upstream.url).await {
            Ok(stamp) => {
                let length = stamp.length.or(upstream.stamp.length);
                upstream.stamp = Stamp { length, ..stamp };
            }
            Err(error) if error.is_gone() => {
                let item = upstream.item;
                return (*known != Known::default()).then_some(Finding {
                    item,
                    state: State::Gone,
                    upstream: None,
                });
            }
            Err(error) => return Some(Finding::unreachable(&upstream.item, error.to_string())),
        }
    }
    let waits = |held: &Held| held.is(&upstream) && held.path(downloads, &source.id).exists();
    let fetched = known.fetched.as_ref().is_some_and(waits);
    let current = if source.import {
        reference.as_ref().is_some_and(|held| held.is(&upstream))
    } else {
        fetched
    };
    let state = if current {
        State::UpToDate
    } else {
        State::New {
            since: upstream.released(),
            length: upstream.stamp.length,
            fetched,
        }
    };
    Some(Finding {
        item: upstream.item.clone(),
        state,
        upstream: Some(upstream),
    })
}

/// The day by which something new was expected, once it has passed.
fn late_since(source: &Source, findings: &[Finding]) -> Option<Date> {
    let newest = findings
        .iter()
        .filter_map(|finding| finding.upstream.as_ref()?.released())
        .max()?;
    let day: Date = match newest.parse::<Timestamp>() {
        Ok(time) => time.to_zoned(jiff::tz::TimeZone::UTC).date(),
        // The API also writes times without an offset.
        Err(_) => newest.get(..10)?.parse().ok()?,
    };
    let due = day.checked_add(source.period()?).ok()?;
    (due < Zoned::now().date()).then_some(due)
}
