//! Any service that takes HTTP requests, JSON by default, made by the operator's own templates.

use std::collections::BTreeMap;
use std::path::Path;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde::Deserialize;

use super::channel::{COMMON_KEYS, Channel, ChannelKind, Text, check_variable, secret};
use super::hook;
use super::message::Message;
use super::render::render;
use crate::config::ConfigSection;
use crate::deploy::template;
use crate::http::{Secret, header};

/// What `[[notify]]` registers.
pub(super) const KIND: ChannelKind = ChannelKind {
    key: "webhook",
    help: r"#   webhook     any JSON, by its template: url_env; method (POST); headers, a table of Tera templates; secret_env, the variable
#               that templates name as {{ secret }}
",
    read,
};

/// The body where the table has no template.
const TEMPLATE: &str = r#"{
  "site": {{ site.name | json }},
  "address": {{ site.address | json }},
  "outcome": {{ outcome | json }},
  "title": {{ title | json }},
  "command": {{ command | json }},
  "version": {{ version | json }},
  "previous": {{ previous | json }},
  "new_transactions": {{ new_transactions }},
  "cities_updated": {{ cities_updated }},
  "seconds": {{ seconds | json }},
  "message": {{ message | json }},
  "refusals": {{ refusals | json }},
  "movements": {{ movements | json }},
  "run_url": {{ run_url | json }}
}
"#;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhook {
    url_env: String,
    #[serde(default = "post")]
    method: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    secret_env: Option<String>,
}

fn post() -> String {
    "POST".to_owned()
}

fn read(keys: ConfigSection<'_>) -> Result<Box<dyn Channel>, String> {
    let webhook: Webhook = keys.read(&COMMON_KEYS)?;
    check_variable("url_env", &webhook.url_env)?;
    if let Some(name) = &webhook.secret_env {
        check_variable("secret_env", name)?;
    }
    let method = &webhook.method;
    if !method.bytes().all(|b| b.is_ascii_uppercase())
        || Method::from_bytes(method.as_bytes()).is_err()
    {
        return Err(format!("method is \"{method}\"; POST or PUT was expected"));
    }
    Ok(Box::new(webhook))
}

impl Webhook {
    fn secret(&self) -> Result<Option<Secret>, String> {
        self.secret_env.as_deref().map(secret).transpose()
    }
}

impl Channel for Webhook {
    fn credentials(&self) -> Result<(), String> {
        hook::address(&self.url_env)?;
        self.secret().map(drop)
    }

    fn text(
        &self,
        template: Option<&str>,
        message: &Message,
        secret: &str,
    ) -> Result<Text, String> {
        let template = template.unwrap_or(TEMPLATE);
        let body = render(
            &template::json(),
            "template",
            template,
            message,
            secret,
            true,
        )?;
        let body = body.trim();
        let is_json = !self
            .headers
            .keys()
            .any(|name| name.eq_ignore_ascii_case("content-type"));
        if is_json && let Err(error) = serde_json::from_str::<serde_json::Value>(body) {
            return Err(format!("its template does not make JSON: {error}"));
        }
        Ok(Text {
            subject: None,
            body: body.to_owned(),
        })
    }

    fn send(&self, template: Option<&str>, message: &Message, _: &Path) -> Result<(), String> {
        let secret = self.secret()?;
        let token = secret.as_ref().map_or("", Secret::expose);
        let body = self.text(template, message, token)?.body;
        let mut headers = HeaderMap::new();
        for (name, template) in &self.headers {
            let key = format!("headers.{name}");
            let value = render(&tera::Tera::new(), &key, template, message, token, false)?;
            let (name, value) =
                header(name, &value).ok_or_else(|| format!("its {key} makes no header"))?;
            headers.insert(name, value);
        }
        let method =
            Method::from_bytes(self.method.as_bytes()).map_err(|error| error.to_string())?;
        hook::send(&self.url_env, method, headers, body, secret)
    }
}
