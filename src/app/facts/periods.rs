//! What facts come to in each month or year, against the same a year before.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, ISOWeekDate, Weekday};
use serde::Serialize;

use crate::base::month::Period;
use crate::config::Aggregate;
use crate::db::ZoneDay;

/// What facts come to in a month or a year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FactsPeriod {
    /// The month or year.
    pub period: Period,
    /// Days of it that were delivered of some zone.
    pub days: usize,
    /// The sum or mean of its facts; `None` for a mean of none.
    pub value: Option<f64>,
    /// The value of the same days a year before, where each zone has the same days in both.
    pub before: Option<f64>,
    /// By how many per cent the value is more than that, or less; days that no year before has left out.
    pub change: Option<f64>,
}

/// What facts come to in each period `of` their days, which are in order.
///
/// A day is held against the same day of the year before, and a week against the week of the same number: a source whose days
/// are all Mondays is one of weeks. Neither 29 February nor a 53rd week has such a counterpart, so they do not count in the
/// comparison. A period is compared when every zone has in it the days that it has a year before: one that has not ended is
/// held against its own days, one with a gap, or with a zone more or less, against nothing.
pub(super) fn periods(
    days: &[ZoneDay],
    aggregate: Aggregate,
    of: impl Fn(Date) -> Period,
) -> Vec<FactsPeriod> {
    let is_weekly = days
        .iter()
        .all(|known| known.day.weekday() == Weekday::Monday);
    let mut by_day = BTreeMap::<Date, Vec<ZoneDay>>::new();
    for known in days {
        by_day.entry(known.day).or_default().push(*known);
    }
    let chunks = days.chunk_by(|one, other| of(one.day) == of(other.day));
    let period = |days: &[ZoneDay]| {
        let days_of_it: BTreeSet<_> = days.iter().map(|known| known.day).collect();
        let comparable = days.iter().filter_map(|known| {
            let before = year_before(known.day, is_weekly)?;
            Some((before, *known))
        });
        let comparable: Vec<_> = comparable.collect();
        let expected: BTreeSet<_> = comparable
            .iter()
            .map(|(before, known)| (*before, known.zone))
            .collect();
        let days_before: BTreeSet<_> = comparable.iter().map(|(before, _)| *before).collect();
        let known_before = days_before.iter().filter_map(|day| by_day.get(day));
        let known_before: Vec<_> = known_before.flatten().copied().collect();
        let found: BTreeSet<_> = known_before
            .iter()
            .map(|known| (known.day, known.zone))
            .collect();
        let before = match expected == found {
            true => figure(&known_before, aggregate),
            false => None,
        };
        let now: Vec<_> = comparable.iter().map(|(_, known)| *known).collect();
        let change = figure(&now, aggregate)
            .zip(before.filter(|before| *before > 0.0))
            .map(|(now, before)| (now / before - 1.0) * 100.0);
        FactsPeriod {
            period: of(days[0].day),
            days: days_of_it.len(),
            value: figure(days, aggregate),
            before,
            change,
        }
    };
    chunks.map(period).collect()
}

/// The day, or the Monday, that stands for the same a year before.
fn year_before(day: Date, is_weekly: bool) -> Option<Date> {
    if is_weekly {
        let week = day.iso_week_date();
        let before = ISOWeekDate::new(week.year() - 1, week.week(), Weekday::Monday);
        return before.ok().map(ISOWeekDate::date);
    }
    Date::new(day.year() - 1, day.month(), day.day()).ok()
}

fn figure(days: &[ZoneDay], aggregate: Aggregate) -> Option<f64> {
    let sum: f64 = days.iter().map(|known| known.sum).sum();
    let facts: f64 = days.iter().map(|known| f64::from(known.facts)).sum();
    match aggregate {
        Aggregate::Sum => (!days.is_empty()).then_some(sum),
        Aggregate::Mean => (facts > 0.0).then(|| sum / facts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::month::Month;

    /// A day of a zone with one fact.
    fn known(zone: i64, day: Date, sum: f64) -> ZoneDay {
        ZoneDay {
            zone,
            day,
            sum,
            facts: 1,
        }
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn months(days: &[ZoneDay]) -> Vec<FactsPeriod> {
        let mut days = days.to_vec();
        days.sort_by_key(|known| (known.day, known.zone));
        periods(&days, Aggregate::Sum, |day| Period::Month(Month::of(day)))
    }

    #[test]
    fn a_period_is_held_against_the_same_days_of_the_same_zones() {
        let year = |year: i16, days: i8, number: f64| {
            (1..=days).map(move |day| known(1, Date::constant(year, 2, day), number))
        };
        let whole: Vec<_> = year(2023, 28, 10.0).chain(year(2024, 29, 12.0)).collect();
        let told = months(&whole);
        assert_eq!((told[1].days, told[1].value), (29, Some(348.0)));
        assert_eq!(told[1].before, Some(280.0));
        // 28 days against 28: the 29th does not count.
        assert!((told[1].change.unwrap() - 20.0).abs() < 1e-9);
        assert_eq!((told[0].before, told[0].change), (None, None));

        let begun: Vec<_> = year(2023, 28, 10.0).chain(year(2024, 3, 12.0)).collect();
        assert_eq!(months(&begun)[1].before, Some(30.0));
        let gap: Vec<_> = year(2023, 2, 10.0).chain(year(2024, 3, 12.0)).collect();
        assert_eq!(months(&gap)[1].before, None);
        let mut zones = begun;
        zones.push(known(2, Date::constant(2023, 2, 2), 1.0));
        assert_eq!(months(&zones)[1].before, None);
        zones.push(known(2, Date::constant(2024, 2, 2), 1.0));
        assert_eq!(months(&zones)[1].before, Some(31.0));
    }

    #[test]
    fn weeks_are_held_against_those_of_their_number() {
        for (week, before) in [
            ("2024-03-18", Some("2023-03-20")),
            ("2024-12-30", Some("2024-01-01")),
            ("2020-12-28", None),
            ("2021-01-04", Some("2019-12-30")),
        ] {
            assert_eq!(year_before(day(week), true), before.map(day), "{week}");
        }
        let days = [
            known(1, day("2023-03-20"), 10.0),
            known(1, day("2024-03-18"), 9.0),
        ];
        let told = months(&days);
        assert_eq!((told[1].before, told[1].value), (Some(10.0), Some(9.0)));
        assert!((told[1].change.unwrap() + 10.0).abs() < 1e-9);
    }

    #[test]
    fn a_mean_is_of_facts_and_of_none_there_is_none() {
        let mut days = vec![known(1, day("2024-03-18"), 6.0); 2];
        days[1] = ZoneDay {
            zone: 2,
            sum: 3.0,
            facts: 2,
            ..days[1]
        };
        let year = |days: &[ZoneDay]| {
            periods(days, Aggregate::Mean, |day| Period::Year(day.year()))[0].value
        };
        assert_eq!(year(&days), Some(3.0));
        days.truncate(1);
        days[0].facts = 0;
        assert_eq!(year(&days), None);
    }
}
