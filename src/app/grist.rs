//! Figures of communes into tables of Grist.

use super::failure::{Failure, Problem};
use super::material::Material;
use super::observer::{Event, Observer};
use super::project::Project;
use crate::base::words::counted;
use crate::config::Config;
use crate::deploy::{GristChoice, GristReport, GristSettings, export_to_grist};
use crate::http::block_on;
use crate::site::Site;

/// Brings the tables that are chosen to the figures of the site, or with `dry_run` only finds out what that takes. What
/// comes of each is told the observer.
///
/// # Errors
/// [`Failure::Incomplete`] when one of them did not come to its end, or records were refused. Others when there is no
/// site, its figures are older than the sales, or another process is at work.
pub fn export(
    project: &Project,
    choice: &GristChoice,
    dry_run: bool,
    observer: &dyn Observer,
) -> Result<(), Failure> {
    let (config, services) = project.settings()?;
    let exports = choice.of(&services.exports).map_err(Failure::because)?;
    drop(project.store()?);
    // One at a time, and none while figures change.
    let _lock = match dry_run {
        true => None,
        false => Some(project.lock("export grist")?),
    };
    let problems = export_all(project, &config, &exports, dry_run, observer)?;
    Failure::unless_complete(problems)
}

/// The exports of the settings after a build. Whatever comes of them, the site is done: what went wrong are problems.
pub(super) fn after_build(
    project: &Project,
    config: &Config,
    exports: &[GristSettings],
    observer: &dyn Observer,
) -> Vec<Problem> {
    if exports.is_empty() {
        return Vec::new();
    }
    match export_all(project, config, exports, false, observer) {
        Ok(problems) => problems,
        Err(failure) => vec![Problem {
            source: "exports".into(),
            message: failure.context("the exports".into()).to_string(),
            refused: false,
        }],
    }
}

/// # Errors
/// When the figures cannot be read, or are not those of the live version.
fn export_all(
    project: &Project,
    config: &Config,
    exports: &[GristSettings],
    dry_run: bool,
    observer: &dyn Observer,
) -> Result<Vec<Problem>, Failure> {
    let live = project.store()?.head()?;
    if let Some(live) = live.filter(|live| live.rolled_back) {
        return Err(Failure::because(format!(
            "version {} was brought back by a rollback, and the figures of the database are those that it replaced; nothing is exported until a newer version is live",
            live.number
        )));
    }
    let database = project.sales()?;
    let stale = database.stale_communes()?.0.len();
    if stale > 0 {
        return Err(Failure::because(format!(
            "the figures of {} are older than the sales; run `immostats build` first",
            counted(stale, "commune")
        )));
    }
    let material = Material::cached(&database, config)?;
    let site = material.site(project, config)?;
    let mut problems = Vec::new();
    for export in exports {
        let problem = match export_one(&site, export, dry_run) {
            Ok(report) => {
                observer.tell(Event::Exported(&report));
                problem(&report)
            }
            Err(failure) => Some(failure.to_string()),
        };
        problems.extend(problem.map(|message| Problem {
            source: export.doc.clone(),
            message: format!(
                "table {} of document {}: {message}",
                export.table, export.doc
            ),
            refused: false,
        }));
    }
    Ok(problems)
}

/// # Errors
/// When the site has no such figures.
fn export_one(
    site: &Site<'_>,
    export: &GristSettings,
    dry_run: bool,
) -> Result<GristReport, Failure> {
    let table = site.commune_table(&export.departements, &export.columns)?;
    Ok(block_on(export_to_grist(export, &table, dry_run))?)
}

/// What of an export did not work.
fn problem(report: &GristReport) -> Option<String> {
    let last = report.failed.last().map(|last| {
        let count = counted(report.failed.len(), "record");
        format!("{count} refused; the last, {}: {}", last.code, last.reason)
    });
    report.stopped.clone().or(last)
}
