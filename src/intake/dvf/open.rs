//! A file as plain bytes, whether it is compressed or not.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use indicatif::ProgressBar;
use zip::ZipArchive;

use super::ReadError;

/// What is read of a file at a time, bytes.
const BUFFER: usize = 1 << 18;

/// Opens a file, compressed or not: what it is shows in its first bytes, not in its name. Gives `work` its plain bytes;
/// `progress` counts those of the file.
///
/// # Errors
/// When the file is missing or empty, or is a zip of several files. Damage further on shows while reading.
pub fn open<T>(
    path: &Path,
    progress: &ProgressBar,
    work: impl FnOnce(&mut dyn Read) -> T,
) -> Result<T, ReadError> {
    let failed = |source| ReadError::Open {
        path: path.into(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    progress.set_length(file.metadata().map_err(failed)?.len());
    let mut file = BufReader::with_capacity(BUFFER, progress.wrap_read(file));
    let start = file.fill_buf().map_err(failed)?;
    if start.is_empty() {
        return Err(ReadError::Empty { path: path.into() });
    }
    if start.starts_with(&[0x1f, 0x8b]) {
        return Ok(work(&mut MultiGzDecoder::new(file)));
    }
    if !start.starts_with(b"PK") {
        return Ok(work(&mut file));
    }
    let damaged = |error: zip::result::ZipError| ReadError::Damaged {
        path: path.into(),
        source: error.into(),
    };
    let mut archive = ZipArchive::new(file).map_err(damaged)?;
    if archive.len() != 1 {
        return Err(ReadError::Zip {
            path: path.into(),
            count: archive.len(),
        });
    }
    let mut entry = archive.by_index(0).map_err(damaged)?;
    Ok(work(&mut entry))
}
