//! What the file of a channel says of it.

use std::fmt::Debug;
use std::path::Path;

use super::message::Message;
use crate::config::ConfigSection;
use crate::http::Secret;

/// The keys that tables `[[notify]]` of all kinds have.
pub(super) const COMMON_KEYS: [&str; 4] = ["id", "kind", "on", "template"];

/// A kind of channel: what its file registers.
#[derive(Debug)]
pub(super) struct ChannelKind {
    /// As `kind` of a table `[[notify]]` names it.
    pub key: &'static str,
    /// What the comments of `immostats.toml` say of it and of each of its own keys.
    pub help: &'static str,
    /// Reads those keys. What is wrong with them is told with the key and what was expected.
    pub read: fn(ConfigSection<'_>) -> Result<Box<dyn Channel>, String>,
}

/// The settings of a channel, which know how something is told through it. Errors are sentences for the operator, without
/// secrets.
pub(super) trait Channel: Debug + Send + Sync {
    /// Whether the environment has what is needed. Nothing is sent.
    ///
    /// # Errors
    /// The variable that is not set, or that does not hold what it should.
    fn credentials(&self) -> Result<(), String>;

    /// A message in the words of the operator's `template`, or in those that ship. `secret` stands where a template names
    /// one.
    ///
    /// # Errors
    /// Why the template does not work.
    fn text(&self, template: Option<&str>, message: &Message, secret: &str)
    -> Result<Text, String>;

    /// Sends a message. `root` is the project's folder.
    ///
    /// # Errors
    /// Why it was not taken.
    fn send(&self, template: Option<&str>, message: &Message, root: &Path) -> Result<(), String>;
}

/// A message, ready to be sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// Of a mail.
    pub subject: Option<String>,
    /// What is sent, JSON for all but mail.
    pub body: String,
}

/// Whether a key holds the name of an environment variable. What stands there by mistake may be the secret itself, so it is
/// not shown.
///
/// # Errors
/// When it does not.
pub(super) fn check_variable(key: &str, name: &str) -> Result<(), String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.bytes().all(plain) {
        return Ok(());
    }
    Err(format!(
        "{key} is not the name of an environment variable; one such as IMMOSTATS_SLACK_URL was expected, whose value is the secret"
    ))
}

/// The secret in an environment variable.
///
/// # Errors
/// When it is not set.
pub(super) fn secret(variable: &str) -> Result<Secret, String> {
    Secret::from_env(variable).ok_or_else(|| format!("{variable} is not set in the environment"))
}
