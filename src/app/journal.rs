//! The journal: a line of JSON for whatever is done to a project, a file a month.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::failure::Failure;
use super::project::Project;
use crate::base::clock;
use crate::base::month::Month;
use crate::config::FILE_NAME;
use crate::deploy::{self, Bucket, KeptJournal, Keys};
use crate::files;
use crate::http::block_on;

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
    let data = project.data();
    let file = files::append(&data, Path::new(LOGS).join(name_of(present_month()))).ok()?;
    for old in journals(&data).ok()?.values().rev().skip(KEPT) {
        files::remove(&data, Path::new(LOGS).join(old)).ok()?;
    }
    Some(file)
}

/// Writes the journal of a month to a gzipped file: the one given, or one named after the month in the
/// project's folder. Gives its path and its size in bytes.
///
/// # Errors
/// When the configuration cannot be read, nothing was done in that month, or the file cannot be written.
pub fn export(
    project: &Project,
    month: Month,
    out: Option<&Path>,
) -> Result<(PathBuf, u64), Failure> {
    project.config()?;
    let text = read(project, month)?;
    let packed = deploy::packed_journal(&text)?;
    let default = || project.root().join(deploy::journal_name(month));
    let out = out.map_or_else(default, Path::to_owned);
    files::write(&out, &packed)?;
    Ok((out, packed.len() as u64))
}

/// Sees that the archive of the configuration keeps the journal of a month, or of each month that is over; `None` where
/// there is no archive.
///
/// # Errors
/// When the month is not over or nothing was done in it, when it is asked for and there is no archive, or when the archive
/// fails or keeps another journal of a month; those of the other months are sent all the same.
pub fn archive(
    project: &Project,
    month: Option<Month>,
) -> Result<Option<Vec<KeptJournal>>, Failure> {
    let (_, services) = project.settings()?;
    let Some(settings) = &services.archive else {
        return match month {
            None => Ok(None),
            Some(_) => Err(Failure::because(
                "archive.s3.bucket in immostats.toml is empty: there is no archive to send the journal to; set it",
            )),
        };
    };
    let present = present_month();
    let months = match month {
        Some(month) if month >= present => {
            return Err(Failure::because(format!(
                "{month} is not over: what is still done in it would be missing in the archive; wait for the next month, or take --out for a file"
            )));
        }
        Some(month) => vec![month],
        None => {
            let months =
                journals(&project.data()).context("the journals of data/logs/ cannot be listed")?;
            months.into_keys().filter(|it| *it < present).collect()
        }
    };
    if months.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let bucket = Bucket::new("archive.s3", settings, Keys::from_environment()?)?;
    let mut kept = Vec::new();
    let mut failure = None;
    for month in months {
        let text = read(project, month)?;
        match block_on(deploy::keep_journal(&bucket, month, &text))? {
            Ok(keeping) => kept.push(keeping),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(Some(kept)),
    }
}

/// The lines of a month's journal that are whole, in the order of their times.
fn read(project: &Project, month: Month) -> Result<Vec<u8>, Failure> {
    let source = project.data().join(LOGS).join(name_of(month));
    let text = match std::fs::read(&source) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Failure::because(format!("nothing was logged in {month}")));
        }
        text => text.with_context(|| format!("{} cannot be read", source.display()))?,
    };
    // Those of a state that was restored stand after later ones.
    let mut lines: Vec<&[u8]> = lines(&text).collect();
    lines.sort_by_cached_key(|line| {
        let line: Option<Line> = serde_json::from_slice(line).ok();
        line.map(|line| line.timestamp)
    });
    Ok(lines.concat())
}

/// The whole lines of a journal, each with its end: what stands after the last end is still being written, or was cut off.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    lines.filter(|line| line.ends_with(b"\n"))
}

/// What every line of a journal has.
#[derive(Deserialize)]
struct Line {
    timestamp: Timestamp,
}

/// Copies the journals to a folder, by their names. Gives those.
///
/// # Errors
/// When they cannot be read, or the folder cannot be written to.
pub(super) fn copy(project: &Project, folder: &Path) -> io::Result<Vec<String>> {
    let journals = journals(&project.data())?;
    for name in journals.values() {
        let text = std::fs::read(project.data().join(LOGS).join(name))?;
        let whole: Vec<&[u8]> = lines(&text).collect();
        files::copy_from(&mut whole.concat().as_slice(), &folder.join(name))?;
    }
    Ok(journals.into_values().collect())
}

/// Whether a file is called like a journal.
pub(super) fn is_name(name: &str) -> bool {
    month_of(name).is_some()
}

/// Adds to a journal what it lacks of the lines of `text`, which was copied from it or from that of another machine.
///
/// # Errors
/// When it cannot be read or written to.
pub(super) fn add(project: &Project, name: &str, text: &[u8]) -> Result<(), Failure> {
    let path = Path::new(LOGS).join(name);
    let present = match std::fs::read(project.data().join(&path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        present => present.with_context(|| format!("data/{} cannot be read", path.display()))?,
    };
    let known: HashSet<&[u8]> = lines(&present).collect();
    let mut missing: Vec<&[u8]> = lines(text).filter(|line| !known.contains(line)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !present.is_empty() && !present.ends_with(b"\n") {
        missing.insert(0, b"\n");
    }
    let mut file = files::append(&project.data(), &path)?;
    let written = file.write_all(&missing.concat());
    Ok(written.with_context(|| format!("data/{} cannot be written to", path.display()))?)
}

/// The journals in the folder of the data, by their months: the names of their files.
fn journals(data: &Path) -> io::Result<BTreeMap<Month, String>> {
    let entries = match std::fs::read_dir(data.join(LOGS)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries?,
    };
    let names = entries.flatten().map(|entry| entry.file_name());
    let names = names.filter_map(|name| name.into_string().ok());
    Ok(names
        .filter_map(|name| Some((month_of(&name)?, name)))
        .collect())
}

fn present_month() -> Month {
    Month::of(clock::now().to_zoned(TimeZone::UTC).date())
}

/// The month that a journal's name tells.
fn month_of(name: &str) -> Option<Month> {
    let month: Month = name.strip_suffix(".jsonl")?.parse().ok()?;
    (name_of(month) == name).then_some(month)
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
        let path = |months: i16| project.data().join(LOGS).join(name_of(first + months));
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
