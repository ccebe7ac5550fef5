//! Files of a source that were fetched and wait to be imported.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context as _;

use super::failure::Failure;
use super::import::{Care, ImportInput, ImportTerms, import_all, place_keys, preview};
use super::observer::Observer;
use super::upstream::day;
use crate::base::clock;
use crate::base::stop::StopPoint;
use crate::config::{Config, Source};
use crate::db::Database;
use crate::files;
use crate::geo::Geography;
use crate::intake::dvf::GivenScope;
use crate::intake::table::PlaceKeys;
use crate::intake::{ImportTurn, Intake, Refusal, Refused, intake};
use crate::source::{FetchedFile, Ledger, LedgerEntry};

/// A file that waits.
pub(super) struct WaitingFile {
    /// What it is of its source.
    pub item: String,
    held: FetchedFile,
    known: LedgerEntry,
}

/// The files of a source that wait, in the order of their items.
pub(super) fn waiting(ledger: &Ledger, source: &Source) -> Vec<WaitingFile> {
    let known = ledger.iter().filter(|((id, _), _)| *id == source.id);
    let files = known.filter_map(|((_, item), known)| {
        Some(WaitingFile {
            item: item.clone(),
            held: known.fetched.clone()?,
            known: known.clone(),
        })
    });
    files.collect()
}

/// The import of what waits of a source.
pub(super) struct SourceImport<'a> {
    /// The source.
    pub source: &'a Source,
    intake: &'static dyn Intake,
    downloads: PathBuf,
    scope: Option<GivenScope>,
    care: Care<'a>,
}

impl<'a> SourceImport<'a> {
    /// The import of a source into the project with these downloads. With `force`, no gate is asked.
    ///
    /// # Errors
    /// When the scope that the configuration gives the source is none, or its files are of those that never wait.
    pub(super) fn new(
        config: &'a Config,
        source: &'a Source,
        downloads: PathBuf,
        force: bool,
    ) -> Result<Self, Failure> {
        let scope = source.scope.as_deref().map(str::parse).transpose();
        let never_waits = || format!("files of source {} are imported by hand", source.id);
        Ok(Self {
            source,
            intake: intake(source.kind).with_context(never_waits)?,
            downloads,
            scope: scope.with_context(|| format!("source {} of immostats.toml", source.id))?,
            care: match force {
                true => Care::Forced,
                false => Care::Gates(&config.gates),
            },
        })
    }

    /// When it is to be run, beside those of other sources.
    pub(super) fn turn(&self) -> ImportTurn {
        self.intake.turn(self.source)
    }

    /// Imports what waits, and stops at the first file that is refused. The items imported are added to the list. `licence` is
    /// the one that upstream states.
    ///
    /// # Errors
    /// When a file cannot be read or is refused, or the database fails.
    pub(super) fn run(
        &self,
        database: &mut Database,
        licence: Option<&str>,
        imported: &mut Vec<String>,
        observer: &dyn Observer,
    ) -> Result<(), Failure> {
        let result = self.import_files(database, licence, imported, observer);
        if self.intake.shows_refusals() {
            let refused = result.as_ref().is_err_and(Failure::is_refusal);
            database.hold_back(&self.source.id, refused)?;
        }
        result?;
        let Some(licence) = licence else {
            return Ok(());
        };
        // What was imported by an earlier program, which asked for no licence, is what upstream has now.
        if !imported.is_empty() || database.licence(&self.source.id)?.is_none() {
            database.record_licence(&self.source.id, licence)?;
        }
        Ok(())
    }

    /// Refuses what waits where upstream states another licence than for what is in use.
    ///
    /// # Errors
    /// When it does, or the database fails.
    pub(super) fn pass_licence(
        &self,
        database: &Database,
        licence: Option<&str>,
    ) -> Result<(), Failure> {
        let known = database.licence(&self.source.id)?;
        match (known, licence, self.care) {
            (Some(known), Some(stated), Care::Gates(_)) if known != stated => Err(Refused {
                what: format!("source {}", self.source.id),
                refusals: vec![Refusal::of_licence(&known, stated)],
                loss: None,
                command: "update",
            }
            .into()),
            _ => Ok(()),
        }
    }

    fn import_files(
        &self,
        database: &mut Database,
        licence: Option<&str>,
        imported: &mut Vec<String>,
        observer: &dyn Observer,
    ) -> Result<(), Failure> {
        let files = self.files_here(&database.ledger()?);
        let places = self.places(database)?;
        let contents = self.contents(&files);
        let inputs = contents
            .iter()
            .map(|files| self.input(database, &places, files))
            .collect::<Result<Vec<_>, _>>()?;
        if inputs.is_empty() {
            return Ok(());
        }
        if let Err(refused) = self.pass_licence(database, licence) {
            let now = clock::now().to_string();
            database.log_refused(&self.source.id, &now, &refused.to_string())?;
            return Err(refused);
        }
        import_all(database, &inputs, observer, |database, index| {
            for file in contents[index] {
                self.note_imported(database, file)?;
                imported.push(file.item.clone());
            }
            Ok(())
        })
    }

    /// Tells what importing a file that waits would change, where it is a content by itself.
    ///
    /// # Errors
    /// When it cannot be read or is refused.
    pub(super) fn preview(
        &self,
        database: &Database,
        file: &WaitingFile,
        observer: &dyn Observer,
    ) -> Result<(), Failure> {
        if self.intake.takes_all_files() {
            return Ok(());
        }
        let places = self.places(database)?;
        let input = self.input(database, &places, std::slice::from_ref(file))?;
        preview(database, &input, observer)
    }

    /// The files that wait and are there.
    pub(super) fn files_here(&self, ledger: &Ledger) -> Vec<WaitingFile> {
        let mut files = waiting(ledger, self.source);
        files.retain(|file| self.path(&file.held).exists());
        files
    }

    /// The files by what is imported at a time: all of them, or each.
    fn contents<'f>(&self, files: &'f [WaitingFile]) -> Vec<&'f [WaitingFile]> {
        let size = match self.intake.takes_all_files() {
            true => files.len().max(1),
            false => 1,
        };
        files.chunks(size).collect()
    }

    /// The places of today, and those of the keys by which the source finds its own.
    fn places(&self, database: &Database) -> Result<(Geography, PlaceKeys), Failure> {
        Ok((
            database.geography()?,
            place_keys(database, Some(self.source))?,
        ))
    }

    fn input<'f>(
        &'f self,
        database: &Database,
        (geography, keys): &'f (Geography, PlaceKeys),
        files: &'f [WaitingFile],
    ) -> Result<ImportInput<'f>, Failure> {
        let paths = files
            .iter()
            .map(|file| (file.item.as_str(), self.path(&file.held)));
        let paths: Vec<_> = paths.collect();
        let (name, kept) = match self.intake.takes_all_files() {
            true => (self.source.id.clone(), database.place_texts()?),
            false => (paths[0].1.display().to_string(), BTreeMap::new()),
        };
        Ok(ImportInput {
            name,
            intake: self.intake,
            source: Some(self.source),
            files: paths,
            kept,
            terms: ImportTerms {
                scope: self.scope.as_ref(),
                care: self.care,
                geography,
                keys,
                released: files[0].held.released.as_deref().map(day),
                year: Source::year(&files[0].item),
            },
        })
    }

    fn path(&self, held: &FetchedFile) -> PathBuf {
        held.path(&self.downloads, &self.source.id)
    }

    /// Remembers that a file was imported, and lets go of the one before it.
    fn note_imported(&self, database: &mut Database, file: &WaitingFile) -> Result<(), Failure> {
        let held = &file.held;
        database.record_imported(&self.source.id, &file.item, held)?;
        StopPoint::ImportNoted.reach();
        let before = file.known.imported.as_ref();
        if let Some(old) = before.filter(|old| old.file != held.file) {
            files::remove(&self.downloads, old.below(&self.source.id))?;
        }
        Ok(())
    }
}
