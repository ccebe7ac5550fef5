use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::context::Context;
use super::github;
use crate::app::Failure;
use crate::app::online::{OnlineStatus, online};

/// Tell whether what visitors get is the live version
///
/// Asks the site's address for its version.json and compares it with that of the live version. In GitHub Actions the
/// outputs deploy (true when there is a version that is not online), version, address, host and branch are set.
#[derive(Debug, Args)]
pub(super) struct Online {
    /// Ask again until it is, for as long as this; exit code 1 when it is not by then
    #[arg(long, value_name = "SECONDS")]
    within: Option<u64>,
}

impl Online {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let (config, services) = context.project.settings()?;
        let deploy = &services.deploy;
        let address = &config.site.address;
        let within = self.within.map(Duration::from_secs);
        let Some(status) = online(&context.project, &config, within)? else {
            context.terminal.summary(
                "there is no version yet; run `immostats build`",
                &json!({"version": null, "online": null, "address": address}),
            );
            return Ok(github::outputs(&[("deploy", "false")])?);
        };
        let text = text(&status, address);
        if !status.same
            && let Some(seconds) = self.within
        {
            return Err(Failure::because(format!(
                "{text}, after {seconds} seconds; see whether the deployment succeeded, and whether site.address is where it goes"
            )));
        }
        let OnlineStatus {
            version,
            found,
            same,
        } = &status;
        context.terminal.summary(
            &text,
            &json!({
                "version": version, "address": address, "same": same,
                "online": found.as_ref().ok().map(|file| &file["current"]),
                "error": found.as_ref().err().map(ToString::to_string),
            }),
        );
        Ok(github::outputs(&[
            ("deploy", if *same { "false" } else { "true" }),
            ("version", version),
            ("address", address),
            ("host", deploy.host.key),
            ("branch", deploy.pushed_branch().unwrap_or_default()),
        ])?)
    }
}

fn text(status: &OnlineStatus, address: &str) -> String {
    let version = &status.version;
    match &status.found {
        Ok(_) if status.same => format!("version {version} is online at {address}"),
        Ok(file) => format!(
            "version {version} is not online at {address}, but {}{}",
            file["current"].as_str().unwrap_or_default(),
            since(file),
        ),
        Err(error) => format!("version {version} is not online: {error}"),
    }
}

/// When a version went live, for one that is known under the same number.
fn since(file: &Value) -> String {
    let date = file["history"][0]["date"].as_str();
    date.map_or(String::new(), |date| format!(", live since {date}"))
}
