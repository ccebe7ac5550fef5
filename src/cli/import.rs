use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::Args;
use jiff::civil::Date;
use serde_json::json;

use super::{Context, Terminal};
use crate::config::{Config, Gates};
use crate::db::{Applied, Batch, Database};
use crate::dvf::{self, Content, Exclusion, GivenScope, Numbering, Scope};
use crate::gate::{self, Refused};
use crate::geo::Geography;

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

    pub(super) fn run(&self, context: &Context) -> Result<()> {
        Config::load(context.project.root())?;
        let released = self.released.map(|date| date.to_string());
        let way = Way {
            scope: self.scope.as_ref(),
            gates: None,
            released: released.as_deref(),
        };
        if self.dry_run {
            let database = match Database::open_read_only(&context.project.database())? {
                Some(database) => database,
                None => Database::in_memory()?,
            };
            for file in &self.files {
                preview(&database, file, &way, &context.terminal)?;
            }
            return Ok(());
        }
        let _lock = context.project.lock("import", context.wait)?;
        let mut database = Database::open(&context.project.database())?;
        let files: Vec<_> = self
            .files
            .iter()
            .map(|file| (file.as_path(), way))
            .collect();
        import(&mut database, &files, &context.terminal, |_, _| Ok(()))
    }
}

/// How a file is imported.
#[derive(Clone, Copy, Default)]
pub struct Way<'a> {
    /// What it covers, when it is not left to the file.
    pub scope: Option<&'a GivenScope>,
    /// What it has to pass, and the geography for that; `None` where a person imports it.
    pub gates: Option<(&'a Gates, &'a Geography)>,
    /// Day on which the producer published it.
    pub released: Option<&'a str>,
}

/// Reports what importing a file would change, and writes nothing.
pub fn preview(database: &Database, file: &Path, way: &Way<'_>, terminal: &Terminal) -> Result<()> {
    let started = Instant::now();
    let (content, scope) = read(file, way, terminal)?;
    pass(database, file, way, &content, &scope)?;
    let applied = database.preview(&scope, &content)?;
    report(terminal, file, &content, &scope, &applied, true, started);
    Ok(())
}

/// Imports files one after another and calls `done` with the place of each that was; the first that is refused ends it.
/// While one file goes into the database, the next is read.
pub fn import(
    database: &mut Database,
    files: &[(&Path, Way<'_>)],
    terminal: &Terminal,
    mut done: impl FnMut(&mut Database, usize) -> Result<()>,
) -> Result<()> {
    std::thread::scope(|scope| {
        // No queue: no more than two files are in memory.
        let (sender, contents) = sync_channel(0);
        scope.spawn(move || {
            for (file, way) in files {
                let started = (Instant::now(), crate::project::now().to_string());
                if sender.send((started, read(file, way, terminal))).is_err() {
                    return;
                }
            }
        });
        for (place, ((file, way), (started, read))) in files.iter().zip(&contents).enumerate() {
            import_one(database, file, way, read, terminal, started)?;
            done(database, place)?;
        }
        Ok(())
    })
}

/// Imports one file that was read, and reports it; a refusal is logged in the database.
fn import_one(
    database: &mut Database,
    file: &Path,
    way: &Way<'_>,
    read: Result<(Content, Scope)>,
    terminal: &Terminal,
    (started, started_at): (Instant, String),
) -> Result<()> {
    let source_file = file.file_name().unwrap_or_default().to_string_lossy();
    let (content, scope) = match read.and_then(|(content, scope)| {
        pass(database, file, way, &content, &scope)?;
        Ok((content, scope))
    }) {
        Ok(read) => read,
        Err(error) => {
            if super::is_refusal(&error) {
                database.log_refused(&source_file, &started_at, &format!("{error:#}"))?;
            }
            return Err(error);
        }
    };
    let batch = Batch {
        source_file: &source_file,
        scope: &scope,
        released: way.released,
        started_at,
    };
    let applied = database
        .import(&batch, &content)
        .with_context(|| format!("{} was not imported", file.display()))?;
    report(terminal, file, &content, &scope, &applied, false, started);
    Ok(())
}

fn read(file: &Path, way: &Way<'_>, terminal: &Terminal) -> Result<(Content, Scope)> {
    let bar = terminal.bytes(&format!("reading {}", file.display()));
    let tolerance = way.gates.map_or(0.0, |(gates, _)| gates.unreadable / 100.0);
    let content = dvf::read(file, tolerance, &bar);
    bar.finish_and_clear();
    let content = content?;
    let scope = match way.scope {
        None => Scope::infer(file, &content),
        Some(given) => Scope::given(given, &content)
            .with_context(|| format!("{} was refused", file.display()))?,
    };
    Ok((content, scope))
}

/// Holds the file against the gates, where there are any.
fn pass(
    database: &Database,
    file: &Path,
    way: &Way<'_>,
    content: &Content,
    scope: &Scope,
) -> Result<()> {
    let Some((gates, geography)) = way.gates else {
        return Ok(());
    };
    let applied = database.preview(scope, content)?;
    let refusals = gate::judge(
        database,
        geography,
        gates,
        scope,
        content,
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

fn report(
    terminal: &Terminal,
    file: &Path,
    content: &Content,
    scope: &Scope,
    applied: &Applied,
    dry_run: bool,
    started: Instant,
) {
    let total = applied.total();
    let mut text = format!("{}: {}, {scope}\n", file.display(), content.format.name());
    if content.scattered {
        text.push_str("The lines of some mutations did not follow each other; they were put together by their number.\n");
    }
    if content.unreadable > 0 {
        let _ = writeln!(
            text,
            "{} lines could not be read and were left out; the first: {}",
            content.unreadable,
            content.reasons.join("; ")
        );
    }
    if let Numbering::Regrouped { numbers } = content.numbering {
        let _ = writeln!(
            text,
            "The file numbers all sales of a day at one price together ({numbers} numbers): they were taken apart by commune, section and disposition into {} mutations.",
            content.mutations.len()
        );
    }
    let mut rows = vec![
        ["year", "lines", "mutations", "sales", "added", "removed"]
            .into_iter()
            .chain(Exclusion::ALL.map(Exclusion::label))
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    ];
    let counts = content.years();
    let mut years = Vec::new();
    for year in counts
        .keys()
        .chain(applied.years.keys())
        .collect::<std::collections::BTreeSet<_>>()
    {
        let count = counts.get(year).cloned().unwrap_or_default();
        let change = applied.years.get(year).copied().unwrap_or_default();
        let numbers = [
            count.lines,
            count.mutations,
            count.sales,
            change.mutations_added,
            change.mutations_removed,
        ];
        rows.push(
            std::iter::once(year.to_string())
                .chain(
                    numbers
                        .iter()
                        .chain(&count.excluded)
                        .map(ToString::to_string),
                )
                .collect(),
        );
        let excluded: serde_json::Map<_, _> = Exclusion::ALL
            .into_iter()
            .zip(count.excluded)
            .map(|(reason, n)| (reason.label().to_owned(), n.into()))
            .collect();
        years.push(json!({
            "year": year, "lines": count.lines, "mutations": count.mutations, "sales": count.sales,
            "mutations_added": change.mutations_added, "mutations_removed": change.mutations_removed,
            "sales_added": change.sales_added, "sales_removed": change.sales_removed, "sales_corrected": change.sales_corrected, "excluded": excluded,
        }));
    }
    text.push_str(&table(&rows));
    let verb = if dry_run { "would change" } else { "changed" };
    if applied.is_unchanged() {
        let _ = write!(text, "nothing {verb}");
    } else {
        let _ = write!(
            text,
            "{verb}: {} mutations added, {} removed, {} relocated; {} sales added, {} removed, {} corrected",
            total.mutations_added,
            total.mutations_removed,
            applied.relocated,
            total.sales_added,
            total.sales_removed,
            total.sales_corrected
        );
    }
    let _ = write!(text, " ({:.1} s)", started.elapsed().as_secs_f64());
    terminal.summary(
        &text,
        &json!({
            "file": file.display().to_string(), "format": content.format.name(), "scope": scope.to_string(),
            "numbering": content.numbering.name(), "dry_run": dry_run, "unchanged": applied.is_unchanged(), "relocated": applied.relocated,
            "years": years, "seconds": started.elapsed().as_secs_f64(),
        }),
    );
}

/// Columns of numbers under their names, aligned to the right.
fn table(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let width = rows
                .iter()
                .map(|row| row[column].chars().count())
                .max()
                .unwrap_or(0);
            let gap = if column == 0 { "  " } else { "   " };
            let _ = write!(text, "{gap}{cell:>width$}");
        }
        text.push('\n');
    }
    text
}
