//! On what terms files are read and judged.

use jiff::civil::Date;

use crate::config::Gates;
use crate::geo::Geography;

/// Which lines of a file can be read, and how many may not be.
#[derive(Clone, Copy, Debug)]
pub struct ReadTerms {
    /// The share of lines, from 0 to 1, that may be unreadable.
    pub tolerance: f64,
    /// The day on which the file was published, or today: no deed in it can be of a later day.
    pub latest: Date,
}

/// What files are held against, besides what is in use.
#[derive(Clone, Copy)]
pub struct JudgeTerms<'a> {
    /// The gates of the configuration.
    pub gates: &'a Gates,
    /// The places of today.
    pub geography: &'a Geography,
    /// Day on which the producer published the files.
    pub released: Option<&'a str>,
    /// The year whose file the source was asked for.
    pub year: Option<i16>,
}
