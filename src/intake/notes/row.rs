//! A row of a table to a note, cell by cell, as Grist writes cells: texts, numbers, days as seconds since 1970, and lists that
//! begin with a letter for what JSON has no word for.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base::address::{names_user, web_address};
use crate::base::clock::day_in_france;
use crate::base::shown::{is_plain, shown};
use crate::config::{GristNotes, NoteColumn};
use crate::geo::Geography;
use crate::intake::table::commune_code;

/// Characters of the longest code, zeros that it never had included, text, link, name of a number and unit.
const LONGEST_CODE: usize = 10;
const LONGEST_TEXT: usize = 1_000;
const LONGEST_LINK: usize = 500;
const LONGEST_LABEL: usize = 80;
const LONGEST_UNIT: usize = 20;

/// The largest number, which a page can still show to the unit.
const LARGEST: f64 = 1e12;

/// Characters of a cell that a message shows.
const SHOWN: usize = 60;

/// A record: its number, its cells, and what went wrong with those that are formulas.
#[derive(Deserialize)]
pub(super) struct NoteRecord {
    pub id: i64,
    pub fields: Map<String, Value>,
    #[serde(default)]
    pub errors: BTreeMap<String, Value>,
}

/// What an operator says of a commune.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocalNote {
    /// The number that Grist has for its row.
    pub row: i64,
    /// The code of the commune, of today.
    pub commune: String,
    /// Plain text, of several lines maybe.
    pub text: Option<String>,
    /// An address of http or https.
    pub link: Option<String>,
    /// A number of the place.
    pub figure: Option<LocalFigure>,
    /// The last day on which it is shown; until it is removed where there is none.
    pub valid_until: Option<Date>,
}

/// A number with what it is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocalFigure {
    /// What it is of.
    pub label: String,
    /// The number.
    pub number: f64,
    /// Its unit, where it has one.
    pub unit: Option<String>,
}

impl LocalNote {
    /// Whether its last day has passed on a day.
    pub fn has_expired(&self, day: Date) -> bool {
        self.valid_until.is_some_and(|last| last < day)
    }
}

/// Reads rows as a source declares them.
pub(super) struct RowReader<'a> {
    columns: [NoteColumn<'a>; 7],
    geography: &'a Geography,
}

/// A cell with the name of its column.
#[derive(Clone, Copy)]
struct Cell<'r> {
    column: &'r str,
    value: &'r Value,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(declared: &'a GristNotes, geography: &'a Geography) -> Self {
        Self {
            columns: declared.columns.all(),
            geography,
        }
    }

    /// The note of a row, with the code of the former commune that it names, where it does; nothing of one that is blank.
    ///
    /// # Errors
    /// What is wrong with the row.
    pub(super) fn read(
        &self,
        record: &NoteRecord,
    ) -> Result<Option<(LocalNote, Option<String>)>, String> {
        for column in &self.columns {
            let failed = record.errors.get(column.id);
            if let Some(error) = failed.or_else(|| failure(record.fields.get(column.id)?)) {
                return Err(format!(
                    "the formula of {} fails ({}); a value was expected",
                    column.id,
                    written(error)
                ));
            }
        }
        let [code, text, link, number, label, unit, valid_until] =
            self.columns.map(|column| Cell {
                column: column.id,
                value: record.fields.get(column.id).unwrap_or(&Value::Null),
            });
        // A number without a name may be the 0 that Grist puts into what nobody filled in.
        let is_blank = [code, text, link, label, unit, valid_until]
            .iter()
            .all(Cell::is_blank);
        if is_blank && (number.is_blank() || number.value.as_f64() == Some(0.0)) {
            return Ok(None);
        }
        let (commune, former) = self.commune(code)?;
        let note = LocalNote {
            row: record.id,
            commune,
            text: text.lines(LONGEST_TEXT)?,
            link: link.address()?,
            figure: figure(number, label, unit)?,
            valid_until: valid_until.day()?,
        };
        if note.text.is_none() && note.link.is_none() && note.figure.is_none() {
            return Err(
                "it has nothing to show: a text, a link or a number with its label was expected"
                    .into(),
            );
        }
        Ok(Some((note, former)))
    }

    /// The code of the commune of today, and that of the cell where it is of a former one.
    fn commune(&self, cell: Cell<'_>) -> Result<(String, Option<String>), String> {
        let code = match cell.value {
            Value::Number(_) => {
                return Err(format!(
                    "{} holds the number {}; a text such as \"01004\" was expected, for a number loses its zeros, and a reference shows nothing but the number of a row",
                    cell.column,
                    written(cell.value)
                ));
            }
            _ => cell.word(LONGEST_CODE)?,
        };
        let Some(code) = code else {
            return Err(format!(
                "{} is empty; the code of a commune was expected",
                cell.column
            ));
        };
        let whole = commune_code(&code);
        let Some(today) = self.geography.current(&whole) else {
            return Err(format!(
                "{} holds \"{}\", which is the code of no commune, of today or former",
                cell.column,
                shown(&code, SHOWN)
            ));
        };
        let former = (today.code != whole).then_some(whole);
        Ok((today.code.clone(), former))
    }
}

/// The number of a row, with its name. Without a name a 0 is none, for Grist puts it into numbers that nobody filled in.
fn figure(
    number: Cell<'_>,
    label: Cell<'_>,
    unit: Cell<'_>,
) -> Result<Option<LocalFigure>, String> {
    let value = match number.value {
        Value::Number(value) => value.as_f64().filter(|value| value.abs() <= LARGEST),
        _ if number.is_blank() => return Ok(None),
        _ => return Err(number.wrong("a number")),
    };
    let value = value.ok_or_else(|| number.wrong("a number up to a million million"))?;
    let unit = unit.word(LONGEST_UNIT)?;
    match label.word(LONGEST_LABEL)? {
        Some(label) => Ok(Some(LocalFigure {
            label,
            number: value,
            unit,
        })),
        None if value == 0.0 => Ok(None),
        None => Err(format!(
            "{} holds {}, and {} is empty; what the number is of was expected there",
            number.column,
            written(number.value),
            label.column
        )),
    }
}

/// What a formula failed with, where the cell says so: `["E", "ZeroDivisionError"]`.
fn failure(cell: &Value) -> Option<&Value> {
    let list = cell.as_array()?;
    (list.first()? == "E").then(|| list.get(1).unwrap_or(&Value::Null))
}

/// A value as a message shows it.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{}\"", shown(text, SHOWN)),
        value => shown(&value.to_string(), SHOWN),
    }
}

impl Cell<'_> {
    fn is_blank(&self) -> bool {
        match self.value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    fn wrong(self, expected: &str) -> String {
        format!(
            "{} holds {}; {expected} was expected",
            self.column,
            written(self.value)
        )
    }

    /// A text of so many characters at most; `None` where there is none.
    fn text(self, most: usize) -> Result<Option<String>, String> {
        if self.is_blank() {
            return Ok(None);
        }
        let Value::String(text) = self.value else {
            return Err(self.wrong("a text"));
        };
        let text = text.trim().replace("\r\n", "\n").replace(['\r', '\t'], " ");
        let count = text.chars().count();
        if count > most {
            return Err(format!(
                "{} has {count} characters; {most} at most were expected",
                self.column
            ));
        }
        Ok(Some(text))
    }

    /// A text of several lines, without what people do not see.
    fn lines(self, most: usize) -> Result<Option<String>, String> {
        let text = self.text(most)?;
        match &text {
            Some(text) if !text.lines().all(is_plain) => {
                Err(self.wrong("a text without invisible characters"))
            }
            _ => Ok(text),
        }
    }

    /// A text of one line.
    fn word(self, most: usize) -> Result<Option<String>, String> {
        let text = self.text(most)?;
        match &text {
            Some(text) if !is_plain(text) => Err(self.wrong("a text of one line")),
            _ => Ok(text),
        }
    }

    /// An address of http or https that names nobody.
    fn address(self) -> Result<Option<String>, String> {
        let Some(text) = self.word(LONGEST_LINK)? else {
            return Ok(None);
        };
        let url = web_address(&text).filter(|url| !names_user(url));
        let url = url.ok_or_else(|| {
            self.wrong("an address that begins with https:// or http://, without a user")
        })?;
        Ok(Some(url.into()))
    }

    /// A day: seconds since 1970, what a column of any type has for a day or a time, or a text such as `2026-11-30`.
    fn day(self) -> Result<Option<Date>, String> {
        let wrong = || self.wrong("a date such as 2026-11-30");
        let seconds = match self.value {
            _ if self.is_blank() => return Ok(None),
            Value::Number(seconds) => seconds.as_f64(),
            Value::Array(list) => match &list[..] {
                [Value::String(kind), seconds, ..] if kind == "d" || kind == "D" => {
                    seconds.as_f64()
                }
                _ => None,
            },
            Value::String(text) => {
                return text.trim().parse().map(Some).map_err(|_| wrong());
            }
            _ => None,
        };
        // A day of Grist is its midnight in Greenwich, which is on the same day in France.
        let time = seconds.and_then(|seconds| Timestamp::from_second(seconds.floor() as i64).ok());
        time.map(day_in_france).map(Some).ok_or_else(wrong)
    }
}
