//! The templates of messages.

use std::io::{self, Write};

use tera::Tera;

use super::message::Message;
use crate::deploy::template;
use crate::site;

/// Sentences that the templates of all kinds share, as `facts`.
const FACTS: &str = include_str!("facts.txt");

/// Writes a value so that a service shows it as it is.
pub(super) type Escape = fn(&str, &mut dyn Write) -> io::Result<()>;

/// Templates whose values are escaped as their readers need it.
///
/// # Errors
/// When the shared sentences do not parse.
pub(super) fn tera(escape: Escape) -> Result<Tera, String> {
    let mut tera = Tera::new();
    site::register_filters(&mut tera);
    tera.set_escape_fn(escape);
    // Only templates of these names are escaped; the shared sentences are, where they are included.
    tera.autoescape_on(vec!["facts"]);
    tera.add_raw_template("facts", FACTS)
        .map_err(|error| error.to_string())?;
    Ok(tera)
}

/// Renders the template of a key, with its values escaped or as they are.
///
/// # Errors
/// Why the template does not work.
pub(super) fn render(
    tera: &Tera,
    key: &str,
    template: &str,
    message: &Message,
    secret: &str,
    escaped: bool,
) -> Result<String, String> {
    let context = tera::Context::from_serialize(message).map_err(|error| error.to_string());
    let rendered = context.and_then(|context| {
        template::render(tera, template, &context, ("secret", secret), escaped)
    });
    rendered.map_err(|error| format!("its {key} does not work: {error}"))
}

/// With a space of no width between the sign and the name, a mention is none.
///
/// # Errors
/// When the output takes no more.
pub(super) fn escape_mentions(text: &str, output: &mut dyn Write) -> io::Result<()> {
    output.write_all(text.replace('@', "@\u{200b}").as_bytes())
}

/// A text of so many characters at the most.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
