//! On what terms a file is read.

use jiff::civil::Date;

/// Which lines of a file can be read, and how many may not be.
#[derive(Clone, Copy, Debug)]
pub struct ReadTerms {
    /// The share of lines, from 0 to 1, that may be unreadable.
    pub tolerance: f64,
    /// The day on which the file was published, or today: no deed in it can be of a later day.
    pub latest: Date,
}
