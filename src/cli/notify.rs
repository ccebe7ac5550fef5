use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::notify::Notice;
use crate::base::run::RunOutcome;

/// Tell people how the last run ended
///
/// Tells the tables [[notify]] of immostats.toml, all at once. One that cannot be told is named in a warning and keeps
/// neither the others from theirs nor the workflow from going on: the exit code is 0 all the same.
#[derive(Debug, Args)]
pub(super) struct Notify {
    /// Tell of this outcome, whatever is on record: a workflow can fail where no run does
    #[arg(long, value_name = "OUTCOME", value_parser = outcomes())]
    outcome: Option<RunOutcome>,
    /// Page of the run; in GitHub Actions, that of the workflow's run by default
    #[arg(long, value_name = "URL")]
    run_url: Option<String>,
    /// Print the messages without their secrets and send nothing
    #[arg(long)]
    dry_run: bool,
}

fn outcomes() -> impl TypedValueParser<Value = RunOutcome> {
    PossibleValuesParser::new(RunOutcome::ALL.map(RunOutcome::as_str))
        .try_map(|name| RunOutcome::named(&name).ok_or("no outcome"))
}

impl Notify {
    pub(super) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let (config, services) = context.project.settings()?;
        let tables = &services.notify;
        if tables.is_empty() {
            context.terminal.summary(
                "immostats.toml names nobody to tell ([[notify]])",
                &json!({"told": []}),
            );
            return Ok(());
        }
        let notice = Notice::new(
            &context.project,
            &config,
            tables,
            self.outcome,
            self.run_url,
        )?;
        if self.dry_run {
            preview(context, &notice);
            return Ok(());
        }
        let outcome = notice.message.outcome;
        let told = notice.send(&context.project);
        let text = match told.as_slice() {
            [] if notice.tables.is_empty() => format!("nobody wants to be told of \"{outcome}\""),
            [] => format!("nobody could be told of \"{outcome}\""),
            told => format!("told of \"{outcome}\": {}", told.join(", ")),
        };
        let asked: Vec<_> = notice.tables.iter().map(|table| &table.id).collect();
        context.terminal.summary(
            &text,
            &json!({"outcome": outcome, "told": told, "asked": asked}),
        );
        Ok(())
    }
}

fn preview(context: &Context, notice: &Notice<'_>) {
    let Notice { message, tables } = notice;
    let mut texts = Vec::new();
    let mut data = Vec::new();
    for table in tables {
        let kind = table.kind();
        match table.preview(message) {
            Ok(text) => {
                let subject = text
                    .subject
                    .as_deref()
                    .map_or(String::new(), |subject| format!("Subject: {subject}\n\n"));
                texts.push(format!("{} ({kind}):\n{subject}{}", table.id, text.body));
                data.push(json!({"id": table.id, "subject": text.subject, "body": text.body}));
            }
            Err(reason) => tracing::warn!("{} would not be told: {reason}", table.id),
        }
    }
    if tables.is_empty() {
        texts.push(format!(
            "nobody wants to be told of \"{}\"",
            message.outcome
        ));
    }
    context
        .terminal
        .summary(&texts.join("\n\n"), &json!({"would_tell": data}));
}
