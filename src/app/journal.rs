//! The journal: a line of JSON for whatever is done to a project, a file a month.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::tz::TimeZone;

use super::failure::Failure;
use super::project::Project;
use crate::base::clock;
use crate::base::month::Month;
use crate::config::FILE_NAME;
use crate::files;

/// The folder of the journals, in that of the data.
const LOGS: &str = "logs";

/// Months of the journal that are kept.
const KEPT: usize = 24;

/// Opens the journal of the present month to add to it, and drops all but the last two years of journals, however far the
/// clock may be from them; `None` when this is no project or its folder cannot be written to, which the command itself will
/// complain of.
pub fn open(project: &Project) -> Option<File> {
    if !project.root().join(FILE_NAME).exists() {
        return None;
    }
    let month = Month::of(clock::now().to_zoned(TimeZone::UTC).date());
    let data = project.data();
    let file = files::append(&data, Path::new(LOGS).join(name_of(month))).ok()?;
    let journals = std::fs::read_dir(data.join(LOGS)).ok()?.flatten();
    let mut journals: Vec<(Month, PathBuf)> = journals
        .filter_map(|entry| {
            let name = PathBuf::from(entry.file_name());
            Some((name.file_stem()?.to_str()?.parse().ok()?, name))
        })
        .collect();
    journals.sort_by(|a, b| b.cmp(a));
    for (_, old) in journals.iter().skip(KEPT) {
        files::remove(&data, Path::new(LOGS).join(old)).ok()?;
    }
    Some(file)
}

/// Writes the journal of a month to a gzipped file: the one given, or one named after the month in the
/// project's folder. Gives its path and its size in bytes.
///
/// # Errors
/// When nothing was done in that month, or the file cannot be written.
pub fn export(
    project: &Project,
    month: Month,
    out: Option<&Path>,
) -> Result<(PathBuf, u64), Failure> {
    let source = file_of(project, month);
    let file = match File::open(&source) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Failure::because(format!("nothing was logged in {month}")));
        }
        opened => opened.with_context(|| format!("{} cannot be read", source.display()))?,
    };
    let default = || {
        let name = format!("immostats-log-{month}.jsonl.gz");
        project.root().join(name)
    };
    let out = out.map_or_else(default, Path::to_owned);
    let size = files::write_with(&out, |output| {
        let mut gzip = GzEncoder::new(output, Compression::default());
        io::copy(&mut BufReader::new(file), &mut gzip)?;
        gzip.finish().map(drop)
    })?;
    Ok((out, size))
}

/// The journal of a month.
fn file_of(project: &Project, month: Month) -> PathBuf {
    project.data().join(LOGS).join(name_of(month))
}

fn name_of(month: Month) -> String {
    format!("{month}.jsonl")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_wrong_costs_no_journal_but_the_oldest() {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::new(folder.path(), false);
        files::write(&folder.path().join(FILE_NAME), b"").unwrap();
        let first = Month::january(2010);
        let path = |months: i16| file_of(&project, first + months);
        for months in 0..30 {
            files::write(&path(months), b"{}").unwrap();
        }
        files::write(&project.data().join("logs/notes.txt"), b"mine").unwrap();
        open(&project).unwrap();
        let kept = |months: i16| path(months).exists();
        assert!((7..30).all(kept) && !(0..7).any(kept));
        assert!(project.data().join("logs/notes.txt").exists());
    }
}
