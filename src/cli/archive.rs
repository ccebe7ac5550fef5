use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::archive::{self, ArchiveCheck};
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
        match self.action {
            Action::List => {
                let releases = archive::list(&context.project)?;
                context.terminal.summary(&list(&releases), &releases);
                Ok(())
            }
            Action::Verify => {
                let checked = archive::verify(&context.project)?;
                let ArchiveCheck {
                    releases,
                    files,
                    wrong,
                } = &checked;
                let found = match wrong.is_empty() {
                    true => format!(
                        "{} of {} are what they were",
                        counted(*files, "file"),
                        counted(*releases, "release")
                    ),
                    false => wrong.join("\n"),
                };
                let data = json!({"releases": releases, "files": files, "wrong": wrong});
                context.terminal.summary(&found, &data);
                checked.verdict()
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
