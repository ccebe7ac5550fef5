//! DVF ("demandes de valeurs foncières"): what the lines of the official files mean.
//!
//! A file is a list of lines; a *mutation* is a transfer of property that stands on one or several lines, its price
//! repeated on each; a *sale* is a mutation that the official method keeps ([`Mutation::exclusion`]).

mod assembly;
mod balance;
mod cells;
mod chunk;
mod communes;
mod content;
mod error;
mod filled;
mod format;
mod gates;
mod group;
mod intake;
mod judge;
mod layout;
mod mutation;
mod nature;
mod parse;
mod parsed;
mod read;
mod record;
mod sales_file;
mod scope;
mod section;
mod separators;
#[cfg(test)]
mod tests;

pub use cells::{
    CellKey, CellMutation, Cells, CellsBuilder, EditionCounts, Medians, SALE_KINDS, SalesCell,
};
pub use communes::CommuneCheck;
pub use content::{DvfContent, Numbering, YearCounts};
pub use error::DvfError;
pub(crate) use filled::filled_span;
pub use format::Format;
pub use intake::{DGFIP, Dvf, GEO_DVF};
pub use judge::{HeldSales, judge};
pub use mutation::{Exclusion, MAXIMUM_PRICE_M2, Mutation, NEW_HOME, Nature, SALE_NATURES};
pub use parse::Code;
#[cfg(any(test, fuzzing))]
pub(crate) use read::read_by;
pub use sales_file::{SalesFile, Strays};
pub use scope::{GivenScope, Scope, ScopeError, Territory};
pub use section::Section;
