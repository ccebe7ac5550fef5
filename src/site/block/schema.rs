//! Parts that the schemas of several blocks are made of.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

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
