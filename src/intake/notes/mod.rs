//! Notes on communes, as operators keep them in a table of Grist: the records of the table as its API gives them.

mod error;
mod intake;
mod judge;
mod read;
mod row;
#[cfg(test)]
mod tests;

pub use error::NotesError;
pub use intake::NotesIntake;
pub use judge::judge;
pub use read::{NotesFile, PassedRow};
pub use row::{LocalFigure, LocalNote};
