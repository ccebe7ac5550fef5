//! Notifications: how a run ended, told to people where they are.

mod mail;
mod message;
mod text;

use std::path::Path;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};

pub use message::{Message, choose};
pub use text::Text;

use crate::config::{Channel, Config, Notify};
use crate::http::{Client, HIDDEN, Patience, Request, Secret, block_on, header};

/// A chat that does not answer must not hold a run up.
const PATIENCE: Patience = Patience {
    connect: None,
    idle: None,
    attempt: Some(Duration::from_secs(20)),
    total: None,
    retries: 3,
    wait: Duration::from_secs(1),
};

/// The tables of the configuration that are told of an outcome.
pub fn told<'a>(config: &'a Config, message: &Message) -> Vec<&'a Notify> {
    let tables = config.notify.iter();
    tables
        .filter(|table| table.on.contains(message.outcome))
        .collect()
}

/// What a table would send, with its secrets left out.
///
/// # Errors
/// Why it would send nothing.
pub fn preview(table: &Notify, message: &Message) -> Result<Text, String> {
    let text = text::text(table, message, HIDDEN)?;
    if table.kind == Channel::Smtp {
        let (subject, body) = (text.subject.clone(), text.body.clone());
        mail::mail(table, text)?;
        return Ok(Text { subject, body });
    }
    Ok(text)
}

/// Sends a message to all of the tables at once. Gives for each why it did not get it, where it did not; none of them
/// keeps another from its own. `root` is the project's folder.
pub fn send(tables: &[&Notify], message: &Message, root: &Path) -> Vec<Result<(), String>> {
    std::thread::scope(|scope| {
        let sending: Vec<_> = tables
            .iter()
            .map(|table| scope.spawn(|| one(table, message, root)))
            .collect();
        sending
            .into_iter()
            .map(|thread| {
                let lost = |_| Err("it could not be sent, for a fault of this program".to_owned());
                thread.join().unwrap_or_else(lost)
            })
            .collect()
    })
}

fn one(table: &Notify, message: &Message, root: &Path) -> Result<(), String> {
    if table.kind == Channel::Smtp {
        let text = text::text(table, message, "")?;
        return mail::send(table, root, &mail::mail(table, text)?);
    }
    let (request, secrets) = request(table, message)?;
    let sent = Client::for_own_services(PATIENCE, secrets)
        .and_then(|client| block_on(client.text(&request))?);
    sent.map(drop).map_err(|error| error.to_string())
}

/// Whether the environment has what a table needs. Nothing is sent.
///
/// # Errors
/// The variable that is not set, or that holds no address.
pub fn credentials(table: &Notify) -> Result<(), String> {
    if table.url_env.is_some() {
        address(table)?;
    }
    for name in [&table.secret_env, &table.user_env, &table.password_env] {
        name.as_deref().map(read).transpose()?;
    }
    Ok(())
}

fn read(name: &str) -> Result<Secret, String> {
    Secret::from_env(name).ok_or_else(|| format!("{name} is not set in the environment"))
}

/// The address of a webhook, which is a secret, as it is and read.
fn address(table: &Notify) -> Result<(Secret, Url), String> {
    let variable = table.url_env.as_deref().unwrap_or_default();
    let address = read(variable)?;
    let url = Url::parse(address.expose())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| format!("{variable} holds no address that begins with https://"))?;
    Ok((address, url))
}

/// The request of a webhook, and what of it must not be shown.
fn request(table: &Notify, message: &Message) -> Result<(Request, Vec<Secret>), String> {
    let (address, url) = address(table)?;
    let secret = table.secret_env.as_deref().map(read).transpose()?;
    let token = secret.as_ref().map_or("", Secret::expose);
    let text = text::text(table, message, token)?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, template) in &table.headers {
        let key = format!("headers.{name}");
        let tera = tera::Tera::new();
        let value = text::render(&tera, &key, template, message, token, false)?;
        let (name, value) =
            header(name, &value).ok_or_else(|| format!("its {key} makes no header"))?;
        headers.insert(name, value);
    }
    let method = table.method.as_deref().unwrap_or("POST");
    let method = Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?;
    let parts = [
        Secret::part(url.path()),
        Secret::part(url.path().rsplit('/').next().unwrap_or_default()),
        url.query().and_then(Secret::part),
        url.password().and_then(Secret::part),
    ];
    let mut secrets = vec![address];
    secrets.extend(parts.into_iter().flatten());
    secrets.extend(secret);
    let request = Request {
        method,
        url,
        headers,
        body: text.body,
    };
    Ok((request, secrets))
}
