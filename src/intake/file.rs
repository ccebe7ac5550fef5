//! A file as plain bytes, whether it is compressed or not.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use indicatif::ProgressBar;
use thiserror::Error;
use zip::ZipArchive;

/// What is read of a file at a time, bytes.
const BUFFER: usize = 1 << 18;

/// Why the bytes of a file cannot be had.
#[derive(Debug, Error)]
pub enum FileError {
    /// There is no such file, or it may not be read.
    #[error("{} cannot be opened: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It ends too early, or is no sound gzip or zip.
    #[error("{} cannot be read to its end: {source}; the file is cut or damaged, download it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the reader met.
        source: io::Error,
    },
    /// An archive of several files.
    #[error("{} holds {count} files; a zip with one file was expected: unzip it and import its parts", path.display())]
    Zip {
        /// The file.
        path: PathBuf,
        /// How many files it holds.
        count: usize,
    },
}

impl FileError {
    /// A file that cannot be read to its end.
    pub(super) fn damaged(path: &Path, source: impl Into<io::Error>) -> Self {
        Self::Damaged {
            path: path.into(),
            source: source.into(),
        }
    }
}

/// Opens a file, compressed or not: what it is shows in its first bytes, not in its name. Gives `work` its plain bytes;
/// `progress` counts those of the file.
///
/// # Errors
/// When the file is missing, or is a zip of several files. Damage further on shows while reading.
pub(super) fn open<T>(
    path: &Path,
    progress: &ProgressBar,
    work: impl FnOnce(&mut dyn Read) -> T,
) -> Result<T, FileError> {
    let failed = |source| FileError::Open {
        path: path.into(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    progress.set_length(file.metadata().map_err(failed)?.len());
    let mut file = BufReader::with_capacity(BUFFER, progress.wrap_read(file));
    let start = file.fill_buf().map_err(failed)?;
    if start.starts_with(&[0x1f, 0x8b]) {
        return Ok(work(&mut MultiGzDecoder::new(file)));
    }
    if !start.starts_with(b"PK") {
        return Ok(work(&mut file));
    }
    let damaged = |error: zip::result::ZipError| FileError::damaged(path, error);
    let mut archive = ZipArchive::new(file).map_err(damaged)?;
    if archive.len() != 1 {
        return Err(FileError::Zip {
            path: path.into(),
            count: archive.len(),
        });
    }
    let mut entry = archive.by_index(0).map_err(damaged)?;
    Ok(work(&mut entry))
}
