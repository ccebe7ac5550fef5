//! A table of text cells that was read whole.

use super::error::TableError;

/// Cells that a table may have.
const MOST_CELLS: usize = 50_000_000;

/// Cells from which on a table that is nearly empty is refused.
const SPARSE_FROM: usize = 2_000_000;

/// At least one of so many cells holds something.
const MOST_EMPTY: usize = 50;

/// A table of text: what is blank or null is an empty cell.
pub(crate) struct TextGrid {
    pub columns: Vec<String>,
    /// Each with its number in the file, counted from 1.
    pub lines: Vec<(usize, Vec<String>)>,
}

impl TextGrid {
    /// The place of the column of a name.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn column(&self, name: &str) -> Result<usize, TableError> {
        let place = self.columns.iter().position(|column| column == name);
        place.ok_or_else(|| TableError::NoColumn {
            wanted: name.to_owned(),
            found: self.columns.clone(),
        })
    }
}

/// Whether so many cells are no more than a table may have.
pub(super) fn within(cells: usize) -> Result<(), TableError> {
    match cells > MOST_CELLS {
        true => Err(TableError::TooLarge {
            what: "cells",
            most: MOST_CELLS,
        }),
        false => Ok(()),
    }
}

/// Whether a table of so many cells has something in enough of them: one that is nearly empty takes far more memory than its file
/// has bytes.
pub(super) fn spread(cells: usize, filled: usize) -> Result<(), TableError> {
    within(cells)?;
    match cells > SPARSE_FROM && cells / MOST_EMPTY > filled {
        true => Err(TableError::Sparse {
            cells,
            filled,
            one_in: MOST_EMPTY,
        }),
        false => Ok(()),
    }
}
