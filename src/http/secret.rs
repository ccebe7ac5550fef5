//! Secrets: they come from the environment only, and are shown nowhere.

use std::fmt;

/// Stands for a secret where one would be shown.
pub const HIDDEN: &str = "…";

/// Characters of a text that are quoted.
const QUOTED: usize = 200;

/// Bytes of a part of a secret that is looked for in other text.
const SHORTEST: usize = 8;

/// A token, a password, or an address that is one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value of an environment variable; `None` when it is not set or empty, as a workflow sets those of secrets
    /// that do not exist.
    pub fn from_env(name: &str) -> Option<Self> {
        let value = std::env::var(name).ok()?;
        let value = value.trim();
        (!value.is_empty()).then(|| Self(value.to_owned()))
    }

    /// A part of another secret, which is one itself where it is not too short to be told from other text.
    pub fn part(text: &str) -> Option<Self> {
        (text.len() >= SHORTEST).then(|| Self(text.to_owned()))
    }

    /// The secret itself, for the request that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A text without the secret, for the answer of a server may repeat it.
    pub fn scrub(&self, text: &str) -> String {
        text.replace(&self.0, HIDDEN)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// A text without any of the secrets.
pub fn scrub(text: &str, secrets: &[Secret]) -> String {
    secrets
        .iter()
        .fold(text.to_owned(), |text, secret| secret.scrub(&text))
}

/// A text of elsewhere as far as it can be shown: short, in one line, without the secrets.
pub fn quote(text: &str, secrets: &[Secret]) -> String {
    let text = scrub(text, secrets);
    let line: Vec<_> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    line.join(" ").chars().take(QUOTED).collect()
}
