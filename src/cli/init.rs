use anyhow::{Result, bail};
use clap::Args;
use serde_json::json;

use super::Context;
use crate::config::{FILE_NAME, TEMPLATE};
use crate::files;

/// Make a project: a folder with a commented immostats.toml
#[derive(Debug, Args)]
pub struct Init {}

impl Init {
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        let path = context.project.root().join(FILE_NAME);
        if path.exists() {
            bail!("{} is already there; it stays as it is", path.display());
        }
        files::write(&path, TEMPLATE.as_bytes())?;
        context.terminal.summary(
            &format!(
                "{} is written. Set the site's name and address in it, then: immostats import FILE…, immostats build",
                path.display()
            ),
            &json!({"written": path.display().to_string()}),
        );
        Ok(())
    }
}
