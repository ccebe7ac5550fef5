//! Files as they come, to what they mean: one folder a kind of input, behind one interface.
//!
//! An [`Intake`] says how its files look and reads them into an [`IntakeContent`]; those of places are imported before
//! those of sales ([`crate::config::Subject`]). Beside it each folder has a function `judge`, which holds a content against
//! what the database has: plain data, for the database comes after this room and is not known here.
//!
//! To add an intake is to add a folder, its line in [`intake`], and its kind to [`SourceKind`].

pub mod cog;
pub mod dvf;
mod error;
mod file;
mod interface;
mod refusal;
mod terms;

pub use error::IntakeError;
pub use interface::{Intake, IntakeContent, IntakeFiles};
pub use refusal::{Refusal, Refused};
pub use terms::ReadTerms;

use crate::config::SourceKind;

/// The intake that reads the files of a kind of source.
pub fn intake(kind: SourceKind) -> &'static dyn Intake {
    match kind {
        SourceKind::Cog => &cog::Cog,
        SourceKind::GeoDvf | SourceKind::Dgfip => &dvf::Dvf,
    }
}
