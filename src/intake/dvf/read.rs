//! Reads a file of sales whole, on all cores.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use indicatif::ProgressBar;
use jiff::civil::Date;
use rayon::prelude::*;

use super::assembly::{Assembled, Assembly};
use super::chunk::{Chunk, CutError, cut};
use super::content::DvfContent;
use super::error::{DvfError, Fault};
use super::group::Grouping;
use super::layout::Layout;
use super::parse::Code;
use super::parsed::{LineTerms, ParsedChunk, REASONS};
use crate::geo::Geography;
use crate::intake::file::{FileError, open};
use crate::intake::terms::ReadTerms;
use crate::source::Wrapping;

/// Bytes that are parsed at a time, decompressed.
const CHUNK: usize = 1 << 20;

/// Chunks that wait to be parsed, and those that are parsed together: few, so that memory stays flat.
const QUEUE: usize = 4;
const BATCH: usize = 4;

/// Reads a file of either format, compressed or not, on all cores. Only its mutations stay in memory. `progress` counts the
/// bytes of the file, compressed.
///
/// # Errors
/// When the file is not whole or not DVF, and at the first unreadable line that the tolerance does not cover; nothing
/// of the file is then used.
pub(super) fn read(
    path: &Path,
    terms: ReadTerms,
    geography: &Geography,
    progress: &ProgressBar,
) -> Result<DvfContent, DvfError> {
    read_by(CHUNK, path, terms, geography, progress)
}

/// Reads a file by chunks of some size, which makes no difference to what is found.
pub(crate) fn read_by(
    chunk: usize,
    path: &Path,
    terms: ReadTerms,
    geography: &Geography,
    progress: &ProgressBar,
) -> Result<DvfContent, DvfError> {
    let mut grouping = Grouping::default();
    loop {
        match pass(chunk, path, (grouping, geography), terms, progress)? {
            Pass::Done(content) => return Ok(content),
            Pass::Again(right) => grouping = right,
        }
        progress.reset();
    }
}

/// What came of reading a file once.
enum Pass {
    Done(DvfContent),
    /// Its lines have to be put together in another way.
    Again(Grouping),
}

/// Reads a file once: one thread decompresses, the others parse what it cuts off, and this one puts it together.
fn pass(
    size: usize,
    path: &Path,
    (grouping, geography): (Grouping, &Geography),
    terms: ReadTerms,
    progress: &ProgressBar,
) -> Result<Pass, DvfError> {
    let ReadTerms { tolerance, latest } = terms;
    let layout = &OnceLock::new();
    let mut assembly = Assembly::new(grouping);
    let mut tally = Tally::default();
    thread::scope(|scope| {
        let (sender, chunks) = sync_channel::<Chunk>(QUEUE);
        let (used, fresh) = channel();
        let stream = scope.spawn(move || {
            open(path, &Wrapping::TEXT, progress, |bytes| {
                feed(path, bytes, (layout, latest), size, &fresh, &sender)
            })?
        });
        while let Ok(chunk) = chunks.recv() {
            let reading = LineTerms {
                layout: layout.get().expect("the header comes before the lines"),
                grouping,
                geography,
            };
            let mut batch = vec![chunk];
            batch.extend(chunks.try_iter().take(BATCH - 1));
            let read = |chunk: &Chunk| ParsedChunk::read(chunk, reading, assembly.natures());
            let parsed: Vec<_> = batch.par_iter().map(read).collect();
            for (chunk, mut parsed) in batch.into_iter().zip(parsed) {
                // Two chunks that were read together met different natures, which happens at the beginning of a file.
                if !assembly.agrees(&parsed) {
                    parsed = ParsedChunk::read(&chunk, reading, assembly.natures());
                }
                tally.add(path, &mut parsed, tolerance)?;
                let share = progress.position() as f64 / progress.length().unwrap_or(0) as f64;
                assembly.join(parsed, share.clamp(0.001, 1.0));
                // Nobody takes it where the other thread has ended.
                let _ = used.send(chunk.bytes);
            }
        }
        stream.join().expect("the stream is read without a panic")
    })?;
    let Tally {
        lines,
        unreadable,
        left_empty,
        separated,
        column,
        mut reasons,
        cut,
    } = tally;
    if let Some(start) = cut {
        return Err(DvfError::Line {
            path: path.into(),
            line: line_at(path, start),
            fault: Fault::Cut,
        });
    }
    if unreadable as f64 > lines as f64 * tolerance {
        return Err(DvfError::Unreadable {
            path: path.into(),
            unreadable,
            lines,
            tolerance: tolerance * 100.0,
            column,
            first: reasons.swap_remove(0),
        });
    }
    if lines == unreadable {
        return Err(DvfError::NoLine { path: path.into() });
    }
    let layout = layout.get().expect("a file with lines has a header");
    let format = layout.format;
    Ok(match assembly.finish(format.is_numbered()) {
        Assembled::Again(grouping) => Pass::Again(grouping),
        Assembled::Done {
            mutations,
            natures,
            numbering,
            numbers_are_certain,
        } => Pass::Done(DvfContent {
            format,
            mutations,
            natures,
            scattered: grouping.keeps_all_lines,
            numbering,
            numbers_are_certain,
            unreadable,
            reasons,
            separated,
            unknown_columns: layout.unknown_columns(),
            left_empty: layout
                .names
                .iter()
                .cloned()
                .zip(left_empty)
                .filter(|(_, count)| *count > 0)
                .collect(),
        }),
    })
}

/// Reads the columns off a stream and sends what follows by chunks.
fn feed(
    path: &Path,
    bytes: &mut dyn Read,
    (layout, latest): (&OnceLock<Layout>, Date),
    size: usize,
    used: &Receiver<Vec<u8>>,
    chunks: &SyncSender<Chunk>,
) -> Result<(), DvfError> {
    let damaged = |source| FileError::damaged(path, source);
    let mut bytes = BufReader::new(bytes);
    let (mut header, mut blank) = (Vec::new(), 0);
    // A file without line ends is not read whole in search of one.
    let mut beginning = Read::take(&mut bytes, 1 << 16);
    while beginning.read_until(b'\n', &mut header).map_err(damaged)? > 0
        && header.trim_ascii().is_empty()
    {
        blank += header.len();
        header.clear();
    }
    if header.trim_ascii().is_empty() {
        return Err(DvfError::Empty { path: path.into() });
    }
    let found = Layout::recognise(path, &header, latest)?;
    let form = layout.get_or_init(|| found).records();
    let send = |chunk| chunks.send(chunk).is_ok();
    cut(bytes, (blank + header.len()) as u64, form, size, used, send).map_err(|error| match error {
        CutError::Io(source) => damaged(source).into(),
        CutError::EndlessLine(start) => DvfError::Line {
            path: path.into(),
            line: line_at(path, start),
            fault: Fault::Endless,
        },
    })
}

/// Lines read, and those that cannot be.
#[derive(Default)]
struct Tally {
    lines: u64,
    unreadable: u64,
    /// By column.
    left_empty: Vec<u64>,
    separated: BTreeMap<(Code, Code), u64>,
    /// Of the first unreadable line.
    column: Option<&'static str>,
    reasons: Vec<String>,
    /// Where the file's last line begins, where the file ends in the middle of it and that matters.
    cut: Option<u64>,
}

impl Tally {
    /// Counts the next chunk; without any tolerance its first unreadable line is an error.
    fn add(
        &mut self,
        path: &Path,
        parsed: &mut ParsedChunk,
        tolerance: f64,
    ) -> Result<(), DvfError> {
        self.lines += parsed.lines;
        self.unreadable += parsed.unreadable;
        self.left_empty.resize(parsed.left_empty.len(), 0);
        for (count, more) in self.left_empty.iter_mut().zip(&parsed.left_empty) {
            *count += more;
        }
        for (codes, lines) in std::mem::take(&mut parsed.separated) {
            *self.separated.entry(codes).or_default() += lines;
        }
        // A cut is no slip in a line: what else is missing nobody knows.
        if let Some(start) = parsed.cut.filter(|_| tolerance < 1.0) {
            self.cut = Some(start);
        }
        let wanted = REASONS - self.reasons.len();
        for (start, fault) in parsed.faults.drain(..).take(wanted) {
            if self.reasons.is_empty() {
                self.column = fault.column();
            }
            let error = DvfError::Line {
                path: path.into(),
                line: line_at(path, start),
                fault,
            };
            if tolerance <= 0.0 {
                return Err(error);
            }
            self.reasons.push(error.to_string());
        }
        Ok(())
    }
}

/// The number of the line that begins at a byte of a file, or after empty lines there: looked up when it is asked for,
/// because counting lines takes time that no sound file should need.
fn line_at(path: &Path, start: u64) -> u64 {
    let count = |bytes: &mut dyn Read| {
        let (mut number, mut position) = (1, 0);
        for byte in BufReader::new(bytes).bytes().map_while(Result::ok) {
            if position >= start && !byte.is_ascii_whitespace() {
                break;
            }
            number += u64::from(byte == b'\n');
            position += 1;
        }
        number
    };
    open(path, &Wrapping::TEXT, &ProgressBar::hidden(), count).unwrap_or(0)
}
