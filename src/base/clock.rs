//! The clock, read in one place: what runs are dated by. Nothing that it gives enters a page's content.

use jiff::Timestamp;

/// The time of a run, to the second that has begun: never later than it is.
pub fn now() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default()
}
