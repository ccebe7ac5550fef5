//! The columns of a table, by the patterns of its declaration.

use std::collections::BTreeMap;
use std::slice::from_ref;

use super::error::TableError;
use crate::base::pattern::{matched, year};
use crate::config::OneOrMore;

/// A column, with the year in its name.
pub(super) struct Found {
    pub index: usize,
    pub year: Option<u16>,
}

/// The values that some columns must have.
pub(super) type Filters<'t> = Vec<(usize, &'t OneOrMore)>;

/// The columns that the first pattern fits that fits any, the newest year first.
pub(super) fn found(columns: &[String], patterns: &[String]) -> Result<Vec<Found>, TableError> {
    let fits = |pattern: &&String| columns.iter().any(|name| matched(pattern, name).is_some());
    let Some(pattern) = patterns.iter().find(fits) else {
        return Err(TableError::NoColumn {
            wanted: patterns.join(" and none "),
            found: columns.to_owned(),
        });
    };
    let named = columns.iter().enumerate();
    let mut found: Vec<_> = named
        .filter_map(|(index, name)| {
            let year = year(&matched(pattern, name)?);
            Some(Found { index, year })
        })
        .collect();
    found.sort_by_key(|column| std::cmp::Reverse(column.year));
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

/// The column that the first pattern fits that fits any, of the newest year.
pub(super) fn newest(columns: &[String], patterns: &[String]) -> Result<Found, TableError> {
    found(columns, patterns).map(|mut found| found.swap_remove(0))
}

/// The column of a pattern that the declaration may leave out.
pub(super) fn if_declared(
    columns: &[String],
    pattern: Option<&String>,
) -> Result<Option<usize>, TableError> {
    let column = pattern
        .map(|pattern| newest(columns, from_ref(pattern)))
        .transpose()?;
    Ok(column.map(|column| column.index))
}

pub(super) fn filters<'t>(
    columns: &[String],
    filters: &'t BTreeMap<String, OneOrMore>,
) -> Result<Filters<'t>, TableError> {
    let filters = filters.iter();
    filters
        .map(|(column, filter)| Ok((newest(columns, from_ref(column))?.index, filter)))
        .collect()
}

/// Whether a line has all values that it must have.
pub(super) fn is_wanted(filters: &Filters<'_>, cells: &[String]) -> bool {
    let mut filters = filters.iter();
    filters.all(|(index, values)| values.all().contains(&cells[*index]))
}
