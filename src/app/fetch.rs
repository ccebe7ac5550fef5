//! Fetching: what a survey found to be new comes to the folder of downloads, and what waits for nothing goes.

use super::failure::{Failure, Problem};
use super::observer::{Activity, Event, Observer};
use super::project::Project;
use super::upstream::{Upstream, file_name, unknown};
use crate::base::stop::StopPoint;
use crate::config::Source;
use crate::db::Database;
use crate::files;
use crate::http::block_on;
use crate::intake::intake;
use crate::source::{
    self, DownloadOrder, DownloadOutcome, FetchedFile, FileFinding, FileState, LedgerEntry,
    SourceReport,
};

/// What a fetch did.
#[derive(Debug, Default)]
pub struct FetchedFiles {
    /// Files that came and are new.
    pub new: Vec<String>,
    /// Files that came, and are what was imported already.
    pub unchanged: Vec<String>,
    /// Files that did not come.
    pub problems: Vec<Problem>,
}

/// Asks upstream and fetches what is new; with `force`, whatever checksum upstream states. Files of which it cannot be told whether they are new are problems too.
///
/// # Errors
/// When the configuration, the database or the disk fails, or an id is not that of an enabled source.
pub fn fetch(
    project: &Project,
    ids: &[String],
    force: bool,
    observer: &dyn Observer,
) -> Result<FetchedFiles, Failure> {
    let config = project.config()?;
    let upstream = Upstream::new(project, &config, ids)?;
    let _lock = project.lock("fetch")?;
    let mut database = Database::open(&project.database())?;
    let reports = upstream.survey(&database.ledger()?)?;
    observer.tell(Event::Surveyed(&reports));
    let mut fetched = fetch_new(&upstream, &mut database, &reports, force, observer)?;
    fetched.problems.splice(..0, unknown(&reports));
    Ok(fetched)
}

/// Fetches what a survey found to be new, with `force` whatever checksum upstream states, and clears away what waits for
/// nothing. The caller holds the lock.
///
/// # Errors
/// When the database or the disk fails.
pub fn fetch_new(
    upstream: &Upstream<'_>,
    database: &mut Database,
    reports: &[SourceReport],
    force: bool,
    observer: &dyn Observer,
) -> Result<FetchedFiles, Failure> {
    let ledger = database.ledger()?;
    let mut orders = Vec::new();
    for (source, report) in upstream.sources.iter().zip(reports) {
        files::sweep(&upstream.downloads.join(&source.id))?;
        for finding in &report.findings {
            let key = (source.id.clone(), finding.item.clone());
            let known = ledger.get(&key).cloned().unwrap_or_default();
            let ordered = order(upstream, database, source, finding, known)?;
            orders.extend(ordered.map(|order| DownloadOrder {
                any_checksum: force,
                ..order
            }));
        }
    }
    let mut fetched = FetchedFiles::default();
    if orders.is_empty() {
        return Ok(fetched);
    }
    let bar = observer.begin(Activity::Fetching(orders.len()));
    let (http, downloads) = (&upstream.http, &upstream.downloads);
    block_on(source::fetch(
        http,
        downloads,
        &orders,
        &bar,
        |order, outcome| {
            let (source, item) = (&order.source, &order.upstream.item);
            let name = file_name(source, item);
            match outcome {
                Ok(DownloadOutcome::New(held)) if keep(upstream, database, order, &held)? => {
                    fetched.new.push(name);
                }
                Ok(_) => fetched.unchanged.push(name),
                Err(error) => fetched.problems.push(Problem {
                    source: source.clone(),
                    message: format!("{name}: {error}"),
                    refused: error.is_refusal(),
                }),
            }
            Ok::<_, Failure>(())
        },
    ))??;
    bar.finish_and_clear();
    Ok(fetched)
}

/// What is to be fetched of a file. Forgets what was fetched before where that waits for nothing any more.
fn order(
    upstream: &Upstream<'_>,
    database: &Database,
    source: &Source,
    finding: &FileFinding,
    known: LedgerEntry,
) -> Result<Option<DownloadOrder>, Failure> {
    match (&finding.state, &finding.upstream) {
        (FileState::New { fetched: false, .. }, Some(file)) => {
            return Ok(intake(source.kind).map(|intake| DownloadOrder {
                source: source.id.clone(),
                form: intake.form(source),
                upstream: file.clone(),
                pages: source.pages.clone(),
                grist: source.grist.clone(),
                known,
                any_checksum: false,
            }));
        }
        (FileState::UpToDate, _) if source.import => {
            withdraw(upstream, database, source, &finding.item, &known)?;
        }
        (FileState::Gone, _) => {
            source::forget_part(&upstream.downloads, &source.id, &finding.item)?;
            let lost = |held: &FetchedFile| !held.path(&upstream.downloads, &source.id).exists();
            // It cannot be fetched again.
            if known.fetched.as_ref().is_some_and(lost) {
                database.forget_fetched(&source.id, &finding.item)?;
            }
        }
        _ => {}
    }
    Ok(None)
}

/// Remembers a file that came. Gives whether it is another than the one imported.
fn keep(
    upstream: &Upstream<'_>,
    database: &mut Database,
    order: &DownloadOrder,
    held: &FetchedFile,
) -> Result<bool, Failure> {
    let (source, item) = (&order.source, &order.upstream.item);
    let imported = order.known.imported.as_ref();
    let new = imported.is_none_or(|imported| imported.blake3 != held.blake3);
    if new {
        database.record_fetched(source, item, held)?;
    } else {
        database.record_imported(source, item, held)?;
    }
    StopPoint::DownloadNoted.reach();
    let is_old = |old: &&FetchedFile| {
        old.file != held.file && imported.is_none_or(|imported| imported.file != old.file)
    };
    if let Some(old) = order.known.fetched.as_ref().filter(is_old) {
        files::remove(&upstream.downloads, old.below(source))?;
    }
    Ok(new)
}

/// Forgets what was fetched, in part or whole, when upstream is back at what was imported.
fn withdraw(
    upstream: &Upstream<'_>,
    database: &Database,
    source: &Source,
    item: &str,
    known: &LedgerEntry,
) -> Result<(), Failure> {
    source::forget_part(&upstream.downloads, &source.id, item)?;
    if let (Some(old), Some(imported)) = (&known.fetched, &known.imported) {
        database.forget_fetched(&source.id, item)?;
        if old.file != imported.file {
            files::remove(&upstream.downloads, old.below(&source.id))?;
        }
    }
    Ok(())
}
