//! A file, read whole: its format, its mutations, its counts.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use indicatif::ProgressBar;
use rayon::prelude::*;

use super::chunk::{Chunk, cut};
use super::format::Columns;
use super::group::{Numbering, Outcome, Way, Whole};
use super::mutation::{Exclusion, Mutation};
use super::open::open;
use super::part::{Part, REASONS};
use super::{Format, ReadError};
use crate::base::month::{Month, Months};

/// Bytes that are parsed at a time, decompressed.
const CHUNK: usize = 1 << 20;

/// Chunks that wait to be parsed, and those that are parsed together: few, so that memory stays flat.
const QUEUE: usize = 4;
const BATCH: usize = 4;

/// What a file holds.
pub struct Content {
    pub format: Format,
    /// Sorted by year, commune, date and identity.
    pub mutations: Vec<Mutation>,
    /// Names of the natures, by [`super::Nature`].
    pub natures: Vec<String>,
    /// The lines of some mutation did not follow each other.
    pub scattered: bool,
    pub numbering: Numbering,
    /// Lines that could not be read, with the reasons of the first few.
    pub unreadable: u64,
    pub reasons: Vec<String>,
}

/// What a year of a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearCounts {
    pub lines: u64,
    pub mutations: u64,
    /// Mutations that the method keeps.
    pub sales: u64,
    /// Mutations that it leaves out, by [`Exclusion`].
    pub excluded: [u64; Exclusion::ALL.len()],
}

impl Content {
    /// Counts by year.
    pub fn years(&self) -> BTreeMap<i16, YearCounts> {
        let mut years = BTreeMap::<i16, YearCounts>::new();
        for mutation in &self.mutations {
            let year = years.entry(mutation.date.year()).or_default();
            year.lines += u64::from(mutation.lines);
            year.mutations += 1;
            match mutation.exclusion() {
                None => year.sales += 1,
                Some(reason) => year.excluded[reason as usize] += 1,
            }
        }
        years
    }

    /// From the month of its first mutation to that of its last.
    pub fn months(&self) -> Months {
        let months = self.mutations.iter().map(|m| Month::of(m.date));
        Months::spanning(months).expect("a file without a mutation is refused")
    }

    /// Lines of the file.
    pub fn lines(&self) -> u64 {
        self.mutations.iter().map(|m| u64::from(m.lines)).sum()
    }
}

/// Reads a file of either format, compressed or not, on all cores. Only its mutations stay in memory. `tolerance` is the
/// share of lines, from 0 to 1, that may be unreadable; `progress` counts the bytes of the file, compressed.
///
/// # Errors
/// When the file is not whole or not DVF, and at the first unreadable line that the tolerance does not cover; nothing
/// of the file is then used.
pub fn read(path: &Path, tolerance: f64, progress: &ProgressBar) -> Result<Content, ReadError> {
    read_by(CHUNK, path, tolerance, progress)
}

/// Reads a file by chunks of some size, which makes no difference to what is found.
pub(super) fn read_by(
    chunk: usize,
    path: &Path,
    tolerance: f64,
    progress: &ProgressBar,
) -> Result<Content, ReadError> {
    let mut way = Way::default();
    loop {
        match pass(chunk, path, way, tolerance, progress)? {
            Pass::Done(content) => return Ok(content),
            Pass::Again(right) => way = right,
        }
        progress.reset();
    }
}

enum Pass {
    Done(Content),
    Again(Way),
}

/// Reads a file once: one thread decompresses, the others parse what it cuts off, and this one puts it together.
fn pass(
    size: usize,
    path: &Path,
    way: Way,
    tolerance: f64,
    progress: &ProgressBar,
) -> Result<Pass, ReadError> {
    let columns = &OnceLock::new();
    let mut whole = Whole::new(way);
    let mut tally = Tally::default();
    thread::scope(|scope| {
        let (sender, chunks) = sync_channel::<Chunk>(QUEUE);
        let (used, fresh) = channel();
        let stream = scope.spawn(move || {
            open(path, progress, |bytes| {
                feed(path, bytes, columns, size, &fresh, &sender)
            })?
        });
        while let Ok(chunk) = chunks.recv() {
            let columns = columns.get().expect("the header comes before the lines");
            let mut batch = vec![chunk];
            batch.extend(chunks.try_iter().take(BATCH - 1));
            let parts: Vec<_> = batch
                .par_iter()
                .map(|chunk| Part::read(chunk, columns, way, whole.natures()))
                .collect();
            for (chunk, mut part) in batch.into_iter().zip(parts) {
                // Two parts that were read together met different natures, which happens at the beginning of a file.
                if !whole.agrees(&part) {
                    part = Part::read(&chunk, columns, way, whole.natures());
                }
                tally.add(path, &mut part, tolerance)?;
                let share = progress.position() as f64 / progress.length().unwrap_or(0) as f64;
                whole.join(part, share.clamp(0.001, 1.0));
                // Nobody takes it where the other thread has ended.
                let _ = used.send(chunk.bytes);
            }
        }
        stream.join().expect("the stream is read without a panic")
    })?;
    let Tally {
        lines,
        unreadable,
        mut reasons,
    } = tally;
    if unreadable as f64 > lines as f64 * tolerance {
        return Err(ReadError::Unreadable {
            path: path.into(),
            unreadable,
            lines,
            tolerance: tolerance * 100.0,
            first: reasons.swap_remove(0),
        });
    }
    if lines == unreadable {
        return Err(ReadError::NoLine { path: path.into() });
    }
    let format = columns
        .get()
        .expect("a file with lines has a header")
        .format;
    Ok(match whole.finish(format.is_numbered()) {
        Outcome::Again(way) => Pass::Again(way),
        Outcome::Done {
            mutations,
            natures,
            numbering,
        } => Pass::Done(Content {
            format,
            mutations,
            natures,
            scattered: way.collect,
            numbering,
            unreadable,
            reasons,
        }),
    })
}

/// Reads the columns off a stream and sends what follows by chunks.
fn feed(
    path: &Path,
    bytes: &mut dyn Read,
    columns: &OnceLock<Columns>,
    size: usize,
    used: &Receiver<Vec<u8>>,
    chunks: &SyncSender<Chunk>,
) -> Result<(), ReadError> {
    let damaged = |source| ReadError::Damaged {
        path: path.into(),
        source,
    };
    let mut bytes = BufReader::new(bytes);
    let mut header = Vec::new();
    // A file without line ends is not read whole in search of one.
    Read::take(&mut bytes, 1 << 16)
        .read_until(b'\n', &mut header)
        .map_err(damaged)?;
    if header.trim_ascii().is_empty() {
        return Err(ReadError::Empty { path: path.into() });
    }
    let found = Columns::recognise(path, &header)?;
    let columns = columns.get_or_init(|| found);
    let quote = columns.format.quote();
    cut(bytes, header.len() as u64, quote, size, used, |chunk| {
        chunks.send(chunk).is_ok()
    })
    .map_err(damaged)
}

/// Lines read, and those that cannot be.
#[derive(Default)]
struct Tally {
    lines: u64,
    unreadable: u64,
    reasons: Vec<String>,
}

impl Tally {
    /// Counts the next part; without any tolerance its first unreadable line is an error.
    fn add(&mut self, path: &Path, part: &mut Part, tolerance: f64) -> Result<(), ReadError> {
        self.lines += part.lines;
        self.unreadable += part.unreadable;
        let wanted = REASONS - self.reasons.len();
        for (start, fault) in part.faults.drain(..).take(wanted) {
            let error = ReadError::Line {
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
        let mut bytes = BufReader::new(bytes);
        let mut number = 1;
        let (mut position, mut line) = (0, Vec::new());
        loop {
            line.clear();
            match bytes.read_until(b'\n', &mut line) {
                Ok(length) if length > 0 && (position < start || line.trim_ascii().is_empty()) => {
                    position += length as u64;
                    number += 1;
                }
                _ => return number,
            }
        }
    };
    open(path, &ProgressBar::hidden(), count).unwrap_or(0)
}
