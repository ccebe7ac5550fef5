//! Addresses of the configuration.

use reqwest::Url;

use crate::base::address::web_address;

/// An address of the configuration, `{year}` in it left as it is. What is wrong with it is told without showing it, for it
/// may hold a password.
pub(super) fn address(text: &str) -> Result<Url, &'static str> {
    web_address(text).ok_or_else(|| match Url::parse(text) {
        Ok(_) => "does not begin with http:// or https://",
        Err(_) => "is not an address; one such as https://example.org/{year}.csv.gz was expected",
    })
}
