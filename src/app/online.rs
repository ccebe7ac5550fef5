//! Whether what visitors get is the live version.

use std::fmt;
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
    /// The site's address.
    pub address: String,
    /// The `version.json` that visitors get.
    pub found: Result<Value, OnlineError>,
    /// Whether that is the live version's.
    pub same: bool,
}

impl fmt::Display for OnlineStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (version, address) = (&self.version, &self.address);
        match &self.found {
            Ok(_) if self.same => write!(f, "version {version} is online at {address}"),
            Ok(file) => write!(
                f,
                "version {version} is not online at {address}, but {}{}",
                file["current"].as_str().unwrap_or_default(),
                since(file),
            ),
            Err(error) => write!(f, "version {version} is not online: {error}"),
        }
    }
}

/// When a version went live, for one that is known under the same number.
fn since(file: &Value) -> String {
    let date = file["history"][0]["date"].as_str();
    date.map_or(String::new(), |date| format!(", live since {date}"))
}

/// Asks the site's address for its `version.json`; with a time, again and again until it is the live version's or the
/// time is over. `None` when there is no version.
///
/// # Errors
/// When the address is only the example's, or there is a time and no version, or another than the live one at its end.
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
    let status = OnlineStatus {
        version: live["current"].as_str().unwrap_or_default().to_owned(),
        address: address.clone(),
        same: found.as_ref().is_ok_and(|file| *file == live),
        found,
    };
    match within {
        Some(within) if !status.same => Err(Failure::because(format!(
            "{status}, after {} seconds; see whether the deployment succeeded, and whether site.address is where it goes",
            within.as_secs()
        ))),
        _ => Ok(Some(status)),
    }
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
