use anyhow::{Result, bail};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

use super::Context;
use super::record::run_url;
use crate::base::run::{Run, RunOutcome};
use crate::config::{Channel, Config, Notify as Table};
use crate::deploy::notify::{self, Message};
use crate::version::Store;

/// Tell people how the last run ended
///
/// Tells the tables [[notify]] of immostats.toml, all at once. One that cannot be told is named in a warning and keeps
/// neither the others from theirs nor the workflow from going on: the exit code is 0 all the same.
#[derive(Debug, Args)]
pub struct Notify {
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

    pub(super) fn run(&self, context: &Context) -> Result<()> {
        let config = Config::load(context.project.root())?;
        if config.notify.is_empty() {
            context.terminal.summary(
                "immostats.toml names nobody to tell ([[notify]])",
                &json!({"told": []}),
            );
            return Ok(());
        }
        let (store, last) = record(context);
        let run_url = self.run_url.clone().or_else(run_url);
        let Some((outcome, run)) = notify::choose(last.as_ref(), self.outcome, run_url.as_deref())
        else {
            bail!(
                "no run is on record, so it is not known how it ended; name the outcome, as in --outcome failed"
            );
        };
        let message = Message::new(&config, store.as_ref(), outcome, run, run_url);
        let tables = notify::told(&config, &message);
        if self.dry_run {
            preview(context, &tables, &message);
            return Ok(());
        }
        let sent = notify::send(&tables, &message, context.project.root());
        let mut told = Vec::new();
        for (table, result) in tables.iter().zip(sent) {
            match result {
                Ok(()) => told.push(table.id.as_str()),
                Err(reason) => tracing::warn!("{} was not told: {reason}", table.id),
            }
        }
        let text = match told.as_slice() {
            [] if tables.is_empty() => format!("nobody wants to be told of \"{outcome}\""),
            [] => format!("nobody could be told of \"{outcome}\""),
            told => format!("told of \"{outcome}\": {}", told.join(", ")),
        };
        let asked: Vec<_> = tables.iter().map(|table| &table.id).collect();
        context.terminal.summary(
            &text,
            &json!({"outcome": outcome, "told": told, "asked": asked}),
        );
        Ok(())
    }
}

/// The version store and the last run in it. A store that cannot be read is worth a warning: that is most likely what there
/// is to tell of.
fn record(context: &Context) -> (Option<Store>, Option<Run>) {
    let path = context.project.versions();
    if !path.exists() {
        return (None, None);
    }
    let opened = Store::open(&path).and_then(|store| {
        let last = store.runs(None)?.into_iter().next();
        Ok((Some(store), last))
    });
    opened.unwrap_or_else(|error| {
        tracing::warn!("what is on record cannot be read: {error}");
        (None, None)
    })
}

fn preview(context: &Context, tables: &[&Table], message: &Message) {
    let mut texts = Vec::new();
    let mut data = Vec::new();
    for table in tables {
        let kind = match table.kind {
            Channel::Slack => "slack",
            Channel::Discord => "discord",
            Channel::Mattermost => "mattermost",
            Channel::Webhook => "webhook",
            Channel::Smtp => "smtp",
        };
        match notify::preview(table, message) {
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
