//! The update: all that is needed, from what is new upstream to the site.

use super::build::{BuildOptions, bring_up_to_date};
use super::failure::{Failure, Problem};
use super::fetch::fetch_new;
use super::grist;
use super::observer::{Event, Observer};
use super::project::Project;
use super::record::recorded;
use super::report::Built;
use super::upstream::{Upstream, file_name, unknown};
use super::waiting::{SourceImport, waiting};
use crate::base::clock;
use crate::base::run::{RefusalFacts, RefusedInput, RunDetails, RunOutcome, SourceRun};
use crate::base::shown::public;
use crate::config::{Config, Source};
use crate::db::Database;
use crate::intake::intake;
use crate::source::{FileState, SourceReport};

/// Asks upstream, fetches and imports what is new, builds the site, brings the tables of `[[exports]]` to it, and leaves a
/// record of the run. `ids` are those of the
/// sources to look at; with `force`, no gate is asked, and no checksum is compared with what upstream states.
///
/// # Errors
/// [`Failure::Incomplete`] when files could not be fetched or were refused, or an export did not come to its end: the files
/// of their sources wait, and the rest is done. Others when the configuration, a database, a template or `site/` fails.
pub fn update(
    project: &Project,
    ids: &[String],
    force: bool,
    observer: &dyn Observer,
) -> Result<(), Failure> {
    recorded(project, observer, "update", |details| {
        let (config, services) = project.settings()?;
        let upstream = Upstream::new(project, &config, ids)?;
        let imports = imports(&config, &upstream, force)?;
        let _lock = project.lock("update")?;
        let mut database = Database::open(&project.database())?;
        let reports = upstream.survey(&database.ledger()?)?;
        observer.tell(Event::Surveyed(&reports));
        details.sources = reports.iter().map(source_run).collect();
        let fetched = fetch_new(&upstream, &mut database, &reports, force, observer)?;
        let mut problems = unknown(&reports);
        problems.extend(fetched.problems);
        let refused = problems.iter().filter(|problem| problem.refused);
        let refused = refused.map(|problem| refused_input(&problem.source, &problem.message));
        details.refusals = refused.collect();
        let imports: Vec<_> = imports.iter().zip(&reports).collect();
        import_sources(&imports, &mut database, &mut problems, details, observer)?;
        // Also of sources of which nothing came: what has expired since is not shown any longer.
        for expired in database.expire_local_notes(clock::day_in_france(clock::now()))? {
            observer.tell(Event::ExpiredNotes(&expired));
        }
        let built = build(project, &config, database, observer)?;
        let outcome = match built {
            Some(built) => {
                let outcome = built.record(details);
                // What was rolled back stays away from other tables, too.
                if !built.held {
                    let exports = &services.exports;
                    problems.extend(grist::after_build(project, &config, exports, observer));
                }
                outcome
            }
            None => RunOutcome::Unchanged,
        };
        Failure::unless_complete(problems)?;
        Ok((outcome, ()))
    })
}

/// What an update would do.
#[derive(Debug, Default)]
pub struct UpdatePreview {
    /// Files that it would fetch.
    pub would_fetch: Vec<String>,
    /// Files that it would import.
    pub would_import: Vec<String>,
    /// Files of which it could not be told whether they are new.
    pub problems: Vec<Problem>,
}

/// Finds out what an update would do: what it would fetch, and of the files that wait, what they would change.
///
/// # Errors
/// When the configuration or the database cannot be read, or a file that waits is refused.
pub fn preview(
    project: &Project,
    ids: &[String],
    observer: &dyn Observer,
) -> Result<UpdatePreview, Failure> {
    let config = project.config()?;
    let upstream = Upstream::new(project, &config, ids)?;
    let imports = imports(&config, &upstream, false)?;
    let database = project.sales_or_none()?;
    let ledger = database.ledger()?;
    let reports = upstream.survey(&ledger)?;
    observer.tell(Event::Surveyed(&reports));
    let mut preview = UpdatePreview {
        problems: unknown(&reports),
        ..UpdatePreview::default()
    };
    for (import, report) in imports.iter().zip(&reports) {
        let here = import.files_here(&ledger);
        for finding in &report.findings {
            let name = file_name(&report.source, &finding.item);
            match finding.state {
                FileState::New { fetched: false, .. } => preview.would_fetch.push(name),
                FileState::New { fetched: true, .. } | FileState::Gone if import.source.import => {
                    if let Some(file) = here.iter().find(|file| file.item == finding.item) {
                        preview.would_import.push(name);
                        import.pass_licence(&database, report.licence())?;
                        import.preview(&database, file, observer)?;
                    }
                }
                _ => {}
            }
        }
    }
    Ok(preview)
}

/// The import of each source, in the order of the sources.
fn imports<'a>(
    config: &'a Config,
    upstream: &Upstream<'a>,
    force: bool,
) -> Result<Vec<SourceImport<'a>>, Failure> {
    let sources = upstream.sources.iter();
    sources
        .map(|source| SourceImport::new(config, source, upstream.downloads.clone(), force))
        .collect()
}

/// Imports what waits of the sources of which everything is here. What is refused of one is a problem, and keeps no other
/// from its import.
fn import_sources(
    imports: &[(&SourceImport<'_>, &SourceReport)],
    database: &mut Database,
    problems: &mut Vec<Problem>,
    details: &mut RunDetails,
    observer: &dyn Observer,
) -> Result<(), Failure> {
    let mut sources: Vec<_> = imports.iter().zip(&mut details.sources).collect();
    sources.retain(|((import, _), _)| import.source.import);
    sources.sort_by_key(|((import, _), _)| import.turn());
    for ((import, report), run) in sources {
        let id = &import.source.id;
        if problems.iter().any(|problem| problem.source == *id) {
            continue;
        }
        match import.run(database, report.licence(), &mut run.imported, observer) {
            Err(failure) if failure.is_refusal() => {
                details.refusals.extend(refused_inputs(id, &failure));
                problems.push(Problem {
                    source: id.clone(),
                    message: failure.to_string(),
                    refused: true,
                });
            }
            ended => ended?,
        }
    }
    Ok(())
}

/// Builds the site, unless the database holds a release in part, or nothing; `None` then.
fn build(
    project: &Project,
    config: &Config,
    database: Database,
    observer: &dyn Observer,
) -> Result<Option<Built>, Failure> {
    let ledger = database.ledger()?;
    let waits = |source: &&Source| {
        source.import
            && intake(source.kind).is_some_and(|intake| intake.holds_site())
            && !waiting(&ledger, source).is_empty()
    };
    let partial = config.sources.enabled().filter(waits);
    let partial: Vec<_> = partial.map(|source| source.id.as_str()).collect();
    if !partial.is_empty() {
        tracing::warn!(
            "files of {} wait to be imported; the site stays as it is",
            partial.join(", ")
        );
        return Ok(None);
    }
    if !database.has_mutations()? {
        tracing::warn!("nothing has been imported yet; there is no site to build");
        return Ok(None);
    }
    drop(database);
    let options = BuildOptions {
        only_changed: true,
        ..BuildOptions::default()
    };
    let built = bring_up_to_date(project, config, &options, observer)?;
    observer.tell(Event::Built(&built));
    Ok(Some(built))
}

/// What is told of a source in the record of the run, before anything is fetched.
fn source_run(report: &SourceReport) -> SourceRun {
    let items = |fits: fn(&FileState) -> bool| {
        let findings = report.findings.iter();
        findings
            .filter(|finding| fits(&finding.state))
            .map(|finding| finding.item.clone())
            .collect()
    };
    SourceRun {
        id: report.source.clone(),
        new: items(|state| matches!(state, FileState::New { .. })),
        imported: Vec::new(),
        unreachable: items(|state| matches!(state, FileState::Unreachable { .. })),
    }
}

/// What was refused of a source: by each gate, or as a whole.
fn refused_inputs(source: &str, failure: &Failure) -> Vec<RefusedInput> {
    match failure {
        Failure::Judged(refused) => {
            let inputs = refused.refusals.iter().map(|refusal| RefusedInput {
                file: Some(public(&refused.what)),
                gate: Some(refusal.gate.to_owned()),
                facts: refusal.facts.clone(),
                ..refused_input(source, &refusal.reason)
            });
            inputs.collect()
        }
        Failure::Unread { gate, facts, .. } => vec![RefusedInput {
            gate: gate.map(str::to_owned),
            facts: (**facts).clone(),
            ..refused_input(source, &failure.to_string())
        }],
        _ => vec![refused_input(source, &failure.to_string())],
    }
}

fn refused_input(source: &str, reason: &str) -> RefusedInput {
    RefusedInput {
        source: source.to_owned(),
        file: None,
        gate: None,
        facts: RefusalFacts::default(),
        reason: public(reason),
    }
}
