//! An API that gives its records a page at a time, to a file of JSON Lines.
//!
//! The records of a partition come into `ITEM.part`, and what is known of the way to the next page stands beside it in
//! `ITEM.part.json`, so that a later run, after a kill or a failure, goes on with the page that was next. Of the address that
//! an answer gives for the next page only what differs in its query is taken: the request goes where the configuration says,
//! whatever host and scheme the server thinks that it has.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::time::Instant;

use indicatif::ProgressBar;
use reqwest::{Method, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::client::{Stamp, UpstreamClient};
use super::download::{DownloadOrder, DownloadOutcome, MEGABYTE, PartFile, prove, too_large};
use super::error::SourceError;
use super::inspect::FileForm;
use super::unpack::Wrapping;
use crate::base::shown::shown;
use crate::base::stop::StopPoint;
use crate::base::words::counted;
use crate::config::{PageShape, PagedApi};
use crate::files;

/// Bytes of a page: 10,000 records with all their fields are some 30 MB.
const PAGE_LIMIT: usize = 64 << 20;

/// The record that Opendatasoft gives last, whatever is asked for.
const LAST_OF_OFFSETS: u64 = 10_000;

/// What is known of a partition whose pages are being read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct PageCursor {
    /// The address of the first page, without what may be secret.
    first: String,
    /// `Last-Modified` of the pages: the day of the edition that they are of.
    edition: Option<String>,
    /// The records that there are, as the server says.
    total: Option<u64>,
    /// What the query of the next page has beside that of the first; nothing before the first and after the last.
    next: Vec<(String, String)>,
    /// Whether the last page was read.
    ended: bool,
    /// Records that were given, those that came twice and those that could not be read included.
    given: u64,
    /// Records that came twice.
    twice: u64,
    /// Records that could not be read: they are no objects, or have no key.
    unreadable: u64,
    /// Bytes of the part.
    bytes: u64,
}

/// What an answer holds.
#[derive(Debug, Default, PartialEq)]
struct Page {
    records: Vec<Value>,
    total: Option<u64>,
    /// What the query of the next page has beside that of the first; `None` where this was the last.
    next: Option<Vec<(String, String)>>,
}

/// A partition that is being read.
struct Partition<'a> {
    order: &'a DownloadOrder,
    api: &'a PagedApi,
    part: PartFile,
    cursor: PageCursor,
    /// Of the records in the part.
    keys: HashSet<String>,
    /// Pages in a row that told nothing new.
    barren: u8,
}

/// Pages in a row without a record that is new, after which a partition is taken for one without an end.
const MOST_BARREN: u8 = 20;

/// How the file is that comes of it.
static LINES: FileForm = FileForm {
    extension: "jsonl",
    wrapping: Wrapping::TEXT,
    expected: "a line a record",
    is_met: |start| start.starts_with(b"{"),
};

/// Reads the pages of a partition into the folder of downloads, from where an earlier run was. `bar` counts bytes.
///
/// # Errors
/// When a page cannot be had or is none, or the server gave fewer records than it said; what was read before is kept where a
/// later run can go on with it.
pub(super) async fn gather(
    client: &UpstreamClient,
    downloads: &Path,
    order: &DownloadOrder,
    api: &PagedApi,
    bar: &ProgressBar,
) -> Result<DownloadOutcome, SourceError> {
    let started = Instant::now();
    let mut partition = Partition::resumed(downloads, order, api)?;
    let resumed = partition.cursor.given;
    let mut restarted = false;
    while !partition.cursor.ended {
        let answer = partition.ask(client).await;
        if let Err(SourceError::Http(error)) = &answer
            && error.is_about_request()
            && !partition.cursor.next.is_empty()
            && !restarted
        {
            partition.restart(&format!("its next page is no more ({error})"))?;
            restarted = true;
            continue;
        }
        let (stamp, page) = answer?;
        if partition.is_of_other_edition(&stamp, &page) {
            if restarted {
                let reason = "it was published again while it was read, twice".to_owned();
                return Err(partition.wrong(reason));
            }
            partition.restart("it was published again while it was read")?;
            restarted = true;
            continue;
        }
        let received = partition.take(client, &stamp, page)?;
        bar.inc_length(received);
        bar.inc(received);
    }
    let PageCursor {
        edition,
        total,
        given,
        twice,
        unreadable,
        ..
    } = partition.cursor.clone();
    let (source, item) = (&order.source, &order.upstream.item);
    if let Some(total) = total.filter(|total| given < *total) {
        let reason = format!("it says that it has {total} records, and gave {given}");
        partition.part.remove()?;
        return Err(partition.wrong(reason));
    }
    let different = given - twice;
    if let Some(total) = total.filter(|total| different < *total) {
        tracing::warn!(
            "{source} {item}: {} came twice, and {different} of the {total} that there are came at all; what the pages passed over is missing",
            counted(twice, "record")
        );
    }
    if unreadable > 0 {
        let key = api.key.as_deref().unwrap_or("field");
        tracing::warn!(
            "{source} {item}: {unreadable} of {given} records could not be read: they are no objects with a {key}"
        );
    }
    if partition.cursor.bytes == 0 {
        partition.part.remove()?;
        return match order.known.imported {
            None => Ok(DownloadOutcome::Unchanged),
            Some(_) => Err(partition.wrong("it gave no record, and had some".to_owned())),
        };
    }
    tracing::info!(
        "{source} {item}: {given} records in {:.1} s, {twice} of them twice, {resumed} of them by an earlier run",
        started.elapsed().as_secs_f64()
    );
    let stamp = Stamp {
        last_modified: edition,
        ..Stamp::default()
    };
    prove(client, order, &partition.part, &LINES, stamp, false).await
}

impl<'a> Partition<'a> {
    /// What an earlier run left of it, or its beginning.
    fn resumed(
        downloads: &Path,
        order: &'a DownloadOrder,
        api: &'a PagedApi,
    ) -> Result<Self, SourceError> {
        let part = PartFile::new(downloads, &order.source, &order.upstream.item);
        let mut partition = Self {
            order,
            api,
            cursor: PageCursor {
                first: order.upstream.shown(),
                ..PageCursor::default()
            },
            part,
            keys: HashSet::new(),
            barren: 0,
        };
        let note = std::fs::read(partition.part.folder.join(partition.part.note()));
        let left: Option<PageCursor> = note
            .ok()
            .and_then(|note| serde_json::from_slice(&note).ok());
        let size = partition
            .part
            .path
            .metadata()
            .map_or(0, |about| about.len());
        let left = left.filter(|left| left.first == partition.cursor.first && left.bytes <= size);
        let Some(left) = left else {
            partition.part.remove()?;
            return Ok(partition);
        };
        if let Some(key) = &api.key {
            let file = File::open(&partition.part.path);
            let file = file.map_err(|source| partition.part.failed(source))?;
            let lines = BufReader::new(std::io::Read::take(file, left.bytes)).lines();
            for line in lines {
                let line = line.map_err(|source| partition.part.failed(source))?;
                let record: Value = serde_json::from_str(&line).unwrap_or_default();
                partition.keys.extend(key_of(&record, key));
            }
        }
        partition.cursor = left;
        Ok(partition)
    }

    /// Goes back to the first page, and tells why.
    fn restart(&mut self, why: &str) -> Result<(), SourceError> {
        tracing::warn!(
            "{} {}: {why}; it is read from its first page",
            self.order.source,
            self.order.upstream.item
        );
        self.part.remove()?;
        self.keys.clear();
        self.cursor = PageCursor {
            first: self.order.upstream.shown(),
            ..PageCursor::default()
        };
        Ok(())
    }

    /// Asks for the page that is next.
    async fn ask(&self, client: &UpstreamClient) -> Result<(Stamp, Page), SourceError> {
        let first = &self.order.upstream.url;
        let url = with_query(first, &self.cursor.next);
        let request = client.request(&self.order.source, Method::GET, url).await?;
        let (headers, body) = client.api.answer(&request, PAGE_LIMIT).await?;
        let page = page(self.api.shape, first, &self.cursor.next, &body);
        let page = page.map_err(|reason| self.wrong(reason))?;
        Ok((Stamp::of(&headers), page))
    }

    /// Whether a page is of another edition than those before it.
    fn is_of_other_edition(&self, stamp: &Stamp, page: &Page) -> bool {
        let PageCursor { edition, total, .. } = &self.cursor;
        let moved =
            edition.is_some() && stamp.last_modified.is_some() && *edition != stamp.last_modified;
        let grown = total.is_some() && page.total.is_some() && *total != page.total;
        self.cursor.given > 0 && (moved || grown)
    }

    /// Adds the records of a page to the part. Gives the bytes that came.
    fn take(
        &mut self,
        client: &UpstreamClient,
        stamp: &Stamp,
        page: Page,
    ) -> Result<u64, SourceError> {
        let mut lines = Vec::new();
        for record in &page.records {
            self.cursor.given += 1;
            let key = self.api.key.as_ref().map(|key| key_of(record, key));
            if !record.is_object() || key == Some(None) {
                self.cursor.unreadable += 1;
                continue;
            }
            if let Some(key) = key.flatten()
                && !self.keys.insert(key)
            {
                self.cursor.twice += 1;
                continue;
            }
            lines.extend_from_slice(record.to_string().as_bytes());
            lines.push(b'\n');
        }
        self.barren = match lines.is_empty() {
            true => self.barren.saturating_add(1),
            false => 0,
        };
        if self.barren >= MOST_BARREN && page.next.is_some() {
            self.part.remove()?;
            return Err(self.wrong(format!(
                "{MOST_BARREN} pages in a row told no record that others had not, and there are more"
            )));
        }
        let limit = client.settings.maximum_size * MEGABYTE;
        if self.cursor.bytes + lines.len() as u64 > limit {
            self.part.remove()?;
            return Err(too_large(self.order, limit));
        }
        let mut file = self.part.open(self.cursor.bytes)?;
        let written = file.write_all(&lines).and_then(|()| file.sync_data());
        written.map_err(|source| self.part.failed(source))?;
        self.cursor.bytes += lines.len() as u64;
        self.cursor.edition = self
            .cursor
            .edition
            .take()
            .or_else(|| stamp.last_modified.clone());
        self.cursor.total = self.cursor.total.or(page.total);
        self.cursor.ended = page.next.is_none();
        self.cursor.next = page.next.unwrap_or_default();
        let note = serde_json::to_vec(&self.cursor).unwrap_or_default();
        files::write(&files::below(&self.part.folder, self.part.note())?, &note)?;
        StopPoint::PageNoted.reach();
        Ok(lines.len() as u64)
    }

    fn wrong(&self, reason: String) -> SourceError {
        SourceError::Answer {
            address: self.order.upstream.shown(),
            reason,
        }
    }
}

/// The key of a record as text, where it has one.
fn key_of(record: &Value, key: &str) -> Option<String> {
    match record.get(key)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        value => Some(value.to_string()),
    }
}

/// What an answer holds, by the shape of its API. `first` is the address of the first page, `asked` what the query of this one has
/// beside it.
///
/// # Errors
/// What is wrong with the answer.
fn page(
    shape: PageShape,
    first: &Url,
    asked: &[(String, String)],
    answer: &[u8],
) -> Result<Page, String> {
    let mut answer: Value = serde_json::from_slice(answer)
        .map_err(|error| format!("no JSON ({})", shown(&error.to_string(), 200)))?;
    let records = match answer.get_mut("results").map(Value::take) {
        Some(Value::Array(records)) => records,
        _ => return Err("there is no list \"results\" in it".into()),
    };
    let total = match shape {
        PageShape::DataFair => "total",
        PageShape::Opendatasoft => "total_count",
        PageShape::CountNext => "count",
    };
    let total = answer[total].as_u64();
    let next = match shape {
        PageShape::Opendatasoft => by_offset(first, asked, records.len() as u64, total)?,
        PageShape::DataFair | PageShape::CountNext => match answer["next"].as_str() {
            // A full page leads on even where it was the last.
            Some(_) if records.is_empty() => None,
            Some(next) => Some(by_address(first, next)?),
            None => None,
        },
    };
    if next.as_deref() == Some(asked) && !asked.is_empty() {
        return Err("its next page is this one".into());
    }
    Ok(Page {
        records,
        total,
        next,
    })
}

/// Reads an answer as a page of each shape.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_in_each_shape(answer: &[u8]) {
    let first = Url::parse("https://data.example.org/lines?size=2").expect("it is one");
    for shape in [
        PageShape::DataFair,
        PageShape::Opendatasoft,
        PageShape::CountNext,
    ] {
        let read = page(shape, &first, &[], answer);
        // What an answer says of the next page never leads to another host.
        if let Some(next) = read.ok().and_then(|page| page.next) {
            assert_eq!(with_query(&first, &next).host(), first.host());
        }
    }
}

/// The query of the page after so many records, where there is one.
fn by_offset(
    first: &Url,
    asked: &[(String, String)],
    records: u64,
    total: Option<u64>,
) -> Result<Option<Vec<(String, String)>>, String> {
    let total = total.ok_or("there is no number \"total_count\" in it")?;
    if total > LAST_OF_OFFSETS {
        return Err(format!(
            "it has {total} records, and gives {LAST_OF_OFFSETS} of them by pages; {{departement}} in its address would ask for fewer at once, /exports/json instead of /records for all"
        ));
    }
    let own = first.query_pairs().into_owned();
    let offset = own
        .chain(asked.iter().cloned())
        .filter(|(name, _)| name == "offset");
    let offset = offset
        .last()
        .and_then(|(_, offset)| offset.parse::<u64>().ok());
    let next = offset.unwrap_or(0) + records;
    let more = records > 0 && next < total;
    Ok(more.then(|| vec![("offset".to_owned(), next.to_string())]))
}

/// What the query of an address has beside that of the first page.
fn by_address(first: &Url, next: &str) -> Result<Vec<(String, String)>, String> {
    let next = first
        .join(next)
        .map_err(|_| "the address of its next page is none".to_owned())?;
    let own: Vec<_> = first.query_pairs().into_owned().collect();
    let mut other: Vec<_> = next.query_pairs().into_owned().collect();
    other.retain(|pair| !own.contains(pair));
    match other.is_empty() {
        true => Err("its next page is the first".into()),
        false => Ok(other),
    }
}

/// An address with other values in its query, or more.
fn with_query(url: &Url, other: &[(String, String)]) -> Url {
    let mut url = url.clone();
    if other.is_empty() {
        return url;
    }
    let mut pairs: Vec<_> = url.query_pairs().into_owned().collect();
    pairs.retain(|(name, _)| !other.iter().any(|(replaced, _)| replaced == name));
    pairs.extend_from_slice(other);
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first() -> Url {
        Url::parse("https://data.example.org/lines?size=2&code_eq=75011").unwrap()
    }

    fn next_of(
        shape: PageShape,
        asked: &[(String, String)],
        answer: &str,
    ) -> Result<String, String> {
        let page = page(shape, &first(), asked, answer.as_bytes())?;
        let url = page.next.map(|next| with_query(&first(), &next));
        Ok(url.map_or_else(|| "none".to_owned(), |url| url.to_string()))
    }

    #[test]
    fn the_next_page_is_asked_for_where_the_configuration_says() {
        use PageShape::{CountNext, DataFair, Opendatasoft};
        let at = "https://data.example.org/lines?";
        for (shape, answer, expected) in [
            (
                DataFair,
                r#"{"total":5,"results":[{},{}],"next":"https://other.example.net/x?size=2&code_eq=75011&after=49.8%2C17"}"#,
                "size=2&code_eq=75011&after=49.8%2C17",
            ),
            (
                DataFair,
                r#"{"results":[],"next":"https://data.example.org/lines?after=9"}"#,
                "none",
            ),
            (DataFair, r#"{"results":[{}]}"#, "none"),
            (
                CountNext,
                r#"{"count":5,"next":"http://data.example.org/lines%23?size=2&code_eq=75011&page=2","results":[{}]}"#,
                "size=2&code_eq=75011&page=2",
            ),
            (
                CountNext,
                r#"{"count":1,"next":null,"results":[{}]}"#,
                "none",
            ),
            (
                Opendatasoft,
                r#"{"total_count":5,"results":[{},{}]}"#,
                "size=2&code_eq=75011&offset=2",
            ),
            (
                Opendatasoft,
                r#"{"total_count":2,"results":[{},{}]}"#,
                "none",
            ),
        ] {
            let expected = match expected {
                "none" => expected.to_owned(),
                query => format!("{at}{query}"),
            };
            assert_eq!(next_of(shape, &[], answer).unwrap(), expected, "{answer}");
        }
        let asked = [("offset".to_owned(), "2".to_owned())];
        let third = next_of(
            Opendatasoft,
            &asked,
            r#"{"total_count":5,"results":[{},{}]}"#,
        );
        assert_eq!(third.unwrap(), format!("{at}size=2&code_eq=75011&offset=4"));
    }

    #[test]
    fn the_real_answer_on_a_street_of_paris_leads_on_by_its_cursor() {
        let first = "https://data.ademe.fr/data-fair/api/v1/datasets/meg-83tjwtg8dyz4vv7h1dqe/lines?q=82%20Roquette&q_fields=adresse_ban&size=8&sort=-_score%2C-date_etablissement_dpe";
        let next = first.replace("%20", "+")
            + "&after=49.833115%2C1717977600000%2C33554521706292%2C303660";
        let answer = format!(
            "{{\"total\":2159,\"next\":\"{next}\",\"results\":[{{\"numero_dpe\":\"2675E0079556Y\"}}]}}"
        );
        let first = Url::parse(first).unwrap();
        let page = page(PageShape::DataFair, &first, &[], answer.as_bytes()).unwrap();
        assert_eq!(page.total, Some(2159));
        let cursor = "49.833115,1717977600000,33554521706292,303660";
        assert_eq!(
            page.next.unwrap(),
            [("after".to_owned(), cursor.to_owned())]
        );
    }

    #[test]
    fn an_answer_that_is_no_page_or_leads_nowhere_is_told() {
        let asked = [("after".to_owned(), "9".to_owned())];
        for (shape, answer, told) in [
            (PageShape::DataFair, "<html>", "no JSON"),
            (PageShape::DataFair, "{\"total\":1}", "no list \"results\""),
            (
                PageShape::CountNext,
                "{\"results\":[{}],\"next\":\"?size=2&code_eq=75011\"}",
                "the first",
            ),
            (
                PageShape::CountNext,
                "{\"results\":[{}],\"next\":\"?after=9\"}",
                "this one",
            ),
            (PageShape::Opendatasoft, "{\"results\":[{}]}", "total_count"),
            (
                PageShape::Opendatasoft,
                "{\"total_count\":20000,\"results\":[{}]}",
                "/exports/json",
            ),
        ] {
            let error = next_of(shape, &asked, answer).unwrap_err();
            assert!(error.contains(told), "{answer}: {error}");
        }
    }
}
