use clap::Args;
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::fetch::fetch;

/// Download what is new upstream to data/downloads/
///
/// A cut download is resumed, by the next run too. A file takes its name once it is proven whole: its checksum where
/// upstream states one, gzip and zip to their end. What was imported before stays until the new file is.
#[derive(Debug, Args)]
pub(super) struct Fetch {
    /// Sources to look at; all that are enabled if none is named
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// Take files whose checksum is not the one that upstream states
    #[arg(long)]
    force: bool,
}

impl Fetch {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let fetched = fetch(
            &context.project,
            &self.sources,
            self.force,
            &context.terminal,
        )?;
        let mut text = match fetched.new.as_slice() {
            [] => "nothing was fetched".to_owned(),
            new => format!("fetched: {}", new.join(", ")),
        };
        if !fetched.unchanged.is_empty() {
            let unchanged = fetched.unchanged.join(", ");
            text.push_str(&format!("; the same as imported: {unchanged}"));
        }
        context.terminal.summary(
            &text,
            &json!({"fetched": fetched.new, "unchanged": fetched.unchanged}),
        );
        Failure::unless_complete(fetched.problems)
    }
}
