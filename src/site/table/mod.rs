//! The communes as a table: a line a commune, and columns that say what they hold. CSV for spreadsheets, Parquet for programs, both
//! from the same columns.

mod cell;
mod column;
mod frozen;
mod homes;
mod indicators;

pub(super) use cell::Kind;
pub(super) use column::{TableColumn, columns};
pub(super) use frozen::{FrozenPlace, frozen};
pub(super) use indicators::hash as hash_indicators;

use column::TableLine;
use polars::prelude::{
    Column as Series, DataFrame, ParquetCompression, ParquetWriter, PolarsResult,
};

use crate::geo::Commune;
use crate::site::{Site, SiteError};

/// Between two cells: what a spreadsheet set to French takes for it.
const SEPARATOR: u8 = b';';

/// What tells a spreadsheet that the text is UTF-8.
const BOM: &str = "\u{feff}";

/// The table of some communes as CSV, with the names of the columns first.
///
/// # Errors
/// When it cannot be written.
pub(super) fn csv(site: &Site<'_>, communes: &[&Commune]) -> Result<Vec<u8>, SiteError> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(SEPARATOR)
        .from_writer(Vec::from(BOM));
    let columns = columns(site);
    let mut write = |cells: Vec<String>| writer.write_record(cells).map_err(SiteError::Table);
    write(columns.iter().map(|column| column.name.clone()).collect())?;
    for line in communes.iter().map(|commune| TableLine::new(site, commune)) {
        let cells = columns.iter().map(|column| column.cell(&line).shown());
        write(cells.collect())?;
    }
    writer
        .into_inner()
        .map_err(|error| SiteError::Table(error.into_error().into()))
}

/// The table as Parquet: texts, whole numbers and numbers, and nothing where a cell is empty.
///
/// # Errors
/// When it cannot be written.
pub(super) fn parquet(site: &Site<'_>, communes: &[&Commune]) -> Result<Vec<u8>, SiteError> {
    let lines = communes.iter().map(|commune| TableLine::new(site, commune));
    let lines: Vec<_> = lines.collect();
    let columns = columns(site)
        .into_iter()
        .map(|column| column.series(&lines));
    written(lines.len(), columns.collect()).map_err(SiteError::Parquet)
}

/// Columns of a height as a Parquet file.
///
/// # Errors
/// When they are not of that height, or cannot be written.
pub(super) fn written(height: usize, columns: Vec<Series>) -> PolarsResult<Vec<u8>> {
    let mut frame = DataFrame::new(height, columns)?;
    let mut file = Vec::new();
    ParquetWriter::new(&mut file)
        .with_compression(ParquetCompression::Zstd(None))
        .finish(&mut frame)?;
    Ok(file)
}
