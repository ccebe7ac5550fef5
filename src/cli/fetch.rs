use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::check::{self, Incomplete, block_on, name};
use super::{Context, Terminal};
use crate::app::project::Project;
use crate::base::stop::StopPoint;
use crate::config::{Config, Source};
use crate::db::Database;
use crate::files;
use crate::source::{self, Fetched, Held, Http, Known, Ledger, Order, Report, SourceError, State};

/// Download what is new upstream to data/downloads/
///
/// A cut download is resumed, by the next run too. A file takes its name once it is proven whole: its checksum where
/// upstream states one, gzip and zip to their end. What was imported before stays until the new file is.
#[derive(Debug, Args)]
pub struct Fetch {
    /// Sources to look at; all that are enabled if none is named
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
}

impl Fetch {
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        let config = Config::load(context.project.root())?;
        let sources = chosen(&config, &self.sources)?;
        let _lock = context.project.lock("fetch", context.wait)?;
        let http = Http::new(&config.fetch, &config.sources.0)?;
        let mut database = Database::open(&context.project.database())?;
        let reports = check::ask(
            &http,
            &sources,
            &database.ledger()?,
            &context.project.downloads(),
        )?;
        context.terminal.summary(
            &check::text(&reports),
            &json!({"check": check::data(&reports)}),
        );
        let step = fetch(
            &http,
            &context.project,
            &mut database,
            &sources,
            &reports,
            &context.terminal,
        )?;
        step.tell(&context.terminal);
        let mut incomplete = Incomplete::unknown(&reports);
        incomplete.refused = step.is_refused();
        incomplete
            .messages
            .extend(step.failures.into_iter().map(|failure| failure.message));
        incomplete.outcome()
    }
}

/// The sources of the ids given, or all that are enabled when none is.
///
/// # Errors
/// When an id is not that of an enabled source.
pub fn chosen<'a>(config: &'a Config, ids: &[String]) -> Result<Vec<&'a Source>> {
    let enabled: Vec<_> = config.sources.enabled().collect();
    if ids.is_empty() {
        return Ok(enabled);
    }
    let find = |id: &String| {
        let names = || {
            enabled
                .iter()
                .map(|source| source.id.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let found = enabled.iter().copied().find(|source| source.id == *id);
        found.ok_or_else(|| SourceError::Unknown {
            id: id.clone(),
            enabled: names(),
        })
    };
    Ok(ids.iter().map(find).collect::<Result<_, _>>()?)
}

/// What a fetch did.
#[derive(Default)]
pub struct Step {
    /// Files that came and are new.
    pub fetched: Vec<String>,
    /// Files that came, and are what was imported already.
    pub unchanged: Vec<String>,
    /// The files that were not had.
    pub failures: Vec<Failure>,
}

/// A file that was not had.
pub struct Failure {
    pub source: String,
    /// Which file and why, in a sentence.
    pub message: String,
    /// It came, and was not what it should be.
    pub refused: bool,
}

impl Step {
    /// Whether some file came that was not what it should be.
    pub fn is_refused(&self) -> bool {
        self.failures.iter().any(|failure| failure.refused)
    }

    fn tell(&self, terminal: &Terminal) {
        let mut text = match self.fetched.as_slice() {
            [] => "nothing was fetched".to_owned(),
            fetched => format!("fetched: {}", fetched.join(", ")),
        };
        if !self.unchanged.is_empty() {
            text.push_str(&format!(
                "; the same as imported: {}",
                self.unchanged.join(", ")
            ));
        }
        terminal.summary(
            &text,
            &json!({"fetched": self.fetched, "unchanged": self.unchanged}),
        );
    }
}

/// Fetches what a survey found to be new, and clears away what waits for nothing.
pub fn fetch(
    http: &Http,
    project: &Project,
    database: &mut Database,
    sources: &[&Source],
    reports: &[Report],
    terminal: &Terminal,
) -> Result<Step> {
    let downloads = project.downloads();
    let ledger = database.ledger()?;
    let nothing = Known::default();
    let known = |source: &str, item: &str| {
        ledger
            .get(&(source.to_owned(), item.to_owned()))
            .unwrap_or(&nothing)
    };
    let mut orders = Vec::new();
    for (source, report) in sources.iter().zip(reports) {
        files::sweep(&downloads.join(&source.id))?;
        for finding in &report.findings {
            let known = known(&source.id, &finding.item);
            match (&finding.state, &finding.upstream) {
                (State::New { fetched: false, .. }, Some(upstream)) => orders.push(Order {
                    source: source.id.clone(),
                    kind: source.kind,
                    upstream: upstream.clone(),
                    known: known.clone(),
                }),
                (State::UpToDate, _) if source.import => {
                    withdraw(project, database, source, &finding.item, known)?
                }
                (State::Gone, _) => {
                    source::forget_part(&downloads, &source.id, &finding.item)?;
                    let lost = |held: &Held| !held.path(&downloads, &source.id).exists();
                    // It cannot be fetched again.
                    if known.fetched.as_ref().is_some_and(lost) {
                        database.forget_fetched(&source.id, &finding.item)?;
                    }
                }
                _ => {}
            }
        }
    }
    let mut step = Step::default();
    if orders.is_empty() {
        return Ok(step);
    }
    let bar = terminal.bytes(&format!(
        "fetching {} file{}",
        orders.len(),
        if orders.len() > 1 { "s" } else { "" }
    ));
    block_on(source::fetch(
        http,
        &downloads,
        &orders,
        &bar,
        |order, outcome| {
            let (source, item) = (&order.source, &order.upstream.item);
            match outcome {
                Ok(Fetched::Unchanged) => step.unchanged.push(name(source, item)),
                Ok(Fetched::New(held)) => {
                    if keep(project, database, order, &held)? {
                        step.fetched.push(name(source, item));
                    } else {
                        step.unchanged.push(name(source, item));
                    }
                }
                Err(error) => {
                    step.failures.push(Failure {
                        source: source.clone(),
                        message: format!("{}: {error}", name(source, item)),
                        refused: error.is_refusal(),
                    });
                }
            }
            anyhow::Ok(())
        },
    ))??;
    bar.finish_and_clear();
    Ok(step)
}

/// Remembers a file that came. Gives whether it is another than the one imported.
fn keep(project: &Project, database: &mut Database, order: &Order, held: &Held) -> Result<bool> {
    let (source, item) = (&order.source, &order.upstream.item);
    let imported = order.known.imported.as_ref();
    let new = imported.is_none_or(|imported| imported.blake3 != held.blake3);
    if new {
        database.record_fetched(source, item, held)?;
    } else {
        database.record_imported(source, item, held)?;
    }
    StopPoint::DownloadNoted.reach();
    let old = order
        .known
        .fetched
        .as_ref()
        .filter(|old| old.file != held.file);
    if let Some(old) = old.filter(|old| imported.is_none_or(|imported| imported.file != old.file)) {
        files::remove(&old.path(&project.downloads(), source))?;
    }
    Ok(new)
}

/// Forgets what was fetched, in part or whole, when upstream is back at what was imported.
fn withdraw(
    project: &Project,
    database: &Database,
    source: &Source,
    item: &str,
    known: &Known,
) -> Result<()> {
    source::forget_part(&project.downloads(), &source.id, item)?;
    if let (Some(old), Some(imported)) = (&known.fetched, &known.imported) {
        database.forget_fetched(&source.id, item)?;
        if old.file != imported.file {
            files::remove(&old.path(&project.downloads(), &source.id))?;
        }
    }
    Ok(())
}

/// What waits to be imported, by source and item.
pub fn waiting(ledger: &Ledger, source: &Source) -> Vec<(String, Known)> {
    ledger
        .iter()
        .filter(|((id, _), known)| *id == source.id && known.fetched.is_some())
        .map(|((_, item), known)| (item.clone(), known.clone()))
        .collect()
}
