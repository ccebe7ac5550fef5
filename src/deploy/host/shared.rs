//! What the files of several hosts have in common.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::site::{HeaderRule, header_rules};

/// The host of the site's address, with its port where it has one.
pub(super) fn authority(config: &Config) -> &str {
    let address = config.site.address.split_once("://");
    let rest = address.map_or(config.site.address.as_str(), |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

/// The host of the site's address.
pub(super) fn host_name(config: &Config) -> &str {
    authority(config).split(':').next().unwrap_or_default()
}

/// The rules for all addresses, and those for some.
pub(super) fn rules() -> (Vec<&'static HeaderRule>, Vec<&'static HeaderRule>) {
    header_rules()
        .iter()
        .copied()
        .partition(|rule| rule.pattern == "/*")
}

/// The headers that rules set, each once, by name.
pub(super) fn header_names(rules: &[&'static HeaderRule]) -> BTreeSet<&'static str> {
    let headers = rules.iter().flat_map(|rule| rule.headers);
    headers.map(|(name, _)| *name).collect()
}

/// Both servers read strings in double quotes, with backslashes before quotes and backslashes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
