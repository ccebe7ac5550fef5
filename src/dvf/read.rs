//! A file, read whole: its format, its mutations, its counts.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;

use indicatif::ProgressBar;
use simd_csv::ByteRecord;

use super::format::Columns;
use super::group::{Grouper, MAXIMUM_NATURES, Numbering, Outcome, Way};
use super::mutation::{Exclusion, Mutation, SALE_NATURES};
use super::open::open;
use super::{Format, ReadError};

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

/// What is parsed at a time, bytes.
const BUFFER: usize = 1 << 18;

/// Reasons kept of unreadable lines.
const REASONS: usize = 5;

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

    /// Lines of the file.
    pub fn lines(&self) -> u64 {
        self.mutations.iter().map(|m| u64::from(m.lines)).sum()
    }
}

/// Reads a file of either format, compressed or not. Only its mutations stay in memory. `tolerance` is the share of
/// lines, from 0 to 1, that may be unreadable; `progress` counts the bytes of the file, compressed.
///
/// # Errors
/// When the file is not whole or not DVF, and at the first unreadable line that the tolerance does not cover; nothing
/// of the file is then used.
pub fn read(path: &Path, tolerance: f64, progress: &ProgressBar) -> Result<Content, ReadError> {
    let mut way = Way::default();
    loop {
        match pass(path, way, tolerance, progress)? {
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

fn pass(path: &Path, way: Way, tolerance: f64, progress: &ProgressBar) -> Result<Pass, ReadError> {
    let damaged = |source| ReadError::Damaged {
        path: path.into(),
        source,
    };
    let mut bytes = open(path, progress)?;
    let mut header = Vec::new();
    // A file without line ends is not read whole in search of one.
    std::io::Read::take(&mut bytes, 1 << 16)
        .read_until(b'\n', &mut header)
        .map_err(damaged)?;
    if header.trim_ascii().is_empty() {
        return Err(ReadError::Empty { path: path.into() });
    }
    let columns = Columns::recognise(path, &header)?;
    let separator = columns.format.separator();
    let width = columns.names.len() as u64;
    let mut reader = simd_csv::ReaderBuilder::with_capacity(BUFFER)
        .delimiter(separator)
        .quote(columns.format.quote())
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut grouper = Grouper::new(&SALE_NATURES, way);
    let mut record = ByteRecord::new();
    let (mut lines, mut unreadable, mut reasons) = (0_u64, 0_u64, Vec::new());
    loop {
        let start = header.len() as u64 + reader.position();
        let read = reader.read_byte_record(&mut record);
        if !read.map_err(|error| damaged(std::io::Error::other(error)))? {
            break;
        }
        lines += 1;
        let wanted = reasons.len() < REASONS;
        let line = || if wanted { line_at(path, start) } else { 0 };
        let Err(error) = take(path, &columns, width, &record, line, &mut grouper) else {
            continue;
        };
        if tolerance <= 0.0 {
            return Err(error);
        }
        unreadable += 1;
        if wanted {
            reasons.push(error.to_string());
        }
    }
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
    Ok(match grouper.finish() {
        Outcome::Again(way) => Pass::Again(way),
        Outcome::Done {
            mutations,
            natures,
            numbering,
        } => Pass::Done(Content {
            format: columns.format,
            mutations,
            natures,
            scattered: way.collect,
            numbering,
            unreadable,
            reasons,
        }),
    })
}

/// The number of the line that begins at a byte of a file, or after empty lines there: looked up when it is asked for,
/// because counting lines takes time that no sound file should need.
fn line_at(path: &Path, start: u64) -> u64 {
    let Ok(mut bytes) = open(path, &ProgressBar::hidden()) else {
        return 0;
    };
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
}

/// Reads one line into the grouper. `line` tells its number.
fn take(
    path: &Path,
    columns: &Columns,
    width: u64,
    record: &ByteRecord,
    line: impl Fn() -> u64,
    grouper: &mut Grouper,
) -> Result<(), ReadError> {
    if record.len() as u64 != width {
        return Err(ReadError::Width {
            path: path.into(),
            line: line(),
            found: record.len() as u64,
            expected: width,
        });
    }
    if str::from_utf8(record.as_slice()).is_err() {
        let wrong = record
            .iter()
            .position(|field| str::from_utf8(field).is_err());
        let wrong = wrong.unwrap_or_default();
        return Err(ReadError::Utf8 {
            path: path.into(),
            line: line(),
            column: columns.names.get(wrong).cloned().unwrap_or_default(),
            value: String::from_utf8_lossy(record.get(wrong).unwrap_or_default())
                .chars()
                .take(60)
                .collect(),
        });
    }
    let (head, content) = columns
        .read(record)
        .map_err(|error| error.at(path, line()))?;
    grouper
        .push(&head, content)
        .ok_or_else(|| ReadError::Natures {
            path: path.into(),
            line: line(),
            limit: MAXIMUM_NATURES,
        })
}
