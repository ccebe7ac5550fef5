//! What is kept beside the rows, the columns of sales and the coordinates, is brought to them.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rusqlite::{Connection, Transaction};

use super::DbError;
use super::compare::FileDifference;
use super::kept::{StoredSales, kept, packer, ready, same_sales, unaltered};
use super::positions::{PositionColumns, StoredPositions};
use super::sales::SaleColumns;
use crate::geo;
use crate::intake::dvf::{DvfContent, Mutation, Scope};

/// What an import has to bring to the rows, of what is kept of départements and years.
pub(super) struct Stale<'f> {
    /// Those of which the mutations of the file are the rows.
    whole: Vec<&'f [Mutation]>,
    /// All others, which are read again.
    rows: BTreeSet<(i16, &'f str)>,
}

/// The year and the département of a mutation.
fn place(mutation: &Mutation) -> (i16, &str) {
    (mutation.date.year(), mutation.commune.departement())
}

/// What a file changes of what is kept.
pub(super) fn stale<'f>(
    scope: &Scope,
    content: &'f DvfContent,
    difference: &'f FileDifference,
) -> Stale<'f> {
    let mut stale = BTreeSet::new();
    for stored in &difference.removed {
        stale.insert((stored.year, geo::departement_of(&stored.commune)));
    }
    for &index in difference.added.iter().chain(&difference.relocated) {
        stale.insert(place(&content.mutations[index]));
    }
    // Where the file replaces a département's whole year and knows all that the database does, its mutations are the rows.
    let is_richer = |(year, departement): (i16, &str)| {
        let mut richer = difference.richer.iter();
        richer.any(|known| (known.0, known.1.as_str()) == (year, departement))
    };
    let runs = content.mutations.chunk_by(|a, b| place(a) == place(b));
    let whole: Vec<_> = runs
        .filter(|run| {
            let place = place(&run[0]);
            scope.holds(place.1, place.0) && !is_richer(place) && stale.remove(&place)
        })
        .collect();
    Stale { whole, rows: stale }
}

/// Makes sure, before an import changes rows that are read again, that they are those that were imported: what is made of them
/// would hide what was done to them.
///
/// # Errors
/// When they are not, or SQLite or zstd fails.
pub(super) fn check_rows(connection: &Connection, stale: &Stale<'_>) -> Result<(), DbError> {
    for &(year, departement) in &stale.rows {
        if let Some(before) = kept(connection, year, departement)? {
            let last = format!("{departement}~");
            let rows = SaleColumns::of_rows(connection, year, [departement, &last])?;
            same_sales(&before, &rows, year)?;
        }
    }
    Ok(())
}

/// Brings what is kept of the départements and years with changes to their rows.
///
/// # Errors
/// When SQLite or zstd fails, or rows are not those that were imported.
pub(super) fn keep_changed(transaction: &Transaction<'_>, stale: Stale<'_>) -> Result<(), DbError> {
    let kept = stale.whole.into_par_iter().map_init(packer, |zstd, run| {
        let (year, departement) = place(&run[0]);
        let zstd = ready(zstd)?;
        let sales = SaleColumns::of(run.iter());
        let positions = PositionColumns::of(run.iter());
        Ok::<(StoredSales, StoredPositions), DbError>((
            StoredSales::of(&sales, departement, year, zstd)?,
            positions.packed(departement, year, zstd)?,
        ))
    });
    for (sales, positions) in kept.collect::<Result<Vec<_>, _>>()? {
        sales.store(transaction)?;
        positions.store(transaction)?;
    }
    keep_rows(transaction, stale.rows)
}

/// Keeps what départements and years have by their rows.
///
/// # Errors
/// When SQLite or zstd fails, or rows are not those that were imported.
pub(super) fn keep_rows<'a>(
    connection: &Connection,
    stale: impl IntoIterator<Item = (i16, &'a str)>,
) -> Result<(), DbError> {
    let mut zstd = packer()?;
    for (year, departement) in stale {
        let last = format!("{departement}~");
        let sales = SaleColumns::of_rows(connection, year, [departement, &last])?;
        if let Some(before) = kept(connection, year, departement)? {
            unaltered(&before, &sales, year)?;
        }
        StoredSales::of(&sales, departement, year, &mut zstd)?.store(connection)?;
        let positions = PositionColumns::of_rows(connection, year, [departement, &last])?;
        positions
            .packed(departement, year, &mut zstd)?
            .store(connection)?;
    }
    Ok(())
}

/// Keeps what an earlier program did not, by the rows.
///
/// # Errors
/// When SQLite or zstd fails, or rows are not those that were imported.
pub(super) fn keep_missing(connection: &Connection) -> Result<(), DbError> {
    let mut statement = connection.prepare(
        "SELECT annee, departement FROM sales WHERE neuf IS NOT NULL
         INTERSECT SELECT annee, departement FROM positions",
    )?;
    let whole = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let whole = whole.collect::<Result<BTreeSet<(i16, String)>, _>>()?;
    let places = places(connection)?;
    let missing = places.iter().filter(|place| !whole.contains(place));
    keep_rows(
        connection,
        missing.map(|(year, departement)| (*year, departement.as_str())),
    )
}

/// The years and départements that have rows, in this order.
///
/// # Errors
/// When SQLite fails.
pub(super) fn places(connection: &Connection) -> Result<Vec<(i16, String)>, DbError> {
    let mut statement = connection.prepare("SELECT DISTINCT annee, commune FROM mutations")?;
    let mut rows = statement.query([])?;
    let mut places = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let commune = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        places.insert((row.get(0)?, geo::departement_of(commune).to_owned()));
    }
    Ok(places.into_iter().collect())
}
