//! Contents in the store: compressed, named by their hash, checked whenever they are read.

use std::collections::HashMap;

use rayon::prelude::*;
use rusqlite::{Connection, OptionalExtension, params};
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use super::error::VersionError;

/// zstd's level: higher ones gain a few per cent on pages that the dictionary already makes small.
const LEVEL: i32 = 3;

/// Samples that a dictionary is made from, at the most, and the fewest that make one worth it.
const SAMPLES: usize = 1_000;
const FEWEST_SAMPLES: usize = 200;

/// zstd's usual size of a dictionary, bytes.
const DICTIONARY_SIZE: usize = 112 * 1024;

/// Contents that are in memory at a time to be checked.
const CHECKED: usize = 8_192;

/// The hash of a content.
pub(super) type Hash = [u8; 32];

/// A content of the store: its number there and its hash.
pub(super) type Object = (i64, Hash);

/// A dictionary of the store.
pub(super) struct Dictionary {
    id: Option<i64>,
    prepared: EncoderDictionary<'static>,
}

impl Dictionary {
    /// The latest dictionary; an empty one while there is none.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(super) fn latest(connection: &Connection) -> Result<Self, VersionError> {
        let found = connection
            .query_row(
                "SELECT id, data FROM dictionaries ORDER BY id DESC LIMIT 1",
                [],
                |row| Ok(Self::new(Some(row.get(0)?), row.get_ref(1)?.as_blob()?)),
            )
            .optional()?;
        Ok(found.unwrap_or_else(|| Self::new(None, &[])))
    }

    fn new(id: Option<i64>, bytes: &[u8]) -> Self {
        let prepared = EncoderDictionary::copy(bytes, LEVEL);
        Self { id, prepared }
    }

    /// Its number in the store.
    pub(super) fn id(&self) -> Option<i64> {
        self.id
    }

    /// Whether there is none yet.
    pub(super) fn is_empty(&self) -> bool {
        self.id.is_none()
    }

    /// Trains a dictionary on samples and keeps it; leaves things as they are when the samples are too few.
    ///
    /// # Errors
    /// When zstd or SQLite fails.
    pub(super) fn train(
        connection: &Connection,
        samples: &[Vec<u8>],
    ) -> Result<Self, VersionError> {
        if samples.len() < FEWEST_SAMPLES {
            return Self::latest(connection);
        }
        let bytes =
            zstd::dict::from_samples(samples, DICTIONARY_SIZE).map_err(VersionError::Compress)?;
        connection.execute("INSERT INTO dictionaries (data) VALUES (?)", [&bytes])?;
        Ok(Self::new(Some(connection.last_insert_rowid()), &bytes))
    }

    /// How many of `count` things to skip between two samples.
    pub(super) fn sampling(count: usize) -> usize {
        count.div_ceil(SAMPLES).max(1)
    }

    /// A content, hashed and compressed.
    ///
    /// # Errors
    /// When zstd fails.
    pub(super) fn pack(&self, bytes: &[u8]) -> Result<PackedContent, VersionError> {
        let data = self.compressor()?.compress(bytes);
        Ok(PackedContent {
            hash: *blake3::hash(bytes).as_bytes(),
            size: bytes.len(),
            data: data.map_err(VersionError::Compress)?,
        })
    }

    /// A compressor for one thread.
    ///
    /// # Errors
    /// When zstd fails.
    pub(super) fn compressor(&self) -> Result<Compressor<'_>, VersionError> {
        Compressor::with_prepared_dictionary(&self.prepared).map_err(VersionError::Compress)
    }
}

/// A content on its way into the store.
pub(super) struct PackedContent {
    /// blake3 of its bytes.
    pub hash: Hash,
    /// Of its bytes.
    pub size: usize,
    /// The zstd frame; empty where the store has the content already.
    pub data: Vec<u8>,
}

/// Adds a content, unless it is there, and gives its id.
///
/// # Errors
/// When SQLite fails.
pub(super) fn insert(
    connection: &Connection,
    dictionary: &Dictionary,
    packed: &PackedContent,
) -> Result<i64, VersionError> {
    let added = connection
        .prepare_cached("INSERT INTO objects (hash, size) VALUES (?, ?) ON CONFLICT DO NOTHING")?
        .execute(params![packed.hash, packed.size as i64])?;
    if added == 0 {
        return Ok(connection
            .prepare_cached("SELECT id FROM objects WHERE hash = ?")?
            .query_row([packed.hash], |row| row.get(0))?);
    }
    let object = connection.last_insert_rowid();
    connection
        .prepare_cached("INSERT INTO contents (object, dictionary, data) VALUES (?, ?, ?)")?
        .execute(params![object, dictionary.id, packed.data])?;
    Ok(object)
}

/// A content as the store holds it.
pub(super) struct StoredContent {
    hash: Hash,
    dictionary: Option<i64>,
    size: i64,
    data: Vec<u8>,
}

/// Reads contents back.
pub(super) struct ContentReader<'a> {
    connection: &'a Connection,
    dictionaries: Dictionaries,
}

/// All dictionaries of a store.
pub(super) struct Dictionaries(HashMap<i64, DecoderDictionary<'static>>);

impl<'a> ContentReader<'a> {
    /// Prepares to read from a store.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(super) fn new(connection: &'a Connection) -> Result<Self, VersionError> {
        let mut statement = connection.prepare("SELECT id, data FROM dictionaries")?;
        let dictionaries = statement
            .query_map([], |row| {
                let bytes = row.get_ref(1)?.as_blob()?;
                Ok((row.get(0)?, DecoderDictionary::copy(bytes)))
            })?
            .collect::<Result<_, _>>()?;
        Ok(Self {
            connection,
            dictionaries: Dictionaries(dictionaries),
        })
    }

    /// Unpacks contents, each of a path, and hands the outcome for each to `judge`, which may end it.
    ///
    /// # Errors
    /// What `judge` ends it with.
    pub(super) fn check(
        &self,
        contents: impl IntoIterator<Item = (Hash, String)>,
        mut judge: impl FnMut(Hash, Result<(), VersionError>) -> Result<(), VersionError>,
    ) -> Result<(), VersionError> {
        let mut contents = contents.into_iter().peekable();
        while contents.peek().is_some() {
            let fetched: Vec<_> = contents
                .by_ref()
                .take(CHECKED)
                .map(|(hash, path)| {
                    let stored = self.fetch(&hash, &path);
                    (hash, path, stored)
                })
                .collect();
            let dictionaries = &self.dictionaries;
            let outcomes: Vec<_> = fetched
                .into_par_iter()
                .map_init(
                    || dictionaries.unpacker(),
                    |unpacker, (hash, path, stored)| {
                        let outcome = stored.and_then(|stored| unpacker.unpack(&stored, &path));
                        (hash, outcome.map(drop))
                    },
                )
                .collect();
            for (hash, outcome) in outcomes {
                judge(hash, outcome)?;
            }
        }
        Ok(())
    }

    /// What unpackers are made of.
    pub(super) fn dictionaries(&self) -> &Dictionaries {
        &self.dictionaries
    }

    /// The content with a hash, to be unpacked; `path` is named in the error when it is missing.
    ///
    /// # Errors
    /// When SQLite fails, or there is no such content.
    pub(super) fn fetch(&self, hash: &Hash, path: &str) -> Result<StoredContent, VersionError> {
        let found = self
            .connection
            .prepare_cached("SELECT c.dictionary, o.size, c.data FROM objects o JOIN contents c ON c.object = o.id WHERE o.hash = ?",
            )?
            .query_row([hash], |row| {
                Ok(StoredContent {
                    hash: *hash,
                    dictionary: row.get(0)?,
                    size: row.get(1)?,
                    data: row.get(2)?,
                })
            })
            .optional()?;
        found.ok_or_else(|| damaged(path))
    }
}

impl Dictionaries {
    /// What unpacks contents, for one thread.
    pub(super) fn unpacker(&self) -> Unpacker<'_> {
        let decompressor = |(id, prepared): (&i64, _)| {
            let decompressor = Decompressor::with_prepared_dictionary(prepared).ok()?;
            Some((Some(*id), decompressor))
        };
        let mut decompressors: HashMap<_, _> = self.0.iter().filter_map(decompressor).collect();
        decompressors.extend(Decompressor::new().ok().map(|plain| (None, plain)));
        Unpacker { decompressors }
    }
}

/// Undoes the compression of contents. One whose hash is not its name is never handed out.
pub(super) struct Unpacker<'a> {
    decompressors: HashMap<Option<i64>, Decompressor<'a>>,
}

impl Unpacker<'_> {
    /// The bytes of a content; `path` is named in the error when it is damaged.
    ///
    /// # Errors
    /// When the content is not what its hash and its size say.
    pub(super) fn unpack(
        &mut self,
        stored: &StoredContent,
        path: &str,
    ) -> Result<Vec<u8>, VersionError> {
        let size = usize::try_from(stored.size).map_err(|_| damaged(path))?;
        let decompressor = self.decompressors.get_mut(&stored.dictionary);
        let bytes = decompressor
            .and_then(|decompressor| decompressor.decompress(&stored.data, size).ok())
            // There is room for more than there is: a size is wrong that is too large.
            .filter(|bytes| bytes.len() == size)
            .filter(|bytes| blake3::hash(bytes).as_bytes() == &stored.hash);
        bytes.ok_or_else(|| damaged(path))
    }
}

fn damaged(path: &str) -> VersionError {
    VersionError::Damaged {
        path: path.to_owned(),
    }
}
