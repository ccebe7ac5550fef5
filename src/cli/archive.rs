use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::base::words::counted;
use crate::version::ArchivedRelease;

/// List and verify the figures of each release, which stay at /archive/ for good
#[derive(Debug, Args)]
pub(super) struct Archive {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the releases, the latest first
    List,
    /// Compare each file of the archive with its hash, in the version store and in site/
    Verify,
}

impl Archive {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let store = context.project.store()?;
        let releases = store.archive()?;
        match self.action {
            Action::List => {
                context.terminal.summary(&list(&releases), &releases);
                Ok(())
            }
            Action::Verify => {
                let wrong = store.verify_archive(&context.project.site())?;
                let files: usize = releases.iter().map(|release| release.files.len()).sum();
                let found = match wrong.len() {
                    0 => format!(
                        "{} of {} are what they were",
                        counted(files, "file"),
                        counted(releases.len(), "release")
                    ),
                    _ => wrong.join("\n"),
                };
                let data = json!({"releases": releases.len(), "files": files, "wrong": wrong});
                context.terminal.summary(&found, &data);
                match wrong.is_empty() {
                    true => Ok(()),
                    false => Err(Failure::because(format!(
                        "{} of the archive; `immostats verify --repair` restores what it can, a saved state the rest",
                        counted(wrong.len(), "fault")
                    ))),
                }
            }
        }
    }
}

/// A line a release.
fn list(releases: &[ArchivedRelease]) -> String {
    if releases.is_empty() {
        return "nothing is archived yet; the next version of the site is".into();
    }
    let mut text = String::new();
    for release in releases {
        let bytes: u64 = release.files.values().map(|file| file.bytes).sum();
        let _ = writeln!(
            text,
            "{:16} {}, {:.1} MB, by {}{}",
            release.release,
            counted(release.files.len(), "file"),
            bytes as f64 / 1e6,
            release.versions.join(", "),
            if release.rolled_back {
                " (rolled back)"
            } else {
                ""
            }
        );
    }
    text.truncate(text.trim_end().len());
    text
}
