//! The clock, read in one place: what runs are dated by. Nothing that it gives enters a page's content.

#![expect(clippy::disallowed_methods, reason = "it is the one place")]

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The time of metropolitan France, as POSIX writes it: summer from the last Sunday of March to that of October.
const FRANCE: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// The time of a run, to the second that has begun: never later than it is.
///
/// In builds of the dev profile, the environment variable `IMMOSTATS_CLOCK` says what time it is, so that tests can run
/// on another day.
pub fn now() -> Timestamp {
    #[cfg(for_tests)]
    if let Some(time) = std::env::var("IMMOSTATS_CLOCK")
        .ok()
        .and_then(|time| time.parse().ok())
    {
        return time;
    }
    Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default()
}

/// A text that no other moment of any process on this machine gives, for a name that is given once.
pub fn moment() -> String {
    let time = Timestamp::now().as_nanosecond();
    format!("{time:x}.{}", std::process::id())
}

/// The day of a run, in metropolitan France.
pub fn today() -> Date {
    day_in_france(now())
}

/// The day that a time is of in metropolitan France.
pub fn day_in_france(time: Timestamp) -> Date {
    let zone = TimeZone::posix(FRANCE).unwrap_or(TimeZone::UTC);
    time.to_zoned(zone).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_france() {
        for (time, day) in [
            ("2026-11-30T22:59:59Z", "2026-11-30"),
            ("2026-11-30T23:00:00Z", "2026-12-01"),
            ("2026-07-14T21:59:59Z", "2026-07-14"),
            ("2026-07-14T22:00:00Z", "2026-07-15"),
            ("2026-10-25T22:30:00Z", "2026-10-25"),
        ] {
            let found = day_in_france(time.parse().unwrap());
            assert_eq!(found.to_string(), day, "{time}");
        }
    }
}
