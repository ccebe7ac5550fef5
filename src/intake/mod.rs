//! Files as they come, to what they mean: one folder a kind of input, behind one interface.
//!
//! An [`Intake`] says how its files look and when they are imported, and reads them into an [`IntakeContent`], which is
//! judged beside what the database has: that comes after this room, and is known here as [`DataInUse`] alone.
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
pub use interface::{DataInUse, ImportTurn, Intake, IntakeContent, IntakeFiles};
pub use refusal::{Refusal, Refused};
pub use terms::{JudgeTerms, ReadTerms};

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
    let start = start.ok().and_then(Result::ok).unwrap_or_default();
    let mut intakes = SourceKind::ALL.into_iter().filter_map(intake);
    let own = intakes.find(|intake| intake.recognises(&start));
    own.unwrap_or(&dvf::GEO_DVF)
}

/// The intake that reads the files of a kind of source; none where they are never fetched and never wait, as those of facts
/// ([`facts`]).
pub fn intake(kind: SourceKind) -> Option<&'static dyn Intake> {
    match kind {
        SourceKind::Cog => Some(&cog::Cog),
        SourceKind::Contours => Some(&contours::ContoursIntake),
        SourceKind::Table => Some(&table::TableIntake),
        SourceKind::Facts => None,
        SourceKind::Grist => Some(&notes::NotesIntake),
        SourceKind::GeoDvf => Some(&dvf::GEO_DVF),
        SourceKind::Dgfip => Some(&dvf::DGFIP),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_recognised_by_what_reads_them_alone() {
        for (start, expected) in [
            (
                "\u{feff}id_mutation,date_mutation\n",
                Some(SourceKind::GeoDvf),
            ),
            (
                "No disposition|Date mutation|Nature mutation\n",
                Some(SourceKind::Dgfip),
            ),
            (
                "\n{\"type\": \"FeatureCollection\"",
                Some(SourceKind::Contours),
            ),
            ("[{\"code\": \"83137\"}]", None),
            ("CODGEO;pp_vacant_25\n", None),
        ] {
            let mut kinds = SourceKind::ALL.to_vec();
            kinds.retain(|kind| {
                intake(*kind).is_some_and(|intake| intake.recognises(start.as_bytes()))
            });
            assert_eq!(kinds, expected.as_slice(), "{start}");
        }
    }
}
