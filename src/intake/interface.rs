//! What each intake offers, and what it is given.

use std::collections::BTreeMap;
use std::path::Path;

use indicatif::ProgressBar;

use super::cog::Edition;
use super::contours::ContourFile;
use super::dvf::{GivenScope, SalesFile};
use super::error::IntakeError;
use super::notes::NotesFile;
use super::table::{PlaceKeys, TableFile};
use super::terms::ReadTerms;
use crate::config::Source;
use crate::geo::Geography;
use crate::source::FileForm;

/// What reads the files of some kinds of source.
pub trait Intake: Sync {
    /// How a file of a source of one of its kinds looks.
    fn form(&self, source: &Source) -> FileForm;

    /// Whether all files of a source are one content, those that did not change included. Otherwise each is one by itself.
    fn takes_all_files(&self) -> bool;

    /// Whether no site is built while files of a source wait, because a part of them would mislead.
    fn holds_site(&self) -> bool;

    /// Reads files: one, or all of a source where [`Intake::takes_all_files`].
    ///
    /// # Errors
    /// When a file cannot be opened, or is not what it should be.
    fn read(&self, files: &IntakeFiles<'_>) -> Result<IntakeContent, IntakeError>;
}

/// Files that are read together.
#[derive(Clone, Copy)]
pub struct IntakeFiles<'a> {
    /// Each file with the name of its item, as in [`crate::config::Source::item`]; one given by hand has none.
    pub files: &'a [(&'a str, &'a Path)],
    /// What the database keeps of items that did not come, by item.
    pub kept: &'a BTreeMap<String, String>,
    /// What they cover, where that is not left to them.
    pub scope: Option<&'a GivenScope>,
    /// Which of their lines can be read, and how many may not be.
    pub terms: ReadTerms,
    /// Their source, where they are known to be of one.
    pub source: Option<&'a Source>,
    /// The places of today.
    pub geography: &'a Geography,
    /// The places of the keys by which their source finds its own, where it does.
    pub keys: &'a PlaceKeys,
    /// Counts the bytes of the files, compressed.
    pub progress: &'a ProgressBar,
}

/// What files hold, by what the database can take.
pub enum IntakeContent {
    /// Mutations of some months and a territory.
    Sales(SalesFile),
    /// The places of France.
    Places(Edition),
    /// The contours of communes.
    Contours(ContourFile),
    /// Indicators of places.
    Indicators(TableFile),
    /// Notes on communes.
    Notes(NotesFile),
}
