//! What the sources of a project have upstream, against what the database knows of them.

use std::path::PathBuf;

use super::failure::{Failure, Problem};
use super::project::Project;
use crate::config::{Config, Source};
use crate::db::Database;
use crate::http::block_on;
use crate::source::{Ledger, SourceError, SourceReport, UpstreamClient, survey};

/// Sources of a project, and the client that asks for their files.
pub struct Upstream<'a> {
    /// The client.
    pub http: UpstreamClient,
    /// In the order of the configuration, or of the ids they were chosen by.
    pub sources: Vec<&'a Source>,
    /// The folder of downloads.
    pub downloads: PathBuf,
}

impl<'a> Upstream<'a> {
    /// The sources of the ids given, or all that are enabled when none is.
    ///
    /// # Errors
    /// When an id is not that of an enabled source, or the client cannot be set up.
    pub fn new(project: &Project, config: &'a Config, ids: &[String]) -> Result<Self, Failure> {
        Ok(Self {
            sources: chosen(config, ids)?,
            http: UpstreamClient::new(&config.fetch, &config.sources.0)?,
            downloads: project.downloads(),
        })
    }

    /// Asks for the files of the sources, and downloads nothing. The ledger says what is known of them.
    ///
    /// # Errors
    /// When the system gives no way to wait for the network. That a source cannot be asked stands in its report.
    pub fn survey(&self, ledger: &Ledger) -> Result<Vec<SourceReport>, Failure> {
        let reports = survey(&self.http, &self.sources, ledger, &self.downloads);
        Ok(block_on(reports)?)
    }
}

/// Asks upstream what is new, and downloads nothing.
///
/// # Errors
/// When the configuration or the database cannot be read.
pub fn check(project: &Project) -> Result<Vec<SourceReport>, Failure> {
    let config = project.config()?;
    Upstream::new(project, &config, &[])?.survey(&ledger(project)?)
}

/// What is known of the files of the sources; nothing where there is no database.
///
/// # Errors
/// When the database cannot be read.
pub fn ledger(project: &Project) -> Result<Ledger, Failure> {
    let database = Database::open_read_only(&project.database())?;
    Ok(database.map_or(Ok(Ledger::new()), |database| database.ledger())?)
}

fn chosen<'a>(config: &'a Config, ids: &[String]) -> Result<Vec<&'a Source>, SourceError> {
    let enabled: Vec<_> = config.sources.enabled().collect();
    if ids.is_empty() {
        return Ok(enabled);
    }
    let find = |id: &String| {
        let found = enabled.iter().copied().find(|source| source.id == *id);
        found.ok_or_else(|| {
            let names: Vec<_> = enabled.iter().map(|source| source.id.as_str()).collect();
            SourceError::Unknown {
                id: id.clone(),
                enabled: names.join(", "),
            }
        })
    };
    ids.iter().map(find).collect()
}

/// The files of which it could not be told whether they are new.
pub fn unknown(reports: &[SourceReport]) -> Vec<Problem> {
    let problems = reports.iter().flat_map(|report| {
        report.unknown().map(|(item, reason)| Problem {
            source: report.source.clone(),
            message: format!("{}: {reason}", file_name(&report.source, item)),
            refused: false,
        })
    });
    problems.collect()
}

/// A file of a source, in words.
pub fn file_name(source: &str, item: &str) -> String {
    format!("{source} {item}").trim_end().to_owned()
}

/// The day of a time as upstream writes it.
pub fn day(time: &str) -> &str {
    time.get(..10).unwrap_or(time)
}
