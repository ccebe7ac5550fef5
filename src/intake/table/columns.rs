//! The columns of a table, by the patterns of its declaration.

use std::collections::BTreeMap;

use super::error::TableError;
use crate::base::pattern::{matched, year};
use crate::config::Filter;

/// A column, with the year in its name.
pub(super) struct Found {
    pub index: usize,
    pub year: Option<u16>,
}

/// The values that some columns must have.
pub(super) type Filters<'t> = Vec<(usize, &'t Filter)>;

/// The columns that a pattern fits, the newest year first.
pub(super) fn found(columns: &[String], pattern: &str) -> Result<Vec<Found>, TableError> {
    let named = columns.iter().enumerate();
    let mut found: Vec<_> = named
        .filter_map(|(index, name)| {
            let year = year(&matched(pattern, name)?);
            Some(Found { index, year })
        })
        .collect();
    found.sort_by_key(|column| std::cmp::Reverse(column.year));
    if found.is_empty() {
        return Err(TableError::NoColumn {
            wanted: pattern.to_owned(),
            found: columns.to_owned(),
        });
    }
    if found.windows(2).any(|pair| pair[0].year == pair[1].year) {
        return Err(TableError::Ambiguous {
            wanted: pattern.to_owned(),
            found: found
                .iter()
                .map(|column| columns[column.index].clone())
                .collect(),
        });
    }
    Ok(found)
}

/// The column that a pattern fits, of the newest year.
pub(super) fn newest(columns: &[String], pattern: &str) -> Result<Found, TableError> {
    found(columns, pattern).map(|mut found| found.swap_remove(0))
}

/// The same of a pattern that the declaration may leave out.
pub(super) fn if_declared(
    columns: &[String],
    pattern: Option<&str>,
) -> Result<Option<usize>, TableError> {
    let column = pattern
        .map(|pattern| newest(columns, pattern))
        .transpose()?;
    Ok(column.map(|column| column.index))
}

pub(super) fn filters<'t>(
    columns: &[String],
    filters: &'t BTreeMap<String, Filter>,
) -> Result<Filters<'t>, TableError> {
    let filters = filters.iter();
    filters
        .map(|(column, filter)| Ok((newest(columns, column)?.index, filter)))
        .collect()
}

/// Whether a line has all values that it must have.
pub(super) fn is_wanted(filters: &Filters<'_>, cells: &[String]) -> bool {
    let mut filters = filters.iter();
    filters.all(|(index, filter)| filter.accepts(&cells[*index]))
}
