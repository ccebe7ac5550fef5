//! `[[exports]]` of `immostats.toml`, and what the command line says in its place.

use std::time::Duration;

use jiff::SignedDuration;
use reqwest::Url;
use serde::{Deserialize, Deserializer};

use super::schema::table_id;
use crate::config::{ConfigSection, GRIST_SERVER, grist_document, is_grist_document};
use crate::deploy::registry;

/// The kinds of export there are.
const KINDS: [&str; 1] = ["grist"];

/// The part of `immostats.toml` that is about exports, commented.
pub(crate) fn template() -> String {
    r#"
# Tables elsewhere that `immostats export grist` and `immostats update` bring to the figures of the site: a table each.
# GRIST_API_KEY in the environment is the key of a Grist account that may write to the document and change its columns.
#   kind         "grist"
#   server       address of the service, such as https://docs.getgrist.com or https://grist.numerique.gouv.fr
#   doc          the document's id, as its address and its settings show it
#   table        the table's id; it is made where there is none
#   departements codes of the départements whose communes it holds; none for all that have a page
#   columns      columns of the CSV of communes, "prix_m2" for flats and houses both, ids of indicators; none for the CSV's
#   rows         rows that the document may hold, those of its other tables counted: 5000 on free plans, 0 for any number
#   timeout      time for the whole export
#   batch        records in one request, up to 500
#   per_second   requests a second
#   retries      attempts after a first one that met 429 or 5xx, or whose connection was cut
#   retry_wait   seconds before the first of them; the wait doubles each time, and a Retry-After is honoured
# [[exports]]
# kind = "grist"
# server = "https://grist.numerique.gouv.fr"
# doc = "kHq3ZrNcMqvA"
# table = "Communes"
# departements = ["95"]
# columns = []
# rows = 5000
# timeout = "15m"
# batch = 500
# per_second = 5.0
# retries = 6
# retry_wait = 1.0
"#
    .to_owned()
}

/// A table of Grist, and how it is talked to.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GristSettings {
    /// What it is an export to; there is one kind so far.
    #[serde(deserialize_with = "kind")]
    kind: usize,
    /// Address of the service.
    pub server: String,
    /// The document's id.
    pub doc: String,
    /// The table's id.
    pub table: String,
    /// The départements whose communes it holds; all where there is none.
    pub departements: Vec<String>,
    /// The columns; those of the CSV where there is none.
    pub columns: Vec<String>,
    /// Rows that the document may hold; 0 for any number.
    pub rows: usize,
    /// For the whole export.
    #[serde(deserialize_with = "timeout")]
    pub timeout: Duration,
    /// Records in one request.
    pub batch: usize,
    /// Requests a second.
    pub per_second: f64,
    /// Attempts after a first one.
    pub retries: usize,
    /// Seconds before the first of them.
    pub retry_wait: f64,
}

impl Default for GristSettings {
    fn default() -> Self {
        Self {
            kind: 0,
            server: GRIST_SERVER.into(),
            doc: String::new(),
            table: "Communes".into(),
            departements: Vec::new(),
            columns: Vec::new(),
            rows: 5000,
            timeout: Duration::from_secs(15 * 60),
            batch: 500,
            per_second: 5.0,
            retries: 6,
            retry_wait: 1.0,
        }
    }
}

/// What a command line says of an export; what it does not say is as in the settings.
#[derive(Clone, Debug, Default)]
pub struct GristChoice {
    /// The document's id. Without one, all tables `[[exports]]` are meant.
    pub doc: Option<String>,
    /// Address of the service.
    pub server: Option<String>,
    /// The table's id.
    pub table: Option<String>,
    /// The départements; as in the settings where there is none.
    pub departements: Vec<String>,
    /// The columns; as in the settings where there is none.
    pub columns: Vec<String>,
    /// Rows that the document may hold.
    pub rows: Option<usize>,
    /// For the whole export.
    pub timeout: Option<Duration>,
}

impl GristChoice {
    /// The exports that are meant: those of the settings that it fits, with what it says, or one that it makes.
    ///
    /// # Errors
    /// When it is about none, or what it says cannot be.
    pub fn of(&self, exports: &[GristSettings]) -> Result<Vec<GristSettings>, String> {
        let fits = |export: &&GristSettings| {
            self.doc.as_ref().is_none_or(|doc| *doc == export.doc)
                && self
                    .table
                    .as_ref()
                    .is_none_or(|table| *table == export.table)
        };
        let mut chosen: Vec<_> = exports.iter().filter(fits).cloned().collect();
        if chosen.is_empty() {
            let Some(doc) = &self.doc else {
                return Err(
                    "no document is named; add --doc ID, or a table [[exports]] to immostats.toml"
                        .into(),
                );
            };
            chosen.push(GristSettings {
                doc: doc.clone(),
                ..GristSettings::default()
            });
        }
        for export in &mut chosen {
            let choice = self.clone();
            export.server = choice.server.unwrap_or(std::mem::take(&mut export.server));
            export.table = choice.table.unwrap_or(std::mem::take(&mut export.table));
            export.rows = choice.rows.unwrap_or(export.rows);
            export.timeout = choice.timeout.unwrap_or(export.timeout);
            if !choice.departements.is_empty() {
                export.departements = choice.departements;
            }
            if !choice.columns.is_empty() {
                export.columns = choice.columns;
            }
            export.check()?;
        }
        Ok(chosen)
    }
}

impl GristSettings {
    /// Address of the document in the API.
    pub(super) fn address(&self) -> Option<Url> {
        grist_document(&self.server, &self.doc)
    }

    /// # Errors
    /// What cannot be.
    fn check(&self) -> Result<(), String> {
        if !is_grist_document(&self.doc) {
            return Err(format!(
                "exports: doc is {:?}; the document's id was expected, letters and digits that its address shows",
                self.doc
            ));
        }
        // What is wrong with it is told without showing it: it may hold a password.
        if self.address().is_none() {
            return Err("exports: server is no address; one that begins with https:// was expected, without a user and a password".into());
        }
        let expected = table_id(&self.table);
        if self.table.is_empty() || self.table != expected {
            return Err(format!(
                "exports: table is {:?}; an id such as {:?} was expected: a capital letter, then letters, digits and _",
                self.table,
                if expected.is_empty() {
                    "Communes"
                } else {
                    &expected
                }
            ));
        }
        if !(1..=500).contains(&self.batch) {
            return Err(format!(
                "exports: batch is {}; 1 to 500 were expected",
                self.batch
            ));
        }
        if self.retries > 20 {
            return Err(format!(
                "exports: retries is {}; 0 to 20 were expected",
                self.retries
            ));
        }
        for (key, value) in [
            ("per_second", self.per_second),
            ("retry_wait", self.retry_wait),
            ("timeout", self.timeout.as_secs_f64()),
        ] {
            if !(value > 0.0 && value <= 1e6) {
                return Err(format!(
                    "exports: {key} is {value}; more than 0, and at most a million, was expected"
                ));
            }
        }
        Ok(())
    }
}

/// Reads the tables `[[exports]]`.
///
/// # Errors
/// When one holds an unknown key or a value that cannot be, or two are of one table.
pub(crate) fn read(tables: Vec<ConfigSection<'_>>) -> Result<Vec<GristSettings>, String> {
    let mut all = Vec::<GristSettings>::new();
    for table in tables {
        let export: GristSettings = table.read(&[])?;
        export.check()?;
        let same = |other: &GristSettings| {
            (&other.server, &other.doc, &other.table)
                == (&export.server, &export.doc, &export.table)
        };
        if all.iter().any(same) {
            return Err(format!(
                "two tables [[exports]] are of table {} of document {}",
                export.table, export.doc
            ));
        }
        all.push(export);
    }
    Ok(all)
}

fn kind<'de, D: Deserializer<'de>>(value: D) -> Result<usize, D::Error> {
    registry::position(value, &KINDS)
}

fn timeout<'de, D: Deserializer<'de>>(value: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(value)?;
    parse_timeout(&text)
        .map_err(|reason| serde::de::Error::custom(format!("{text:?} is no time; {reason}")))
}

/// The time of a text such as `15m`.
///
/// # Errors
/// What was expected, where it is none.
pub fn parse_timeout(text: &str) -> Result<Duration, &'static str> {
    let time = text.parse::<SignedDuration>().ok();
    let time = time.and_then(|time| Duration::try_from(time).ok());
    time.ok_or("one such as \"15m\" was expected")
}
