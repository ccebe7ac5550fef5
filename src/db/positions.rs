//! Coordinates of mutations as they are kept beside the rows that they come from, by département and year: the centres of
//! all communes do not take a reading of all rows.

use rayon::prelude::*;
use rusqlite::{Connection, params};
use zstd::bulk::{Compressor, Decompressor};

use super::DbError;
use super::compare::position;
use super::kept::ready;
use crate::intake::dvf::Mutation;

/// Where mutations are, by commune.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PositionColumns {
    /// Communes as in the files, and their number of mutations with coordinates.
    pub communes: Vec<(String, usize)>,
    /// Latitudes and longitudes in millionths of a degree; those of a commune in ascending order, each apart from the other,
    /// so that no mutation's place can be told.
    pub degrees: [Vec<i32>; 2],
}

impl PositionColumns {
    /// The positions of a file's mutations, which come by commune.
    pub(super) fn of<'a>(mutations: impl Iterator<Item = &'a Mutation>) -> Self {
        let mut columns = Self::default();
        for mutation in mutations {
            if let Some(position) = position(mutation) {
                columns.push(mutation.commune.as_str(), position);
            }
        }
        columns.sorted()
    }

    /// The positions of the rows of a year, of the communes between two codes.
    pub(super) fn of_rows(
        connection: &Connection,
        year: i16,
        [first, last]: [&str; 2],
    ) -> Result<Self, DbError> {
        let mut statement = connection.prepare_cached(
            "SELECT commune, latitude_e6, longitude_e6 FROM mutations
             WHERE annee = ? AND commune BETWEEN ? AND ? AND latitude_e6 IS NOT NULL AND longitude_e6 IS NOT NULL
             ORDER BY commune",
        )?;
        let mut rows = statement.query((year, first, last))?;
        let mut columns = Self::default();
        while let Some(row) = rows.next()? {
            let commune = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            columns.push(commune, [row.get(1)?, row.get(2)?]);
        }
        Ok(columns.sorted())
    }

    fn push(&mut self, commune: &str, position: [i32; 2]) {
        match self.communes.last_mut() {
            Some((last, count)) if last == commune => *count += 1,
            _ => self.communes.push((commune.to_owned(), 1)),
        }
        for (degrees, own) in self.degrees.iter_mut().zip(position) {
            degrees.push(own);
        }
    }

    fn sorted(mut self) -> Self {
        for degrees in &mut self.degrees {
            let mut rest = &mut degrees[..];
            for (_, count) in &self.communes {
                let (own, others) = rest.split_at_mut(*count);
                own.sort_unstable();
                rest = others;
            }
        }
        self
    }

    /// Packs them.
    ///
    /// # Errors
    /// When zstd fails.
    pub(super) fn packed(
        &self,
        departement: &str,
        year: i16,
        zstd: &mut Compressor<'_>,
    ) -> Result<StoredPositions, DbError> {
        let communes = serde_json::to_string(&self.communes)?;
        let mut pack = |degrees: &[i32]| {
            let mut bytes = Vec::with_capacity(degrees.len() * 4);
            let mut rest = degrees;
            for (_, count) in &self.communes {
                let (own, others) = rest.split_at(*count);
                let mut before = 0;
                for &value in own {
                    bytes.extend(i32::wrapping_sub(value, before).to_le_bytes());
                    before = value;
                }
                rest = others;
            }
            zstd.compress(&bytes).map_err(DbError::Compress)
        };
        let degrees = [pack(&self.degrees[0])?, pack(&self.degrees[1])?];
        Ok(StoredPositions {
            year,
            departement: departement.to_owned(),
            communes,
            degrees,
        })
    }
}

/// The coordinates of a département and year as they are kept.
pub(super) struct StoredPositions {
    year: i16,
    departement: String,
    /// As JSON.
    communes: String,
    degrees: [Vec<u8>; 2],
}

impl StoredPositions {
    /// Writes the row, in the place of the one that was there; there is none of no coordinates.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(super) fn store(&self, connection: &Connection) -> Result<(), DbError> {
        if self.communes == "[]" {
            connection
                .prepare_cached("DELETE FROM positions WHERE annee = ? AND departement = ?")?
                .execute(params![self.year, self.departement])?;
            return Ok(());
        }
        let [latitude, longitude] = &self.degrees;
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO positions (annee, departement, communes, latitude, longitude, sceau)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                self.year,
                self.departement,
                self.communes,
                latitude,
                longitude,
                self.seal().as_bytes()
            ])?;
        Ok(())
    }

    /// `None` of what was not packed like this.
    fn unpacked(&self, zstd: &mut Decompressor<'_>) -> Option<PositionColumns> {
        let communes: Vec<(String, usize)> = serde_json::from_str(&self.communes).ok()?;
        let count = communes.iter().map(|(_, count)| count).sum::<usize>();
        let mut unpack = |packed: &[u8]| {
            let bytes = zstd.decompress(packed, count * 4).ok()?;
            let (values, rest) = bytes.as_chunks::<4>();
            if values.len() != count || !rest.is_empty() {
                return None;
            }
            let mut values = values.iter();
            let mut degrees = Vec::with_capacity(count);
            for (_, count) in &communes {
                let mut before = 0_i32;
                for &value in values.by_ref().take(*count) {
                    before = before.wrapping_add(i32::from_le_bytes(value));
                    degrees.push(before);
                }
            }
            Some(degrees)
        };
        let degrees = [unpack(&self.degrees[0])?, unpack(&self.degrees[1])?];
        Some(PositionColumns { communes, degrees })
    }

    /// Stands for all of it.
    fn seal(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.year.to_le_bytes());
        for part in [&self.departement, &self.communes]
            .map(String::as_bytes)
            .into_iter()
            .chain(self.degrees.iter().map(Vec::as_slice))
        {
            hasher
                .update(&(part.len() as u64).to_le_bytes())
                .update(part);
        }
        hasher.finalize()
    }
}

/// The coordinates of each département and year that are kept.
///
/// # Errors
/// When SQLite or zstd fails, or some are not as they were stored.
pub(super) fn all(connection: &Connection) -> Result<Vec<(String, i16, PositionColumns)>, DbError> {
    let mut statement = connection.prepare(
        "SELECT annee, departement, communes, latitude, longitude, sceau FROM positions ORDER BY annee, departement",
    )?;
    let rows = statement.query_map([], |row| {
        let stored = StoredPositions {
            year: row.get(0)?,
            departement: row.get(1)?,
            communes: row.get(2)?,
            degrees: [row.get(3)?, row.get(4)?],
        };
        Ok((stored, row.get(5)?))
    })?;
    let rows = rows.collect::<Result<Vec<(_, Vec<u8>)>, _>>()?;
    let unpacked = rows
        .into_par_iter()
        .map_init(Decompressor::new, |zstd, (stored, seal)| {
            let zstd = ready(zstd)?;
            let columns = (stored.seal().as_bytes()[..] == seal).then(|| stored.unpacked(zstd));
            let StoredPositions {
                departement, year, ..
            } = stored;
            match columns.flatten() {
                Some(columns) => Ok((departement, year, columns)),
                None => Err(DbError::Positions { departement, year }),
            }
        });
    // Of several that are damaged it is always the first that is told.
    unpacked.collect::<Vec<_>>().into_iter().collect()
}
