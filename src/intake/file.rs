//! A file as plain bytes, whether it is packed or not.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use thiserror::Error;

use crate::base::shown::shown_path;
use crate::source::{UnpackError, Wrapping, buffered, unpack};

/// Why the bytes of a file cannot be had.
#[derive(Debug, Error)]
pub enum FileError {
    /// There is no such file, or it may not be read.
    #[error("{} cannot be opened: {source}", shown_path(path))]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is of a kind that is not read, or is cut or damaged.
    #[error("{} {source}", shown_path(path))]
    Unpack {
        /// The file.
        path: PathBuf,
        /// What it is, or what the reader met.
        source: UnpackError,
    },
}

impl FileError {
    /// A file that cannot be read to its end.
    pub(super) fn damaged(path: &Path, source: impl Into<io::Error>) -> Self {
        Self::Unpack {
            path: path.into(),
            source: UnpackError::Damaged(source.into()),
        }
    }
}

/// Opens a file, packed or not: what it is shows in its first bytes, not in its name. Gives `work` the bytes of its
/// content; `progress` counts those of the file.
///
/// # Errors
/// When the file is missing, or of a kind that is not read. Damage further on shows while reading.
pub(super) fn open<T>(
    path: &Path,
    wrapping: &Wrapping,
    progress: &ProgressBar,
    work: impl FnOnce(&mut dyn Read) -> T,
) -> Result<T, FileError> {
    let file = opened(path, progress)?;
    unpack(buffered(progress.wrap_read(file)), wrapping, work).map_err(|source| FileError::Unpack {
        path: path.into(),
        source,
    })
}

/// A file, the length of which the progress knows.
fn opened(path: &Path, progress: &ProgressBar) -> Result<File, FileError> {
    let failed = |source| FileError::Open {
        path: path.into(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    progress.set_length(about.len());
    Ok(file)
}
