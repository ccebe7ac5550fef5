use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::init::init;
use crate::config::FILE_NAME;
use crate::deploy::{HOSTS, Host, SentHeaders};

/// Make a project: a folder with a commented immostats.toml
///
/// With --host, also the configuration that the host reads, with the headers of the site; in a project that is there
/// already, only that. No file that is there is overwritten.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// Write the configuration of this host
    #[arg(long, value_parser = hosts())]
    host: Option<&'static Host>,
}

/// Reads the name of a host that reads something.
fn hosts() -> impl TypedValueParser<Value = &'static Host> {
    let reading = || HOSTS.into_iter().filter(|host| host.files.is_some());
    PossibleValuesParser::new(reading().map(|host| host.key)).try_map(move |key| {
        let host = reading().find(|host| host.key == key);
        host.ok_or("no host")
    })
}

impl Init {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let made = init(&context.project, self.host)?;
        let mut lines = Vec::new();
        if let Some(path) = &made.configuration {
            lines.push(format!(
                "{} is written. Set the site's name and address in it, then: immostats import FILE…, immostats build",
                path.display()
            ));
        }
        for path in &made.host_files {
            lines.push(format!("{} is written", path.display()));
        }
        if let Some(host) = self.host {
            if host.headers != SentHeaders::OfSite {
                lines.push(format!(
                    "{} sends its own headers with every file, and not those of the site",
                    host.name
                ));
            }
            if !made.address_is_set {
                lines.push(format!(
                    "site.address in {FILE_NAME} is not set: set it, move away what is written for {} and run this command again",
                    host.name
                ));
            }
            if !made.host_is_named {
                lines.push(format!(
                    "deploy.host in {FILE_NAME} names another host; set it to \"{}\"",
                    host.key
                ));
            }
        }
        let written = made.configuration.iter().chain(&made.host_files);
        let written: Vec<_> = written.map(|path| path.display().to_string()).collect();
        context
            .terminal
            .summary(&lines.join("\n"), &json!({"written": written}));
        Ok(())
    }
}
