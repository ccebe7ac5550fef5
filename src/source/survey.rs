//! What is upstream, against what was imported.

use std::path::Path;

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use jiff::civil::Date;
use reqwest::Url;
use serde::Serialize;

use super::api;
use super::client::{Stamp, UpstreamClient};
use super::error::SourceError;
use super::grist;
use super::inspect::Checksum;
use super::ledger::{FetchedFile, Ledger, LedgerEntry};
use super::upstream::UpstreamFile;
use crate::base::clock;
use crate::config::{GRIST_KEY, Source};

/// What was found out of a source.
#[derive(Clone, Debug)]
pub struct SourceReport {
    /// The id of the source.
    pub source: String,
    /// What was found out of each of its files.
    pub findings: Vec<FileFinding>,
    /// A release was expected by this day, and has not come.
    pub late_since: Option<Date>,
}

/// What was found out of a file of a source.
#[derive(Clone, Debug)]
pub struct FileFinding {
    /// Empty when the source as a whole is meant.
    pub item: String,
    /// How the file upstream compares with the imported one.
    pub state: FileState,
    /// What is to be fetched; `None` when there is nothing, or it could not be told.
    pub upstream: Option<UpstreamFile>,
}

/// How a file upstream compares with the one that was imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FileState {
    /// The file upstream is the one that was imported.
    UpToDate,
    /// A file upstream was never imported, or has changed since.
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
        /// Why it could not be told, for people.
        reason: String,
    },
}

impl SourceReport {
    /// Whether any file of the source is new or has changed upstream.
    pub fn has_news(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| matches!(finding.state, FileState::New { .. }))
    }

    /// The licence that upstream states for the files of the source; `None` where it states none, or was not asked.
    pub fn licence(&self) -> Option<&str> {
        let mut upstream = self.findings.iter().filter_map(|one| one.upstream.as_ref());
        upstream.find_map(|file| file.licence.as_deref())
    }

    /// Why it could not be told, for the files where it could not.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, &str)> {
        self.findings
            .iter()
            .filter_map(|finding| match &finding.state {
                FileState::Unreachable { reason } => Some((finding.item.as_str(), reason.as_str())),
                _ => None,
            })
    }
}

/// Asks upstream for all enabled sources, downloading nothing. `downloads` is the folder of downloads.
pub async fn survey(
    client: &UpstreamClient,
    sources: &[&Source],
    ledger: &Ledger,
    downloads: &Path,
) -> Vec<SourceReport> {
    let mut reports = Vec::new();
    for source in sources {
        reports.push(survey_one(client, source, ledger, downloads).await);
    }
    reports
}

async fn survey_one(
    client: &UpstreamClient,
    source: &Source,
    ledger: &Ledger,
    downloads: &Path,
) -> SourceReport {
    let nothing = LedgerEntry::default();
    let known = |item: &str| {
        ledger
            .get(&(source.id.clone(), item.to_owned()))
            .unwrap_or(&nothing)
    };
    let candidates = match candidates(client, source).await {
        Ok(candidates) => candidates,
        Err(reason) => {
            return SourceReport {
                source: source.id.clone(),
                findings: vec![FileFinding::unreachable("", reason)],
                late_since: None,
            };
        }
    };
    let mut findings: Vec<FileFinding> = stream::iter(candidates)
        .map(|candidate| {
            let known = known(&candidate.item);
            look(client, source, candidate, known, downloads)
        })
        .buffered(client.settings.parallel)
        .filter_map(std::future::ready)
        .collect()
        .await;
    let items = ledger
        .iter()
        .filter(|((id, _), known)| *id == source.id && **known != nothing);
    for (_, item) in items.map(|(key, _)| key) {
        if !findings.iter().any(|finding| finding.item == *item) {
            findings.push(FileFinding {
                item: item.clone(),
                state: FileState::Gone,
                upstream: None,
            });
        }
    }
    findings.sort_by(|a, b| a.item.cmp(&b.item));
    if findings
        .iter()
        .all(|finding| finding.state == FileState::Gone)
    {
        let reason =
            "nothing of it is left upstream; its dataset or its urls in immostats.toml want a look";
        findings.push(FileFinding::unreachable("", reason.to_owned()));
    }
    let late_since = late_since(source, &findings);
    SourceReport {
        source: source.id.clone(),
        findings,
        late_since,
    }
}

impl FileFinding {
    /// One that could not be told, and why; of a source as a whole where no item is named.
    pub fn unreachable(item: &str, reason: String) -> Self {
        Self {
            item: item.to_owned(),
            state: FileState::Unreachable { reason },
            upstream: None,
        }
    }
}

/// The files that a source may have: those its dataset lists; where there is none or it cannot be asked, its addresses.
async fn candidates(client: &UpstreamClient, source: &Source) -> Result<Vec<UpstreamFile>, String> {
    if let Some(dataset) = &source.dataset {
        match api::resources(client, source, dataset).await {
            Ok(found) => return Ok(found),
            Err(error) if source.urls.is_empty() => return Err(error.to_string()),
            Err(error) => tracing::warn!("{}: {error}; its addresses are asked instead", source.id),
        }
    }
    if let Some(notes) = &source.grist {
        return Ok(grist::records(notes).into_iter().collect());
    }
    let this_year = clock::today().year();
    let mut found = Vec::new();
    for url in &source.urls {
        for (url, item) in source.files_of(url, this_year) {
            let checksum = Source::sha256(&url).and_then(|hash| Checksum::new("sha256", hash));
            let mut url = Url::parse(&url).map_err(|error| error.to_string())?;
            url.set_fragment(None);
            found.push(UpstreamFile {
                item,
                url,
                stamp: Stamp::default(),
                checksum,
                released: None,
                licence: None,
            });
        }
    }
    Ok(found)
}

/// Compares a file upstream with the one that was imported. `None` when there is none and never was one.
async fn look(
    client: &UpstreamClient,
    source: &Source,
    mut upstream: UpstreamFile,
    known: &LedgerEntry,
    downloads: &Path,
) -> Option<FileFinding> {
    let reference = if source.import {
        &known.imported
    } else {
        &known.fetched
    };
    let comparable = |held: &FetchedFile| match (&held.checksum, &upstream.checksum) {
        (Some(held), Some(stated)) => held.agrees(stated).is_some(),
        _ => false,
    };
    // The API's checksum says it all; without one, the file's server is asked.
    let told = upstream.checksum.is_some() && reference.as_ref().is_none_or(comparable);
    if !told {
        match client.head(source, &upstream.url).await {
            // That of its first page says nothing of the whole.
            Ok(stamp) if source.pages.is_some() => {
                upstream.stamp = Stamp {
                    length: None,
                    ..stamp
                };
            }
            Ok(stamp) if let Some(notes) = &source.grist => {
                upstream.stamp = grist::stamp(stamp, notes);
            }
            Ok(stamp) => {
                let length = stamp.length.or(upstream.stamp.length);
                upstream.stamp = Stamp { length, ..stamp };
            }
            // A table that may not be seen is not gone: servers say the same of both.
            Err(SourceError::Http(error)) if error.is_lasting() && source.grist.is_some() => {
                let reason = format!(
                    "{error}; the document and its table have to be there, and {GRIST_KEY} in the environment the key of an account that may read them, unless they are public"
                );
                return Some(FileFinding::unreachable(&upstream.item, reason));
            }
            Err(SourceError::Http(error)) if error.is_gone() => {
                let item = upstream.item;
                // Of addresses with a year in them many are of no file; a dataset lists those that are there.
                if upstream.released.is_some() && *known == LedgerEntry::default() {
                    tracing::warn!(
                        "{} {item}: the dataset lists it, and its server has no such file: {error}",
                        source.id
                    );
                }
                return (*known != LedgerEntry::default()).then_some(FileFinding {
                    item,
                    state: FileState::Gone,
                    upstream: None,
                });
            }
            Err(error) => return Some(FileFinding::unreachable(&upstream.item, error.to_string())),
        }
    }
    let waits = |held: &FetchedFile| {
        held.is_same_as(&upstream) && held.path(downloads, &source.id).exists()
    };
    let fetched = known.fetched.as_ref().is_some_and(waits);
    let current = if source.import {
        reference
            .as_ref()
            .is_some_and(|held| held.is_same_as(&upstream))
    } else {
        fetched
    };
    let state = if current {
        FileState::UpToDate
    } else {
        FileState::New {
            since: upstream.released(),
            length: upstream.stamp.length,
            fetched,
        }
    };
    Some(FileFinding {
        item: upstream.item.clone(),
        state,
        upstream: Some(upstream),
    })
}

/// The day by which something new was expected, once it has passed.
fn late_since(source: &Source, findings: &[FileFinding]) -> Option<Date> {
    let newest = findings
        .iter()
        .filter_map(|finding| finding.upstream.as_ref()?.released())
        .max()?;
    let day: Date = match newest.parse::<Timestamp>() {
        Ok(time) => time.to_zoned(jiff::tz::TimeZone::UTC).date(),
        // The API also writes times without an offset.
        Err(_) => newest.get(..10)?.parse().ok()?,
    };
    let due = source.next_expected(day)?;
    (due < clock::today()).then_some(due)
}
