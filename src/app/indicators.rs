//! What is known of indicators: in how many places, and why not in the others.

use std::collections::BTreeMap;

use serde::Serialize;

use super::failure::Failure;
use super::project::Project;
use crate::db::IndicatorEdition;
use crate::intake::table::tally;

/// What is known of an indicator in a year.
#[derive(Clone, Debug, Serialize)]
pub struct KnownIndicator {
    /// The edition that tells it.
    #[serde(flatten)]
    pub edition: IndicatorEdition,
    /// Places with a value.
    pub known: usize,
    /// Places without one, by the reason.
    pub absent: BTreeMap<&'static str, usize>,
    /// Whom its source is to be credited to; `None` where the source is no longer declared.
    #[serde(skip)]
    pub attribution: Option<String>,
}

/// What is known of the indicators of one source or of all, by source, indicator, edition and year.
///
/// # Errors
/// When the source is not declared, or the database cannot be read.
pub fn known(project: &Project, source: Option<&str>) -> Result<Vec<KnownIndicator>, Failure> {
    let config = project.config()?;
    let declared: BTreeMap<_, _> = config.tables().collect();
    if let Some(id) = source.filter(|id| !declared.contains_key(id)) {
        let known = config.tables().map(|(id, _)| id);
        return Err(Failure::no_source(id, "indicators", known));
    }
    let database = project.sales_or_none()?;
    let mut editions = database.indicator_editions()?;
    editions.retain(|edition| source.is_none_or(|source| source == edition.source));
    let known = editions.into_iter().map(|edition| {
        let (known, absent) = tally(database.indicator_values(&edition)?.values());
        let table = declared.get(edition.source.as_str());
        Ok(KnownIndicator {
            attribution: table.map(|table| table.attribution.clone()),
            edition,
            known,
            absent,
        })
    });
    known.collect()
}
