//! The import: files are read, held against the gates and put into the database.
//!
//! What is done with a content is one file here a kind, behind `Importable`.

mod contours;
mod importable;
mod indicators;
mod input;
mod notes;
mod places;
mod sales;

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::Context as _;
use jiff::civil::Date;

use importable::Importable;
pub use input::{Care, ImportInput, ImportTerms};

use super::facts::{self, FactsImport};
use super::failure::Failure;
use super::observer::{Event, Observer};
use super::project::Project;
use super::report::{FactsMode, Imported, ImportedContent};
use crate::base::clock;
use crate::base::shown::shown_path;
use crate::config::{Config, Source};
use crate::db::{Batch, Database};
use crate::intake::dvf::GivenScope;
use crate::intake::table::PlaceKeys;
use crate::intake::{IntakeContent, JudgeTerms, Refused, intake};

/// Files that a person chose.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// In the order in which they are imported. Where there are none, those of the folder of their source, which has to be one
    /// of facts.
    pub files: Vec<PathBuf>,
    /// Only report what would change.
    pub dry_run: bool,
    /// Write facts into a table beside, which nothing reads.
    pub test: bool,
    /// What they cover, when it is not left to them.
    pub scope: Option<GivenScope>,
    /// Day on which the producer published them.
    pub released: Option<Date>,
    /// Ask no gate.
    pub force: bool,
    /// The id of the source that they are files of, where that is not left to their content.
    pub source: Option<String>,
}

impl ImportOptions {
    /// The same files as those of a source of facts, where they are of one.
    fn of_facts(&self, config: &Config) -> Option<FactsImport> {
        let source = self.source.as_ref()?;
        let (source, _) = config.facts().find(|(id, _)| id == source)?;
        Some(FactsImport {
            source: source.to_owned(),
            files: self.files.clone(),
            mode: match (self.dry_run, self.test) {
                (true, _) => FactsMode::Preview,
                (false, true) => FactsMode::Test,
                (false, false) => FactsMode::Store,
            },
        })
    }

    /// Sees that they can be imported as files of another kind than facts.
    fn check(&self) -> Result<(), Failure> {
        if self.files.is_empty() || self.test {
            return Err(Failure::because(
                "only a source of kind \"facts\" has a folder and a table of tests; name the files, without --test",
            ));
        }
        let today = clock::today();
        match self.released.filter(|day| *day > today) {
            None => Ok(()),
            Some(day) => Err(Failure::because(format!(
                "--released says {day}, which is yet to come; the day on which the files were published was expected, {today} at the latest"
            ))),
        }
    }
}

/// Imports files that a person chose, one at a time, each with an event.
///
/// # Errors
/// When they cannot be imported as they are asked to be, a file cannot be read or is refused, which ends the import of all but
/// facts, or the database fails.
pub fn import(
    project: &Project,
    options: &ImportOptions,
    observer: &dyn Observer,
) -> Result<(), Failure> {
    let config = project.config()?;
    if let Some(facts) = options.of_facts(&config) {
        return facts::import(project, &facts, observer);
    }
    options.check()?;
    let source = options.source.as_deref();
    let source = source.map(|id| chosen_source(&config, id)).transpose()?;
    let released = options.released.map(|date| date.to_string());
    let by_hand = |geography, keys| ImportTerms {
        scope: options.scope.as_ref(),
        care: match options.force {
            true => Care::Forced,
            false => Care::ByHand(&config.gates),
        },
        geography,
        keys,
        released: released.as_deref(),
        year: None,
    };
    if options.dry_run {
        let database = project.sales_or_none()?;
        let geography = database.geography()?;
        let keys = place_keys(&database, source)?;
        let terms = by_hand(&geography, &keys);
        for file in &options.files {
            preview(
                &database,
                &ImportInput::chosen(file, source, terms),
                observer,
            )?;
        }
        return Ok(());
    }
    let _lock = project.lock("import")?;
    let mut database = Database::open(&project.database())?;
    let geography = database.geography()?;
    let keys = place_keys(&database, source)?;
    let terms = by_hand(&geography, &keys);
    let files = options.files.iter();
    let inputs: Vec<_> = files
        .map(|file| ImportInput::chosen(file, source, terms))
        .collect();
    import_all(&mut database, &inputs, observer, |_, _| Ok(()))
}

/// The source of an id, which has to be one whose files a person can import.
fn chosen_source<'c>(config: &'c Config, id: &str) -> Result<&'c Source, Failure> {
    let is_a_file_each =
        |source: &&Source| intake(source.kind).is_some_and(|intake| !intake.takes_all_files());
    let known = config.source(id).filter(is_a_file_each);
    known.ok_or_else(|| {
        let tables = config.tables().map(|(id, _)| id);
        let notes = config.notes_of_operators().map(|(id, _)| id);
        let known = tables.chain(notes).map(str::to_owned);
        Failure::because(format!(
            "there is no source {id} whose files are imported by hand; there are {}",
            known.collect::<Vec<_>>().join(", ")
        ))
    })
}

/// The places of the keys by which a source finds its own; none where it needs none.
///
/// # Errors
/// When the database fails.
pub fn place_keys(database: &Database, source: Option<&Source>) -> Result<PlaceKeys, Failure> {
    let via = source.and_then(|source| source.table.as_ref()?.via.as_deref());
    Ok(via.map_or(Ok(PlaceKeys::new()), |via| database.place_keys(via))?)
}

/// Tells what importing files would change, and writes nothing.
///
/// # Errors
/// When they cannot be read or are refused.
pub fn preview(
    database: &Database,
    input: &ImportInput<'_>,
    observer: &dyn Observer,
) -> Result<(), Failure> {
    let started = Instant::now();
    let content = input.read(observer)?;
    pass(database, input, &content)?;
    let changes = <dyn Importable>::of(&content).preview(database)?;
    tell(input, changes, true, started, observer);
    Ok(())
}

/// Imports one content after another and calls `done` with the index of each that was; the first that is refused ends it.
/// While one goes into the database, the next is read, and the one before is moved there from the journal.
///
/// # Errors
/// When one cannot be read or is refused, the database fails, or `done` does. Those before it stay imported.
pub fn import_all(
    database: &mut Database,
    inputs: &[ImportInput<'_>],
    observer: &dyn Observer,
    mut done: impl FnMut(&mut Database, usize) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let checkpointer = &Mutex::new(database.checkpointer()?);
    database.defer_checkpoints(inputs.len() > 1)?;
    let imported = std::thread::scope(|threads| {
        // No queue: no more than two files are in memory.
        let (sender, contents) = sync_channel(0);
        threads.spawn(move || {
            for input in inputs {
                let started = (Instant::now(), clock::now().to_string());
                if sender.send((started, input.read(observer))).is_err() {
                    return;
                }
            }
        });
        for (index, (input, (started, content))) in inputs.iter().zip(&contents).enumerate() {
            import_one(database, input, content, observer, started)?;
            done(database, index)?;
            threads.spawn(move || {
                let checkpointer = checkpointer.lock().unwrap_or_else(PoisonError::into_inner);
                // Whatever it leaves there is moved by the next commit.
                checkpointer.as_ref().map(Database::checkpoint)
            });
        }
        Ok(())
    });
    database.defer_checkpoints(false)?;
    imported
}

/// Imports a content that was read, and tells of it; a refusal is logged in the database.
fn import_one(
    database: &mut Database,
    input: &ImportInput<'_>,
    content: Result<IntakeContent, Failure>,
    observer: &dyn Observer,
    (started, started_at): (Instant, String),
) -> Result<(), Failure> {
    let name = Path::new(&input.name).file_name().unwrap_or_default();
    let source_file = shown_path(Path::new(name));
    let judged = content.and_then(|content| {
        pass(database, input, &content)?;
        Ok(content)
    });
    if let Err(failure) = &judged
        && failure.is_refusal()
    {
        database.log_refused(&source_file, &started_at, &failure.to_string())?;
    }
    let content = judged?;
    let batch = Batch {
        source_file: &source_file,
        released: input.terms.released,
        started_at,
        forced: matches!(input.terms.care, Care::Forced),
    };
    let stored = <dyn Importable>::of(&content).store(database, &batch);
    let changes = stored.with_context(|| format!("{} was not imported", input.name))?;
    tell(input, changes, false, started, observer);
    Ok(())
}

fn tell(
    input: &ImportInput<'_>,
    content: ImportedContent<'_>,
    dry_run: bool,
    started: Instant,
    observer: &dyn Observer,
) {
    let items = input.files.iter();
    observer.tell(Event::Imported(&Imported {
        name: &input.name,
        items: items.map(|(item, _)| *item).collect(),
        content,
        dry_run,
        seconds: started.elapsed().as_secs_f64(),
    }));
}

/// Holds a content against the gates, where there are any.
fn pass(
    database: &Database,
    input: &ImportInput<'_>,
    content: &IntakeContent,
) -> Result<(), Failure> {
    let (gates, command) = match input.terms.care {
        Care::ByHand(gates) => (gates, "import"),
        Care::Gates(gates) => (gates, "update"),
        Care::Forced => return Ok(()),
    };
    let terms = JudgeTerms {
        gates,
        geography: input.terms.geography,
        released: input.terms.released,
        year: input.terms.year,
    };
    let refusals = content.judge(database, &terms)?;
    if refusals.is_empty() {
        return Ok(());
    }
    Err(Refused {
        what: input.title(),
        refusals,
        loss: <dyn Importable>::of(content).loss(database)?,
        command,
    }
    .into())
}
