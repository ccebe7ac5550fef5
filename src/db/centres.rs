//! The centres of places, from the coordinates that are kept of mutations.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use rayon::prelude::*;

use super::keep::places;
use super::positions::{self, PositionColumns};
use super::{Database, DbError};
use crate::base::place::CodeMap;

/// Mutations from which on a place has a centre: of fewer it would tell where one of them is.
const LEAST_MUTATIONS: usize = 5;

/// Where the mutations in force are, whatever their nature.
#[derive(Debug)]
pub struct Positions {
    columns: Vec<PositionColumns>,
    /// Where those of a commune are, as it stands in the files: in which columns, and there in which rows.
    rows: CodeMap<String, Vec<(usize, Range<usize>)>>,
}

/// The middle of a place's mutations, to a hundredth of a degree (1.1 km from north to south), so that it is no sale's
/// address.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Centre {
    /// Degrees north of the equator.
    pub latitude: f64,
    /// Degrees east of Greenwich.
    pub longitude: f64,
}

impl Centre {
    /// Of degrees, to a hundredth.
    pub fn rounded(latitude: f64, longitude: f64) -> Self {
        let [latitude, longitude] =
            [latitude, longitude].map(|degrees| (degrees * 100.0).round() / 100.0);
        Self {
            latitude,
            longitude,
        }
    }
}

impl Positions {
    /// The medians of the latitudes and of the longitudes of the mutations of some communes together: of all codes that the
    /// files have for a place. `None` under five of them.
    pub fn centre<'a>(&self, communes: impl IntoIterator<Item = &'a str>) -> Option<Centre> {
        let own = communes
            .into_iter()
            .filter_map(|commune| self.rows.get(commune));
        let own: Vec<_> = own.flatten().collect();
        let count = own.iter().map(|(_, rows)| rows.len()).sum::<usize>();
        if count < LEAST_MUTATIONS {
            return None;
        }
        let median = |axis: usize| {
            let mut degrees = Vec::with_capacity(count);
            for (columns, rows) in &own {
                degrees.extend_from_slice(&self.columns[*columns].degrees[axis][rows.clone()]);
            }
            hundredths(&mut degrees)
        };
        Some(Centre {
            latitude: median(0),
            longitude: median(1),
        })
    }

    /// The centres of the places that have one, in their order. `place_of` says which place a code of the files stands for.
    pub fn centres<'p, P: Ord + Send>(
        &'p self,
        place_of: impl Fn(&'p str) -> Option<P>,
    ) -> Vec<(P, Centre)> {
        let mut places = BTreeMap::<P, Vec<&str>>::new();
        for code in self.rows.keys() {
            if let Some(place) = place_of(code) {
                places.entry(place).or_default().push(code);
            }
        }
        let places: Vec<_> = places.into_iter().collect();
        let centres = places.into_par_iter();
        let centres = centres.filter_map(|(place, codes)| Some((place, self.centre(codes)?)));
        centres.collect()
    }
}

/// The median of millionths of a degree, in degrees rounded to a hundredth.
fn hundredths(degrees: &mut [i32]) -> f64 {
    let (middle, is_even) = (degrees.len() / 2, degrees.len().is_multiple_of(2));
    let (below, &mut high, _) = degrees.select_nth_unstable(middle);
    let low = below.iter().copied().max().filter(|_| is_even);
    let low = low.unwrap_or(high);
    // A sum of two of them needs a bit more than they have.
    let median = f64::midpoint(low.into(), high.into());
    (median / 10_000.0).round() / 100.0
}

impl Database {
    /// Where the mutations in force are, from the columns that are kept.
    ///
    /// # Errors
    /// When SQLite fails, or they are damaged.
    pub fn positions(&self) -> Result<Positions, DbError> {
        let all = positions::all(&self.connection)?;
        let columns: Vec<_> = all.into_iter().map(|(.., columns)| columns).collect();
        let mut rows = CodeMap::<String, Vec<_>>::default();
        for (number, columns) in columns.iter().enumerate() {
            let mut first = 0;
            for (commune, count) in &columns.communes {
                let own = (number, first..first + count);
                rows.entry(commune.clone()).or_default().push(own);
                first += count;
            }
        }
        Ok(Positions { columns, rows })
    }

    /// Stands for all that [`Database::positions`] gives, and is quick to make.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn positions_digest(&self) -> Result<blake3::Hash, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT sceau FROM positions ORDER BY annee, departement")?;
        let mut rows = statement.query([])?;
        let mut hasher = blake3::Hasher::new();
        while let Some(row) = rows.next()? {
            hasher.update(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
        }
        Ok(hasher.finalize())
    }

    /// The départements whose coordinates are not those of their rows. The years are read at once, each by a connection of
    /// its own.
    ///
    /// # Errors
    /// When SQLite fails, or what is kept is damaged.
    pub fn altered_positions(&self) -> Result<BTreeSet<String>, DbError> {
        // One in memory is there for previews, and keeps nothing.
        let Some(path) = self.path.as_deref() else {
            return Ok(BTreeSet::new());
        };
        let kept = positions::all(&self.connection)?.into_iter();
        let mut kept: HashMap<_, _> = kept
            .map(|(departement, year, columns)| ((year, departement), columns))
            .collect();
        let mut altered = BTreeSet::new();
        let places = places(&self.connection)?;
        let years = places.par_chunk_by(|a, b| a.0 == b.0).map(|places| {
            let Some(database) = Self::open_read_only(path)? else {
                return Ok(Vec::new());
            };
            let places = places.iter().map(|(year, departement)| {
                let last = format!("{departement}~");
                let columns =
                    PositionColumns::of_rows(&database.connection, *year, [departement, &last])?;
                Ok(((*year, departement.clone()), columns))
            });
            places.collect::<Result<Vec<_>, DbError>>()
        });
        for (place, columns) in years.collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
            if kept.remove(&place).unwrap_or_default() != columns {
                altered.insert(place.1);
            }
        }
        altered.extend(kept.into_keys().map(|(_, departement)| departement));
        Ok(altered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::kept::packer;

    fn columns(communes: &[(&str, usize)], degrees: [&[i32]; 2]) -> PositionColumns {
        let communes = communes
            .iter()
            .map(|(code, count)| ((*code).to_owned(), *count));
        PositionColumns {
            communes: communes.collect(),
            degrees: degrees.map(<[i32]>::to_vec),
        }
    }

    /// A database that keeps the coordinates of two years.
    fn database() -> Database {
        let database = Database::in_memory().unwrap();
        let mut zstd = packer().unwrap();
        let earlier = columns(
            &[("95127", 3), ("95282", 2)],
            [
                &[49_034_999, 49_040_000, 49_050_000, 49_111_111, 49_120_000],
                &[-61_000_000, 2_074_000, 2_080_000, 2_050_000, 2_060_000],
            ],
        );
        let later = columns(
            &[("95127", 2)],
            [&[49_035_001, 49_036_000], &[2_075_001, 2_076_000]],
        );
        for (year, columns) in [(2023, &earlier), (2024, &later)] {
            let packed = columns.packed("95", year, &mut zstd).unwrap();
            packed.store(&database.connection).unwrap();
        }
        database
    }

    fn centre(latitude: f64, longitude: f64) -> Option<Centre> {
        Some(Centre {
            latitude,
            longitude,
        })
    }

    #[test]
    fn a_centre_is_the_median_of_all_years_and_former_codes_from_five_mutations() {
        let positions = database().positions().unwrap();
        assert_eq!(positions.centre(["95127"]), centre(49.04, 2.08));
        assert_eq!(positions.centre(["95282"]), None);
        assert_eq!(positions.centre(["01001"]), None);
        // Seven of them, and then six, whose middle is between two.
        assert_eq!(positions.centre(["95127", "95282"]), centre(49.04, 2.07));
        let mut six = [
            49_034_000, 49_034_000, 49_034_999, 49_035_003, 49_036_000, 49_036_000,
        ];
        assert_eq!(hundredths(&mut six), 49.04);
    }

    #[test]
    fn altered_coordinates_are_never_read() {
        for alteration in [
            "communes = replace(communes, '95127', '95128')",
            "latitude = longitude",
            "departement = '78'",
            "sceau = zeroblob(32)",
        ] {
            let database = database();
            let before = database.positions_digest().unwrap();
            let alter = format!("UPDATE positions SET {alteration} WHERE annee = 2024");
            database.connection.execute(&alter, []).unwrap();
            let error = database.positions().unwrap_err();
            assert!(
                matches!(error, DbError::Positions { year: 2024, .. }),
                "{alteration}"
            );
            let same = alteration.contains("sceau");
            assert_eq!(database.positions_digest().unwrap() != before, same);
        }
    }

    #[test]
    fn where_nothing_has_coordinates_nothing_is_kept() {
        let database = database();
        let none = PositionColumns::default();
        let packed = none.packed("95", 2023, &mut packer().unwrap()).unwrap();
        packed.store(&database.connection).unwrap();
        assert_eq!(database.positions().unwrap().centre(["95127"]), None);
    }
}
