use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::json;

use super::Context;
use crate::config::{Config, FILE_NAME, Host, TEMPLATE};
use crate::deploy::{host_files, host_key, limits};
use crate::files;

/// Make a project: a folder with a commented immostats.toml
///
/// With --host, also the configuration that the host reads, with the headers of the site; in a project that is there
/// already, only that. No file that is there is overwritten.
#[derive(Debug, Args)]
pub struct Init {
    /// Write the configuration of this host
    #[arg(long, value_enum)]
    host: Option<Host>,
}

impl Init {
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        let root = context.project.root();
        let path = root.join(FILE_NAME);
        let there = path.exists();
        if there && self.host.is_none() {
            bail!("{} is already there; it stays as it is", path.display());
        }
        let mut written = Vec::new();
        let mut text = String::new();
        if !there {
            let template = match self.host {
                Some(host) => with_host(host),
                None => TEMPLATE.to_owned(),
            };
            files::write(&path, template.as_bytes())?;
            let _ = write!(
                text,
                "{} is written. Set the site's name and address in it, then: immostats import FILE…, immostats build",
                path.display()
            );
            written.push(path);
        }
        if let Some(host) = self.host {
            let config = Config::load(root)?;
            let folder = root
                .canonicalize()
                .with_context(|| format!("{} cannot be read", root.display()))?
                .join("site");
            let wanted: Vec<_> = host_files(host, &config, &folder.to_string_lossy())
                .into_iter()
                .map(|file| (root.join(file.path), file.text))
                .collect();
            for (path, text) in &wanted {
                let held = std::fs::read_to_string(path).ok();
                if path.exists() && held.as_ref() != Some(text) {
                    bail!(
                        "{} is already there, and is not what would be written; it stays as it is. Move it away, run the command again and compare",
                        path.display()
                    );
                }
            }
            for (path, content) in wanted {
                files::write(&path, content.as_bytes())?;
                if !text.is_empty() {
                    text.push('\n');
                }
                let _ = write!(text, "{} is written", path.display());
                written.push(path);
            }
            let limits = limits(host, config.deploy.plan);
            if !limits.sends_headers {
                let _ = write!(
                    text,
                    "\n{} sends its own headers with every file, and not those of the site",
                    limits.name
                );
            }
            if config.deploy.host != host {
                let _ = write!(
                    text,
                    "\ndeploy.host in {FILE_NAME} names another host; set it to \"{}\"",
                    host_key(host)
                );
            }
        }
        let written: Vec<_> = written
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        context
            .terminal
            .summary(&text, &json!({"written": written}));
        Ok(())
    }
}

/// The configuration that ships, for a host.
fn with_host(host: Host) -> String {
    let line = |host| format!("\nhost = \"{}\"\n", host_key(host));
    TEMPLATE.replace(&line(Host::GithubPages), &line(host))
}
