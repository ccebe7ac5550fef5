//! Notifications: people are told how the last run ended.

use super::failure::Failure;
use super::project::Project;
use super::record::run_url;
use crate::base::run::{Run, RunOutcome};
use crate::config::Config;
use crate::deploy::notify::{self, Message, Notify};
use crate::version::Store;

/// What is to be told, and to whom.
pub struct Notice<'a> {
    /// How the run ended.
    pub message: Message,
    /// The tables of the configuration that want to know.
    pub tables: Vec<&'a Notify>,
}

impl<'a> Notice<'a> {
    /// The notice of the last run. An outcome given stands, whatever is on record; so does the page of the run, which is
    /// that of the workflow's run by default.
    ///
    /// # Errors
    /// When no run is on record and no outcome is given.
    pub fn new(
        project: &Project,
        config: &Config,
        tables: &'a [Notify],
        outcome: Option<RunOutcome>,
        page: Option<String>,
    ) -> Result<Self, Failure> {
        let (store, last) = record(project);
        let run_url = page.or_else(run_url);
        let chosen = notify::choose(last.as_ref(), outcome, run_url.as_deref());
        let (outcome, run) = chosen.ok_or_else(|| Failure::because(
            "no run is on record, so it is not known how it ended; name the outcome, as in --outcome failed",
        ))?;
        let message = Message::new(config, store.as_ref(), outcome, run, run_url);
        Ok(Self {
            tables: tables
                .iter()
                .filter(|table| table.wants(&message))
                .collect(),
            message,
        })
    }

    /// Sends it to all tables at once. Gives the ids of those that took it; the others are worth a warning.
    pub fn send(&self, project: &Project) -> Vec<&'a str> {
        let sent = notify::send(&self.tables, &self.message, project.root());
        let mut told = Vec::new();
        for (table, result) in self.tables.iter().zip(sent) {
            match result {
                Ok(()) => told.push(table.id.as_str()),
                Err(reason) => tracing::warn!("{} was not told: {reason}", table.id),
            }
        }
        told
    }
}

/// The version store and the last run in it. A store that cannot be read is worth a warning: that is most likely what there
/// is to tell of.
fn record(project: &Project) -> (Option<Store>, Option<Run>) {
    let path = project.versions();
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
