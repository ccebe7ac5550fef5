//! The days of a year and how many sales fall on each.

use anyhow::Result;
use jiff::civil::Date;

use super::random::Random;

pub(super) struct Day {
    /// `2024-01-31`
    pub iso: String,
    /// `31/01/2024`
    pub french: String,
}

pub(super) struct Calendar {
    pub days: Vec<Day>,
    /// The weights of the days up to each, itself included.
    cumulated: Vec<u32>,
}

/// Sales by month and by weekday from Monday, measured on 1,000 mutations of the whole country and on Toulon.
const MONTHS: [u32; 12] = [74, 72, 86, 76, 82, 97, 102, 66, 92, 86, 72, 100];
const WEEKDAYS: [u32; 7] = [170, 194, 170, 195, 235, 14, 1];

impl Calendar {
    /// The days of `year`.
    pub(super) fn new(year: i16) -> Result<Self> {
        let first = Date::new(year, 1, 1)?;
        let (mut days, mut cumulated, mut total) = (Vec::new(), Vec::new(), 0);
        for date in first
            .series(jiff::Span::new().days(1))
            .take_while(|date| date.year() == year)
        {
            let month = date.month() as usize - 1;
            total += MONTHS[month] * WEEKDAYS[date.weekday().to_monday_zero_offset() as usize];
            cumulated.push(total);
            days.push(Day {
                iso: date.to_string(),
                french: format!("{:02}/{:02}/{:04}", date.day(), date.month(), year),
            });
        }
        Ok(Self { days, cumulated })
    }

    /// A day, counted from the first of January.
    pub(super) fn draw(&self, random: &mut Random) -> u16 {
        let total = *self.cumulated.last().expect("a year has days");
        let at = random.below(total);
        self.cumulated.partition_point(|cumulated| *cumulated <= at) as u16
    }
}
