mod report;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::Args;
use jiff::civil::Date;
use serde_json::json;

use super::context::Context;
use super::terminal::Terminal;
use crate::app::Failure;
use crate::config::{Config, Gates};
use crate::db::{Batch, Database};
use crate::geo::Geography;
use crate::intake::dvf::{self, GivenScope};
use crate::intake::{Intake, IntakeContent, IntakeError, IntakeFiles, Refused, cog};
use report::{Report, report};

/// Read files of sales into the database
///
/// Reads geo-DVF (.csv, .csv.gz) and the DGFiP source (.txt, .zip), told apart by their first line. A file replaces
/// what it is a file of: the months it spans, for the commune, the départements or the country it covers. What the
/// database holds beyond that stays. Importing the same content again changes nothing.
///
/// A file that is not as it should be is refused whole, with exit code 3, and the database stays as it was.
#[derive(Debug, Args)]
pub struct Import {
    /// Files to read, one at a time, in this order
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Report what would change and write nothing
    #[arg(long)]
    dry_run: bool,
    /// What the files cover, instead of what their names and contents tell: FR, 83 or 69,01 or 83137, and months if need
    /// be, as in 83@2024-01..2024-12
    #[arg(long, value_name = "SCOPE")]
    scope: Option<GivenScope>,
    /// Day on which the producer published the files, as in 2026-10-28; the pages name it
    #[arg(long, value_name = "DATE")]
    released: Option<Date>,
}

impl Import {
    pub(super) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        self.import(context).map_err(failure)
    }

    fn import(&self, context: &Context) -> Result<()> {
        Config::load(context.project.root())?;
        let released = self.released.map(|date| date.to_string());
        let way = |geography| Way {
            scope: self.scope.as_ref(),
            care: Care::ByHand,
            geography,
            released: released.as_deref(),
        };
        if self.dry_run {
            let database = match Database::open_read_only(&context.project.database())? {
                Some(database) => database,
                None => Database::in_memory()?,
            };
            let geography = database.geography()?;
            let way = way(&geography);
            for file in &self.files {
                preview(&database, &Input::sales(file, way), &context.terminal)?;
            }
            return Ok(());
        }
        let _lock = context.project.lock("import")?;
        let mut database = Database::open(&context.project.database())?;
        let geography = database.geography()?;
        let way = way(&geography);
        let files: Vec<_> = self
            .files
            .iter()
            .map(|file| Input::sales(file, way))
            .collect();
        import(&mut database, &files, &context.terminal, |_, _| Ok(()))
    }
}

/// How files are imported.
#[derive(Clone, Copy)]
pub struct Way<'a> {
    /// What they cover, when it is not left to them.
    pub scope: Option<&'a GivenScope>,
    pub care: Care<'a>,
    /// Today's communes, for the report and the gates.
    pub geography: &'a Geography,
    /// Day on which the producer published them.
    pub released: Option<&'a str>,
}

/// What files have to pass.
#[derive(Clone, Copy)]
pub enum Care<'a> {
    /// A person chose them: no gate, and each of their lines has to be readable.
    ByHand,
    Gates(&'a Gates),
    /// No gate, that of unreadable lines included: those that can be read are taken.
    Forced,
}

impl Care<'_> {
    /// The share of lines, from 0 to 1, that may be unreadable.
    fn tolerance(self) -> f64 {
        match self {
            Self::ByHand => 0.0,
            Self::Gates(gates) => gates.unreadable / 100.0,
            Self::Forced => 1.0,
        }
    }
}

/// Files that are one content: a file of sales, or all files of a source of places.
pub struct Input<'a> {
    /// What it is called in messages and in the log: the file, or the source.
    pub name: String,
    pub intake: &'static dyn Intake,
    /// Item and path of each.
    pub files: Vec<(&'a str, PathBuf)>,
    /// What the database keeps of the items that did not come.
    pub kept: BTreeMap<String, String>,
    pub way: Way<'a>,
}

impl<'a> Input<'a> {
    /// A file of sales.
    pub fn sales(file: &Path, way: Way<'a>) -> Self {
        Self {
            name: file.display().to_string(),
            intake: &dvf::Dvf,
            files: vec![("", file.into())],
            kept: BTreeMap::new(),
            way,
        }
    }
}

/// Reports what importing files would change, and writes nothing.
pub fn preview(database: &Database, input: &Input<'_>, terminal: &Terminal) -> Result<()> {
    let started = Instant::now();
    let content = read(input, terminal)?;
    pass(database, input, &content)?;
    if let IntakeContent::Sales(file) = &content {
        let applied = database.preview(file)?;
        report(
            terminal,
            &Report::new(&input.name, file, &applied, started).dry(),
        );
    }
    Ok(())
}

/// Imports one content after another and calls `done` with the index of each that was; the first that is refused ends it.
/// While one goes into the database, the next is read, and the one before is moved there from the journal.
pub fn import(
    database: &mut Database,
    inputs: &[Input<'_>],
    terminal: &Terminal,
    mut done: impl FnMut(&mut Database, usize) -> Result<()>,
) -> Result<()> {
    let checkpointer = &Mutex::new(database.checkpointer()?);
    database.defer_checkpoints(inputs.len() > 1)?;
    let imported = std::thread::scope(|scope| {
        // No queue: no more than two files are in memory.
        let (sender, contents) = sync_channel(0);
        scope.spawn(move || {
            for input in inputs {
                let started = (Instant::now(), crate::base::clock::now().to_string());
                if sender.send((started, read(input, terminal))).is_err() {
                    return;
                }
            }
        });
        for (index, (input, (started, content))) in inputs.iter().zip(&contents).enumerate() {
            import_one(database, input, content, terminal, started)?;
            done(database, index)?;
            scope.spawn(move || {
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

/// Imports a content that was read, and reports it; a refusal is logged in the database.
fn import_one(
    database: &mut Database,
    input: &Input<'_>,
    content: Result<IntakeContent>,
    terminal: &Terminal,
    (started, started_at): (Instant, String),
) -> Result<()> {
    let name = Path::new(&input.name).file_name().unwrap_or_default();
    let source_file = name.to_string_lossy();
    let content = match content.and_then(|content| {
        pass(database, input, &content)?;
        Ok(content)
    }) {
        Ok(content) => content,
        Err(error) => {
            if is_refusal(&error) {
                database.log_refused(&source_file, &started_at, &format!("{error:#}"))?;
            }
            return Err(error);
        }
    };
    match content {
        IntakeContent::Sales(file) => {
            let batch = Batch {
                source_file: &source_file,
                released: input.way.released,
                started_at,
            };
            let applied = database
                .import(&batch, &file)
                .with_context(|| format!("{} was not imported", input.name))?;
            report(
                terminal,
                &Report::new(&input.name, &file, &applied, started),
            );
        }
        IntakeContent::Places(edition) => {
            database.store_places(&edition)?;
            let items: Vec<_> = input.files.iter().map(|(item, _)| *item).collect();
            terminal.summary(
                &format!("{}: imported {}", input.name, items.join(", ")),
                &json!({"source": input.name, "imported": items}),
            );
        }
    }
    Ok(())
}

fn read(input: &Input<'_>, terminal: &Terminal) -> Result<IntakeContent> {
    let bar = terminal.bytes(&format!("reading {}", input.name));
    let files = input.files.iter();
    let files: Vec<_> = files.map(|(item, path)| (*item, path.as_path())).collect();
    let content = input.intake.read(&IntakeFiles {
        files: &files,
        kept: &input.kept,
        scope: input.way.scope,
        tolerance: input.way.care.tolerance(),
        geography: input.way.geography,
        progress: &bar,
    });
    bar.finish_and_clear();
    if input.intake.takes_all_files() {
        return content.with_context(|| format!("source {}", input.name));
    }
    Ok(content?)
}

/// Holds a content against the gates, where there are any.
fn pass(database: &Database, input: &Input<'_>, content: &IntakeContent) -> Result<()> {
    let Care::Gates(gates) = input.way.care else {
        return Ok(());
    };
    let (what, refusals) = match content {
        IntakeContent::Sales(file) => {
            let held = database.held_sales(&file.scope)?;
            let refusals = dvf::judge(file, input.way.released, &held, gates);
            (input.name.clone(), refusals)
        }
        IntakeContent::Places(edition) => {
            let refusals = cog::judge(edition, input.way.geography, gates);
            (format!("source {}", input.name), refusals)
        }
    };
    if refusals.is_empty() {
        return Ok(());
    }
    Err(Refused { what, refusals }.into())
}

/// Whether the input is to blame: it was read, and is not what it should be.
pub fn is_refusal(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let read = cause.downcast_ref::<IntakeError>();
        cause.is::<Refused>() || read.is_some_and(IntakeError::is_refusal)
    })
}

pub fn failure(error: anyhow::Error) -> Failure {
    if is_refusal(&error) {
        Failure::Refused(error)
    } else {
        Failure::Failed(error)
    }
}
