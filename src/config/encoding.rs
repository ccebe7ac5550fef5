//! Encodings that files of the site may be written in beside their plain form.

use serde::{Deserialize, Serialize};

/// An encoding that browsers unpack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// DEFLATE with the header of gzip (RFC 1952), which every browser takes.
    Gzip,
    /// Zstandard (RFC 8878), smaller, which newer browsers take.
    Zstd,
}

impl Encoding {
    /// Every encoding, in the order in which they are declared.
    pub const ALL: [Self; 2] = [Self::Gzip, Self::Zstd];

    /// Its name in `Content-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// What the name of a file ends in that is in this encoding.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
        }
    }

    /// The path of the plain file, and the encoding that the file at a path is in.
    pub fn of(path: &str) -> (&str, Option<Self>) {
        let found = Self::ALL
            .into_iter()
            .find_map(|encoding| Some((path.strip_suffix(encoding.ending())?, encoding)));
        match found {
            Some((plain, encoding)) => (plain, Some(encoding)),
            None => (path, None),
        }
    }
}
