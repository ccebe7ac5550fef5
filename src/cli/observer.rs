//! What is shown of a use case at work: its bars, and what its parts did.

use indicatif::ProgressBar;
use serde_json::json;

use super::terminal::Terminal;
use super::{build, check, export, github, import, verify};
use crate::app::{Activity, Event, Observer};
use crate::base::words::counted;

impl Observer for Terminal {
    fn begin(&self, activity: Activity<'_>) -> ProgressBar {
        match activity {
            Activity::Reading(name) => self.bytes(&format!("reading {name}")),
            Activity::Fetching(1) => self.bytes("fetching 1 file"),
            Activity::Fetching(files) => {
                self.bytes(&format!("fetching {}", counted(files, "file")))
            }
            Activity::Rendering(pages) => self.pages("rendering", pages as u64),
            Activity::CheckingOut => self.pages("writing site/", 0),
            Activity::Publishing => self.pages("publishing", 0),
        }
    }

    fn tell(&self, event: Event<'_>) {
        let (text, data) = match event {
            Event::Surveyed(reports) => {
                let data = json!({"check": check::data(reports)});
                (check::text(reports), data)
            }
            Event::Imported(imported) => import::report(imported),
            Event::ImportedFacts(imported) => import::facts(imported),
            Event::ExpiredNotes(expired) => import::expired_notes(expired),
            Event::Built(built) => build::summary(built),
            Event::Inspected(inspection) => verify::inspection(inspection),
            Event::Compared(comparison) => verify::comparison(comparison),
            Event::Exported(report) => export::grist::report(report),
            Event::Ended(run) => {
                if let Err(error) = github::run(run) {
                    tracing::warn!("GitHub Actions could not be told: {error:#}");
                }
                return;
            }
        };
        self.summary(&text, &data);
    }
}
