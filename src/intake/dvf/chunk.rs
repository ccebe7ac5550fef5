//! A stream of plain bytes, cut into chunks of whole records, so that each can be read by itself on any core.

use std::io::{self, Read};
use std::sync::mpsc::Receiver;

use memchr::memchr_iter;

/// Some records of a file.
pub(super) struct Chunk {
    /// Place of the first byte in the file, decompressed.
    pub start: u64,
    pub bytes: Vec<u8>,
}

/// Cuts a stream into chunks of about `size` bytes that end where a record does, the last at the end of the stream, and
/// sends them; ends early when nobody takes them any more. Fills `used` buffers again: new memory for each chunk would
/// cost as much as parsing a part of it. What was read of a chunk before the stream failed is dropped with it: damage
/// is told as damage, and not by the line that it makes unreadable.
///
/// # Errors
/// When the stream fails.
pub(super) fn cut(
    mut stream: impl Read,
    mut start: u64,
    quote: u8,
    size: usize,
    used: &Receiver<Vec<u8>>,
    mut send: impl FnMut(Chunk) -> bool,
) -> io::Result<()> {
    let (mut bytes, mut quoted) = (Vec::new(), false);
    loop {
        let seen = bytes.len();
        bytes.reserve(size);
        let read = stream.by_ref().take(size as u64).read_to_end(&mut bytes)?;
        let end = match read {
            0 => bytes.len(),
            _ => match end_of_records(&bytes[seen..], quote, &mut quoted) {
                Some(end) => seen + end,
                // A record longer than a chunk.
                None => continue,
            },
        };
        let mut next = used.try_recv().unwrap_or_default();
        next.clear();
        next.extend_from_slice(&bytes[end..]);
        bytes.truncate(end);
        let length = bytes.len() as u64;
        if length > 0 && !send(Chunk { start, bytes }) || read == 0 {
            return Ok(());
        }
        start += length;
        bytes = next;
    }
}

/// Where the last record that ends within some bytes does, behind its line end. `quoted` says whether they begin within
/// quotes, and is left saying whether they end so. The number of quotes tells it: a doubled one closes and opens again,
/// and to the reader of records a quote opens wherever it stands.
fn end_of_records(bytes: &[u8], quote: u8, quoted: &mut bool) -> Option<usize> {
    *quoted ^= memchr_iter(quote, bytes).count() % 2 == 1;
    let mut within = *quoted;
    let end = bytes.iter().rposition(|&byte| {
        within ^= byte == quote;
        byte == b'\n' && !within
    });
    end.map(|end| end + 1)
}
