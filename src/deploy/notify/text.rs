//! A message in the words of each kind of notification.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;
use tera::Tera;

use super::message::Message;
use crate::config::{Channel, Notify};
use crate::deploy::template;
use crate::site;

/// Sentences that the templates of all kinds share, as `facts`.
const FACTS: &str = include_str!("templates/facts.txt");

const SUBJECT: &str = include_str!("templates/subject.txt");

/// Characters of a message that each service takes.
const SLACK: usize = 40_000;
const DISCORD: usize = 2_000;
const MATTERMOST: usize = 16_383;

/// A message, ready to be sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// Of a mail.
    pub subject: Option<String>,
    pub body: String,
}

/// Writes a message as a table of the configuration has it. `secret` stands where a template of a webhook names it.
///
/// # Errors
/// Why the template does not work.
pub fn text(table: &Notify, message: &Message, secret: &str) -> Result<Text, String> {
    let default = match table.kind {
        Channel::Slack => include_str!("templates/slack.txt"),
        Channel::Discord => include_str!("templates/discord.txt"),
        Channel::Mattermost => include_str!("templates/mattermost.txt"),
        Channel::Webhook => include_str!("templates/webhook.json"),
        Channel::Smtp => include_str!("templates/mail.txt"),
    };
    let tera = tera(table.kind)?;
    let body = table.template.as_deref().unwrap_or(default);
    let body = render(&tera, "template", body, message, secret, true)?;
    let body = body.trim();
    let short = |most| cut(body, most);
    let body = match table.kind {
        Channel::Slack => json!({"text": short(SLACK), "unfurl_links": false}).to_string(),
        // Nobody is called by what a message quotes.
        Channel::Discord => {
            json!({"content": short(DISCORD), "allowed_mentions": {"parse": []}}).to_string()
        }
        Channel::Mattermost => json!({"text": short(MATTERMOST)}).to_string(),
        Channel::Webhook => {
            let is_json = !table
                .headers
                .keys()
                .any(|name| name.eq_ignore_ascii_case("content-type"));
            if is_json && let Err(error) = serde_json::from_str::<serde_json::Value>(body) {
                return Err(format!("its template does not make JSON: {error}"));
            }
            body.to_owned()
        }
        Channel::Smtp => format!("{body}\n"),
    };
    let subject = match table.kind {
        Channel::Smtp => {
            let subject = table.subject.as_deref().unwrap_or(SUBJECT);
            let subject = render(&tera, "subject", subject, message, "", true)?;
            let words: Vec<_> = subject
                .split(|c: char| c.is_ascii_whitespace() || c.is_control())
                .filter(|word| !word.is_empty())
                .collect();
            Some(words.join(" "))
        }
        _ => None,
    };
    Ok(Text { subject, body })
}

/// Renders one of a table's templates, with what it shows escaped or as it is.
pub fn render(
    tera: &Tera,
    key: &str,
    template: &str,
    message: &Message,
    secret: &str,
    escaped: bool,
) -> Result<String, String> {
    #[derive(Serialize)]
    struct Named<'a> {
        #[serde(flatten)]
        message: &'a Message,
        secret: &'a str,
    }
    let context = tera::Context::from_serialize(&Named { message, secret });
    let rendered = context.and_then(|context| tera.render_str(template, &context, escaped));
    rendered.map_err(|error| format!("its {key} does not work: {error}"))
}

/// The templates of a kind: what they show of a message is escaped as its readers need it.
fn tera(kind: Channel) -> Result<Tera, String> {
    let mut tera = match kind {
        Channel::Webhook => return Ok(template::json()),
        _ => Tera::new(),
    };
    site::register_filters(&mut tera);
    tera.set_escape_fn(match kind {
        Channel::Slack => escape_slack,
        Channel::Discord | Channel::Mattermost => escape_mentions,
        Channel::Webhook | Channel::Smtp => plain,
    });
    // Only templates of these names are escaped; the shared sentences are, where they are included.
    tera.autoescape_on(vec!["facts"]);
    tera.add_raw_template("facts", FACTS)
        .map_err(|error| error.to_string())?;
    Ok(tera)
}

fn escape_slack(text: &str, output: &mut dyn Write) -> io::Result<()> {
    let text = text.replace('&', "&amp;");
    let text = text.replace('<', "&lt;").replace('>', "&gt;");
    output.write_all(text.as_bytes())
}

/// With a space of no width between the sign and the name, a mention is none.
fn escape_mentions(text: &str, output: &mut dyn Write) -> io::Result<()> {
    output.write_all(text.replace('@', "@\u{200b}").as_bytes())
}

fn plain(text: &str, output: &mut dyn Write) -> io::Result<()> {
    output.write_all(text.as_bytes())
}

/// A text of so many characters at the most.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
