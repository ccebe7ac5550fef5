//! The clock, read in one place: what runs are dated by. Nothing that it gives enters a page's content.

use jiff::Timestamp;

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
