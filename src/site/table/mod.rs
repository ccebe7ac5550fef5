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

use std::iter;

use column::TableLine;
use polars::prelude::{DataFrame, ParquetCompression, ParquetWriter};

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
    let frame = DataFrame::new(lines.len(), columns.collect()).map_err(SiteError::Parquet)?;
    written(&frame.clear(), iter::once(Ok(frame)))
}

/// Frames of the columns of another as a Parquet file, a row group each.
///
/// # Errors
/// The first of the frames, and when they are not of those columns.
pub(super) fn written(
    columns: &DataFrame,
    frames: impl Iterator<Item = Result<DataFrame, SiteError>>,
) -> Result<Vec<u8>, SiteError> {
    let mut file = Vec::new();
    let mut writer = ParquetWriter::new(&mut file)
        .with_compression(ParquetCompression::Zstd(None))
        .batched(columns.schema())
        .map_err(SiteError::Parquet)?;
    for frame in frames {
        writer.write_batch(&frame?).map_err(SiteError::Parquet)?;
    }
    writer.finish().map_err(SiteError::Parquet)?;
    drop(writer);
    Ok(file)
}
