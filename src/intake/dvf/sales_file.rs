//! A file of sales that was read, and what it is a file of.

use std::path::Path;

use indicatif::ProgressBar;

use super::communes::CommuneCheck;
use super::content::DvfContent;
use super::error::DvfError;
use super::read::read;
use super::scope::{GivenScope, Scope};
use crate::geo::Geography;

/// A file of sales.
pub struct SalesFile {
    /// What it holds.
    pub content: DvfContent,
    /// The months and the territory that it replaces in the database.
    pub scope: Scope,
    /// Which of its communes are known.
    pub communes: CommuneCheck,
}

impl SalesFile {
    /// Reads a file, and tells its scope where none is given. `tolerance` is the share of lines, from 0 to 1, that may be
    /// unreadable; `progress` counts the bytes of the file, compressed.
    ///
    /// # Errors
    /// When the file is not whole or not DVF, at the first unreadable line that the tolerance does not cover, and at the
    /// first mutation outside of the scope that was given; nothing of the file is then used.
    pub fn read(
        path: &Path,
        scope: Option<&GivenScope>,
        tolerance: f64,
        geography: &Geography,
        progress: &ProgressBar,
    ) -> Result<Self, DvfError> {
        let content = read(path, tolerance, progress)?;
        let scope = match scope {
            None => Scope::infer(path, &content),
            Some(given) => Scope::given(given, &content).map_err(|source| DvfError::Scope {
                path: path.into(),
                source,
            })?,
        };
        Ok(Self {
            communes: CommuneCheck::new(&content, geography),
            content,
            scope,
        })
    }
}
