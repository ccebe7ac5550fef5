//! CDNs, which keep copies of the site and are told to forget them: a file each. To add one, write its file like the
//! others' and register it in [`KINDS`]; in GitHub Actions, `IMMOSTATS_CDN_TOKEN` is there for its credentials.

mod bunny;
mod check;
mod client;
mod cloudflare;
mod fastly;
mod http;
mod service;

use std::time::Duration;

use serde::{Deserialize, Deserializer};

pub(super) use client::CdnClient;
pub use service::{Cdn, CdnError};

use service::CdnKind;

use super::registry;
use crate::config::ConfigSection;
use crate::http::Patience;

/// The CDNs there are.
const KINDS: [&CdnKind; 4] = [&cloudflare::KIND, &fastly::KIND, &bunny::KIND, &http::KIND];

/// What CDNs have in common.
const TEMPLATE: &str = r#"
# The CDN before the site, which `immostats purge` tells what changed. Its credentials come from the environment only, from
# the variables that stand above its table.
[cdn]
# "none", or the NAME of one of the tables [cdn.NAME] that follow.
provider = "none"
# From more addresses than this on, everything is purged in one call, where the CDN has one.
everything_above = 3000
# Seconds for one request, attempts after a first one that failed for a passing reason, seconds before the first retry. The
# wait doubles each time, and up to as much again is added at random; a Retry-After is honoured up to ten minutes.
timeout = 30.0
retries = 5
retry_wait = 1.0
"#;

/// The part of `immostats.toml` that is about CDNs, commented, with the defaults.
pub(super) fn template() -> String {
    let kinds = KINDS.iter().map(|kind| kind.template);
    [TEMPLATE].into_iter().chain(kinds).collect()
}

/// The CDN before the site, and how it is talked to.
#[derive(Debug)]
pub struct CdnSettings {
    /// The service that keeps the copies, with its own settings.
    pub cdn: Box<dyn Cdn>,
    /// From more addresses than this on, everything is purged in one call.
    pub everything_above: usize,
    /// How long and how often its requests are tried.
    pub patience: Patience,
}

/// The keys of `[cdn]` itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Common {
    #[serde(deserialize_with = "provider")]
    provider: Option<&'static CdnKind>,
    everything_above: usize,
    timeout: f64,
    retries: usize,
    retry_wait: f64,
}

impl Default for Common {
    fn default() -> Self {
        Self {
            provider: None,
            everything_above: 3000,
            timeout: 30.0,
            retries: 5,
            retry_wait: 1.0,
        }
    }
}

fn provider<'de, D: Deserializer<'de>>(value: D) -> Result<Option<&'static CdnKind>, D::Error> {
    let mut names = vec!["none"];
    names.extend(KINDS.map(|kind| kind.key));
    let position = registry::position(value, &names)?;
    Ok(position.checked_sub(1).map(|position| KINDS[position]))
}

/// Reads `[cdn]`; `None` where there is no CDN.
///
/// # Errors
/// When it holds an unknown key or a value that cannot be.
pub(super) fn read(mut table: ConfigSection<'_>) -> Result<Option<CdnSettings>, String> {
    let tables = KINDS.map(|kind| table.take(kind.key));
    let common: Common = table.read(&KINDS.map(|kind| kind.key))?;
    check::positive("timeout", common.timeout)?;
    check::positive("retry_wait", common.retry_wait)?;
    check::within("retries", common.retries, 0..=20)?;
    let mut chosen = None;
    for (kind, table) in KINDS.into_iter().zip(tables) {
        let cdn = (kind.read)(table)?;
        let is_chosen = common.provider.is_some_and(|chosen| chosen.key == kind.key);
        cdn.check(is_chosen)?;
        if is_chosen {
            chosen = Some(cdn);
        }
    }
    Ok(chosen.map(|cdn| CdnSettings {
        cdn,
        everything_above: common.everything_above,
        patience: Patience {
            attempt: Some(Duration::from_secs_f64(common.timeout)),
            retries: common.retries,
            wait: Duration::from_secs_f64(common.retry_wait),
            ..Patience::default()
        },
    }))
}
