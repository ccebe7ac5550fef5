//! The files for operators: `version.json`, `api/health.json` and `admin/`, which say how the site stands.
//!
//! They alone carry the time of a run, so no plan of a site has them: they are made when a version goes live, of what the
//! version store knows, and the store keeps their bytes.

mod admin;
mod chart;
mod facts;
mod health;

use serde::Serialize;

pub use facts::{
    Health, HistoryAction, HistoryEntry, HostLimits, OperatorFacts, OperatorSettings, SiteSize,
    SourceHealth,
};

use crate::site::error::SiteError;
use crate::site::path::{ADMIN, ARCHIVE_INDEX, HEALTH, VERSION};

/// Paths of the files for operators, and of the index of the archive, which the version store makes beside them.
pub const OPERATOR_FILES: [&str; 4] = [
    ADMIN.as_str(),
    HEALTH.as_str(),
    ARCHIVE_INDEX.as_str(),
    VERSION.as_str(),
];

/// `version.json`.
#[derive(Serialize)]
struct VersionJson<'a> {
    current: &'a str,
    previous: Option<&'a str>,
    history: &'a [HistoryEntry],
}

/// Makes the files for operators, each with its path, in the order of the paths; none while no version has gone live.
///
/// # Errors
/// When the template of the operator's page fails: never with the one that ships.
pub fn operator_files(
    facts: &OperatorFacts<'_>,
) -> Result<Vec<(&'static str, Vec<u8>)>, SiteError> {
    let Some(live) = facts.history.first() else {
        return Ok(Vec::new());
    };
    let versions = facts.history.iter().map(|entry| entry.version.as_str());
    let versions = VersionJson {
        current: &live.version,
        previous: versions
            .into_iter()
            .find(|version| *version != live.version),
        history: facts.history,
    };
    Ok(vec![
        (ADMIN.as_str(), admin::page(facts, live)?),
        (
            HEALTH.as_str(),
            json(&health::HealthJson::new(facts.health, live))?,
        ),
        (VERSION.as_str(), json(&versions)?),
    ])
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, SiteError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(SiteError::Context)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::base::run::VersionChanges;

    fn entry(version: &str, date: &str, action: HistoryAction) -> HistoryEntry {
        HistoryEntry {
            version: version.into(),
            date: date.parse().unwrap(),
            action,
            cause: "template".into(),
            changes: VersionChanges {
                build_time: 1.5,
                ..VersionChanges::default()
            },
        }
    }

    fn files(history: &[HistoryEntry]) -> Vec<Value> {
        let health = Health {
            last_update: Some("2025-06-30".into()),
            data_version: "0123456789ab".into(),
            sales_version: String::new(),
            cities_count: 3,
            cities_up_to_date: 2,
            total_transactions: 252,
            sources: vec![SourceHealth {
                id: "dvf".into(),
                released: None,
                expected_by: None,
            }],
            settings: OperatorSettings::default(),
        };
        let facts = OperatorFacts {
            history,
            health: &health,
            runs: &[],
            extent: SiteSize::default(),
            assets: &[],
        };
        let made = operator_files(&facts).unwrap();
        let json = made.iter().filter(|(path, _)| path.ends_with(".json"));
        json.map(|(_, bytes)| serde_json::from_slice(bytes).unwrap())
            .collect()
    }

    #[test]
    fn monitoring_is_told_of_the_data_the_version_and_the_run_that_put_it_live() {
        let back = entry(
            "2026.11.21.1",
            "2026-11-22T10:00:00Z",
            HistoryAction::Rollback,
        );
        let newer = entry("2026.11.21.2", "2026-11-21T14:30:00Z", HistoryAction::Build);
        let files = files(&[back, newer]);
        let expected = json!({
            "last_update": "2025-06-30",
            "data_version": "0123456789ab",
            "cities_count": 3,
            "cities_up_to_date": 2,
            "total_transactions": 252,
            "version": "2026.11.21.1",
            "published_at": "2026-11-22T10:00:00Z",
            "update_frequency": "weekly",
            "next_update": "2026-11-23T03:00:00Z",
            "sources": [{"id": "dvf", "released": null, "expected_by": null}],
            "last_run": {"outcome": "rolled-back", "at": "2026-11-22T10:00:00Z", "version": "2026.11.21.1"},
        });
        assert_eq!(files[0], expected);
        assert_eq!(files[1]["current"], "2026.11.21.1");
        assert_eq!(files[1]["previous"], "2026.11.21.2");
        assert_eq!(files[1]["history"][1]["action"], "build");
        assert_eq!(files[1]["history"][1]["changes"]["build_time"], 1.5);
    }

    #[test]
    fn without_a_version_there_is_nothing_to_tell() {
        assert!(files(&[]).is_empty());
    }
}
