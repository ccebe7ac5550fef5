//! The templates of requests and messages.

use std::io::{self, Write};

use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use crate::base::memory;
use crate::http::HIDDEN;
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

/// Renders a template that may name a secret. Why it does not work is found out without the secret, for a filter tells the
/// value that it cannot take.
///
/// # Errors
/// Why the template does not work.
pub(super) fn render(
    tera: &Tera,
    template: &str,
    context: &Context,
    (name, secret): (&'static str, &str),
    escaped: bool,
) -> Result<String, String> {
    memory::watch();
    let attempt = |secret: &str| {
        let mut context = context.clone();
        context.insert(name, secret);
        tera.render_str(template, &context, escaped)
    };
    attempt(secret).map_err(|_| match attempt(HIDDEN) {
        Err(error) => error.to_string(),
        Ok(_) => format!("it takes no such {name}"),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_that_fails_does_not_tell_the_secret() {
        let render = |template: &str| {
            render(
                &json(),
                template,
                &Context::new(),
                ("secret", "HUNTER2SECRET"),
                true,
            )
        };
        for template in [
            "{{ secret | month }}",
            "{{ secret | upper | month }}",
            "{{ secret | truncate(length=7) | month }}",
            "{% if secret is ending_with(\"RET\") %}{{ secret | month }}{% endif %}",
        ] {
            let error = render(template).unwrap_err();
            assert!(
                !error.to_lowercase().contains("hunter"),
                "{template}: {error}"
            );
        }
        assert_eq!(render("{{ secret }}").unwrap(), "HUNTER2SECRET");
    }
}
