//! Addresses as they may be shown.

use std::fmt;

use reqwest::Url;

/// An address without what may be secret in it: no user, no password, no query, no fragment. What of a query is a token
/// does not show in its name, so none of it is kept.
pub struct RedactedUrl<'a>(pub &'a Url);

impl fmt::Display for RedactedUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.0;
        write!(
            f,
            "{}://{}",
            url.scheme(),
            url.host_str().unwrap_or_default()
        )?;
        if let Some(port) = url.port() {
            write!(f, ":{port}")?;
        }
        let query = if url.query().is_some() { "?…" } else { "" };
        write!(f, "{}{query}", url.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_shown() {
        let shown = |text: &str| RedactedUrl(&Url::parse(text).unwrap()).to_string();
        assert_eq!(
            shown("https://me:hunter2@x.fr:8443/a/b.csv?token=hunter2&year=2024#hunter2"),
            "https://x.fr:8443/a/b.csv?…"
        );
        assert_eq!(shown("https://x.fr/?hunter2"), "https://x.fr/?…");
        assert_eq!(shown("http://[::1]:80/"), "http://[::1]/");
    }
}
