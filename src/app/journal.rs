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
const KEPT_MONTHS: i16 = 24;

/// Opens the journal of the present month to add to it, and drops those older than two years; `None` when
/// this is no project or its folder cannot be written to, which the command itself will complain of.
pub fn open(project: &Project) -> Option<File> {
    if !project.root().join(FILE_NAME).exists() {
        return None;
    }
    let month = Month::of(clock::now().to_zoned(TimeZone::UTC).date());
    let data = project.data();
    let file = files::append(&data, Path::new(LOGS).join(name_of(month))).ok()?;
    for entry in std::fs::read_dir(data.join(LOGS)).ok()?.flatten() {
        let name = entry.file_name();
        let stem = Path::new(&name).file_stem().and_then(|stem| stem.to_str());
        let old = |stem: &str| stem.parse().is_ok_and(|of| month - KEPT_MONTHS > of);
        if stem.is_some_and(old) {
            files::remove(&data, Path::new(LOGS).join(&name)).ok()?;
        }
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
