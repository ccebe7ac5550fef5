//! CSV, line by line: a file of half a million lines needs no more memory than its longest line.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use csv::Terminator;
use encoding_rs::{CoderResult, Decoder, UTF_8, WINDOWS_1252};
use indicatif::ProgressBar;
use thiserror::Error;

use super::error::{TableError, broken};
use super::wrapping::wrapping;
use crate::config::{Container, TableEncoding};
use crate::intake::file::{self, FileError};

/// Bytes of a line, those in quotes included: the longest that is known has some ten thousand.
const LONGEST_LINE: u64 = 4_000_000;

/// Bytes that are decoded at once.
const CHUNK: usize = 1 << 16;

/// Gives what takes the lines of a file its columns, and then each line with its number in the file, counted from 1.
///
/// # Errors
/// When the file cannot be had or is no such text, and those of what takes the lines.
pub(super) fn each_line<T>(
    path: &Path,
    container: &Container<'_>,
    progress: &ProgressBar,
    start: impl FnOnce(Vec<String>) -> Result<T, TableError>,
    line: impl FnMut(&mut T, usize, &[String]) -> Result<(), TableError>,
) -> Result<T, TableError> {
    file::open(path, &wrapping(container), progress, |reader| {
        lines(reader, path, container, start, line)
    })?
}

fn lines<T>(
    reader: &mut dyn Read,
    path: &Path,
    container: &Container<'_>,
    start: impl FnOnce(Vec<String>) -> Result<T, TableError>,
    mut line: impl FnMut(&mut T, usize, &[String]) -> Result<(), TableError>,
) -> Result<T, TableError> {
    let since = Cell::new(0);
    let failed = |error: csv::Error| match error.kind() {
        csv::ErrorKind::Io(cause) if !cause.get_ref().is_some_and(|cause| cause.is::<NoText>()) => {
            FileError::damaged(path, error).into()
        }
        _ => broken("CSV", error),
    };
    let mut text = BufReader::new(Text::new(reader, container.encoding, &since));
    let (begun, separator) = match container.separator {
        Some(separator) => (Vec::new(), separator as u8),
        None => begun(&mut text, container.header).map_err(|error| failed(error.into()))?,
    };
    // The end of a line of Windows leaves a sign in its last cell, where it is trimmed: so lines are counted the same way.
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .terminator(Terminator::Any(b'\n'))
        .has_headers(false)
        .flexible(true)
        .from_reader(begun.chain(text));
    let mut record = csv::StringRecord::new();
    let mut start = Some(start);
    let (mut cells, mut taken) = (Vec::<String>::new(), None);
    while reader.read_record(&mut record).map_err(failed)? {
        since.set(0);
        let number = first_line(&record, reader.position().line());
        let is_blank = record.len() == 1 && record[0].trim().is_empty();
        if number < container.header as usize || is_blank {
            continue;
        }
        let Some(taken) = &mut taken else {
            let columns: Vec<_> = record.iter().map(|cell| cell.trim().to_owned()).collect();
            if columns.len() == 1 {
                return Err(broken(
                    "CSV",
                    match container.separator {
                        Some(separator) => format!(
                            "its lines have no {separator:?}; separator names another sign"
                        ),
                        None => "its header has one cell, with none of ; , | and tab in it; separator names the sign between cells, header the line of the columns".to_owned(),
                    },
                ));
            }
            cells = vec![String::new(); columns.len()];
            taken = start.take().map(|start| start(columns)).transpose()?;
            continue;
        };
        if record.len() != cells.len() {
            return Err(broken(
                "CSV",
                format!(
                    "line {number} has {} cells, and the header {}",
                    record.len(),
                    cells.len()
                ),
            ));
        }
        for (cell, text) in cells.iter_mut().zip(&record) {
            cell.clear();
            cell.push_str(text.trim());
        }
        line(taken, number, &cells)?;
    }
    taken.ok_or_else(|| broken("CSV", "it is empty"))
}

/// What may stand between the cells of a line.
const SEPARATORS: [u8; 4] = *b";,\t|";

/// The beginning of a text up to its header, and of [`SEPARATORS`] the one that the header has most of outside of quotes.
fn begun(text: &mut impl BufRead, header: u32) -> io::Result<(Vec<u8>, u8)> {
    let (mut begun, mut start) = (Vec::new(), 0);
    for number in 1.. {
        start = begun.len();
        let is_end = text.read_until(b'\n', &mut begun)? == 0;
        if is_end || number >= header && !begun[start..].trim_ascii().is_empty() {
            break;
        }
    }
    let unquoted = begun[start..].split(|sign| *sign == b'"').step_by(2);
    let unquoted: Vec<u8> = unquoted.flatten().copied().collect();
    let number = |separator: &u8| unquoted.iter().filter(|sign| *sign == separator).count();
    // Of several as frequent the first.
    let most = SEPARATORS.into_iter().rev().max_by_key(number);
    Ok((begun, most.unwrap_or(SEPARATORS[0])))
}

/// The line that a record begins in, by the one that the reader has come to after its end.
fn first_line(record: &csv::StringRecord, come_to: u64) -> usize {
    let within = record.as_slice().matches('\n').count();
    (come_to as usize).saturating_sub(within + 1)
}

/// Why text cannot be read, beside what the system says.
#[derive(Debug, Error)]
enum NoText {
    #[error("its bytes are not UTF-8; encoding = \"windows-1252\" may be meant")]
    Encoding,
    #[error("a line has more than {LONGEST_LINE} bytes; a quote may be opened and not closed")]
    Line,
}

/// Text as UTF-8, decoded as it is read. Its last line has an end, too, so that all are counted alike.
struct Text<'r> {
    reader: &'r mut dyn Read,
    decoder: Decoder,
    chunk: Box<[u8]>,
    /// What of the chunk is not decoded yet.
    rest: std::ops::Range<usize>,
    is_last: bool,
    has_ended: bool,
    /// Whether what was read last is no end of a line.
    is_within_line: bool,
    /// Bytes since the last line that was taken.
    since: &'r Cell<u64>,
}

impl<'r> Text<'r> {
    fn new(reader: &'r mut dyn Read, encoding: TableEncoding, since: &'r Cell<u64>) -> Self {
        let encoding = match encoding {
            TableEncoding::Utf8 => UTF_8,
            TableEncoding::Windows1252 => WINDOWS_1252,
        };
        Self {
            reader,
            decoder: encoding.new_decoder(),
            chunk: vec![0; CHUNK].into(),
            rest: 0..0,
            is_last: false,
            has_ended: false,
            is_within_line: false,
            since,
        }
    }
}

impl Read for Text<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while !self.has_ended {
            if self.rest.is_empty() && !self.is_last {
                self.rest = 0..self.reader.read(&mut self.chunk)?;
                self.is_last = self.rest.is_empty();
            }
            let undecoded = &self.chunk[self.rest.clone()];
            let (result, read, written, is_damaged) =
                self.decoder.decode_to_utf8(undecoded, into, self.is_last);
            if is_damaged {
                return Err(io::Error::new(ErrorKind::InvalidData, NoText::Encoding));
            }
            self.rest.start += read;
            self.has_ended = self.is_last && result == CoderResult::InputEmpty;
            self.since.set(self.since.get() + written as u64);
            if self.since.get() > LONGEST_LINE {
                return Err(io::Error::new(ErrorKind::InvalidData, NoText::Line));
            }
            if let Some(last) = into[..written].last() {
                self.is_within_line = *last != b'\n';
                return Ok(written);
            }
        }
        let end = usize::from(std::mem::take(&mut self.is_within_line));
        into[..end].fill(b'\n');
        Ok(end)
    }
}
