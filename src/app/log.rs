//! What was imported.

use jiff::civil::Date;

use super::failure::Failure;
use super::project::Project;
use crate::db::LogEntry;

/// The batches that were imported since a day, or ever; none where there is no database.
///
/// # Errors
/// When the configuration or the database cannot be read.
pub fn log(project: &Project, since: Option<Date>) -> Result<Vec<LogEntry>, Failure> {
    project.config()?;
    let since = since.map(|day| day.to_string());
    Ok(project.sales_or_none()?.log(u32::MAX, since.as_deref())?)
}
