//! What is said of a version to those who watch over the site: `api/health.json`.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::base::run::RunOutcome;

/// What is known of the data and the project when a version is built. It is kept with the version: a rollback needs
/// neither the database of sales nor the configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// Last day that the sales cover, `2025-06-30`.
    pub last_update: Option<String>,
    /// Digest of all figures.
    pub data_version: String,
    /// Communes with figures.
    pub cities_count: u64,
    /// Sales that make them.
    pub total_transactions: u64,
    /// Communes whose sales go up to [`Health::last_update`].
    #[serde(default)]
    pub cities_up_to_date: u64,
    #[serde(default)]
    pub sources: Vec<SourceHealth>,
    #[serde(default)]
    pub settings: Settings,
}

/// How fresh a source was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceHealth {
    pub id: String,
    /// When the newest file that was imported was last modified upstream: RFC 3339, or what upstream says. `None` when
    /// none was fetched.
    pub released: Option<String>,
    /// The day by which something new is expected.
    pub expected_by: Option<String>,
}

/// What of the configuration the page of the operator shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub site_name: String,
    /// Address of the page from which a run is started by hand; empty when there is none.
    pub workflow: String,
    pub host: HostSettings,
    /// The gates, in per cent: their keys in `[gates]` with their thresholds.
    pub gates: Vec<(String, f64)>,
}

/// What the host takes; `None` where it has no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HostSettings {
    pub name: String,
    pub files: Option<u64>,
    /// Bytes of the site, and of a file.
    pub size: Option<u64>,
    pub file_size: Option<u64>,
}

/// `api/health.json`.
#[derive(Serialize)]
pub(super) struct HealthJson<'a> {
    last_update: &'a Option<String>,
    data_version: &'a str,
    cities_count: u64,
    cities_up_to_date: u64,
    total_transactions: u64,
    version: &'a str,
    published_at: Timestamp,
    update_frequency: &'static str,
    next_update: Timestamp,
    sources: &'a [SourceHealth],
    last_run: LastRun<'a>,
}

/// The run that made the version the live one.
#[derive(Serialize)]
struct LastRun<'a> {
    outcome: RunOutcome,
    at: Timestamp,
    version: &'a str,
}

impl<'a> HealthJson<'a> {
    pub fn new(
        health: &'a Health,
        version: &'a str,
        published_at: Timestamp,
        outcome: RunOutcome,
    ) -> Self {
        Self {
            last_update: &health.last_update,
            data_version: &health.data_version,
            cities_count: health.cities_count,
            cities_up_to_date: health.cities_up_to_date,
            total_transactions: health.total_transactions,
            version,
            published_at,
            update_frequency: "weekly",
            next_update: next_update(published_at),
            sources: &health.sources,
            last_run: LastRun {
                outcome,
                at: published_at,
                version,
            },
        }
    }
}

/// When the workflow runs next after a time: on Mondays at 03:00 UTC, as `.github/workflows/update-data.yml` says.
pub(super) fn next_update(after: Timestamp) -> Timestamp {
    let now = after.to_zoned(TimeZone::UTC);
    let start = Time::constant(3, 0, 0, 0);
    (0..=7)
        .filter_map(|days| now.date().checked_add(days.days()).ok())
        .filter(|day| day.weekday() == Weekday::Monday)
        .filter_map(|day| day.to_datetime(start).to_zoned(TimeZone::UTC).ok())
        .find(|time| *time > now)
        .map_or(after, |time| time.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_run_is_on_the_next_monday_at_three() {
        for (after, expected) in [
            ("2026-11-21T14:30:00Z", "2026-11-23T03:00:00Z"),
            ("2026-11-23T02:59:59Z", "2026-11-23T03:00:00Z"),
            ("2026-11-23T03:00:00Z", "2026-11-30T03:00:00Z"),
            ("2026-11-23T03:04:00Z", "2026-11-30T03:00:00Z"),
            ("2026-12-31T23:00:00Z", "2027-01-04T03:00:00Z"),
        ] {
            let time = |text: &str| text.parse::<Timestamp>().unwrap();
            assert_eq!(next_update(time(after)), time(expected), "{after}");
        }
    }
}
