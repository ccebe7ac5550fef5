//! What is known of each source of facts.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::periods::{FactsPeriod, periods};
use crate::app::failure::Failure;
use crate::app::project::Project;
use crate::base::month::Period;
use crate::config::{Aggregate, Facts};
use crate::db::Database;
use crate::geo::Geography;

/// What is known of a source of facts.
#[derive(Clone, Debug, Serialize)]
pub struct KnownFacts {
    /// The source's id.
    pub source: String,
    /// Whom it is to be credited to.
    pub attribution: String,
    /// On what terms it may be used.
    pub licence: String,
    /// What the facts of a period come to.
    pub aggregate: Aggregate,
    /// Files that were imported.
    pub files: u32,
    /// The first and the last day.
    pub span: Option<(Date, Date)>,
    /// Days that were delivered of some zone.
    pub days: usize,
    /// Zones with a day.
    pub zones: usize,
    /// Communes of today that the zones are made of.
    pub communes: usize,
    /// What its facts come to, period by period.
    pub periods: Vec<FactsPeriod>,
}

/// What is known of one source of facts or of all, with what they come to in each period `of` their days.
///
/// # Errors
/// When the source is not declared, or the database cannot be read.
pub fn known(
    project: &Project,
    source: Option<&str>,
    of: fn(Date) -> Period,
) -> Result<Vec<KnownFacts>, Failure> {
    let config = project.config()?;
    let is_meant = |id: &str| source.is_none_or(|source| source == id);
    let declared: Vec<_> = config.facts().filter(|(id, _)| is_meant(id)).collect();
    if let (Some(id), true) = (source, declared.is_empty()) {
        let known = config.facts().map(|(id, _)| id);
        return Err(Failure::no_source(id, "facts", known));
    }
    let database = project.sales_or_none()?;
    let geography = database.geography()?;
    let known = declared
        .into_iter()
        .map(|(id, facts)| known_of(id, facts, &database, &geography, of));
    known.collect()
}

fn known_of(
    id: &str,
    facts: &Facts,
    database: &Database,
    geography: &Geography,
    of: fn(Date) -> Period,
) -> Result<KnownFacts, Failure> {
    let zone_days = database.facts_days(id)?;
    let communes = database.facts_communes(id)?;
    let today = communes.iter().filter_map(|code| geography.current(code));
    let communes: BTreeSet<_> = today.map(|commune| &commune.code).collect();
    let days: BTreeSet<_> = zone_days.iter().map(|known| known.day).collect();
    let zones: BTreeSet<_> = zone_days.iter().map(|known| known.zone).collect();
    Ok(KnownFacts {
        source: id.to_owned(),
        attribution: facts.attribution.clone(),
        licence: facts.licence.clone(),
        aggregate: facts.aggregate,
        files: database.facts_files(id)?,
        span: days.first().copied().zip(days.last().copied()),
        days: days.len(),
        zones: zones.len(),
        communes: communes.len(),
        periods: periods(&zone_days, facts.aggregate, of),
    })
}
