//! Chats, which take a text in JSON at the address of a webhook.

use std::path::Path;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde_json::Value;

use super::channel::{COMMON_KEYS, Channel, Text, check_variable};
use super::hook;
use super::message::Message;
use super::render::{Escape, render, tera};
use crate::config::ConfigSection;

/// How a chat is talked to.
#[derive(Debug)]
pub(super) struct Manner {
    /// The message, a Tera template in the markup of the chat.
    pub template: &'static str,
    pub escape: Escape,
    /// The body of the request for a text.
    pub body: fn(&str) -> Value,
}

/// A webhook of a chat.
#[derive(Debug)]
struct Chat {
    url_env: String,
    manner: &'static Manner,
}

/// Reads the one key of a chat's own, `url_env`: the variable that holds the webhook's address.
///
/// # Errors
/// When there is another key, or it is missing or cannot be.
pub(super) fn read(
    keys: ConfigSection<'_>,
    manner: &'static Manner,
) -> Result<Box<dyn Channel>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Keys {
        url_env: String,
    }
    let Keys { url_env } = keys.read(&COMMON_KEYS)?;
    check_variable("url_env", &url_env)?;
    Ok(Box::new(Chat { url_env, manner }))
}

impl Channel for Chat {
    fn credentials(&self) -> Result<(), String> {
        hook::address(&self.url_env).map(drop)
    }

    fn text(&self, template: Option<&str>, message: &Message, _: &str) -> Result<Text, String> {
        let tera = tera(self.manner.escape)?;
        let template = template.unwrap_or(self.manner.template);
        let text = render(&tera, "template", template, message, "", true)?;
        Ok(Text {
            subject: None,
            body: (self.manner.body)(text.trim()).to_string(),
        })
    }

    fn send(&self, template: Option<&str>, message: &Message, _: &Path) -> Result<(), String> {
        let body = self.text(template, message, "")?.body;
        hook::send(&self.url_env, Method::POST, HeaderMap::new(), body, None)
    }
}
