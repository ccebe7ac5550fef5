//! Whether what visitors get is the live version.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::failure::Failure;
use super::project::Project;
use crate::config::{Config, SiteSettings};
use crate::deploy::{Online, OnlineError};
use crate::http::block_on;
use crate::version::Store;

/// Longest pause between two questions.
const PAUSE: Duration = Duration::from_secs(15);

/// What is online, beside the live version.
#[derive(Debug)]
pub struct OnlineStatus {
    /// The live version.
    pub version: String,
    /// The `version.json` that visitors get.
    pub found: Result<Value, OnlineError>,
    /// Whether that is the live version's.
    pub same: bool,
}

/// Asks the site's address for its `version.json`; with a time, again and again until it is the live version's or the
/// time is over. `None` when there is no version.
///
/// # Errors
/// When the address is only the example's, or there is a time and no version.
pub fn online(
    project: &Project,
    config: &Config,
    within: Option<Duration>,
) -> Result<Option<OnlineStatus>, Failure> {
    let versions = project.versions();
    let live = match versions.exists() {
        true => Store::open(&versions)?.version_file()?,
        false => None,
    };
    let Some(live) = live else {
        return match within {
            None => Ok(None),
            Some(_) => Err(Failure::because(
                "there is no version yet that could be online; run `immostats build`",
            )),
        };
    };
    let live: Value = serde_json::from_slice(&live)?;
    let address = &config.site.address;
    if *address == SiteSettings::default().address {
        return Err(Failure::because(format!(
            "site.address in immostats.toml is {address}, which is only an example; set it to where the site stands"
        )));
    }
    let until = within.map(|time| Instant::now() + time);
    let found = block_on(ask(&Online::new(address)?, &live, until))?;
    Ok(Some(OnlineStatus {
        version: live["current"].as_str().unwrap_or_default().to_owned(),
        same: found.as_ref().is_ok_and(|file| *file == live),
        found,
    }))
}

/// Asks for `version.json`, again and again until it is the one that is expected, or the time is over.
async fn ask(
    site: &Online,
    expected: &Value,
    until: Option<Instant>,
) -> Result<Value, OnlineError> {
    let mut pause = Duration::from_secs(1);
    loop {
        let found = site.version_file().await;
        if found.as_ref().is_ok_and(|file| file == expected) {
            return found;
        }
        match until {
            Some(until) if Instant::now() + pause < until => {}
            _ => return found,
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE);
    }
}
