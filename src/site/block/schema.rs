//! Parts that the schemas of several blocks are made of.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

/// The JSON Schema of a data file.
pub(crate) fn schema_of<T: JsonSchema>() -> Value {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(RecursiveTransform(tighten))
        .into_generator();
    generator.into_root_schema_for::<T>().to_value()
}

/// The JSON Schema of what templates see, in one piece.
pub(crate) fn of_templates<T: JsonSchema>() -> Value {
    let mut settings = SchemaSettings::draft2020_12().for_serialize();
    settings.inline_subschemas = true;
    let generator = settings.into_generator();
    generator.into_root_schema_for::<T>().to_value()
}

/// JSON that people read too, as a file.
pub(crate) fn text(value: &Value) -> Vec<u8> {
    let mut text = format!("{value:#}").into_bytes();
    text.push(b'\n');
    text
}

/// Closes all objects, and takes out what only says how Rust keeps a number.
fn tighten(schema: &mut Schema) {
    if schema.get("properties").is_some() {
        schema.insert("additionalProperties".into(), false.into());
    }
    if schema.get("format").is_some_and(|format| format != "date") {
        schema.remove("format");
    }
}

/// The text of a [`Month`](crate::base::month::Month).
pub(crate) struct MonthText;

impl JsonSchema for MonthText {
    fn schema_name() -> Cow<'static, str> {
        "month_name".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])$" })
    }
}
