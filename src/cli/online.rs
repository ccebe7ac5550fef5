use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use serde_json::{Value, json};

use super::check::block_on;
use super::{Context, github};
use crate::config::{Config, Site};
use crate::deploy;
use crate::version::Store;

/// Longest pause between two questions.
const PAUSE: Duration = Duration::from_secs(15);

/// Tell whether what visitors get is the live version
///
/// Asks the site's address for its version.json and compares it with that of the live version. In GitHub Actions the
/// outputs deploy (true when there is a version that is not online), version, address, host and branch are set.
#[derive(Debug, Args)]
pub struct Online {
    /// Ask again until it is, for as long as this; exit code 1 when it is not by then
    #[arg(long, value_name = "SECONDS")]
    within: Option<u64>,
}

impl Online {
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        let config = Config::load(context.project.root())?;
        let address = &config.site.address;
        let versions = context.project.versions();
        let live: Option<Value> = match versions.exists() {
            true => Store::open(&versions)?
                .version_file()?
                .map(|bytes| serde_json::from_slice(&bytes))
                .transpose()?,
            false => None,
        };
        let Some(live) = live else {
            if self.within.is_some() {
                bail!("there is no version yet that could be online; run `immostats build`");
            }
            context.terminal.summary(
                "there is no version yet; run `immostats build`",
                &json!({"version": null, "online": null, "address": address}),
            );
            return github::outputs(&[("deploy", "false")]);
        };
        if *address == Site::default().address {
            bail!(
                "site.address in immostats.toml is {address}, which is only an example; set it to where the site stands"
            );
        }
        let site = deploy::Online::new(address)?;
        let until = self
            .within
            .map(|seconds| Instant::now() + Duration::from_secs(seconds));
        let found = block_on(ask(&site, &live, until))?;
        let version = live["current"].as_str().unwrap_or_default();
        let (same, text) = match &found {
            Ok(file) if *file == live => {
                (true, format!("version {version} is online at {address}"))
            }
            Ok(file) => (
                false,
                format!(
                    "version {version} is not online at {address}, but {}{}",
                    file["current"].as_str().unwrap_or_default(),
                    since(file),
                ),
            ),
            Err(error) => (false, format!("version {version} is not online: {error}")),
        };
        if !same && let Some(seconds) = self.within {
            bail!(
                "{text}, after {seconds} seconds; see whether the deployment succeeded, and whether site.address is where it goes"
            );
        }
        context.terminal.summary(
            &text,
            &json!({
                "version": version, "address": address, "same": same,
                "online": found.as_ref().ok().map(|file| &file["current"]),
                "error": found.as_ref().err().map(ToString::to_string),
            }),
        );
        let host = serde_json::to_value(config.deploy.host)?;
        github::outputs(&[
            ("deploy", if same { "false" } else { "true" }),
            ("version", version),
            ("address", address),
            ("host", host.as_str().unwrap_or_default()),
            ("branch", config.deploy.pushed_branch().unwrap_or_default()),
        ])
    }
}

/// When a version went live, for one that is known under the same number.
fn since(file: &Value) -> String {
    let date = file["history"][0]["date"].as_str();
    date.map_or(String::new(), |date| format!(", live since {date}"))
}

/// Asks for `version.json`, again and again until it is the one that is expected, or the time is over.
async fn ask(
    site: &deploy::Online,
    expected: &Value,
    until: Option<Instant>,
) -> Result<Value, deploy::OnlineError> {
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
