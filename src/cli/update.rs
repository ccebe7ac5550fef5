use clap::Args;
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::update::{preview, update};

/// Do all that is needed: check, fetch, import, build, and the exports of immostats.toml
///
/// Each step is skipped when it has nothing to do. Interrupted anywhere, running it again goes on from there. The files of
/// a source are imported together, once all that are new have come. When a file is refused (exit code 3), the others of
/// its source wait, and the site stays at its last version.
#[derive(Debug, Args)]
pub(super) struct Update {
    /// Sources to look at; all that are enabled if none is named
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// Go as far as is possible without writing
    #[arg(long)]
    dry_run: bool,
    /// Import what a gate refuses, and take files whose checksum is not the one that upstream states
    #[arg(long)]
    force: bool,
}

impl Update {
    pub(super) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let Context { project, terminal } = context;
        if !self.dry_run {
            return update(project, &self.sources, self.force, terminal);
        }
        let preview = preview(project, &self.sources, terminal)?;
        let list = |verb: &str, names: &[String]| match names {
            [] => format!("nothing would be {verb}"),
            names => format!("would be {verb}: {}", names.join(", ")),
        };
        terminal.summary(
            &format!(
                "{}\n{}",
                list("fetched", &preview.would_fetch),
                list("imported", &preview.would_import)
            ),
            &json!({"would_fetch": preview.would_fetch, "would_import": preview.would_import}),
        );
        Failure::unless_complete(preview.problems)
    }
}
