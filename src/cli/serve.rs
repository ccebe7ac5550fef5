use clap::Args;
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::serve::{open_browser, serve};

/// Serve the site of the project on this machine, as its host would
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Port of the server on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    pub(super) port: u16,
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
        serve(project, self.port, |site| {
            let address = format!("{site}{page}");
            terminal.summary(
                &format!("the site is at {address} (Ctrl-C stops)"),
                &json!({"address": address}),
            );
            if self.open {
                open_browser(&address);
            }
        })
    }
}
