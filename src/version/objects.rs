//! Contents in the store: compressed, named by their hash, checked whenever they are read.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};
use zstd::bulk::{Compressor, Decompressor};

use super::VersionError;

/// zstd's level: higher ones gain a few per cent on pages that the dictionary already makes small.
const LEVEL: i32 = 3;

/// Samples that a dictionary is made from, at the most, and the fewest that make one worth it.
const SAMPLES: usize = 2_000;
const FEWEST_SAMPLES: usize = 200;

/// zstd's usual size of a dictionary, bytes.
const DICTIONARY_SIZE: usize = 112 * 1024;

/// The hash of a content.
pub type Hash = [u8; 32];

/// A dictionary of the store.
pub struct Dictionary {
    id: Option<i64>,
    bytes: Vec<u8>,
}

impl Dictionary {
    /// The latest dictionary; an empty one while there is none.
    pub fn latest(connection: &Connection) -> Result<Self, VersionError> {
        let found = connection
            .query_row(
                "SELECT id, data FROM dictionaries ORDER BY id DESC LIMIT 1",
                [],
                |row| {
                    Ok(Self {
                        id: Some(row.get(0)?),
                        bytes: row.get(1)?,
                    })
                },
            )
            .optional()?;
        Ok(found.unwrap_or(Self {
            id: None,
            bytes: Vec::new(),
        }))
    }

    /// Its number in the store.
    pub fn id(&self) -> Option<i64> {
        self.id
    }

    /// Whether there is none yet.
    pub fn is_empty(&self) -> bool {
        self.id.is_none()
    }

    /// Trains a dictionary on samples and keeps it; leaves things as they are when the samples are too few.
    pub fn train(connection: &Connection, samples: &[Vec<u8>]) -> Result<Self, VersionError> {
        if samples.len() < FEWEST_SAMPLES {
            return Self::latest(connection);
        }
        let bytes =
            zstd::dict::from_samples(samples, DICTIONARY_SIZE).map_err(VersionError::Compress)?;
        connection.execute("INSERT INTO dictionaries (data) VALUES (?)", [&bytes])?;
        Ok(Self {
            id: Some(connection.last_insert_rowid()),
            bytes,
        })
    }

    /// How many of `count` things to skip between two samples.
    pub fn sampling(count: usize) -> usize {
        count.div_ceil(SAMPLES).max(1)
    }

    /// A compressor for one thread.
    pub fn compressor(&self) -> Result<Compressor<'static>, VersionError> {
        Compressor::with_dictionary(LEVEL, &self.bytes).map_err(VersionError::Compress)
    }
}

/// A content on its way into the store.
pub struct Packed {
    pub hash: Hash,
    pub size: usize,
    pub data: Vec<u8>,
}

/// Adds a content and gives its id.
pub fn insert(
    connection: &Connection,
    dictionary: &Dictionary,
    packed: &Packed,
) -> Result<i64, VersionError> {
    connection
        .prepare_cached("INSERT INTO objects (hash, size, dictionary, data) VALUES (?, ?, ?, ?)")?
        .execute(params![
            packed.hash,
            packed.size as i64,
            dictionary.id,
            packed.data
        ])?;
    Ok(connection.last_insert_rowid())
}

/// The contents of the store by hash.
pub fn known(connection: &Connection) -> Result<HashMap<Hash, i64>, VersionError> {
    let mut statement = connection.prepare("SELECT hash, id FROM objects")?;
    Ok(statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

/// Reads contents back. A content whose hash is not its name is never handed out.
pub struct Reader<'a> {
    connection: &'a Connection,
    decompressors: HashMap<Option<i64>, Decompressor<'static>>,
}

impl<'a> Reader<'a> {
    pub fn new(connection: &'a Connection) -> Self {
        Self {
            connection,
            decompressors: HashMap::new(),
        }
    }

    /// The content with a hash; `path` is named in the error when it is damaged or missing.
    pub fn read(&mut self, hash: &Hash, path: &str) -> Result<Vec<u8>, VersionError> {
        let damaged = || VersionError::Damaged {
            path: path.to_owned(),
        };
        let row: Option<(Option<i64>, i64, Vec<u8>)> = self
            .connection
            .prepare_cached("SELECT dictionary, size, data FROM objects WHERE hash = ?")?
            .query_row([hash], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let (dictionary, size, data) = row.ok_or_else(damaged)?;
        let decompressor = match self.decompressors.entry(dictionary) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let bytes: Vec<u8> = match dictionary {
                    None => Vec::new(),
                    Some(id) => self.connection.query_row(
                        "SELECT data FROM dictionaries WHERE id = ?",
                        [id],
                        |row| row.get(0),
                    )?,
                };
                entry.insert(Decompressor::with_dictionary(&bytes).map_err(VersionError::Compress)?)
            }
        };
        let bytes = usize::try_from(size)
            .ok()
            .and_then(|size| decompressor.decompress(&data, size).ok())
            .ok_or_else(damaged)?;
        if blake3::hash(&bytes).as_bytes() != hash {
            return Err(damaged());
        }
        Ok(bytes)
    }
}
