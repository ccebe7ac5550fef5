//! The contours of communes, as they were last imported.

use rusqlite::params;

use super::{Database, DbError};
use crate::geo::contours::{Contours, Layer};
use crate::intake::contours::ContourFile;

/// zstd's level for the JSON of contours: they are written once a year.
const LEVEL: i32 = 19;

impl Database {
    /// The contours that were imported last, by their layers; none where none ever were.
    ///
    /// # Errors
    /// When SQLite fails, or they are not those that were imported.
    pub fn contours(&self) -> Result<Contours, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT territoire, fichier, contours, sceau FROM contours")?;
        let mut rows = statement.query([])?;
        let mut contours = Contours::new();
        while let Some(row) = rows.next()? {
            let (territory, file): (String, String) = (row.get(0)?, row.get(1)?);
            let packed = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            let sealed = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
            let layer = (seal(&territory, &file, packed).as_bytes() == sealed)
                .then(|| unpacked(packed))
                .flatten();
            match layer {
                Some(layer) => contours.insert(territory, layer),
                None => return Err(DbError::AlteredContours { territory }),
            };
        }
        Ok(contours)
    }

    /// Stands for all that [`Database::contours`] gives, and is quick to make; `None` where there are none.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn contours_digest(&self) -> Result<Option<blake3::Hash>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT sceau FROM contours ORDER BY territoire")?;
        let mut rows = statement.query([])?;
        let mut hasher = blake3::Hasher::new();
        while let Some(row) = rows.next()? {
            hasher.update(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
        }
        Ok((hasher.count() > 0).then(|| hasher.finalize()))
    }

    /// How many of the layers of a file are others than those in use.
    ///
    /// # Errors
    /// When SQLite fails, or those in use are not those that were imported.
    pub fn preview_contours(&self, file: &ContourFile) -> Result<usize, DbError> {
        let known = self.contours()?;
        let layers = file.layers.iter();
        let others = layers.filter(|(territory, layer)| known.get(*territory) != Some(layer));
        Ok(others.count())
    }

    /// Puts the layers of a file in the place of those before, and gives how many are others than they.
    ///
    /// # Errors
    /// When SQLite fails; the old ones then stay.
    pub fn store_contours(&mut self, name: &str, file: &ContourFile) -> Result<usize, DbError> {
        let known = match self.contours() {
            // What is altered is replaced by what is sound.
            Err(DbError::AlteredContours { .. }) => Contours::new(),
            known => known?,
        };
        let transaction = self.connection.transaction()?;
        let mut changed = 0;
        for (territory, layer) in &file.layers {
            if known.get(territory) == Some(layer) {
                continue;
            }
            let text = serde_json::to_vec(layer)?;
            let packed = zstd::encode_all(&text[..], LEVEL).map_err(DbError::Compress)?;
            transaction.execute(
                "INSERT OR REPLACE INTO contours (territoire, fichier, contours, sceau) VALUES (?, ?, ?, ?)",
                params![territory, name, packed, seal(territory, name, &packed).as_bytes()],
            )?;
            changed += 1;
        }
        transaction.commit()?;
        Ok(changed)
    }
}

/// The hash of a row.
fn seal(territory: &str, file: &str, packed: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{territory} {} {file} ", file.len()).as_bytes());
    hasher.update(packed);
    hasher.finalize()
}

/// `None` of what is no layer.
fn unpacked(packed: &[u8]) -> Option<Layer> {
    let text = zstd::decode_all(packed).ok()?;
    let layer: Layer = serde_json::from_slice(&text).ok()?;
    layer.is_whole().then_some(layer)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::geo::contours::{ContourShape, GridPoint, layers};

    /// A file of one square a layer.
    fn file(squares: &[(&str, GridPoint)]) -> ContourFile {
        let shapes = squares.iter().map(|&(layer, [x, y])| ContourShape {
            code: format!("{layer}001"),
            layer: layer.to_owned(),
            polygons: vec![vec![vec![
                [x, y],
                [x + 9, y],
                [x + 9, y + 9],
                [x, y + 9],
                [x, y],
            ]]],
        });
        ContourFile {
            layers: layers(&shapes.collect::<Vec<_>>(), 0),
            former: Vec::new(),
            unknown: Vec::new(),
            cities: Vec::new(),
            positions: 0,
        }
    }

    #[test]
    fn a_file_replaces_its_own_layers_and_no_others() {
        let mut database = Database::in_memory().unwrap();
        assert!(database.contours().unwrap().is_empty());
        assert_eq!(database.contours_digest().unwrap(), None);
        let both = file(&[("78", [0, 0]), ("95", [0, 9])]);
        assert_eq!(database.preview_contours(&both).unwrap(), 2);
        assert_eq!(database.store_contours("a.geojson", &both).unwrap(), 2);
        let before = database.contours_digest().unwrap();
        assert_eq!(database.store_contours("b.geojson", &both).unwrap(), 0);
        assert_eq!(database.contours_digest().unwrap(), before);

        let one = file(&[("95", [1, 9])]);
        assert_eq!(database.store_contours("c.geojson", &one).unwrap(), 1);
        let expected: BTreeMap<_, _> = both.layers.into_iter().chain(one.layers).collect();
        assert_eq!(database.contours().unwrap(), expected);
        assert_ne!(database.contours_digest().unwrap(), before);
    }

    #[test]
    fn altered_contours_are_never_drawn() {
        let squares = file(&[("78", [0, 0]), ("95", [0, 9])]);
        for alteration in [
            "territoire = '77'",
            "fichier = 'other'",
            "contours = zeroblob(9)",
            "sceau = zeroblob(32)",
        ] {
            let mut database = Database::in_memory().unwrap();
            database.store_contours("a.geojson", &squares).unwrap();
            let alter = format!("UPDATE contours SET {alteration} WHERE territoire = '78'");
            database.connection.execute(&alter, []).unwrap();
            let error = database.contours().unwrap_err();
            assert!(
                matches!(error, DbError::AlteredContours { .. }),
                "{alteration}"
            );
            // Their own file brings them back.
            if alteration != "territoire = '77'" {
                database.store_contours("a.geojson", &squares).unwrap();
                assert_eq!(database.contours().unwrap(), squares.layers);
            }
        }
    }
}
