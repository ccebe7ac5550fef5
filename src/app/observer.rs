//! Whoever watches a use case at work: the command line shows bars and prints what is told; tests may do without.

use indicatif::ProgressBar;

use super::report::{Built, Comparison, Imported, ImportedFacts, Inspection};
use crate::base::run::Run;
use crate::db::ExpiredNotes;
use crate::deploy::GristReport;
use crate::source::SourceReport;

/// Work that takes a while.
#[derive(Clone, Copy, Debug)]
pub enum Activity<'a> {
    /// Reading a file, or the files of a source, counted in bytes.
    Reading(&'a str),
    /// Fetching so many files, counted in bytes.
    Fetching(usize),
    /// Rendering so many pages.
    Rendering(usize),
    /// Bringing `site/` to the live version, counted in files.
    CheckingOut,
    /// Bringing a bucket to the live version, counted in files.
    Publishing,
}

/// What came of a part of a use case, told as soon as it is known: what follows may fail, or take long.
#[derive(Clone, Copy)]
pub enum Event<'a> {
    /// Upstream was asked for its files.
    Surveyed(&'a [SourceReport]),
    /// Files were imported, or would be.
    Imported(&'a Imported<'a>),
    /// A file of facts was imported, would be, or is as it was.
    ImportedFacts(&'a ImportedFacts<'a>),
    /// Notes of a source that were shown until now have expired.
    ExpiredNotes(&'a ExpiredNotes),
    /// The site was built, as a part of something larger.
    Built(&'a Built),
    /// The stores and `site/` were read to their last byte.
    Inspected(&'a Inspection),
    /// All pages were rendered afresh and compared.
    Compared(&'a Comparison),
    /// A table of Grist was brought to the figures, or would be.
    Exported(&'a GristReport),
    /// A run that publishes has ended, one way or another, and is on record.
    Ended(&'a Run),
}

/// Watches a use case at work.
pub trait Observer: Sync {
    /// Something begins that takes a while; gives the bar that counts it.
    fn begin(&self, activity: Activity<'_>) -> ProgressBar;

    /// A part is done.
    fn tell(&self, event: Event<'_>);
}
