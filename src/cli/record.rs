//! The record of what a command that publishes did, however it ended.

use std::time::Instant;

use anyhow::Result;

use super::{Context, github};
use crate::app::project::ProjectError;
use crate::base::clock::now;
use crate::base::run::{Run, RunDetails, RunOutcome};
use crate::version::{Store, VersionError};

/// Does the work of a command and writes down how it went, whatever the outcome. What the work has found out by the
/// time it fails is in the details all the same.
///
/// The record never changes the outcome: where it cannot be written, the work's own error is the one that is told. A
/// command that found another at work did nothing, and leaves no record.
pub fn recorded(
    context: &Context,
    command: &str,
    work: impl FnOnce(&mut RunDetails) -> Result<RunOutcome>,
) -> Result<()> {
    let started_at = now();
    let begun = Instant::now();
    let mut details = RunDetails {
        run_url: run_url(),
        ..RunDetails::default()
    };
    let ended = work(&mut details);
    if ended.as_ref().is_err_and(is_busy) || !context.project.data().is_dir() {
        return ended.map(drop);
    }
    details.seconds = (begun.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    let (outcome, message) = match &ended {
        Ok(outcome) => (*outcome, None),
        Err(error) if super::is_refusal(error) => (RunOutcome::Refused, Some(format!("{error:#}"))),
        Err(error) => (RunOutcome::Failed, Some(format!("{error:#}"))),
    };
    let mut run = Run {
        started_at,
        completed_at: now(),
        command: command.to_owned(),
        outcome,
        version: None,
        message,
        details,
    };
    match (write(context, &mut run), &ended) {
        (Ok(()), _) => {}
        (Err(error), Ok(_)) => tracing::warn!("the run could not be recorded: {error}"),
        // What keeps the store from being written to is most likely what made the work fail.
        (Err(error), Err(_)) => tracing::debug!("the run could not be recorded: {error}"),
    }
    if let Err(error) = github::run(&run) {
        tracing::warn!("GitHub Actions could not be told: {error:#}");
    }
    ended.map(drop)
}

fn write(context: &Context, run: &mut Run) -> Result<(), VersionError> {
    let mut store = Store::open(&context.project.versions())?;
    run.version = store.head()?.map(|head| head.number);
    store.record_run(run)
}

fn is_busy(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref::<ProjectError>(),
        Some(ProjectError::Busy { .. })
    )
}

/// The page of the workflow's run that this process is a step of.
pub fn run_url() -> Option<String> {
    let [server, repository, id] = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"]
        .map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    Some(format!("{}/{}/actions/runs/{}", server?, repository?, id?))
}
