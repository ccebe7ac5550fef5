//! What each intake offers, and what it is given.

use std::collections::BTreeMap;
use std::path::Path;

use indicatif::ProgressBar;

use super::cog::{self, Edition};
use super::contours::{self, ContourFile};
use super::dvf::{self, GivenScope, HeldSales, SalesFile};
use super::error::IntakeError;
use super::notes::{self, NotesFile};
use super::refusal::Refusal;
use super::table::{self, HeldSeries, PlaceKeys, TableFile};
use super::terms::{JudgeTerms, ReadTerms};
use crate::base::shown::shown_path;
use crate::config::Source;
use crate::geo::Geography;
use crate::source::FileForm;

/// What reads the files of some kinds of source.
pub trait Intake: Sync {
    /// How a file of a source of one of its kinds looks.
    fn form(&self, source: &Source) -> FileForm;

    /// Whether a file that begins with some bytes is one of its own, where nothing is known of its source. Of what only its
    /// source tells how it is read, no file is.
    fn recognises(&self, _start: &[u8]) -> bool {
        false
    }

    /// When what waits of a source is imported.
    fn turn(&self, source: &Source) -> ImportTurn;

    /// Whether all files of a source are one content, those that did not change included. Otherwise each is one by itself.
    fn takes_all_files(&self) -> bool {
        false
    }

    /// Whether no site is built while files of a source wait, because a part of them would mislead. Otherwise pages show
    /// what is in use until what waits is accepted.
    fn holds_site(&self) -> bool {
        false
    }

    /// Whether pages say of a source, the newest files of which were refused, that there is something newer than they show.
    fn shows_refusals(&self) -> bool {
        false
    }

    /// Reads files: one, or all of a source where [`Intake::takes_all_files`].
    ///
    /// # Errors
    /// When a file cannot be opened, or is not what it should be.
    fn read(&self, files: &IntakeFiles<'_>) -> Result<IntakeContent, IntakeError>;
}

/// When something is imported: after all that comes before it here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImportTurn {
    /// The places of France: all else may be of communes that are new.
    Places,
    /// What their maps are drawn of.
    Contours,
    /// What else is known of them.
    Indicators,
    /// The same, of what finds its places by the lines of another source.
    IndicatorsByKey,
    /// What operators tell of them.
    Notes,
    /// Sales.
    Sales,
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

impl<'a> IntakeFiles<'a> {
    /// The file, of an intake that takes one at a time.
    pub(super) fn file(&self) -> &'a Path {
        self.files[0].1
    }

    /// The id of their source, with the section in which it declares how they are read.
    ///
    /// # Errors
    /// When no source is known that has such a section.
    pub(super) fn declaration<S>(
        &self,
        section: impl Fn(&'a Source) -> Option<&'a S>,
    ) -> Result<(&'a str, &'a S), IntakeError> {
        let declared = self
            .source
            .and_then(|source| Some((source.id.as_str(), section(source)?)));
        declared.ok_or_else(|| {
            IntakeError::refusal(format!(
                "{}: no source says how to read it; name one with --source",
                shown_path(self.file())
            ))
        })
    }
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

/// What is in use of that which files would take the place of.
pub trait DataInUse {
    /// Why it cannot be told.
    type Error;

    /// The sales of the scope of a file.
    ///
    /// # Errors
    /// When they cannot be told.
    fn held_sales(&self, file: &SalesFile) -> Result<HeldSales, Self::Error>;

    /// The numbers and the categories of a source, by indicator: of the newest edition and year.
    ///
    /// # Errors
    /// When they cannot be told, or are not those that were imported.
    fn held_indicators(&self, source: &str) -> Result<HeldSeries, Self::Error>;
}

impl IntakeContent {
    /// What the gates have against it, beside what is in use.
    ///
    /// # Errors
    /// When it cannot be told what is in use.
    pub fn judge<D: DataInUse>(
        &self,
        in_use: &D,
        terms: &JudgeTerms<'_>,
    ) -> Result<Vec<Refusal>, D::Error> {
        let (geography, gates) = (terms.geography, terms.gates);
        Ok(match self {
            Self::Sales(file) => dvf::judge(file, &in_use.held_sales(file)?, terms),
            Self::Places(edition) => cog::judge(edition, geography, gates),
            Self::Contours(file) => contours::judge(file, geography, gates),
            Self::Indicators(file) => {
                table::judge(file, &in_use.held_indicators(&file.source)?, gates)
            }
            Self::Notes(file) => notes::judge(file),
        })
    }
}
