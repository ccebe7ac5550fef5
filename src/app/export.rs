//! Figures and changes as files for other programs.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::failure::Failure;
use super::project::Project;
use crate::files;
use crate::stats::official::{self, LineCounts};

/// Name of the file of changes.
const RELEASES: &str = "releases.csv";

/// Writes the official statistics to a folder.
///
/// # Errors
/// When there is no database, or the files cannot be written.
pub fn statistics(project: &Project, folder: &Path) -> Result<LineCounts, Failure> {
    project.config()?;
    let database = project.sales()?;
    Ok(official::export(&database, &database.geography()?, folder)?)
}

/// Writes what each release changed to a folder, a line for each commune and year. Gives the file and its number of
/// lines.
///
/// # Errors
/// When there is no database, or the file cannot be written.
pub fn releases(project: &Project, folder: &Path) -> Result<(PathBuf, usize), Failure> {
    project.config()?;
    let changes = project.sales()?.commune_changes()?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    for change in &changes {
        writer
            .serialize(change)
            .context("a line could not be written")?;
    }
    let bytes = writer
        .into_inner()
        .context("the lines could not be written")?;
    let path = folder.join(RELEASES);
    files::write(&path, &bytes)?;
    Ok((path, changes.len()))
}
