mod report;

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::Args;
use jiff::civil::Date;

use super::context::Context;
use super::terminal::Terminal;
use crate::app::Failure;
use crate::app::gate::{self, Refused};
use crate::config::{Config, Gates};
use crate::db::{Batch, Database};
use crate::geo::Geography;
use crate::intake::dvf::reading::Communes;
use crate::intake::dvf::{self, Content, GivenScope, ReadError, Scope, ScopeError};
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
                preview(&database, file, &way, &context.terminal)?;
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
            .map(|file| (file.as_path(), way))
            .collect();
        import(&mut database, &files, &context.terminal, |_, _| Ok(()))
    }
}

/// How a file is imported.
#[derive(Clone, Copy)]
pub struct Way<'a> {
    /// What it covers, when it is not left to the file.
    pub scope: Option<&'a GivenScope>,
    pub care: Care<'a>,
    /// Today's communes, for the report and the gates.
    pub geography: &'a Geography,
    /// Day on which the producer published it.
    pub released: Option<&'a str>,
}

/// What a file has to pass.
#[derive(Clone, Copy)]
pub enum Care<'a> {
    /// A person chose the file: no gate, and each of its lines has to be readable.
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

/// A file that was read.
struct File {
    content: Content,
    scope: Scope,
    communes: Communes,
}

/// Reports what importing a file would change, and writes nothing.
pub fn preview(database: &Database, file: &Path, way: &Way<'_>, terminal: &Terminal) -> Result<()> {
    let started = Instant::now();
    let read = read(file, way, terminal)?;
    pass(database, file, way, &read)?;
    let applied = database.preview(&read.scope, &read.content)?;
    report(terminal, &Report::new(file, &read, &applied, started).dry());
    Ok(())
}

/// Imports files one after another and calls `done` with the place of each that was; the first that is refused ends it.
/// While one file goes into the database, the next is read, and the one before is moved there from the journal.
pub fn import(
    database: &mut Database,
    files: &[(&Path, Way<'_>)],
    terminal: &Terminal,
    mut done: impl FnMut(&mut Database, usize) -> Result<()>,
) -> Result<()> {
    let checkpointer = &Mutex::new(database.checkpointer()?);
    database.defer_checkpoints(files.len() > 1)?;
    let imported = std::thread::scope(|scope| {
        // No queue: no more than two files are in memory.
        let (sender, contents) = sync_channel(0);
        scope.spawn(move || {
            for (file, way) in files {
                let started = (Instant::now(), crate::base::clock::now().to_string());
                if sender.send((started, read(file, way, terminal))).is_err() {
                    return;
                }
            }
        });
        for (place, ((file, way), (started, read))) in files.iter().zip(&contents).enumerate() {
            import_one(database, file, way, read, terminal, started)?;
            done(database, place)?;
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

/// Imports one file that was read, and reports it; a refusal is logged in the database.
fn import_one(
    database: &mut Database,
    file: &Path,
    way: &Way<'_>,
    read: Result<File>,
    terminal: &Terminal,
    (started, started_at): (Instant, String),
) -> Result<()> {
    let source_file = file.file_name().unwrap_or_default().to_string_lossy();
    let read = match read.and_then(|read| {
        pass(database, file, way, &read)?;
        Ok(read)
    }) {
        Ok(read) => read,
        Err(error) => {
            if is_refusal(&error) {
                database.log_refused(&source_file, &started_at, &format!("{error:#}"))?;
            }
            return Err(error);
        }
    };
    let batch = Batch {
        source_file: &source_file,
        scope: &read.scope,
        released: way.released,
        former_lines: read.communes.former_lines,
        started_at,
    };
    let applied = database
        .import(&batch, &read.content)
        .with_context(|| format!("{} was not imported", file.display()))?;
    report(terminal, &Report::new(file, &read, &applied, started));
    Ok(())
}

fn read(file: &Path, way: &Way<'_>, terminal: &Terminal) -> Result<File> {
    let bar = terminal.bytes(&format!("reading {}", file.display()));
    let content = dvf::read(file, way.care.tolerance(), &bar);
    bar.finish_and_clear();
    let content = content?;
    let scope = match way.scope {
        None => Scope::infer(file, &content),
        Some(given) => Scope::given(given, &content)
            .with_context(|| format!("{} was refused", file.display()))?,
    };
    Ok(File {
        communes: Communes::of(&content, way.geography),
        content,
        scope,
    })
}

/// Holds the file against the gates, where there are any.
fn pass(database: &Database, file: &Path, way: &Way<'_>, read: &File) -> Result<()> {
    let Care::Gates(gates) = way.care else {
        return Ok(());
    };
    let applied = database.preview(&read.scope, &read.content)?;
    let refusals = gate::judge(
        database,
        gates,
        &read.scope,
        &read.content,
        &read.communes,
        &applied,
        way.released,
    )?;
    if refusals.is_empty() {
        return Ok(());
    }
    Err(Refused {
        file: file.display().to_string(),
        refusals,
    }
    .into())
}

/// Whether the input is to blame: it was read, and is not what it should be.
pub fn is_refusal(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<ScopeError>()
            || cause.is::<Refused>()
            || cause.is::<super::update::PlacesRefused>()
            || cause
                .downcast_ref::<ReadError>()
                .is_some_and(|error| !matches!(error, ReadError::Open { .. }))
    })
}

pub fn failure(error: anyhow::Error) -> Failure {
    if is_refusal(&error) {
        Failure::Refused(error)
    } else {
        Failure::Failed(error)
    }
}
