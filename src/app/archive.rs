//! The archive: the figures of each release, which stay for good.

use super::failure::Failure;
use super::project::Project;
use crate::base::words::counted;
use crate::version::ArchivedRelease;

/// What reading the archive found.
#[derive(Clone, Debug)]
pub struct ArchiveCheck {
    /// Releases that it holds.
    pub releases: usize,
    /// Files of them.
    pub files: usize,
    /// What is wrong with them, a sentence each.
    pub wrong: Vec<String>,
}

impl ArchiveCheck {
    /// Success when nothing is wrong.
    ///
    /// # Errors
    /// When something is.
    pub fn verdict(&self) -> Result<(), Failure> {
        match self.wrong.len() {
            0 => Ok(()),
            wrong => Err(Failure::because(format!(
                "{} of the archive; `immostats verify --repair` restores what it can, a saved state the rest",
                counted(wrong, "fault")
            ))),
        }
    }
}

/// The releases of the archive, the latest first.
///
/// # Errors
/// When there is no version, or the store fails.
pub fn list(project: &Project) -> Result<Vec<ArchivedRelease>, Failure> {
    Ok(project.store()?.archive()?)
}

/// Compares each file of the archive with its hash, in the version store and in `site/`.
///
/// # Errors
/// When there is no version, the store fails, or the archive is not the one that was sealed.
pub fn verify(project: &Project) -> Result<ArchiveCheck, Failure> {
    let store = project.store()?;
    let releases = store.archive()?;
    Ok(ArchiveCheck {
        files: releases.iter().map(|release| release.files.len()).sum(),
        releases: releases.len(),
        wrong: store.verify_archive(&project.site())?,
    })
}
