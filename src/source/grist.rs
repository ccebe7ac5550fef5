//! The table of a Grist document in which an operator keeps notes, to a file of its records.
//!
//! Of each record only the columns that the source declares are kept: the others are nobody's business here. Beside the records
//! stand the names of all columns, and how the declaration calls those that are read, so that the file is another one where the
//! declaration is.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::client::{Stamp, UpstreamClient};
use super::download::{DownloadOrder, DownloadOutcome, MEGABYTE, PartFile, prove};
use super::error::SourceError;
use super::upstream::UpstreamFile;
use crate::base::shown::shown;
use crate::config::GristNotes;

/// Bytes of an answer: all communes of France with a long text each are a quarter of it.
const LONGEST_ANSWER: u64 = 64 * MEGABYTE;

/// What the file is called, whatever the table is.
const ITEM: &str = "notes";

/// What Grist answers.
#[derive(Deserialize)]
struct GristAnswer {
    records: Vec<Value>,
}

/// What is kept of it.
#[derive(Serialize)]
struct Kept<'d> {
    /// The ids of all columns.
    columns: BTreeSet<String>,
    /// The columns that are read, by their keys of the declaration.
    read: BTreeMap<&'static str, &'d str>,
    records: Vec<Value>,
}

/// The records of a table, as a file upstream; nothing where the declaration gives no address, which none does that was validated.
pub(super) fn records(notes: &GristNotes) -> Option<UpstreamFile> {
    Some(UpstreamFile {
        item: ITEM.into(),
        url: notes.records_address()?,
        stamp: Stamp::default(),
        checksum: None,
        released: None,
        licence: None,
    })
}

/// What a server says of the records, with what is read of them: where one or the other is not the same, the file is not.
/// A server that says nothing of them has to be asked for them.
pub(super) fn stamp(stamp: Stamp, notes: &GristNotes) -> Stamp {
    let read = serde_json::to_vec(&declared(notes)).unwrap_or_default();
    let read = &blake3::hash(&read).to_hex()[..12];
    Stamp {
        etag: stamp.etag.map(|etag| format!("{etag} {read}")),
        ..Stamp::default()
    }
}

/// Asks for the records, and puts them into the folder of downloads.
///
/// # Errors
/// When they cannot be had, or the answer is none of Grist's; what was fetched before is still there.
pub(super) async fn gather(
    client: &UpstreamClient,
    downloads: &Path,
    order: &DownloadOrder,
    notes: &GristNotes,
) -> Result<DownloadOutcome, SourceError> {
    let upstream = &order.upstream;
    let limit = LONGEST_ANSWER.min(client.settings.maximum_size * MEGABYTE);
    let url = upstream.url.clone();
    let request = client.request(&order.source, Method::GET, url).await?;
    let (headers, answer) = client.api.answer(&request, limit as usize).await?;
    let kept = kept(&answer, notes).map_err(|reason| SourceError::Answer {
        address: upstream.shown(),
        reason,
    })?;
    let part = PartFile::new(downloads, &order.source, &upstream.item);
    part.remove()?;
    let mut file = part.open(0)?;
    let written = file.write_all(&kept).and_then(|()| file.sync_data());
    written.map_err(|source| part.failed(source))?;
    let stamp = stamp(Stamp::of(&headers), notes);
    prove(client, order, &part, &order.form, stamp, false).await
}

/// The columns that are read, by their keys of the declaration.
fn declared(notes: &GristNotes) -> BTreeMap<&'static str, &str> {
    let columns = notes.columns.all().into_iter();
    columns.map(|column| (column.key, column.id)).collect()
}

/// What is kept of an answer, as JSON: a line a record, so that people can compare two of them.
///
/// # Errors
/// What is wrong with the answer.
fn kept(answer: &[u8], notes: &GristNotes) -> Result<Vec<u8>, String> {
    let answer: GristAnswer = serde_json::from_slice(answer).map_err(|error| {
        format!(
            "no records of a table as Grist gives them ({})",
            shown(&error.to_string(), 200)
        )
    })?;
    let read = declared(notes);
    let mut columns = BTreeSet::new();
    let mut records = answer.records;
    for record in &mut records {
        if let Some(fields) = record["fields"].as_object() {
            columns.extend(fields.keys().cloned());
        }
        *record = reduced(record.take(), &read);
    }
    let kept = Kept {
        columns,
        read,
        records,
    };
    serde_json::to_vec(&kept).map_err(|error| error.to_string())
}

/// A record without the cells of other columns. What is no record stays as it is: its intake tells what is wrong with it.
fn reduced(record: Value, read: &BTreeMap<&'static str, &str>) -> Value {
    let Value::Object(mut record) = record else {
        return record;
    };
    let own = |cells: &mut Map<String, Value>| {
        cells.retain(|id, _| read.values().any(|own| own == id));
    };
    record.retain(|name, _| ["id", "fields", "errors"].contains(&name.as_str()));
    for cells in ["fields", "errors"] {
        if let Some(Value::Object(cells)) = record.get_mut(cells) {
            own(cells);
        }
    }
    Value::Object(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(columns: &str) -> GristNotes {
        let text = format!(
            "doc = \"kHq3\"\ntable = \"Notes\"\noperator = \"Ville\"\n[columns]\n{columns}"
        );
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn nothing_but_what_is_read_is_kept() {
        let answer = br#"{"records":[
            {"id":7,"fields":{"code":"83137","Texte":"a","agent":"Mme X","manualSort":7},"errors":{"agent":"X","Texte":"Y"}},
            "odd"], "more": 1}"#;
        let kept = kept(answer, &notes("text = \"Texte\"")).unwrap();
        let kept: Value = serde_json::from_slice(&kept).unwrap();
        assert_eq!(
            kept["records"],
            serde_json::json!([{"id": 7, "fields": {"code": "83137", "Texte": "a"}, "errors": {"Texte": "Y"}}, "odd"])
        );
        assert_eq!(
            kept["columns"],
            serde_json::json!(["Texte", "agent", "code", "manualSort"])
        );
        assert!(!kept.to_string().contains("Mme X"));
    }

    #[test]
    fn another_declaration_makes_another_file_of_the_same_answer() {
        let (one, other) = (
            notes("text = \"a\"\nlabel = \"b\""),
            notes("text = \"b\"\nlabel = \"a\""),
        );
        let answer = br#"{"records":[{"id":1,"fields":{"code":"1","a":"x","b":"y"}}]}"#;
        assert_ne!(kept(answer, &one).unwrap(), kept(answer, &other).unwrap());
        let told = Stamp {
            etag: Some("W/\"1\"".into()),
            ..Stamp::default()
        };
        assert_ne!(stamp(told.clone(), &one), stamp(told.clone(), &other));
        assert_eq!(stamp(told.clone(), &one), stamp(told, &one));
        // A server that tells nothing tells no difference either.
        assert_eq!(stamp(Stamp::default(), &one).etag, None);
        assert!(kept(b"<html>", &one).unwrap_err().contains("Grist"));
        assert!(kept(b"[]", &one).is_err());
    }
}
