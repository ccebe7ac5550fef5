//! What is imported at a time, and on what terms.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::app::failure::Failure;
use crate::app::observer::{Activity, Observer};
use crate::base::clock;
use crate::base::shown::shown_path;
use crate::config::{Gates, Source};
use crate::geo::Geography;
use crate::intake::dvf::GivenScope;
use crate::intake::table::PlaceKeys;
use crate::intake::{Intake, IntakeContent, IntakeFiles, ReadTerms, intake, intake_of};

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
    /// The year whose file the source was asked for.
    pub year: Option<i16>,
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
            intake: source
                .and_then(|source| intake(source.kind))
                .unwrap_or_else(|| intake_of(file)),
            source,
            files: vec![("", file.into())],
            kept: BTreeMap::new(),
            terms,
        }
    }

    /// What a refusal calls it.
    pub(super) fn title(&self) -> String {
        match self.intake.takes_all_files() {
            true => format!("source {}", self.name),
            false => self.name.clone(),
        }
    }

    /// Reads the files.
    ///
    /// # Errors
    /// When one cannot be opened, or is not what it should be.
    pub(super) fn read(&self, observer: &dyn Observer) -> Result<IntakeContent, Failure> {
        let bar = observer.begin(Activity::Reading(&self.name));
        let files = self.files.iter();
        let files: Vec<_> = files.map(|(item, path)| (*item, path.as_path())).collect();
        let content = self.intake.read(&IntakeFiles {
            files: &files,
            kept: &self.kept,
            scope: self.terms.scope,
            terms: ReadTerms {
                tolerance: self.terms.care.tolerance(),
                latest: self.terms.latest(),
            },
            source: self.source,
            geography: self.terms.geography,
            keys: self.terms.keys,
            progress: &bar,
        });
        bar.finish_and_clear();
        content.map_err(|error| {
            let failure = Failure::from(error);
            match self.intake.takes_all_files() {
                true => failure.context(self.title()),
                false => failure,
            }
        })
    }
}
