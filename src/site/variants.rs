//! Files of the site compressed once and for all, beside their plain form: servers hand them out as they are.

use std::io::Write;

use flate2::{Compression, GzBuilder};

use super::{Planned, SiteError};
use crate::config::Encoding;

/// What is worth compressing: text. Pictures and fonts are compressed already.
const ENDINGS: [&str; 9] = [
    ".html", ".css", ".js", ".json", ".xml", ".txt", ".svg", ".csv", ".geojson",
];

/// zstd's level: beyond, each page takes several times as long for a few per cent.
const ZSTD_LEVEL: i32 = 12;

/// Adds to a plan the compressed variants of its files.
pub(super) fn extend(plan: &mut Vec<Planned<'_>>, encodings: &[Encoding]) {
    let mut variants = Vec::new();
    for planned in plan
        .iter()
        .filter(|planned| ENDINGS.iter().any(|ending| planned.path.ends_with(ending)))
    {
        for &encoding in encodings {
            let mut hasher = blake3::Hasher::new();
            hasher.update(planned.key.as_bytes());
            hasher.update(encoding.name().as_bytes());
            variants.push(Planned {
                path: format!("{}{}", planned.path, encoding.ending()),
                key: hasher.finalize(),
                encoding: Some(encoding),
                ..planned.clone()
            });
        }
    }
    plan.append(&mut variants);
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
