//! A file as a stream of plain bytes: gzip and zip are undone on a thread of their own, while the caller parses.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

use flate2::bufread::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressBarIter};
use zip::ZipArchive;

use super::ReadError;

const CHUNK: usize = 1 << 20;
const QUEUE: usize = 4;

/// Opens a file, compressed or not: what it is shows in its first bytes, not in its name.
///
/// # Errors
/// When the file is missing or empty, or is a zip of several files. Damage further on shows while reading.
pub fn open(path: &Path, progress: &ProgressBar) -> Result<Chunks, ReadError> {
    let failed = |source| ReadError::Open {
        path: path.into(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    progress.set_length(file.metadata().map_err(failed)?.len());
    let mut file = BufReader::with_capacity(CHUNK, progress.wrap_read(file));
    let start = file.fill_buf().map_err(failed)?;
    if start.is_empty() {
        return Err(ReadError::Empty { path: path.into() });
    }
    if start.starts_with(&[0x1f, 0x8b]) {
        Ok(Chunks::from_reader(MultiGzDecoder::new(file)))
    } else if start.starts_with(b"PK") {
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
        archive.by_index(0).map_err(damaged)?;
        Ok(Chunks::from_archive(archive))
    } else {
        Ok(Chunks::from_reader(file))
    }
}

/// Reads what another thread decompresses.
pub struct Chunks {
    chunks: Receiver<io::Result<Vec<u8>>>,
    /// Takes chunks that were read, to be filled again: new memory for each would cost as much as parsing a part of it.
    used: Sender<Vec<u8>>,
    current: Vec<u8>,
    position: usize,
    ended: bool,
}

impl Chunks {
    fn from_reader(mut reader: impl Read + Send + 'static) -> Self {
        Self::spawn(move |fresh, send| pump(&mut reader, fresh, send))
    }

    fn from_archive(mut archive: ZipArchive<BufReader<ProgressBarIter<File>>>) -> Self {
        Self::spawn(move |fresh, send| match archive.by_index(0) {
            Ok(mut entry) => pump(&mut entry, fresh, send),
            Err(error) => {
                send(Err(error.into()));
            }
        })
    }

    fn spawn(
        work: impl FnOnce(&Receiver<Vec<u8>>, &mut dyn FnMut(io::Result<Vec<u8>>) -> bool)
        + Send
        + 'static,
    ) -> Self {
        let (sender, chunks) = sync_channel(QUEUE);
        let (used, fresh) = channel();
        std::thread::spawn(move || work(&fresh, &mut |chunk| sender.send(chunk).is_ok()));
        Self {
            chunks,
            used,
            current: Vec::new(),
            position: 0,
            ended: false,
        }
    }
}

/// Sends the whole of a reader by chunks, an empty one at its end, or the error that stops it; ends early when nobody
/// listens any more. Fills `fresh` chunks where there are any.
fn pump(
    reader: &mut dyn Read,
    fresh: &Receiver<Vec<u8>>,
    send: &mut dyn FnMut(io::Result<Vec<u8>>) -> bool,
) {
    loop {
        let mut chunk = fresh.try_recv().unwrap_or_default();
        chunk.clear();
        chunk.reserve(CHUNK);
        let outcome = reader.take(CHUNK as u64).read_to_end(&mut chunk);
        let end = chunk.is_empty();
        let message = match outcome {
            Ok(_) => Ok(chunk),
            Err(error) => Err(error),
        };
        let failed = message.is_err();
        if !send(message) || end || failed {
            return;
        }
    }
}

impl Read for Chunks {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(out.len());
        out[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Chunks {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.position == self.current.len() && !self.ended {
            let next = self
                .chunks
                .recv()
                .map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))??;
            // Nobody takes it where the other thread has ended.
            let _ = self.used.send(std::mem::replace(&mut self.current, next));
            self.position = 0;
            self.ended = self.current.is_empty();
        }
        Ok(&self.current[self.position..])
    }

    fn consume(&mut self, length: usize) {
        self.position += length;
    }
}
