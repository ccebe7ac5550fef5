//! Where the values of an indicator come from in a file, and what was read of them.

use std::collections::BTreeMap;

use super::columns::{Filters, filters, found, is_wanted};
use super::error::TableError;
use super::number::number;
use super::reading::Reading;
use crate::base::pattern::matched;
use crate::config::{Blank, Indicator, Table};

/// Where the values of an indicator come from.
pub(super) struct Slot<'t> {
    pub indicator: &'t Indicator,
    /// The column; `None` where lines are counted.
    column: Option<usize>,
    /// The year of its values, where the name of the column or the edition tells it.
    period: Option<u16>,
    filters: Filters<'t>,
    /// By year and code in the file.
    pub values: BTreeMap<u16, BTreeMap<String, Reading>>,
}

/// A line of which the place is known.
pub(super) struct PlacedLine<'l> {
    /// Its number in the file, counted from 1.
    pub number: usize,
    pub cells: &'l [String],
    /// The code of its place, or the key by which that is found, as the file writes it.
    pub code: &'l str,
    /// The year in its column of years, where there is one.
    pub year: Option<u16>,
}

/// Where the values of each indicator of a file with a name come from.
pub(super) fn slots<'t>(
    columns: &[String],
    source: &str,
    table: &'t Table,
    name: &str,
) -> Result<Vec<Slot<'t>>, TableError> {
    let mut slots = Vec::new();
    let is_here = |indicator: &&Indicator| {
        let files = &indicator.files;
        files.is_empty() || files.iter().any(|pattern| matched(pattern, name).is_some())
    };
    for indicator in table.indicators.iter().filter(is_here) {
        let mut places = match &indicator.column {
            Some(column) => found(columns, column.all())?
                .into_iter()
                .map(Some)
                .collect(),
            None if indicator.count => vec![None],
            None => continue,
        };
        if !indicator.series {
            places.truncate(1);
        }
        for column in places {
            let year = column.as_ref().and_then(|column| column.year);
            let year = year.or(table.edition);
            slots.push(Slot {
                indicator,
                column: column.map(|column| column.index),
                period: year.map(|year| year - indicator.years_before),
                filters: filters(columns, &indicator.r#where)?,
                values: BTreeMap::new(),
            });
        }
    }
    match slots.is_empty() {
        false => Ok(slots),
        true => Err(TableError::NoIndicator {
            source_id: source.to_owned(),
            patterns: table
                .indicators
                .iter()
                .flat_map(|indicator| indicator.files.clone())
                .collect(),
        }),
    }
}

impl Slot<'_> {
    /// Takes what a line says of a place.
    pub(super) fn take(
        &mut self,
        columns: &[String],
        table: &Table,
        line: &PlacedLine<'_>,
    ) -> Result<(), TableError> {
        let period = line
            .year
            .map(|year| year - self.indicator.years_before)
            .or(self.period)
            .ok_or(TableError::NoYear)?;
        let is_of_it = is_wanted(&self.filters, line.cells);
        let Some(column) = self.column else {
            let values = self.values.entry(period).or_default();
            // A place of which lines are read has a count, if it is none.
            let count = match values.get_mut(line.code) {
                Some(count) => count,
                None => values
                    .entry(line.code.to_owned())
                    .or_insert(Reading::Number(0.0)),
            };
            if let (Reading::Number(count), true) = (count, is_of_it) {
                *count += 1.0;
            }
            return Ok(());
        };
        // A year of which other indicators alone are told is none of this one.
        if !is_of_it {
            return Ok(());
        }
        let values = self.values.entry(period).or_default();
        let cell = &line.cells[column];
        let reading = reading(cell, table, self.indicator).ok_or_else(|| {
            let (line, column, cell) = (line.number, columns[column].clone(), cell.clone());
            match self.indicator.categories.is_empty() {
                true => TableError::Number { line, column, cell },
                false => TableError::Category {
                    line,
                    column,
                    cell,
                    indicator: self.indicator.id.clone(),
                    known: self.indicator.categories.keys().cloned().collect(),
                },
            }
        })?;
        match values.get(line.code) {
            Some(other) if *other != reading => Err(TableError::Twice {
                line: line.number,
                code: line.code.to_owned(),
                indicator: self.indicator.id.clone(),
                period,
            }),
            _ => {
                values.insert(line.code.to_owned(), reading);
                Ok(())
            }
        }
    }
}

/// What a cell says; `None` where it is nothing that was declared.
fn reading(cell: &str, table: &Table, indicator: &Indicator) -> Option<Reading> {
    if cell.is_empty() {
        return Some(match table.blank {
            Blank::Absent(reason) => Reading::Absent(reason),
            Blank::Zero(_) => Reading::Number(0.0),
        });
    }
    if let Some(reason) = table.absent.get(cell) {
        return Some(Reading::Absent(*reason));
    }
    if indicator.categories.is_empty() {
        return number(cell, table.decimal).map(Reading::Number);
    }
    let is_known = indicator.categories.contains_key(cell);
    is_known.then(|| Reading::Category(cell.to_owned()))
}
