//! The four files of an edition, as texts and as the places that they make.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::GzDecoder;
use indicatif::ProgressBar;

use super::error::CogError;
use super::records;
use crate::config::COG_ITEMS;
use crate::geo::Geography;
use crate::intake::file::{FileError, open};
use crate::source::Wrapping;

/// The same four files as [`COG_ITEMS`], compressed.
const EMBEDDED: [&[u8]; COG_ITEMS.len()] = [
    include_bytes!("../../../data/cog/communes.json.gz"),
    include_bytes!("../../../data/cog/epci.json.gz"),
    include_bytes!("../../../data/cog/departements.json.gz"),
    include_bytes!("../../../data/cog/regions.json.gz"),
];

/// An edition of the Code officiel géographique.
pub struct Edition {
    /// The JSON of each file, in the order of [`COG_ITEMS`].
    pub texts: [String; COG_ITEMS.len()],
    /// The places that they make.
    pub geography: Geography,
}

impl Edition {
    /// Reads the files that came; of the others, `kept` has the texts of the last time.
    pub(super) fn read(
        files: &[(&str, &Path)],
        kept: &BTreeMap<String, String>,
        progress: &ProgressBar,
    ) -> Result<Self, CogError> {
        let mut texts = [const { String::new() }; COG_ITEMS.len()];
        for (text, item) in texts.iter_mut().zip(COG_ITEMS) {
            let came = files.iter().find(|(name, _)| *name == item);
            *text = match came {
                Some((_, path)) => {
                    let mut text = String::new();
                    open(path, &Wrapping::TEXT, progress, |bytes| {
                        bytes.read_to_string(&mut text)
                    })?
                    .map_err(|source| FileError::damaged(path, source))?;
                    text
                }
                None => kept.get(item).cloned().ok_or(CogError::Missing { item })?,
            };
        }
        Self::from_texts(texts)
    }

    /// Makes the places of the texts of the four files, in the order of [`COG_ITEMS`].
    ///
    /// # Errors
    /// A text that is not the expected JSON, a code that stands twice, or a reference to a place that does not exist.
    pub fn from_texts(texts: [String; COG_ITEMS.len()]) -> Result<Self, CogError> {
        let geography = records::geography(texts.each_ref().map(String::as_str))?;
        Ok(Self { texts, geography })
    }
}

/// Makes the places of the edition embedded in the program, which takes about 0.1 s: make them once and share them.
///
/// # Errors
/// Only if the embedded files are not what the package published; the tests read them.
pub fn embedded() -> Result<Geography, CogError> {
    let unpacked = |item: usize| {
        unpack(EMBEDDED[item])
            .map_err(|source| FileError::damaged(Path::new(COG_ITEMS[item]), source))
    };
    let (communes, rest) = rayon::join(|| unpacked(0), || [1, 2, 3].map(unpacked));
    let [epci, departements, regions] = rest;
    records::geography([&communes?, &epci?, &departements?, &regions?])
}

/// The texts of the edition embedded in the program.
#[cfg(test)]
pub(super) fn embedded_texts() -> io::Result<[String; COG_ITEMS.len()]> {
    let [communes, epci, departements, regions] = EMBEDDED.map(unpack);
    Ok([communes?, epci?, departements?, regions?])
}

fn unpack(packed: &[u8]) -> io::Result<String> {
    // The last four bytes of a gzip file are the size of what is in it (RFC 1952).
    let size = packed
        .last_chunk()
        .map_or(0, |&size| u32::from_le_bytes(size));
    let mut text = String::with_capacity(size as usize);
    GzDecoder::new(packed).read_to_string(&mut text)?;
    Ok(text)
}
