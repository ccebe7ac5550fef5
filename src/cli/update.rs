use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::json;

use super::context::Context;
use super::import::{self, Care, Input, Way};
use crate::app::build::{BuildOptions, bring_up_to_date};
use crate::app::fetch::{fetch_new, waiting};
use crate::app::record::recorded;
use crate::app::upstream::{Upstream, day, file_name, unknown};
use crate::app::{Built, Event, Failure, Observer, Problem};
use crate::base::run::{RefusedInput, RunDetails, RunOutcome, SourceRun};
use crate::base::stop::StopPoint;
use crate::config::{Config, Source};
use crate::db::Database;
use crate::files;
use crate::geo::Geography;
use crate::intake::dvf::{GivenScope, ScopeError};
use crate::intake::{Refused, intake};
use crate::source::{Held, Known, Ledger, Report, State};

/// Do all that is needed: check, fetch, import, build
///
/// Each step is skipped when it has nothing to do. Interrupted anywhere, running it again goes on from there. The files of
/// a source are imported together, once all that are new have come. When a file is refused (exit code 3), the others of
/// its source wait, and the site stays at its last version.
#[derive(Debug, Args)]
pub struct Update {
    /// Sources to look at; all that are enabled if none is named
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// Go as far as is possible without writing
    #[arg(long)]
    dry_run: bool,
    /// Import what a gate refuses
    #[arg(long)]
    force: bool,
}

impl Update {
    pub(super) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        if self.dry_run {
            return preview(context, &self.sources);
        }
        recorded(&context.project, &context.terminal, "update", |details| {
            Ok((self.update(context, details)?, ()))
        })
    }

    fn update(&self, context: &Context, details: &mut RunDetails) -> Result<RunOutcome, Failure> {
        let config = context.project.config()?;
        let upstream = Upstream::new(&context.project, &config, &self.sources)?;
        let sources = &upstream.sources;
        let scopes = scopes(sources)?;
        let _lock = context.project.lock("update")?;
        let mut database = Database::open(&context.project.database())?;
        let reports = upstream.survey(&database.ledger()?)?;
        context.terminal.tell(Event::Surveyed(&reports));
        details.sources = reports.iter().map(source_run).collect();
        let fetched = fetch_new(&upstream, &mut database, &reports, &context.terminal)?;
        details.refusals = fetched
            .problems
            .iter()
            .filter(|problem| problem.refused)
            .map(|problem| RefusedInput {
                source: problem.source.clone(),
                file: None,
                gate: None,
                reason: problem.message.clone(),
            })
            .collect();
        let mut problems = unknown(&reports);
        problems.extend(fetched.problems);

        let mut order: Vec<usize> = (0..sources.len()).filter(|&n| sources[n].import).collect();
        order.sort_by_key(|&n| sources[n].kind.subject());
        for n in order {
            let source = sources[n];
            if problems.iter().any(|problem| problem.source == source.id) {
                continue;
            }
            let import = Importer {
                context,
                config: &config,
                source,
                scope: scopes[n].as_ref(),
                force: self.force,
            };
            if let Err(error) = import.run(&mut database, &mut details.sources[n].imported) {
                if !import::is_refusal(&error) {
                    return Err(error.into());
                }
                problems.push(Problem {
                    source: source.id.clone(),
                    message: format!("{error:#}"),
                    refused: true,
                });
                details.refusals.extend(refused(&source.id, &error));
            }
        }
        let built = self.build(context, &config, database)?;
        let outcome = built.map_or(RunOutcome::Unchanged, |built| built.record(details));
        Failure::unless_complete(problems)?;
        Ok(outcome)
    }

    /// Builds the site, unless the database holds a release in part, or nothing; `None` then.
    fn build(
        &self,
        context: &Context,
        config: &Config,
        database: Database,
    ) -> Result<Option<Built>, Failure> {
        let ledger = database.ledger()?;
        let holds_site = |source: &&Source| source.import && intake(source.kind).holds_site();
        let partial: Vec<_> = config
            .sources
            .enabled()
            .filter(holds_site)
            .filter(|source| !waiting(&ledger, source).is_empty())
            .map(|source| source.id.as_str())
            .collect();
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
        let built = bring_up_to_date(&context.project, config, &options, &context.terminal)?;
        context.terminal.tell(Event::Built(&built));
        Ok(Some(built))
    }
}

/// What is told of a source in the record of the run, before anything is fetched.
fn source_run(report: &Report) -> SourceRun {
    let items = |fits: fn(&State) -> bool| {
        let findings = report.findings.iter();
        findings
            .filter(|finding| fits(&finding.state))
            .map(|finding| finding.item.clone())
            .collect()
    };
    SourceRun {
        id: report.source.clone(),
        new: items(|state| matches!(state, State::New { .. })),
        imported: Vec::new(),
        unreachable: items(|state| matches!(state, State::Unreachable { .. })),
    }
}

/// What was refused of a source: by each gate, or as a whole.
fn refused(source: &str, error: &anyhow::Error) -> Vec<RefusedInput> {
    let input = |file: Option<&str>, gate: Option<&str>, reason: String| RefusedInput {
        source: source.to_owned(),
        file: file.map(str::to_owned),
        gate: gate.map(str::to_owned),
        reason,
    };
    match error
        .chain()
        .find_map(|cause| cause.downcast_ref::<Refused>())
    {
        Some(refused) => refused
            .refusals
            .iter()
            .map(|refusal| {
                input(
                    Some(&refused.what),
                    Some(refusal.gate),
                    refusal.reason.clone(),
                )
            })
            .collect(),
        None => vec![input(None, None, format!("{error:#}"))],
    }
}

/// An item of a source, what is known of it, and its file that waits.
type Waiting = (String, Known, Held);

/// The import of what waits of a source.
struct Importer<'a> {
    context: &'a Context,
    config: &'a Config,
    source: &'a Source,
    scope: Option<&'a GivenScope>,
    force: bool,
}

impl Importer<'_> {
    /// Imports what waits, and stops at the first file that is refused. The items imported are added to the list.
    fn run(&self, database: &mut Database, imported: &mut Vec<String>) -> Result<()> {
        let files = self.here(&database.ledger()?);
        if files.is_empty() {
            return Ok(());
        }
        let geography = database.geography()?;
        let inputs = self.inputs(database, &geography, &files)?;
        let most = files.len() / inputs.len();
        import::import(
            database,
            &inputs,
            &self.context.terminal,
            |database, index| {
                for (item, known, held) in &files[index * most..][..most] {
                    self.imported(database, item, known, held)?;
                    imported.push(item.clone());
                }
                Ok(())
            },
        )
    }

    /// The files that wait, as far as they are one content.
    fn inputs<'a>(
        &'a self,
        database: &Database,
        geography: &'a Geography,
        files: &'a [Waiting],
    ) -> Result<Vec<Input<'a>>> {
        let intake = intake(self.source.kind);
        let together = intake.takes_all_files();
        let inputs = files.chunks(if together { files.len() } else { 1 });
        let inputs = inputs.map(|files| {
            let paths = files.iter();
            let paths = paths.map(|(item, _, held)| (item.as_str(), self.path(held)));
            let paths: Vec<_> = paths.collect();
            let (kept, name) = if together {
                (database.place_texts()?, self.source.id.clone())
            } else {
                (BTreeMap::new(), paths[0].1.display().to_string())
            };
            Ok(Input {
                name,
                intake,
                files: paths,
                kept,
                way: self.way(geography, &files[0].2),
            })
        });
        inputs.collect()
    }

    /// The files that wait and are there.
    fn here(&self, ledger: &Ledger) -> Vec<Waiting> {
        let waiting = waiting(ledger, self.source).into_iter();
        waiting
            .filter_map(|(item, known)| known.fetched.clone().map(|held| (item, known, held)))
            .filter(|(_, _, held)| self.path(held).exists())
            .collect()
    }

    fn path(&self, held: &Held) -> PathBuf {
        held.path(&self.context.project.downloads(), &self.source.id)
    }

    fn way<'a>(&'a self, geography: &'a Geography, held: &'a Held) -> Way<'a> {
        Way {
            scope: self.scope,
            care: if self.force {
                Care::Forced
            } else {
                Care::Gates(&self.config.gates)
            },
            geography,
            released: held.released.as_deref().map(day),
        }
    }

    /// Remembers that a file was imported, and lets go of the one before it.
    fn imported(
        &self,
        database: &mut Database,
        item: &str,
        known: &Known,
        held: &Held,
    ) -> Result<()> {
        database.record_imported(&self.source.id, item, held)?;
        StopPoint::ImportNoted.reach();
        if let Some(old) = known.imported.as_ref().filter(|old| old.file != held.file) {
            files::remove(&self.path(old))?;
        }
        Ok(())
    }
}

/// Tells what an update would do: what it would fetch, and of the files that wait, what they would change.
fn preview(context: &Context, chosen: &[String]) -> Result<(), Failure> {
    let config = &context.project.config()?;
    let upstream = Upstream::new(&context.project, config, chosen)?;
    let sources = &upstream.sources;
    let scopes = &scopes(sources)?;
    let database = match Database::open_read_only(&context.project.database())? {
        Some(database) => database,
        None => Database::in_memory()?,
    };
    let ledger = database.ledger()?;
    let reports = upstream.survey(&ledger)?;
    context.terminal.tell(Event::Surveyed(&reports));
    let (mut fetched, mut imported) = (Vec::new(), Vec::new());
    for ((source, report), scope) in sources.iter().zip(&reports).zip(scopes) {
        let import = Importer {
            context,
            config,
            source,
            scope: scope.as_ref(),
            force: false,
        };
        let here = import.here(&ledger);
        for finding in &report.findings {
            match finding.state {
                State::New { fetched: false, .. } => {
                    fetched.push(file_name(&source.id, &finding.item))
                }
                State::New { fetched: true, .. } | State::Gone if source.import => {
                    let Some(index) = here.iter().position(|(item, _, _)| *item == finding.item)
                    else {
                        continue;
                    };
                    imported.push(file_name(&source.id, &finding.item));
                    if !intake(source.kind).takes_all_files() {
                        let geography = database.geography()?;
                        let file = &here[index..=index];
                        for input in import.inputs(&database, &geography, file)? {
                            import::preview(&database, &input, &context.terminal)
                                .map_err(import::failure)?;
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let list = |verb: &str, names: &[String]| match names {
        [] => format!("nothing would be {verb}"),
        names => format!("would be {verb}: {}", names.join(", ")),
    };
    context.terminal.summary(
        &format!(
            "{}\n{}",
            list("fetched", &fetched),
            list("imported", &imported)
        ),
        &json!({"would_fetch": fetched, "would_import": imported}),
    );
    Failure::unless_complete(unknown(&reports))
}

/// What the files of each source cover, where the configuration says so.
fn scopes(sources: &[&Source]) -> Result<Vec<Option<GivenScope>>> {
    sources.iter().map(|source| scope(source)).collect()
}

fn scope(source: &Source) -> Result<Option<GivenScope>> {
    let parse = |scope: &String| {
        scope
            .parse()
            .map_err(|error: ScopeError| anyhow::anyhow!("{error}"))
    };
    source
        .scope
        .as_ref()
        .map(parse)
        .transpose()
        .with_context(|| format!("source {} of immostats.toml", source.id))
}
