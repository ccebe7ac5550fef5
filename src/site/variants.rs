//! Files of the site compressed once and for all, beside their plain form: servers hand them out as they are.

use std::io::Write;

use flate2::{Compression, GzBuilder};

use super::SiteError;
use crate::config::Encoding;

/// What is worth compressing: text. Pictures and fonts are compressed already.
const ENDINGS: [&str; 9] = [
    ".html", ".css", ".js", ".json", ".xml", ".txt", ".svg", ".csv", ".geojson",
];

/// zstd's level: beyond, each page takes several times as long for a few per cent.
const ZSTD_LEVEL: i32 = 12;

/// Whether the file at a path is worth compressing.
pub(super) fn is_compressible(path: &str) -> bool {
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// The bytes in an encoding: the same ones on another day and another machine.
pub(super) fn compress(bytes: &[u8], encoding: Encoding) -> Result<Vec<u8>, SiteError> {
    let compressed = match encoding {
        Encoding::Gzip => {
            let mut gzip = GzBuilder::new()
                .mtime(0)
                .write(Vec::new(), Compression::best());
            gzip.write_all(bytes).and_then(|()| gzip.finish())
        }
        Encoding::Zstd => zstd::bulk::compress(bytes, ZSTD_LEVEL),
    };
    compressed.map_err(SiteError::Compress)
}
