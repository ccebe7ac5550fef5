//! A table as its source declares it, to the values of places of today.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use indicatif::ProgressBar;

use super::error::TableError;
use super::grid::Grid;
use super::merge::merged;
use super::number::number;
use super::places::{Named, named};
use super::reading::Reading;
use crate::base::pattern::{matched, year};
use crate::base::place::{Level, Place};
use crate::config::{Blank, Filter, Indicator, Table, TableFormat};
use crate::geo::{self, Geography};

/// The values of an indicator in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorSeries {
    /// The indicator's id.
    pub indicator: String,
    /// The year that the values are of.
    pub period: u16,
    /// What is known of each place that has a line.
    pub values: BTreeMap<Place, Reading>,
}

/// What a file of a source of indicators holds.
#[derive(Clone, Debug, PartialEq)]
pub struct TableFile {
    /// The source's id.
    pub source: String,
    /// The year of its edition: the newest in its columns, or the declared one.
    pub edition: u16,
    /// By indicator and year.
    pub series: Vec<IndicatorSeries>,
    /// Lines that were read, those apart that the declaration leaves out.
    pub lines: usize,
    /// Codes that are of no place, of today or former.
    pub unmatched: Vec<String>,
    /// Codes of former communes, which count for those of today.
    pub former: Vec<String>,
    /// The départements that it has lines of communes in.
    pub departements: BTreeSet<String>,
}

/// A column, with the year in its name.
struct Found {
    index: usize,
    year: Option<u16>,
}

/// Where the values of an indicator come from.
struct Slot<'t> {
    indicator: &'t Indicator,
    /// The column; `None` where lines are counted.
    column: Option<usize>,
    /// The year of its values, where the name of the column or the edition tells it.
    period: Option<u16>,
    filters: Vec<(usize, &'t Filter)>,
    /// By year and code in the file.
    values: BTreeMap<u16, BTreeMap<String, Reading>>,
}

impl TableFile {
    /// Reads a file of a source.
    ///
    /// # Errors
    /// When it is not as the source declares it: a column is missing, a cell is no number, a place is there twice.
    pub fn read(
        path: &Path,
        source: &str,
        table: &Table,
        geography: &Geography,
        progress: &ProgressBar,
    ) -> Result<Self, TableError> {
        let mut grid = Grid::read(path, &table.container(), progress)?;
        grid.complete(
            table
                .indicators
                .iter()
                .filter_map(|one| one.column.as_ref()),
        );
        // An API that knows nothing of a département answers with an empty list.
        if let (true, true, Some(edition)) = (
            grid.columns.is_empty(),
            table.format == TableFormat::Json,
            table.edition,
        ) {
            return Ok(Self {
                source: source.to_owned(),
                edition,
                series: Vec::new(),
                lines: 0,
                unmatched: Vec::new(),
                former: Vec::new(),
                departements: BTreeSet::new(),
            });
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut slots = slots(
            &grid,
            source,
            table,
            name.split('.').next().unwrap_or_default(),
        )?;
        let place = newest(&grid, &table.place)?;
        let filters = filters(&grid, &table.r#where)?;
        let period = table
            .period
            .as_deref()
            .map(|column| newest(&grid, column))
            .transpose()?;
        let (mut places, mut unmatched) = (BTreeMap::new(), BTreeSet::new());
        let mut former = BTreeSet::new();
        let distinct = table.distinct.as_deref();
        let distinct = distinct.map(|column| newest(&grid, column)).transpose()?;
        let (mut lines, mut seen) = (0, HashSet::new());
        for (line, cells) in &grid.lines {
            if !filters
                .iter()
                .all(|(index, filter)| filter.accepts(&cells[*index]))
            {
                continue;
            }
            if let Some(column) = &distinct
                && !seen.insert(&cells[column.index])
            {
                continue;
            }
            lines += 1;
            let code = &cells[place.index];
            if !places.contains_key(code) && !unmatched.contains(code) {
                match named(code, table.places, geography) {
                    Named::Today(today) => places.insert(code.clone(), today),
                    Named::Former(today) => {
                        former.insert(code.clone());
                        places.insert(code.clone(), today)
                    }
                    Named::Unknown => {
                        unmatched.insert(code.clone());
                        None
                    }
                };
            }
            if unmatched.contains(code) {
                continue;
            }
            let own = period.as_ref().map(|column| {
                let cell = &cells[column.index];
                let digits = cell.get(..4).unwrap_or(cell);
                year(digits)
                    .filter(|_| digits.len() == 4)
                    .ok_or_else(|| TableError::Year {
                        line: *line,
                        column: grid.columns[column.index].clone(),
                        cell: cell.clone(),
                    })
            });
            let own = own.transpose()?;
            for slot in &mut slots {
                slot.take(&grid, table, *line, cells, code, own)?;
            }
        }
        if places.is_empty() {
            return Err(TableError::Empty {
                lines: grid.lines.len(),
            });
        }
        let years = slots.iter().flat_map(|slot| {
            let shift = slot.indicator.years_before;
            slot.values.keys().map(move |period| period + shift)
        });
        let edition = table
            .edition
            .or(place.year)
            .or(years.max())
            .ok_or(TableError::NoYear)?;
        let communes = places
            .values()
            .filter(|place| place.level == Level::Commune);
        let departements = communes
            .map(|place| geo::departement_of(&place.code).to_owned())
            .collect();
        Ok(Self {
            source: source.to_owned(),
            edition,
            series: series(&slots, &places),
            lines,
            unmatched: unmatched.into_iter().collect(),
            former: former.into_iter().collect(),
            departements,
        })
    }

    /// How many places have a value, or a reason for none, of some indicator.
    pub fn places(&self) -> usize {
        let places = self.series.iter().flat_map(|series| series.values.keys());
        places.collect::<BTreeSet<_>>().len()
    }
}

/// The values of the places of today, by indicator and year.
fn series(slots: &[Slot<'_>], places: &BTreeMap<String, Place>) -> Vec<IndicatorSeries> {
    let mut all = Vec::new();
    for slot in slots {
        for (period, values) in &slot.values {
            let mut parts = BTreeMap::<&Place, Vec<(&str, &Reading)>>::new();
            for (code, reading) in values {
                parts
                    .entry(&places[code])
                    .or_default()
                    .push((code, reading));
            }
            let weight = slot.indicator.weight.as_ref();
            let weights = weight.and_then(|weight| {
                let slot = slots.iter().find(|other| other.indicator.id == *weight)?;
                slot.values
                    .get(period)
                    .or_else(|| slot.values.values().next_back())
            });
            let merge = |(place, readings): (&Place, Vec<_>)| {
                (
                    place.clone(),
                    merged(&readings, slot.indicator.rollup, weights),
                )
            };
            all.push(IndicatorSeries {
                indicator: slot.indicator.id.clone(),
                period: *period,
                values: parts.into_iter().map(merge).collect(),
            });
        }
    }
    all
}

/// Where the values of each indicator of a file with a name come from.
fn slots<'t>(
    grid: &Grid,
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
        let mut columns = match &indicator.column {
            Some(column) => found(grid, column)?.into_iter().map(Some).collect(),
            None if indicator.count => vec![None],
            None => continue,
        };
        if !indicator.series {
            columns.truncate(1);
        }
        for column in columns {
            let year = column
                .as_ref()
                .and_then(|column: &Found| column.year)
                .or(table.edition);
            slots.push(Slot {
                indicator,
                column: column.map(|column| column.index),
                period: year.map(|year| year - indicator.years_before),
                filters: filters(grid, &indicator.r#where)?,
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

/// The columns that a pattern fits, the newest year first.
fn found(grid: &Grid, pattern: &str) -> Result<Vec<Found>, TableError> {
    let columns = grid.columns.iter().enumerate();
    let mut found: Vec<_> = columns
        .filter_map(|(index, name)| {
            let year = year(&matched(pattern, name)?);
            Some(Found { index, year })
        })
        .collect();
    found.sort_by_key(|column| std::cmp::Reverse(column.year));
    if found.is_empty() {
        return Err(TableError::NoColumn {
            wanted: pattern.to_owned(),
            found: grid.columns.clone(),
        });
    }
    if found.windows(2).any(|pair| pair[0].year == pair[1].year) {
        return Err(TableError::Ambiguous {
            wanted: pattern.to_owned(),
            found: found
                .iter()
                .map(|column| grid.columns[column.index].clone())
                .collect(),
        });
    }
    Ok(found)
}

/// The column that a pattern fits, of the newest year.
fn newest(grid: &Grid, pattern: &str) -> Result<Found, TableError> {
    found(grid, pattern).map(|mut found| found.swap_remove(0))
}

fn filters<'t>(
    grid: &Grid,
    filters: &'t BTreeMap<String, Filter>,
) -> Result<Vec<(usize, &'t Filter)>, TableError> {
    let filters = filters.iter();
    filters
        .map(|(column, filter)| Ok((newest(grid, column)?.index, filter)))
        .collect()
}

impl Slot<'_> {
    /// Takes what a line says of a place.
    fn take(
        &mut self,
        grid: &Grid,
        table: &Table,
        line: usize,
        cells: &[String],
        code: &str,
        own: Option<u16>,
    ) -> Result<(), TableError> {
        let period = own
            .map(|year| year - self.indicator.years_before)
            .or(self.period)
            .ok_or(TableError::NoYear)?;
        let is_of_it = self
            .filters
            .iter()
            .all(|(index, filter)| filter.accepts(&cells[*index]));
        let values = self.values.entry(period).or_default();
        let Some(column) = self.column else {
            // A place of which lines are read has a count, if it is none.
            let count = values
                .entry(code.to_owned())
                .or_insert(Reading::Number(0.0));
            if let (Reading::Number(count), true) = (count, is_of_it) {
                *count += 1.0;
            }
            return Ok(());
        };
        if !is_of_it {
            return Ok(());
        }
        let reading = reading(&cells[column], table, self.indicator).ok_or_else(|| {
            let (column, cell) = (grid.columns[column].clone(), cells[column].clone());
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
        match values.get(code) {
            Some(other) if *other != reading => Err(TableError::Twice {
                line,
                code: code.to_owned(),
                indicator: self.indicator.id.clone(),
                period,
            }),
            _ => {
                values.insert(code.to_owned(), reading);
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
