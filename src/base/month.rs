//! Months, spans of months, half-years, and the periods of a series.

use std::fmt;
use std::ops::{Add, RangeInclusive, Sub};
use std::str::FromStr;

use jiff::civil::Date;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// The years in which a sale can be: DVF begins in 2014, and later dates are none.
const YEARS: RangeInclusive<i16> = 1990..=2100;

/// A text that is no month, or no period.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("\"{text}\" is not {expected}")]
pub struct ParseMonthError {
    text: String,
    expected: &'static str,
}

/// A month of a year. Its text is `2024-11`, in JSON and in the database alike; in memory it is a count of months, so that
/// millions of them take two bytes each and months can be subtracted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Month(i16);

impl Month {
    /// The first month that a sale can be in.
    pub const MIN: Self = Self::january(*YEARS.start());
    /// The last month that a sale can be in.
    pub const MAX: Self = Self(Self::january(*YEARS.end()).0 + 11);

    /// The first month of a year.
    pub const fn january(year: i16) -> Self {
        Self(year * 12)
    }

    /// The month of a date; of a date after the year 2730, which no sale has, the last month that there is.
    pub fn of(date: Date) -> Self {
        let january = date.year().saturating_mul(12);
        Self(january.saturating_add(i16::from(date.month()) - 1))
    }

    /// Its year.
    pub const fn year(self) -> i16 {
        self.0.div_euclid(12)
    }

    /// Its number in the year, from 1 to 12.
    pub const fn of_year(self) -> u8 {
        self.0.rem_euclid(12) as u8 + 1
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        Date::constant(self.year(), self.of_year() as i8, 1).last_of_month()
    }
}

impl Add<i16> for Month {
    type Output = Self;

    fn add(self, months: i16) -> Self {
        Self(self.0 + months)
    }
}

impl Sub<i16> for Month {
    type Output = Self;

    fn sub(self, months: i16) -> Self {
        Self(self.0 - months)
    }
}

/// How many months later one month is than another.
impl Sub for Month {
    type Output = i16;

    fn sub(self, earlier: Self) -> i16 {
        self.0 - earlier.0
    }
}

/// The text of a month or a period, made without an allocation: pages and figures hold millions.
struct Text {
    bytes: [u8; 7],
    length: usize,
}

impl Text {
    /// A year with what follows it.
    fn new(year: i16, rest: Option<[u8; 3]>) -> Self {
        let digit = |of: i16| b'0' + (year / of % 10) as u8;
        let [a, b, c] = rest.unwrap_or_default();
        Self {
            bytes: [digit(1000), digit(100), digit(10), digit(1), a, b, c],
            length: if rest.is_some() { 7 } else { 4 },
        }
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

/// The number that some digits are.
fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| digit - b'0')?;
        Some(10 * number + i16::from(digit))
    })
}

/// A year in which a sale can be.
fn year(digits: &[u8]) -> Option<i16> {
    number(digits).filter(|year| YEARS.contains(year))
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Period::Month(*self).text().as_str())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Month {
    type Err = ParseMonthError;

    fn from_str(text: &str) -> Result<Self, ParseMonthError> {
        match text.parse() {
            Ok(Period::Month(month)) => Ok(month),
            _ => Err(ParseMonthError {
                text: text.to_owned(),
                expected: "a month such as 2024-11",
            }),
        }
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Period::Month(*self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

impl ToSql for Month {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.to_string().into())
    }
}

impl FromSql for Month {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map_err(FromSqlError::other)
    }
}

/// A value that is written as a text which it can be parsed from.
fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err: fmt::Display>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Text<T>(std::marker::PhantomData<T>);
    impl<T: FromStr<Err: fmt::Display>> serde::de::Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text such as 2024-11")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Text(std::marker::PhantomData))
}

/// A span of months, the first and the last of them included. In JSON it is a list of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "[Month; 2]", into = "[Month; 2]")]
pub struct Months {
    /// The first month.
    pub first: Month,
    /// The last month, not before the first.
    pub last: Month,
}

impl Months {
    /// All months that a sale can be in.
    pub const ALL: Self = Self {
        first: Month::MIN,
        last: Month::MAX,
    };

    /// A month and all that follow.
    pub const fn since(first: Month) -> Self {
        Self {
            first,
            last: Month::MAX,
        }
    }

    /// So many months, of which the last is known.
    pub const fn ending(last: Month, count: i16) -> Self {
        Self {
            first: Month(last.0 - count + 1),
            last,
        }
    }

    /// The months of a calendar year.
    pub const fn of_year(year: i16) -> Self {
        Self::ending(Month(Month::january(year).0 + 11), 12)
    }

    /// The span of some months; `None` where there are none.
    pub fn spanning(months: impl IntoIterator<Item = Month>) -> Option<Self> {
        months.into_iter().fold(None, |span: Option<Self>, month| {
            Some(Self {
                first: span.map_or(month, |span| span.first.min(month)),
                last: span.map_or(month, |span| span.last.max(month)),
            })
        })
    }

    /// How many months there are.
    pub fn count(self) -> usize {
        (self.last - self.first + 1).try_into().unwrap_or(0)
    }

    /// Each of them, in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Month> {
        (self.first.0..=self.last.0).map(Month)
    }

    /// Whether a month is one of them.
    pub fn contains(self, month: Month) -> bool {
        self.first <= month && month <= self.last
    }

    /// As many months, so many earlier.
    pub fn earlier(self, count: i16) -> Self {
        Self {
            first: self.first - count,
            last: self.last - count,
        }
    }

    /// Whether all months of another span are among them.
    pub fn hold(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// The months that are also in another span, which meets this one.
    pub fn within(self, other: Self) -> Self {
        Self {
            first: self.first.max(other.first),
            last: self.last.min(other.last),
        }
    }

    /// Whether a month of theirs is in another span.
    pub fn meet(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// The months that are not in another span: before it, and after it.
    pub fn without(self, other: Self) -> impl Iterator<Item = Self> {
        let before = Self {
            first: self.first,
            last: self.last.min(other.first - 1),
        };
        let after = Self {
            first: self.first.max(other.last + 1),
            last: self.last,
        };
        [before, after]
            .into_iter()
            .filter(|months| months.first <= months.last)
    }

    /// The calendar years that they touch.
    pub fn years(self) -> RangeInclusive<i16> {
        self.first.year()..=self.last.year()
    }

    /// The half-years that they touch, in order.
    pub fn half_years(self) -> impl Iterator<Item = HalfYear> {
        (HalfYear::of(self.first).0..=HalfYear::of(self.last).0).map(HalfYear)
    }
}

impl From<[Month; 2]> for Months {
    fn from([first, last]: [Month; 2]) -> Self {
        Self { first, last }
    }
}

impl From<Months> for [Month; 2] {
    fn from(months: Months) -> Self {
        [months.first, months.last]
    }
}

/// January to June, or July to December, of a year: the unit by which the official files come. Its text is `2025-H1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HalfYear(i16);

impl HalfYear {
    /// The half-year of a month.
    pub const fn of(month: Month) -> Self {
        Self(month.0.div_euclid(6))
    }

    /// Its year.
    pub const fn year(self) -> i16 {
        self.0.div_euclid(2)
    }

    /// 1 or 2.
    pub const fn of_year(self) -> u8 {
        self.0.rem_euclid(2) as u8 + 1
    }

    /// Its six months.
    pub const fn months(self) -> Months {
        Months::ending(Month(self.0 * 6 + 5), 6)
    }
}

/// How many half-years later one is than another.
impl Sub for HalfYear {
    type Output = i16;

    fn sub(self, earlier: Self) -> i16 {
        self.0 - earlier.0
    }
}

impl fmt::Display for HalfYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-H{}", self.year(), self.of_year())
    }
}

/// What a point of a series stands for. Its text is `2024`, `2024-Q1` or `2024-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A calendar year.
    Year(i16),
    /// A quarter, or the twelve months that end with it, by its last month.
    Quarter(Month),
    /// A month.
    Month(Month),
}

impl Period {
    /// Its last month.
    pub fn last(self) -> Month {
        match self {
            Self::Year(year) => Months::of_year(year).last,
            Self::Quarter(last) | Self::Month(last) => last,
        }
    }

    fn text(self) -> Text {
        match self {
            Self::Year(year) => Text::new(year, None),
            Self::Quarter(end) => {
                Text::new(end.year(), Some([b'-', b'Q', b'0' + end.of_year() / 3]))
            }
            Self::Month(month) => {
                let of_year = month.of_year();
                let rest = [b'-', b'0' + of_year / 10, b'0' + of_year % 10];
                Text::new(month.year(), Some(rest))
            }
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().as_str())
    }
}

impl FromStr for Period {
    type Err = ParseMonthError;

    fn from_str(text: &str) -> Result<Self, ParseMonthError> {
        let parse = || match text.as_bytes() {
            [digits @ .., b'-', b'Q', quarter @ b'1'..=b'4'] if digits.len() == 4 => {
                let last = i16::from(3 * (quarter - b'0'));
                Some(Self::Quarter(Month::january(year(digits)?) + (last - 1)))
            }
            [digits @ .., b'-', tens, units] if digits.len() == 4 => {
                let of_year =
                    number(&[*tens, *units]).filter(|of_year| (1..=12).contains(of_year))?;
                Some(Self::Month(Month::january(year(digits)?) + (of_year - 1)))
            }
            digits if digits.len() == 4 => year(digits).map(Self::Year),
            _ => None,
        };
        parse().ok_or_else(|| ParseMonthError {
            text: text.to_owned(),
            expected: "a period such as 2024, 2024-Q1 or 2024-11",
        })
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text().as_str())
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn months(first: &str, last: &str) -> Months {
        [month(first), month(last)].into()
    }

    #[test]
    fn a_month_is_two_bytes_and_its_text() {
        assert_eq!(size_of::<Month>(), 2);
        for text in ["1990-01", "2024-11", "2100-12"] {
            assert_eq!(month(text).to_string(), text);
            let json = serde_json::to_string(&month(text)).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Month>(&json).unwrap(), month(text));
        }
        for wrong in ["2024-13", "2024-00", "2024", "", "2024-Q1", "1989-12"] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
        assert_eq!(
            (Month::MIN, Month::MAX),
            (month("1990-01"), month("2100-12"))
        );
    }

    #[test]
    fn months_are_counted() {
        assert_eq!(month("2024-11") + 3, month("2025-02"));
        assert_eq!(month("2025-01") - month("2023-12"), 13);
        assert_eq!(months("2023-01", "2025-06").count(), 30);
        assert_eq!(months("2025-06", "2025-06").count(), 1);
        assert_eq!(
            Months::ending(month("2025-06"), 12),
            months("2024-07", "2025-06")
        );
        assert_eq!(Months::of_year(2024), months("2024-01", "2024-12"));
    }

    #[test]
    fn spans_meet_or_not() {
        let year = Months::of_year(2024);
        let without = |first: &str, last: &str| {
            let left = year.without(months(first, last));
            left.map(<[Month; 2]>::from).collect::<Vec<_>>()
        };
        let pair = |first: &str, last: &str| [month(first), month(last)];
        assert_eq!(
            without("2024-03", "2024-06"),
            [pair("2024-01", "2024-02"), pair("2024-07", "2024-12")]
        );
        assert_eq!(without("2023-01", "2024-11"), [pair("2024-12", "2024-12")]);
        assert_eq!(without("2024-01", "2024-12").len(), 0);
        assert_eq!(without("2025-01", "2025-02"), [pair("2024-01", "2024-12")]);
        assert!(year.meet(months("2024-12", "2025-03")));
        assert!(!year.meet(months("2025-01", "2025-03")));
    }

    #[test]
    fn a_month_ends_with_its_last_day() {
        let days = ["2025-06", "2024-02", "2023-02"].map(|text| month(text).last_day().to_string());
        assert_eq!(days, ["2025-06-30", "2024-02-29", "2023-02-28"]);
    }

    #[test]
    fn half_years_are_whole_or_cut() {
        let halves = |first: &str, last: &str| {
            let span = months(first, last);
            let halves = span.half_years();
            halves
                .map(|half| (half.to_string(), span.hold(half.months())))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            halves("2024-07", "2025-06"),
            [("2024-H2".into(), true), ("2025-H1".into(), true)]
        );
        assert_eq!(
            halves("2024-05", "2024-09"),
            [("2024-H1".into(), false), ("2024-H2".into(), false)]
        );
        assert_eq!(halves("2025-06", "2025-06"), [("2025-H1".into(), false)]);
    }

    #[test]
    fn a_period_is_a_year_a_quarter_or_a_month() {
        for (text, period) in [
            ("2024", Period::Year(2024)),
            ("2024-Q1", Period::Quarter(month("2024-03"))),
            ("2024-Q4", Period::Quarter(month("2024-12"))),
            ("2024-11", Period::Month(month("2024-11"))),
        ] {
            assert_eq!(text.parse(), Ok(period));
            assert_eq!(period.to_string(), text);
        }
        for wrong in ["2024-Q5", "2024-Q0", "24", "2024-1-1", ""] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }
}
