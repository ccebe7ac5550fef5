//! The record of what a command that publishes did, however it ended.

use std::time::Instant;

use super::failure::Failure;
use super::observer::{Event, Observer};
use super::project::Project;
use crate::base::clock::now;
use crate::base::run::{Run, RunDetails, RunOutcome};
use crate::config::FILE_NAME;
use crate::version::{Store, VersionError};

/// Does the work of a command and writes down how it went, whatever the outcome. What the work has found out by the
/// time it fails is in the details all the same.
///
/// The record never changes the outcome: where it cannot be written, the work's own error is the one that is told. A
/// command that found another at work did nothing, and leaves no record.
///
/// # Errors
/// The failure of the work.
pub fn recorded<T>(
    project: &Project,
    observer: &dyn Observer,
    command: &str,
    work: impl FnOnce(&mut RunDetails) -> Result<(RunOutcome, T), Failure>,
) -> Result<T, Failure> {
    let started_at = now();
    let begun = Instant::now();
    let mut details = RunDetails {
        run_url: run_url(),
        ..RunDetails::default()
    };
    let ended = work(&mut details);
    // A folder that is none of ours stays as it is.
    let is_ours = project.root().join(FILE_NAME).exists() || project.versions().exists();
    if matches!(ended, Err(Failure::Busy(_))) || !project.data().is_dir() || !is_ours {
        return ended.map(|(_, done)| done);
    }
    details.seconds = (begun.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    let (outcome, message) = match &ended {
        Ok((outcome, _)) => (*outcome, None),
        Err(error) if error.is_refusal() => (RunOutcome::Refused, Some(error.public())),
        Err(error) => (RunOutcome::Failed, Some(error.public())),
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
    match (write(project, &mut run), &ended) {
        (Ok(()), _) => {}
        (Err(error), Ok(_)) => tracing::warn!("the run could not be recorded: {error}"),
        // What keeps the store from being written to is most likely what made the work fail.
        (Err(error), Err(_)) => tracing::debug!("the run could not be recorded: {error}"),
    }
    observer.tell(Event::Ended(&run));
    ended.map(|(_, done)| done)
}

fn write(project: &Project, run: &mut Run) -> Result<(), VersionError> {
    let mut store = Store::open(&project.versions())?;
    run.version = store.head()?.map(|head| head.number);
    store.record_run(run)
}

/// The page of the workflow's run that this process is a step of.
pub fn run_url() -> Option<String> {
    let [server, repository, id] = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"]
        .map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    Some(format!("{}/{}/actions/runs/{}", server?, repository?, id?))
}
