//! A project made: its configuration, and that of the host it is for.

use std::path::PathBuf;

use anyhow::Context as _;

use super::failure::Failure;
use super::project::Project;
use crate::config::FILE_NAME;
use crate::deploy::{DeploySettings, Host, template};
use crate::files;

/// What was made.
pub struct Made {
    /// The configuration, when there was none.
    pub configuration: Option<PathBuf>,
    /// What the host reads.
    pub host_files: Vec<PathBuf>,
    /// Whether the configuration names that host.
    pub host_is_named: bool,
    /// Whether the configuration says where the site stands.
    pub address_is_set: bool,
}

/// Makes a project of a folder. With a host, also the configuration that it reads; in a project that is there already, only
/// that.
///
/// # Errors
/// When a file is there already and is another than would be written; it stays as it is.
pub fn init(project: &Project, host: Option<&'static Host>) -> Result<Made, Failure> {
    let path = project.root().join(FILE_NAME);
    let there = path.exists();
    if there && host.is_none() {
        return Err(Failure::because(format!(
            "{} is already there; it stays as it is",
            path.display()
        )));
    }
    let mut made = Made {
        configuration: None,
        host_files: Vec::new(),
        host_is_named: false,
        address_is_set: false,
    };
    if !there {
        let template = host.map_or_else(template, template_for);
        files::write(&path, template.as_bytes())?;
        made.configuration = Some(path);
    }
    if let Some(host) = host {
        let (config, services) = project.settings()?;
        let root = project.root();
        let site = root
            .canonicalize()
            .with_context(|| format!("{} cannot be read", root.display()))?
            .join("site");
        let files = host
            .files
            .map(|files| files(&config, &site.to_string_lossy()));
        let wanted: Vec<_> = files
            .unwrap_or_default()
            .into_iter()
            .map(|file| (root.join(file.path), file.text))
            .collect();
        for (path, text) in &wanted {
            if path.exists() && std::fs::read_to_string(path).ok().as_ref() != Some(text) {
                return Err(Failure::because(format!(
                    "{} is already there, and is not what would be written; it stays as it is; move it away, run the command again and compare",
                    path.display()
                )));
            }
        }
        for (path, text) in wanted {
            files::write(&path, text.as_bytes())?;
            made.host_files.push(path);
        }
        made.address_is_set = !config.site.is_placeholder();
        made.host_is_named = services.deploy.host.key == host.key;
    }
    Ok(made)
}

/// The configuration that ships, for a host.
fn template_for(host: &Host) -> String {
    let line = |host: &Host| format!("\nhost = \"{}\"\n", host.key);
    template().replace(&line(DeploySettings::default().host), &line(host))
}
