use clap::Args;
use serde_json::json;

use super::build::summary;
use super::context::Context;
use crate::app::Failure;
use crate::app::demo::demo;
use crate::app::serve::serve;

/// Import the sample that ships with the program, build its site and serve it
///
/// The sample holds real sales: Toulon 2023 to June 2025, the Rhône 2018 (partial), the Ain in January 2025 (an extract).
/// The project is made in the folder demo/ of --root.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Stop after the build
    #[arg(long)]
    no_serve: bool,
    /// Port of the server on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

impl Demo {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let Context { project, terminal } = context;
        let project = project.within("demo");
        let (text, data) = summary(&demo(&project, terminal)?);
        terminal.summary(&text, &data);
        if self.no_serve {
            return Ok(());
        }
        serve(&project.site(), self.port, |address| {
            terminal.summary(
                &format!("the site is at {address} (Ctrl-C stops)"),
                &json!({"address": address}),
            );
        })?;
        Ok(())
    }
}
