//! The months that the files cover.

use std::str::FromStr;

use anyhow::{Context, Result, ensure};
use jiff::civil::Date;

/// From the first day of a month to the last day of a month.
#[derive(Clone, Copy)]
pub(super) struct Period {
    first: Date,
    last: Date,
}

impl Period {
    pub(super) fn years(&self) -> std::ops::Range<i16> {
        self.first.year()..self.last.year() + 1
    }

    pub(super) fn last_year(&self) -> i16 {
        self.last.year()
    }

    /// The days of `year` inside the period, counted from the first of January, up to the second excluded.
    pub(super) fn days(&self, year: i16) -> std::ops::Range<u16> {
        let of_year = |date: Date| date.day_of_year() as u16;
        let begin = if year == self.first.year() {
            of_year(self.first) - 1
        } else {
            0
        };
        let end = if year == self.last.year() {
            of_year(self.last)
        } else {
            366
        };
        begin..end
    }

    /// The last day of registration that the release knows, counted from the first of January of `year`: a little over
    /// three months after the period. What comes later is in the next release.
    pub(super) fn known(&self, year: i16) -> u16 {
        let years = (self.last.year() - year) as u16;
        years * 365 + self.last.day_of_year() as u16 + 100
    }
}

impl FromStr for Period {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (from, to) = text
            .split_once("..")
            .or_else(|| text.split_once('-'))
            .unwrap_or((text, text));
        let months = |text: &str| -> Result<(Date, Date)> {
            let (year, month) = match text.split_once('-') {
                Some((year, month)) => (year, Some(month)),
                None => (text, None),
            };
            let year: i16 = year
                .parse()
                .with_context(|| format!("«{text}» is not a year or a month"))?;
            let month: Option<i8> = month.map(str::parse).transpose()?;
            let first = Date::new(year, month.unwrap_or(1), 1)?;
            let last = Date::new(year, month.unwrap_or(12), 1)?.last_of_month();
            Ok((first, last))
        };
        let period = Self {
            first: months(from)?.0,
            last: months(to)?.1,
        };
        ensure!(period.first < period.last, "«{text}» ends before it begins");
        Ok(period)
    }
}
