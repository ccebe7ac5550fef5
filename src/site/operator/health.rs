//! `api/health.json`, which monitoring reads.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use super::facts::{Health, HistoryEntry, SourceHealth};
use crate::base::run::RunOutcome;

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
    /// What monitoring is told while a version is live.
    pub(super) fn new(health: &'a Health, live: &'a HistoryEntry) -> Self {
        Self {
            last_update: &health.last_update,
            data_version: &health.data_version,
            cities_count: health.cities_count,
            cities_up_to_date: health.cities_up_to_date,
            total_transactions: health.total_transactions,
            version: &live.version,
            published_at: live.date,
            update_frequency: "weekly",
            next_update: next_update(live.date),
            sources: &health.sources,
            last_run: LastRun {
                outcome: live.action.outcome(),
                at: live.date,
                version: &live.version,
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
