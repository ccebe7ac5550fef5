//! A file, read whole: its format, its mutations, its counts.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;

use csv::ByteRecord;
use indicatif::ProgressBar;

use super::format::Columns;
use super::group::{Grouper, MAXIMUM_NATURES};
use super::mutation::{Exclusion, Mutation, SALE_NATURES};
use super::open::open;
use super::{Format, ReadError};

/// What a file holds.
pub struct Content {
    pub format: Format,
    /// Sorted by commune, date and identity.
    pub mutations: Vec<Mutation>,
    /// Names of the natures, by [`super::Nature`].
    pub natures: Vec<String>,
    /// The lines of some mutation did not follow each other.
    pub scattered: bool,
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

    /// Lines of the file.
    pub fn lines(&self) -> u64 {
        self.mutations.iter().map(|m| u64::from(m.lines)).sum()
    }
}

/// Reads a file of either format, compressed or not. Only its mutations stay in memory. `progress` counts the bytes
/// of the file, compressed.
///
/// # Errors
/// At the first thing that is not as it should be; nothing of the file is then used.
pub fn read(path: &Path, progress: &ProgressBar) -> Result<Content, ReadError> {
    if let Some(content) = pass(path, progress, Grouper::new(&SALE_NATURES))? {
        return Ok(content);
    }
    progress.reset();
    let content = pass(path, progress, Grouper::collecting(&SALE_NATURES))?;
    Ok(Content {
        scattered: true,
        ..content.expect("sorted lines are not scattered")
    })
}

fn pass(
    path: &Path,
    progress: &ProgressBar,
    mut grouper: Grouper,
) -> Result<Option<Content>, ReadError> {
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
    let expected = header.iter().filter(|&&b| b == separator).count() as u64 + 1;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .quoting(columns.format == Format::GeoDvf)
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut record = ByteRecord::new();
    let mut lines = 0;
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                return Err(damaged(std::io::Error::other(error)));
            }
        }
        lines += 1;
        let line = || record.position().map_or(0, |p| p.line()) + 1;
        if record.len() as u64 != expected {
            return Err(ReadError::Width {
                path: path.into(),
                line: line(),
                found: record.len() as u64,
                expected,
            });
        }
        if str::from_utf8(record.as_slice()).is_err() {
            return Err(ReadError::Utf8 {
                path: path.into(),
                line: line(),
            });
        }
        let (head, content) = columns
            .read(&record)
            .map_err(|error| error.at(path, line()))?;
        grouper
            .push(&head, content)
            .ok_or_else(|| ReadError::Natures {
                path: path.into(),
                line: line(),
                limit: MAXIMUM_NATURES,
            })?;
    }
    if lines == 0 {
        return Err(ReadError::NoLine { path: path.into() });
    }
    Ok(grouper.finish().map(|(mutations, natures)| Content {
        format: columns.format,
        mutations,
        natures,
        scattered: false,
    }))
}
