//! What the database and the site hold, and how fresh they are.

use super::failure::Failure;
use super::project::Project;
use crate::db::{Database, DatabaseSummary, LogEntry};
use crate::version::{LiveVersion, Store};

/// Batches that are told.
const BATCHES: u32 = 10;

/// What a project holds.
#[derive(Clone, Debug)]
pub struct ProjectStatus {
    /// What the database holds.
    pub database: DatabaseSummary,
    /// What the site holds; `None` before the first build.
    pub site: Option<LiveVersion>,
    /// The last batches.
    pub log: Vec<LogEntry>,
}

/// What a project holds; `None` where there is no database.
///
/// # Errors
/// When the configuration, the database or the version store cannot be read.
pub fn status(project: &Project) -> Result<Option<ProjectStatus>, Failure> {
    project.config()?;
    let Some(database) = Database::open_read_only(&project.database())? else {
        return Ok(None);
    };
    let (summary, log) = (database.summary()?, database.log(BATCHES, None)?);
    let site = match Store::open_read_only(&project.versions())? {
        Some(store) => store.live_version()?,
        None => None,
    };
    Ok(Some(ProjectStatus {
        database: summary,
        site,
        log,
    }))
}
