//! The import of files of facts: those of the folder of their source, each whole or not at all.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;

use crate::app::failure::{Failure, Problem};
use crate::app::observer::{Activity, Event, Observer};
use crate::app::project::Project;
use crate::app::report::{FactsMode, ImportedFacts};
use crate::base::pattern::matched;
use crate::base::shown::shown_path;
use crate::config::{Config, FILE_NAME, Facts, Zones};
use crate::db::Database;
use crate::geo::Geography;
use crate::intake::IntakeError;
use crate::intake::facts::{FactsError, FactsFile, ZoneTable, reading_digest};

/// Files of facts that are to be imported.
#[derive(Clone, Debug)]
pub struct FactsImport {
    /// The id of their source.
    pub source: String,
    /// In the order in which they are imported; where there are none, those of the folder, by their names.
    pub files: Vec<PathBuf>,
    /// Where they go.
    pub mode: FactsMode,
}

/// Imports files of facts, each with an event. One that is as it was when it was imported last is passed over; one that is
/// refused keeps no other from its import.
///
/// # Errors
/// [`Failure::Incomplete`] when files are refused. Others when the source is not declared, its folder or a file cannot be
/// read, its zones cannot be what is declared, or the database fails.
pub fn import(
    project: &Project,
    options: &FactsImport,
    observer: &dyn Observer,
) -> Result<(), Failure> {
    let config = project.config()?;
    let facts = declared(&config, &options.source)?;
    let files = match options.files.is_empty() {
        true => found(&project.root().join(&facts.folder), facts)?,
        false => options.files.clone(),
    };
    let is_preview = options.mode == FactsMode::Preview;
    let _lock = match is_preview {
        true => None,
        false => Some(project.lock("import")?),
    };
    let database = match is_preview {
        true => project.sales_or_none()?,
        false => Database::open(&project.database())?,
    };
    let geography = database.geography()?;
    let mut importer = FactsImporter {
        source: &options.source,
        facts,
        mode: options.mode,
        zones: zones(project.root(), facts, &geography)?,
        geography,
        database,
    };
    if options.mode == FactsMode::Test {
        importer.database.clear_test_facts()?;
    }
    let mut problems = Vec::new();
    for file in &files {
        match importer.import(file, observer) {
            Err(failure) if failure.is_refusal() => problems.push(Problem {
                source: options.source.clone(),
                message: failure.to_string(),
                refused: true,
            }),
            imported => imported?,
        }
    }
    Failure::unless_complete(problems)
}

/// The declaration of a source of facts.
fn declared<'c>(config: &'c Config, id: &str) -> Result<&'c Facts, Failure> {
    let found = config.facts().find(|(source, _)| *source == id);
    found
        .map(|(_, facts)| facts)
        .ok_or_else(|| Failure::no_source(id, "facts", config.facts().map(|(id, _)| id)))
}

/// The files of a folder that are meant, by their names.
fn found(folder: &Path, facts: &Facts) -> Result<Vec<PathBuf>, Failure> {
    let listed = std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let listed = listed.with_context(|| {
        format!(
            "the folder {} of facts.folder cannot be read",
            shown_path(folder)
        )
    })?;
    let is_meant = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut patterns = facts.files.iter();
        patterns.any(|pattern| matched(pattern, &name).is_some()) && path.is_file()
    };
    let mut files: Vec<_> = listed.iter().map(std::fs::DirEntry::path).collect();
    files.retain(is_meant);
    files.sort();
    match files.is_empty() {
        false => Ok(files),
        true => Err(Failure::because(format!(
            "no file of {} fits facts.files ({}); put files there, name them, or change the patterns",
            shown_path(folder),
            facts.files.join(", ")
        ))),
    }
}

/// The table of zones, where one is declared.
fn zones(
    root: &Path,
    facts: &Facts,
    geography: &Geography,
) -> Result<Option<ZoneTable>, IntakeError> {
    let table = facts.zones.as_ref().map(|zones| {
        let declared_in = match zones {
            Zones::File(file) => root.join(file),
            Zones::Listed(_) => root.join(FILE_NAME),
        };
        let table = ZoneTable::read(zones, root, geography);
        table.map_err(|error| error.of_file(&declared_in))
    });
    table.transpose()
}

/// What imports the files of a source.
struct FactsImporter<'a> {
    source: &'a str,
    facts: &'a Facts,
    mode: FactsMode,
    zones: Option<ZoneTable>,
    geography: Geography,
    database: Database,
}

impl FactsImporter<'_> {
    fn import(&mut self, path: &Path, observer: &dyn Observer) -> Result<(), Failure> {
        let started = Instant::now();
        let refused = |error: FactsError| error.of_file(path);
        let name = shown_path(Path::new(path.file_name().unwrap_or_default()));
        let zones = self.zones.as_ref();
        let digest = reading_digest(path, self.facts, zones).map_err(refused)?;
        let known = self.database.facts_digest(self.source, &name)?;
        let read = match known == Some(digest) && self.mode != FactsMode::Test {
            true => None,
            false => {
                let shown = shown_path(path);
                let bar = observer.begin(Activity::Reading(&shown));
                let (facts, geography) = (self.facts, &self.geography);
                let file = FactsFile::read(path, self.source, facts, zones, geography, &bar);
                bar.finish_and_clear();
                let file = file.map_err(refused)?;
                let changes = match self.mode {
                    FactsMode::Store => {
                        let named = (name.as_str(), digest);
                        self.database.store_facts(named, &file, facts.batch)
                    }
                    FactsMode::Preview => self.database.preview_facts(&name, &file),
                    FactsMode::Test => self.database.store_test_facts(&file, facts.batch),
                }?;
                Some((file, changes))
            }
        };
        observer.tell(Event::ImportedFacts(&ImportedFacts {
            name: &shown_path(path),
            source: self.source,
            read: read.as_ref().map(|(file, changes)| (file, *changes)),
            mode: self.mode,
            seconds: started.elapsed().as_secs_f64(),
        }));
        Ok(())
    }
}
