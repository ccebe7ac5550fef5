//! The sections of a source that say what it has and how that is read: each is of the sources of one kind.

use std::collections::BTreeSet;

use super::source_kind::SourceKind;

/// Such a section.
pub(super) trait SourceSection {
    /// The kind of the sources that have it.
    const KIND: SourceKind;

    /// Its name in the configuration, which is that of the kind.
    const NAME: &'static str;

    /// What it says, with an example.
    const PURPOSE: &'static str;

    /// Where what it tells of comes from, where a source that has it can have neither a dataset nor urls.
    const ORIGIN: Option<&'static str>;

    /// What of it cannot be, with the key and an example; `indicators` are all that are declared.
    ///
    /// # Errors
    /// When there is something.
    fn validate(&self, indicators: &BTreeSet<&str>) -> Result<(), WrongDeclaration<'_>>;
}

/// What of a declaration cannot be.
#[derive(Debug)]
pub(super) struct WrongDeclaration<'t> {
    /// The id of the indicator that it is about.
    pub indicator: Option<&'t str>,
    pub reason: String,
}

impl<R: Into<String>> From<R> for WrongDeclaration<'_> {
    fn from(reason: R) -> Self {
        Self {
            indicator: None,
            reason: reason.into(),
        }
    }
}
