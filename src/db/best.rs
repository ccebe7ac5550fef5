//! The best edition ever seen of each half-year, and the prices of the first: what a later one is held against, so that a loss or
//! a drift in small steps is one.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, Transaction, params};

use super::{Database, DbError};
use crate::base::month::{HalfYear, Months};
use crate::geo;
use crate::intake::dvf::{
    CellKey, EditionCounts, Medians, SALE_KINDS, SalesFile, Scope, Territory,
};

/// What counts mutations, beside the numbers of the kinds of property.
const MUTATIONS: u8 = 0;

impl Database {
    /// The most that an edition had of each half-year that a scope covers whole.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(super) fn best_editions(
        &self,
        scope: &Scope,
    ) -> Result<BTreeMap<CellKey, EditionCounts>, DbError> {
        let mut best = BTreeMap::<CellKey, EditionCounts>::new();
        let query = "SELECT code, premier_mois, type_local, nombre FROM best_editions WHERE premier_mois BETWEEN ? AND ?";
        self.editions(scope, query, |key, kind, row| {
            let counts = best.entry(key).or_default();
            let count = row.get::<_, i64>(3)? as u64;
            match kind {
                Some(kind) => counts.sales[kind] = count,
                None => counts.mutations = count,
            }
            Ok(())
        })?;
        Ok(best)
    }

    /// The median prices of the first edition of each half-year that a scope covers whole.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(super) fn first_medians(
        &self,
        scope: &Scope,
    ) -> Result<BTreeMap<CellKey, Medians>, DbError> {
        let mut first = BTreeMap::<CellKey, Medians>::new();
        let query = "SELECT code, premier_mois, type_local, mediane FROM edition_medians WHERE premier_mois BETWEEN ? AND ?";
        self.editions(scope, query, |key, kind, row| {
            if let Some(kind) = kind {
                first.entry(key).or_default()[kind] = Some(row.get(3)?);
            }
            Ok(())
        })?;
        Ok(first)
    }

    /// Gives `take` each row of the half-years that a scope covers whole, with the place of its kind in [`SALE_KINDS`]. The query
    /// gives code, first month and kind, and asks for months between two.
    fn editions(
        &self,
        scope: &Scope,
        query: &str,
        mut take: impl FnMut(CellKey, Option<usize>, &Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), DbError> {
        let Some(months) = whole_half_years(scope.months) else {
            return Ok(());
        };
        let mut statement = self.connection.prepare(query)?;
        let mut rows = statement.query([months.first, months.last])?;
        while let Some(row) = rows.next()? {
            let code = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            if is_code_of(&scope.territory, code) {
                let key = (
                    geo::departement_of(code).to_owned(),
                    HalfYear::of(row.get(1)?),
                );
                let kind: u8 = row.get(2)?;
                let kind = SALE_KINDS.iter().position(|(of, _)| of.code() == kind);
                take(key, kind, row)?;
            }
        }
        Ok(())
    }
}

/// Whether it is under this code that the editions of a territory are kept: the département, or the commune.
fn is_code_of(territory: &Territory, code: &str) -> bool {
    match territory {
        Territory::France => code.len() < 5,
        Territory::Departements(codes) => codes.contains(code),
        Territory::Commune(commune) => commune.as_str() == code,
    }
}

/// The half-years that lie within some months.
fn whole_half_years(months: Months) -> Option<Months> {
    let halves = months.half_years().map(HalfYear::months);
    Months::spanning(
        halves
            .filter(|half| months.hold(*half))
            .flat_map(|half| [half.first, half.last]),
    )
}

/// Keeps what a file has of its half-years where it is more than was ever seen, and its prices where it is the first; whatever it
/// is, where a person chose the file against the gates.
///
/// # Errors
/// When SQLite fails.
pub(super) fn keep_edition(
    transaction: &Transaction<'_>,
    file: &SalesFile,
    forced: bool,
) -> Result<(), DbError> {
    let scope = &file.scope;
    let Some(months) = whole_half_years(scope.months) else {
        return Ok(());
    };
    if forced {
        forget(transaction, &scope.territory, months)?;
    }
    let mut keep = transaction.prepare(
        "INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET nombre = max(nombre, excluded.nombre)",
    )?;
    let mut keep_median = transaction.prepare(
        "INSERT INTO edition_medians (code, premier_mois, type_local, mediane) VALUES (?, ?, ?, ?)
         ON CONFLICT DO NOTHING",
    )?;
    for ((departement, half), cell) in &file.cells.0 {
        let first = half.months().first;
        if !months.contains(first) {
            continue;
        }
        let code = match &scope.territory {
            Territory::Commune(commune) => commune.as_str(),
            _ => departement,
        };
        let counts = cell.counts();
        keep.execute(params![code, first, MUTATIONS, counts.mutations as i64])?;
        for ((kind, _), count) in SALE_KINDS.iter().zip(counts.sales) {
            keep.execute(params![code, first, kind, count as i64])?;
        }
        for ((kind, _), median) in SALE_KINDS.iter().zip(cell.medians()) {
            if let Some(median) = median {
                keep_median.execute(params![code, first, kind, median])?;
            }
        }
    }
    Ok(())
}

fn forget(connection: &Connection, territory: &Territory, months: Months) -> Result<(), DbError> {
    let mut codes = connection
        .prepare("SELECT code FROM best_editions UNION SELECT code FROM edition_medians")?;
    let codes = codes.query_map([], |row| row.get::<_, String>(0))?;
    for code in codes {
        let code = code?;
        if is_code_of(territory, &code) {
            for table in ["best_editions", "edition_medians"] {
                connection.execute(
                    &format!("DELETE FROM {table} WHERE code = ? AND premier_mois BETWEEN ? AND ?"),
                    params![code, months.first, months.last],
                )?;
            }
        }
    }
    Ok(())
}
