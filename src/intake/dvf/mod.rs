//! The DVF domain: what the lines of the official files mean.
//!
//! A file ([`read`]) is a list of lines; a *mutation* is a transfer of property that stands on one or several lines,
//! its price repeated on each; a *sale* is a mutation that the official method keeps ([`Mutation::exclusion`]).

mod chunk;
mod error;
mod field;
mod format;
mod group;
mod mutation;
mod open;
mod part;
mod read;
pub mod reading;
mod scope;
#[cfg(test)]
mod tests;

pub use error::ReadError;
pub use field::Code;
pub use format::Format;
pub use group::Numbering;
pub use mutation::{Exclusion, MAXIMUM_PRICE_M2, Mutation, Nature, SALE_NATURES};
pub use read::{Content, YearCounts, read};
pub use scope::{GivenScope, Scope, ScopeError, Territory};
