//! The import: files are read, held against the gates and put into the database.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::Context as _;
use jiff::civil::Date;

use super::failure::Failure;
use super::observer::{Activity, Event, Observer};
use super::project::Project;
use super::report::{ImportedContours, ImportedIndicators, ImportedNotes, ImportedSales};
use crate::base::clock;
use crate::base::shown::shown_path;
use crate::config::{Config, Gates, Source, SourceKind};
use crate::db::{Applied, Batch, Database};
use crate::geo::Geography;
use crate::intake::dvf::{self, GivenScope};
use crate::intake::table::PlaceKeys;
use crate::intake::{
    Intake, IntakeContent, IntakeFiles, ReadTerms, Refused, cog, contours, intake, intake_of,
    notes, table,
};

/// Files of sales or contours that a person chose.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// In the order in which they are imported.
    pub files: Vec<PathBuf>,
    /// Only report what would change.
    pub dry_run: bool,
    /// What they cover, when it is not left to them.
    pub scope: Option<GivenScope>,
    /// Day on which the producer published them.
    pub released: Option<Date>,
    /// Ask no gate.
    pub force: bool,
    /// The id of the source that they are files of, where that is not left to their content.
    pub source: Option<String>,
}

/// Imports files that a person chose, one at a time, each with an event.
///
/// # Errors
/// When a file cannot be read or is refused, which ends the import, or the database fails.
pub fn import(
    project: &Project,
    options: &ImportOptions,
    observer: &dyn Observer,
) -> Result<(), Failure> {
    let config = project.config()?;
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
    let known = config
        .source(id)
        .filter(|source| source.kind != SourceKind::Cog);
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

/// How files are imported.
#[derive(Clone, Copy)]
pub struct ImportTerms<'a> {
    /// What they cover, when it is not left to them.
    pub scope: Option<&'a GivenScope>,
    /// What they have to pass.
    pub care: Care<'a>,
    /// Today's communes, for the report and the gates.
    pub geography: &'a Geography,
    /// The places of the keys by which their source finds its own.
    pub keys: &'a PlaceKeys,
    /// Day on which the producer published them.
    pub released: Option<&'a str>,
}

impl ImportTerms<'_> {
    /// The last day that a deed in the files can be of: that of their release, or today.
    fn latest(&self) -> Date {
        let today = clock::today();
        let released = self.released.and_then(|day| day.parse().ok());
        released.map_or(today, |day: Date| day.min(today))
    }
}

/// What files have to pass.
#[derive(Clone, Copy)]
pub enum Care<'a> {
    /// The gates of the configuration; and as a person chose them, who can mend them, each of their lines has to be readable.
    ByHand(&'a Gates),
    /// The gates of the configuration.
    Gates(&'a Gates),
    /// No gate, that of unreadable lines included: those that can be read are taken.
    Forced,
}

impl Care<'_> {
    /// The share of lines, from 0 to 1, that may be unreadable.
    fn tolerance(self) -> f64 {
        match self {
            Self::ByHand(_) => 0.0,
            Self::Gates(gates) => gates.unreadable / 100.0,
            Self::Forced => 1.0,
        }
    }
}

/// Files that are one content: a file of sales or of contours, or all files of a source of places.
pub struct ImportInput<'a> {
    /// What it is called in messages and in the log: the file, or the source.
    pub name: String,
    /// What reads them.
    pub intake: &'static dyn Intake,
    /// Their source, where they are known to be of one.
    pub source: Option<&'a Source>,
    /// Item and path of each.
    pub files: Vec<(&'a str, PathBuf)>,
    /// What the database keeps of the items that did not come.
    pub kept: BTreeMap<String, String>,
    /// How they are imported.
    pub terms: ImportTerms<'a>,
}

impl<'a> ImportInput<'a> {
    /// A file that a person chose, of a source where they name one.
    pub fn chosen(file: &Path, source: Option<&'a Source>, terms: ImportTerms<'a>) -> Self {
        Self {
            name: shown_path(file),
            intake: source.map_or_else(|| intake_of(file), |source| intake(source.kind)),
            source,
            files: vec![("", file.into())],
            kept: BTreeMap::new(),
            terms,
        }
    }
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
    let content = read(input, observer)?;
    pass(database, input, &content)?;
    let seconds = || started.elapsed().as_secs_f64();
    match &content {
        IntakeContent::Sales(file) => observer.tell(Event::ImportedSales(&ImportedSales {
            name: &input.name,
            file,
            applied: &database.preview(file)?,
            dry_run: true,
            seconds: seconds(),
        })),
        IntakeContent::Contours(file) => {
            observer.tell(Event::ImportedContours(&ImportedContours {
                name: &input.name,
                file,
                changed: database.preview_contours(file)?,
                dry_run: true,
                seconds: seconds(),
            }));
        }
        IntakeContent::Indicators(file) => {
            observer.tell(Event::ImportedIndicators(&ImportedIndicators {
                name: &input.name,
                file,
                changes: &database.preview_indicators(file)?,
                dry_run: true,
                seconds: seconds(),
            }));
        }
        IntakeContent::Notes(file) => {
            let today = clock::today();
            observer.tell(Event::ImportedNotes(&ImportedNotes {
                name: &input.name,
                file,
                changes: &database.preview_local_notes(file, today)?,
                dry_run: true,
                seconds: seconds(),
            }));
        }
        IntakeContent::Places(_) => {}
    }
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
                if sender.send((started, read(input, observer))).is_err() {
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
    match judged? {
        IntakeContent::Sales(file) => {
            let batch = Batch {
                source_file: &source_file,
                released: input.terms.released,
                started_at,
                forced: matches!(input.terms.care, Care::Forced),
            };
            let applied = database
                .import(&batch, &file)
                .with_context(|| format!("{} was not imported", input.name))?;
            observer.tell(Event::ImportedSales(&ImportedSales {
                name: &input.name,
                file: &file,
                applied: &applied,
                dry_run: false,
                seconds: started.elapsed().as_secs_f64(),
            }));
        }
        IntakeContent::Places(edition) => {
            database.store_places(&edition)?;
            let items: Vec<_> = input.files.iter().map(|(item, _)| *item).collect();
            observer.tell(Event::ImportedPlaces(&input.name, &items));
        }
        IntakeContent::Indicators(file) => {
            let changes = database.store_indicators(&source_file, &file)?;
            observer.tell(Event::ImportedIndicators(&ImportedIndicators {
                name: &input.name,
                file: &file,
                changes: &changes,
                dry_run: false,
                seconds: started.elapsed().as_secs_f64(),
            }));
        }
        IntakeContent::Notes(file) => {
            let today = clock::today();
            let changes = database.store_local_notes(&source_file, &file, today)?;
            observer.tell(Event::ImportedNotes(&ImportedNotes {
                name: &input.name,
                file: &file,
                changes: &changes,
                dry_run: false,
                seconds: started.elapsed().as_secs_f64(),
            }));
        }
        IntakeContent::Contours(file) => {
            let changed = database.store_contours(&source_file, &file)?;
            observer.tell(Event::ImportedContours(&ImportedContours {
                name: &input.name,
                file: &file,
                changed,
                dry_run: false,
                seconds: started.elapsed().as_secs_f64(),
            }));
        }
    }
    Ok(())
}

fn read(input: &ImportInput<'_>, observer: &dyn Observer) -> Result<IntakeContent, Failure> {
    let bar = observer.begin(Activity::Reading(&input.name));
    let files = input.files.iter();
    let files: Vec<_> = files.map(|(item, path)| (*item, path.as_path())).collect();
    let content = input.intake.read(&IntakeFiles {
        files: &files,
        kept: &input.kept,
        scope: input.terms.scope,
        terms: ReadTerms {
            tolerance: input.terms.care.tolerance(),
            latest: input.terms.latest(),
        },
        table: input
            .source
            .and_then(|source| Some((source.id.as_str(), source.table.as_ref()?))),
        notes: input
            .source
            .and_then(|source| Some((source.id.as_str(), source.grist.as_ref()?))),
        geography: input.terms.geography,
        keys: input.terms.keys,
        progress: &bar,
    });
    bar.finish_and_clear();
    content.map_err(|error| {
        let failure = Failure::from(error);
        match input.intake.takes_all_files() {
            true => failure.context(format!("source {}", input.name)),
            false => failure,
        }
    })
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
    let (what, refusals, loss) = match content {
        IntakeContent::Sales(file) => {
            let held = database.held_sales(file)?;
            let refusals = dvf::judge(
                file,
                input.terms.released,
                &held,
                gates,
                input.terms.geography,
            );
            let loss = match refusals.is_empty() {
                true => None,
                false => loss(&database.preview(file)?),
            };
            (input.name.clone(), refusals, loss)
        }
        IntakeContent::Places(edition) => {
            let refusals = cog::judge(edition, input.terms.geography, gates);
            (format!("source {}", input.name), refusals, None)
        }
        IntakeContent::Indicators(file) => {
            let held = database.held_indicators(&file.source)?;
            let refusals = table::judge(file, &held, gates);
            (input.name.clone(), refusals, None)
        }
        IntakeContent::Notes(file) => (input.name.clone(), notes::judge(file), None),
        IntakeContent::Contours(file) => {
            let refusals = contours::judge(file, input.terms.geography, gates);
            (input.name.clone(), refusals, None)
        }
    };
    match refusals.is_empty() {
        true => Ok(()),
        false => Err(Refused {
            what,
            refusals,
            loss,
            command,
        }
        .into()),
    }
}

/// What an import would take away, as a sentence.
fn loss(applied: &Applied) -> Option<String> {
    let total = applied.total();
    (total.mutations_removed > 0).then(|| {
        format!(
            "It would take {} of {} mutations of its months out of the database, {} of them sales, and bring {}. ",
            total.mutations_removed,
            total.mutations_before,
            total.sales_removed + total.sales_corrected,
            total.mutations_added
        )
    })
}
