//! What each release changed.

use super::failure::Failure;
use super::project::Project;
use crate::db::Release;

/// The releases that changed sales, with what they changed year by year.
///
/// # Errors
/// When there is no database, or it or the configuration cannot be read.
pub fn releases(project: &Project) -> Result<Vec<Release>, Failure> {
    project.config()?;
    Ok(project.sales()?.releases()?)
}
