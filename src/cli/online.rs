use std::time::Duration;

use clap::Args;
use serde_json::json;

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
        let OnlineStatus {
            version,
            found,
            same,
            ..
        } = &status;
        context.terminal.summary(
            &status.to_string(),
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
