//! JSON, JSON Lines and GeoJSON to lines of text cells: objects that lie in each other become columns with their names joined.

use serde_json::Value;

use super::error::{TableError, broken};
use super::grid::{TextGrid, spread};
use crate::config::Container;

pub(super) fn json(bytes: &[u8], container: &Container<'_>) -> Result<TextGrid, TableError> {
    let document = document(bytes)?;
    if let Some(field) = container.left_out
        && let Some(count) = counted(&document, field)
    {
        return Err(TableError::LeftOut {
            field: field.to_owned(),
            count,
        });
    }
    of_records(&records(&document, container.records)?, container)
}

pub(super) fn features(bytes: &[u8], container: &Container<'_>) -> Result<TextGrid, TableError> {
    let document = document(bytes)?;
    let features = records(&document, "/features")?.into_iter();
    let properties: Vec<_> = features.map(|feature| &feature["properties"]).collect();
    of_records(&properties, container)
}

pub(super) fn json_lines(bytes: &[u8], container: &Container<'_>) -> Result<TextGrid, TableError> {
    let records = serde_json::Deserializer::from_slice(without_bom(bytes)).into_iter::<Value>();
    let records = records.collect::<Result<Vec<_>, _>>();
    let records = records.map_err(|error| broken("lines of JSON", error))?;
    of_records(&records.iter().collect::<Vec<_>>(), container)
}

/// What comes before a text that says that it is UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BOM).unwrap_or(bytes)
}

fn document(bytes: &[u8]) -> Result<Value, TableError> {
    serde_json::from_slice(without_bom(bytes)).map_err(|error| broken("JSON", error))
}

/// The list at a JSON Pointer.
fn records<'d>(document: &'d Value, pointer: &str) -> Result<Vec<&'d Value>, TableError> {
    let list = document.pointer(pointer).and_then(Value::as_array);
    let list = list.ok_or_else(|| {
        broken(
            "JSON",
            format!(
                "there is no list at {pointer:?}; records names where it stands, such as \"/aggs\""
            ),
        )
    })?;
    Ok(list.iter().collect())
}

/// What a field counts, anywhere in a document, where that is not 0.
fn counted(value: &Value, field: &str) -> Option<u64> {
    match value {
        Value::Object(fields) => {
            let own = fields.get(field).and_then(Value::as_u64);
            own.filter(|count| *count > 0)
                .or_else(|| fields.values().find_map(|value| counted(value, field)))
        }
        Value::Array(items) => items.iter().find_map(|item| counted(item, field)),
        _ => None,
    }
}

/// Objects to lines: each name of any of them is a column, those within an object with a point before. A declared one of which no
/// record has anything is an empty column where others of its object are there: of a class, none may have been counted.
fn of_records(records: &[&Value], container: &Container<'_>) -> Result<TextGrid, TableError> {
    let mut columns = Vec::<String>::new();
    let mut places = std::collections::HashMap::<String, usize>::new();
    let mut lines = Vec::new();
    let mut filled = 0;
    for (number, record) in records.iter().enumerate() {
        let mut cells = vec![String::new(); columns.len()];
        flatten("", record, &mut |name, cell| {
            let place = *places.entry(name.to_owned()).or_insert_with(|| {
                columns.push(name.to_owned());
                columns.len() - 1
            });
            cells.resize(cells.len().max(place + 1), String::new());
            cells[place] = cell;
            filled += 1;
        });
        spread(columns.len() * (number + 1), filled)?;
        lines.push((number + 1, cells));
    }
    for &name in &container.declared {
        let siblings = name.split_once('.').map(|(object, _)| format!("{object}."));
        let has_siblings = |start: String| columns.iter().any(|other| other.starts_with(&start));
        if !columns.iter().any(|column| column == name) && siblings.is_some_and(has_siblings) {
            columns.push(name.to_owned());
        }
    }
    for (_, cells) in &mut lines {
        cells.resize(columns.len(), String::new());
    }
    Ok(TextGrid { columns, lines })
}

/// Each value below an object with its name. A list of objects that have a value and a total, as data-fair gives counts, is one
/// value a name; any other list is told as JSON writes it, so that where a number was expected it is refused with its line.
fn flatten(path: &str, value: &Value, found: &mut impl FnMut(&str, String)) {
    let below = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                flatten(&below(name), value, found);
            }
        }
        Value::Array(items) if items.iter().any(|item| !item.is_object()) => {
            found(path, value.to_string());
        }
        Value::Array(items) => {
            for item in items {
                if let (Some(name), Some(total)) = (item["value"].as_str(), item["total"].as_u64())
                {
                    found(&below(name), total.to_string());
                }
            }
        }
        Value::Null => {}
        Value::String(text) => found(path, text.trim().to_owned()),
        value => found(path, value.to_string()),
    }
}
