//! A stream of plain bytes, cut into chunks of whole records, so that each can be read by itself on any core.

use std::io::{self, Read};
use std::sync::mpsc::Receiver;

use memchr::{memchr, memrchr};
use thiserror::Error;

use super::record::{LONGEST_LINE, RecordForm};

/// Some records of a file.
pub(super) struct Chunk {
    /// Place of the first byte in the file, decompressed.
    pub start: u64,
    pub bytes: Vec<u8>,
}

/// Why a stream is not cut to its end.
#[derive(Debug, Error)]
pub(super) enum CutError {
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A line that begins at this byte goes on for more than [`LONGEST_LINE`].
    #[error("a line without an end at byte {0}")]
    EndlessLine(u64),
}

/// Cuts a stream into chunks of about `size` bytes that end where a record does, the last at the end of the stream, and
/// sends them; ends early when nobody takes them any more. Fills `used` buffers again: new memory for each chunk would
/// cost as much as parsing a part of it. What was read of a chunk before the stream failed is dropped with it: damage
/// is told as damage, and not by the line that it makes unreadable.
///
/// # Errors
/// When the stream fails, and at a line without an end, after the lines before it.
pub(super) fn cut(
    mut stream: impl Read,
    mut start: u64,
    form: RecordForm,
    size: usize,
    used: &Receiver<Vec<u8>>,
    mut send: impl FnMut(Chunk) -> bool,
) -> Result<(), CutError> {
    // Where the line begins that is not whole yet.
    let (mut bytes, mut line) = (Vec::new(), 0);
    loop {
        let seen = bytes.len();
        bytes.reserve(size);
        let read = stream.by_ref().take(size as u64).read_to_end(&mut bytes)?;
        let first = memchr(b'\n', &bytes[seen..]).map_or(bytes.len(), |end| seen + end);
        let is_endless = first - line > LONGEST_LINE;
        let end = match read {
            _ if is_endless => line,
            0 => bytes.len(),
            _ => form.last_end(&bytes),
        };
        if end == 0 && read > 0 && !is_endless {
            // A record longer than a chunk.
            line = memrchr(b'\n', &bytes).map_or(line, |end| end + 1);
            continue;
        }
        let mut next = used.try_recv().unwrap_or_default();
        next.clear();
        next.extend_from_slice(&bytes[end..]);
        bytes.truncate(end);
        if end > 0 && !send(Chunk { start, bytes }) || read == 0 {
            return Ok(());
        }
        start += end as u64;
        if is_endless {
            return Err(CutError::EndlessLine(start));
        }
        bytes = next;
        line = memrchr(b'\n', &bytes).map_or(0, |end| end + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_an_end_is_not_read_to_its_end() {
        let form = RecordForm {
            separator: b',',
            quote: Some(b'"'),
            width: 2,
        };
        for size in [1 << 10, 1 << 20] {
            let stream = io::Cursor::new("a,b\n\"c,").chain(io::repeat(b'0'));
            let (_back, used) = std::sync::mpsc::channel();
            let mut sent = Vec::new();
            let outcome = cut(stream, 10, form, size, &used, |chunk| {
                sent.extend(chunk.bytes);
                true
            });
            assert!(matches!(outcome, Err(CutError::EndlessLine(14))));
            assert_eq!(sent, b"a,b\n");
        }
    }
}
