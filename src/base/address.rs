//! Addresses of the web, as settings and files give them.

use reqwest::Url;

/// An address of http or https that names a host; `None` for any other text, and where it is left out, for which a browser
/// would take the first part of the path.
pub fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let (_, rest) = text.split_once("://")?;
    if rest.starts_with(['/', '\\']) {
        return None;
    }
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// Whether an address names a user, and perhaps a password, which must not be shown.
pub fn names_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_web_has_a_scheme_of_it_and_a_host() {
        for text in ["https://a.fr", "http://127.0.0.1:80/x?y#z", "HTTPS://é.fr/"] {
            assert!(web_address(text).is_some(), "{text}");
        }
        for text in [
            "",
            "a.fr",
            "ftp://a.fr",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://",
            "https:///a",
            "https:/a.fr",
            "https:a.fr",
        ] {
            assert!(web_address(text).is_none(), "{text}");
        }
        let named = |text| names_user(&web_address(text).unwrap());
        assert!(named("https://u@a.fr") && named("https://:p@a.fr"));
        assert!(!named("https://a.fr/@u"));
    }
}
