//! The templates of requests and messages.

use std::io::{self, Write};

use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::site;

/// Templates that make JSON: where they are escaped, a value stands between the quotation marks of the template, and the
/// filter `json` gives a whole value, with quotation marks of its own.
pub(super) fn json() -> Tera {
    let mut tera = Tera::new();
    site::register_filters(&mut tera);
    tera.register_filter("json", |value: &Value, _: Kwargs, _: &State| as_json(value));
    tera.set_escape_fn(escape_json);
    tera
}

fn as_json(value: &Value) -> TeraResult<Value> {
    if value.is_undefined() {
        return Err(tera::Error::message("there is nothing of that name"));
    }
    let text = serde_json::to_string(value);
    let text = text.map_err(|error| tera::Error::message(error.to_string()))?;
    Ok(Value::safe_string(&text))
}

fn escape_json(text: &str, output: &mut dyn Write) -> io::Result<()> {
    let quoted = serde_json::to_string(text)?;
    output.write_all(&quoted.as_bytes()[1..quoted.len() - 1])
}
