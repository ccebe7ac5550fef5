//! Secrets: they come from the environment only, and are shown nowhere.

use std::fmt;

use reqwest::Url;

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
        let (mut shown, mut rest) = (String::new(), text);
        // In large letters or small: an answer may change them. ASCII takes as many bytes in both.
        let lower = self.0.to_ascii_lowercase();
        while let Some(at) = rest.to_ascii_lowercase().find(&lower) {
            shown.push_str(&rest[..at]);
            shown.push_str(HIDDEN);
            rest = &rest[at + lower.len()..];
        }
        shown + rest
    }

    /// All of an address that may be a secret: what stands between its separators, as it is written and decoded.
    pub fn parts_of(url: &Url) -> Vec<Self> {
        let separators = |c: char| "/?&=;:@#.,".contains(c);
        let texts = [url.path(), url.query().unwrap_or_default(), url.username()];
        let texts = texts.into_iter().chain(url.password());
        let mut parts = Vec::new();
        for text in texts {
            for text in [text.to_owned(), decoded(text)] {
                let pieces = text.split(separators).filter_map(Self::part);
                parts.extend(Self::part(&text).into_iter().chain(pieces));
            }
        }
        // The longest first: a shorter one may stand in it.
        parts.sort_by_key(|part| std::cmp::Reverse(part.0.len()));
        parts
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// A part of an address with what stands for its bytes in hexadecimal, `%2F`, decoded.
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).filter(|_| *first == b'%');
        let code = code.and_then(|code| u8::from_str_radix(str::from_utf8(code).ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_an_address_is_quoted() {
        let url = "https://hooks.example/api/webhooks/1/HUNTER2secret/sl%61ckery?key=anotherHUNTER&a=%48idden-as-bytes";
        let secrets = Secret::parts_of(&Url::parse(url).unwrap());
        for text in [
            "no: api webhooks 1 HUNTER2SECRET slack",
            "no: /api/webhooks/1/HUNTER2secret/slackery",
            "xxhunter2secretxx ANOTHERHUNTER",
            "Hidden-as-bytes",
        ] {
            let shown = quote(text, &secrets).to_lowercase();
            assert!(
                !shown.contains("hunter") && !shown.contains("hidden"),
                "{shown}"
            );
        }
        assert_eq!(
            quote("channel_not_found: é É", &secrets),
            "channel_not_found: é É"
        );
    }
}
