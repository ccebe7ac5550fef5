use clap::Args;
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::serve::{open_browser, serve, watch};

/// Serve the site of the project on this machine, as its host would
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Port of the server on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    pub(super) port: u16,
    /// Make pages as they are asked for, from the templates and the settings as they are at that moment, and load them anew
    /// once these were edited; nothing is written to site/
    #[arg(long)]
    watch: bool,
    /// Open the site in the browser
    #[arg(long)]
    pub(super) open: bool,
}

impl Serve {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        self.run_at(context, "")
    }

    /// With a page of the site to begin at, by its path.
    pub(super) fn run_at(&self, context: &Context, page: &str) -> Result<(), Failure> {
        let Context { project, terminal } = context;
        let ready = |site: &str| {
            let address = format!("{site}{page}");
            terminal.summary(
                &format!("the site is at {address} (Ctrl-C stops)"),
                &json!({"address": address}),
            );
            if self.open {
                open_browser(&address);
            }
        };
        match self.watch {
            true => watch(project, self.port, ready),
            false => serve(project, self.port, ready),
        }
    }
}
