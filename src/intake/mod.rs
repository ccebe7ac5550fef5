//! Files as they come, to what they mean: one folder a kind of input, behind one interface.
//!
//! An [`Intake`] says how its files look and reads them into an [`IntakeContent`]; those of places and their contours
//! are imported before those of sales ([`crate::config::Subject`]). Beside it each folder has a function `judge`, which holds a content against
//! what the database has: plain data, for the database comes after this room and is not known here.
//!
//! To add an intake is to add a folder, its line in [`intake`], and its kind to [`SourceKind`].

pub mod cog;
pub mod contours;
pub mod dvf;
mod error;
pub mod facts;
mod file;
mod interface;
pub mod notes;
mod refusal;
pub mod table;
mod terms;

pub use error::IntakeError;
pub use interface::{Intake, IntakeContent, IntakeFiles};
pub use refusal::{Refusal, Refused};
pub use terms::ReadTerms;

use std::io::Read;
use std::path::Path;

use indicatif::ProgressBar;

use crate::config::SourceKind;
use crate::source::Wrapping;

/// The intake of a file that a person chose, by its first bytes: what is not known by them is taken for a file of sales, which
/// says what is wrong with it.
pub fn intake_of(path: &Path) -> &'static dyn Intake {
    /// More than a file has of white space before its content.
    const START: u64 = 4096;
    let start = file::open(path, &Wrapping::TEXT, &ProgressBar::hidden(), |bytes| {
        let mut start = Vec::new();
        bytes.take(START).read_to_end(&mut start).map(|_| start)
    });
    match start {
        Ok(Ok(start)) if contours::FORM.is_met_by(&start) => intake(SourceKind::Contours),
        _ => intake(SourceKind::GeoDvf),
    }
}

/// The intake that reads the files of a kind of source.
pub fn intake(kind: SourceKind) -> &'static dyn Intake {
    match kind {
        SourceKind::Cog => &cog::Cog,
        SourceKind::Contours => &contours::ContoursIntake,
        // Facts come from their folder alone (`facts`): nothing of them is ever fetched, or waits.
        SourceKind::Table | SourceKind::Facts => &table::TableIntake,
        SourceKind::Grist => &notes::NotesIntake,
        SourceKind::GeoDvf | SourceKind::Dgfip => &dvf::Dvf,
    }
}
