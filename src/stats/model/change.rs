//! How the price of comparable homes changed between two periods of twelve months, in a place and in the wider one that it is
//! part of: docs/method.md, section 4.

use serde::{Deserialize, Serialize};

use super::homes::MonthlyHomes;
use crate::base::month::{Month, Months};
use crate::base::place::Level;
use crate::base::rank::{Ranked, at_ranks};

/// Sales in each period from which a place has a change of its own to be compared with the wider one's.
pub(crate) const OWN_SALES: u64 = 50;

/// Sales a year from which a place stands for itself.
pub(crate) const LARGE_SALES: u64 = 500;

/// Sales in each period from which a département has a change.
pub(crate) const LEAST_SALES: u64 = 11;

/// Standard deviation by which the yearly changes of communes differ from their département's.
const SCATTER: f64 = 0.02;

/// The variance of the median of n normal values is so many times their variance over n: π / 2.
const MEDIAN: f64 = 1.57;

/// The quantile of the normal distribution that leaves 5 % outside.
pub(super) const Z: f64 = 1.96;

/// Months of a period.
const PERIOD: i16 = 12;

/// A change of prices for comparable homes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparableChange {
    /// Years between the two periods.
    pub years: u32,
    /// Last month of the earlier period; the later one is the last twelve covered months.
    pub since: Month,
    /// Sales of old homes in the earlier and in the later period.
    pub n: [u64; 2],
    /// What the wider place says; `None` of places that stand for themselves.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub wider: Option<WiderChange>,
    /// The place's own change; `None` where nothing says that it differs from the wider place's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub own: Option<Percent>,
}

/// The change in the wider place that a place is part of. How many sales it comes from stands with that place: here it would
/// renew the files of all communes whenever one of them sells a home.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WiderChange {
    /// Whether that is its EPCI or its département.
    pub epci: bool,
    /// By how much.
    pub change: Percent,
}

/// A change in per cent, to a tenth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Percent {
    /// The most likely one.
    pub percent: f64,
    /// Between which it is 95 times of a hundred.
    pub interval: [f64; 2],
}

/// The difference of the medians of two periods, as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MedianDifference {
    /// Of logarithms.
    pub value: f64,
    /// Its variance, from the order statistics of both periods: no distribution is assumed.
    pub variance: f64,
    /// Sales in the earlier and in the later period.
    pub n: [u64; 2],
}

/// Two periods of twelve months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Periods {
    /// Years between them.
    pub years: u32,
    /// The earlier one.
    pub before: Months,
    /// The later one.
    pub after: Months,
}

impl Periods {
    /// The last twelve of the covered months, which are sorted, beside those of a year before and those of as many whole
    /// years before as there are; each where all its months are covered.
    pub(crate) fn of(covered: &[Month]) -> Vec<Self> {
        let (Some(&first), Some(&last)) = (covered.first(), covered.last()) else {
            return Vec::new();
        };
        let after = Months::ending(last, PERIOD);
        let is_covered = |months: Months| {
            let mut months = months.iter();
            months.all(|month| covered.binary_search(&month).is_ok())
        };
        if !is_covered(after) {
            return Vec::new();
        }
        let longest = (after.first - first) / PERIOD;
        let spans = (1..=longest).filter_map(|years| {
            let before = after.earlier(PERIOD * years);
            is_covered(before).then_some(Self {
                years: years.unsigned_abs().into(),
                before,
                after,
            })
        });
        let spans: Vec<_> = spans.collect();
        let year = spans.first().filter(|span| span.years == 1).copied();
        let longest = spans.last().filter(|span| span.years > 1).copied();
        year.into_iter().chain(longest).collect()
    }
}

impl MedianDifference {
    /// Of comparable homes between two periods; `None` where one of them has too few sales for its median to have an interval.
    pub(crate) fn between(homes: &MonthlyHomes, periods: Periods) -> Option<Self> {
        let [before, after] = [periods.before, periods.after].map(|months| homes.within(months));
        let (a, b) = (MedianLog::of(before)?, MedianLog::of(after)?);
        Some(Self {
            value: b.median - a.median,
            variance: a.variance + b.variance,
            n: [before.len() as u64, after.len() as u64],
        })
    }

    /// Whether both periods have so many sales.
    fn has(&self, sales: u64) -> bool {
        self.n.iter().all(|&n| n >= sales)
    }

    /// Whether a place of so many sales stands for itself.
    pub(crate) fn is_large(&self) -> bool {
        self.has(LARGE_SALES)
    }

    /// Whether a place of so many sales says something of the places in it.
    pub(crate) fn is_known(&self) -> bool {
        self.has(LEAST_SALES)
    }

    fn percent(&self) -> Percent {
        Percent::of(self.value, self.variance)
    }

    /// The change of a place that stands for itself; `None` where it has too few sales.
    pub(crate) fn alone(&self, periods: Periods) -> Option<ComparableChange> {
        self.is_known().then(|| ComparableChange {
            own: Some(self.percent()),
            ..ComparableChange::new(periods, self.n)
        })
    }
}

/// What a place is compared with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WiderReference {
    /// An EPCI or a département.
    pub level: Level,
    pub difference: MedianDifference,
    /// The scale of the residuals of its département's homes, a logarithm.
    pub scale: f64,
}

impl ComparableChange {
    fn new(periods: Periods, n: [u64; 2]) -> Self {
        Self {
            years: periods.years,
            since: periods.before.last,
            n,
            wider: None,
            own: None,
        }
    }

    /// The change of a place beside that of the wider place it is part of. `own` is what its own sales say, `n` how many they
    /// are.
    pub(crate) fn beside(
        periods: Periods,
        n: [u64; 2],
        own: Option<MedianDifference>,
        wider: &WiderReference,
    ) -> Self {
        let differs = own.filter(|own| own.has(OWN_SALES)).and_then(|own| {
            let [before, after] = own.n.map(|n| 1.0 / n as f64);
            let sampling = MEDIAN * wider.scale.powi(2) * (before + after);
            let apart = own.value - wider.difference.value;
            (apart.abs() > Z * sampling.sqrt()).then(|| {
                let scatter = SCATTER.powi(2) * f64::from(periods.years);
                let weight = scatter / (scatter + sampling);
                let value = wider.difference.value + weight * apart;
                Percent::of(value, weight * sampling + wider.difference.variance)
            })
        });
        Self {
            wider: Some(WiderChange {
                epci: wider.level == Level::Epci,
                change: wider.difference.percent(),
            }),
            own: differs,
            ..Self::new(periods, n)
        }
    }
}

impl Percent {
    fn of(value: f64, variance: f64) -> Self {
        let half = Z * variance.sqrt();
        let percent = |logarithm: f64| (logarithm.exp_m1() * 1_000.0).round() / 10.0 + 0.0;
        Self {
            percent: percent(value),
            interval: [value - half, value + half].map(percent),
        }
    }
}

/// A median with its variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MedianLog {
    pub median: f64,
    pub variance: f64,
}

impl MedianLog {
    /// Of some logarithms; `None` where they are too few for an interval.
    pub(crate) fn of(values: &[f32]) -> Option<Self> {
        let mut values: Vec<f64> = values.iter().map(|&value| value.into()).collect();
        let mut ranked = Ranked::new(values.len(), |low, high| at_ranks(&mut values, low, high));
        let (median, error) = ranked.median_and_error()?;
        Some(Self {
            median,
            variance: error.powi(2),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(from: Month, count: i16) -> Vec<Month> {
        (0..count).map(|after| from + after).collect()
    }

    const PERIODS: Periods = Periods {
        years: 1,
        before: Months::of_year(2024),
        after: Months::of_year(2025),
    };

    fn difference(value: f64, n: u64) -> MedianDifference {
        MedianDifference {
            value,
            variance: 0.0004,
            n: [n, n],
        }
    }

    fn departement(value: f64) -> WiderReference {
        WiderReference {
            level: Level::Departement,
            difference: MedianDifference {
                variance: 0.0001,
                ..difference(value, 5_000)
            },
            scale: 0.19,
        }
    }

    #[test]
    fn five_years_are_compared_over_four() {
        let years = |covered: &[Month]| {
            let periods = Periods::of(covered).into_iter();
            periods
                .map(|periods| (periods.years, periods.before.last))
                .collect::<Vec<_>>()
        };
        let january = Month::january(2021);
        let december = |year| Month::january(year) + 11;
        assert_eq!(
            years(&months(january, 60)),
            [(1, december(2024)), (4, december(2021))]
        );
        assert_eq!(years(&months(january, 24)), [(1, december(2021))]);
        assert_eq!(years(&months(january, 23)), []);
        // An edition of October.
        let june = Month::january(2025) + 5;
        assert_eq!(
            years(&months(Month::january(2020) + 6, 60)),
            [(1, june - 12), (4, june - 48)]
        );
        // Where a year is missing, the others are compared.
        let mut gap = months(january, 60);
        gap.retain(|month| month.year() != 2024);
        assert_eq!(years(&gap), [(4, december(2021))]);
        gap.retain(|month| *month != december(2025));
        assert_eq!(years(&gap), []);
        assert_eq!(years(&[]), []);
    }

    #[test]
    fn a_change_is_of_medians() {
        let spread = |level: f32| (0..41).map(move |at| level + (at - 20) as f32 / 100.0);
        let (before, after): (Vec<f32>, Vec<f32>) =
            (spread(12.0).collect(), spread(12.1).collect());
        let (a, b) = (
            MedianLog::of(&before).unwrap(),
            MedianLog::of(&after).unwrap(),
        );
        assert!((b.median - a.median - 0.1).abs() < 1e-6);
        // Ranks 14 and 28 of 41 hold the median; theirs lie 0.14 apart at 97.2 % (Conover).
        assert!(
            (a.variance.sqrt() - 0.14 / (2.0 * 2.2)).abs() < 0.002,
            "{a:?}"
        );
        assert_eq!(MedianLog::of(&before[..5]), None);
    }

    #[test]
    fn a_commune_differs_only_where_its_sales_say_so() {
        let change = |value, n| {
            ComparableChange::beside(
                PERIODS,
                [n, n],
                Some(difference(value, n)),
                &departement(-0.01),
            )
        };
        // With 50 + 50 sales 1.96 √v is 9.3 %.
        assert_eq!(change(-0.10, 50).own, None);
        let own = change(-0.12, 50).own.unwrap();
        let sampling = 1.57 * 0.19_f64.powi(2) * 2.0 / 50.0;
        let weight = 0.0004 / (0.0004 + sampling);
        let expected = -0.01 - 0.11 * weight;
        assert!((own.percent - 100.0 * expected.exp_m1()).abs() <= 0.05);
        let half = 1.96 * (weight * sampling + 0.0001).sqrt();
        assert!((own.interval[1] - 100.0 * (expected + half).exp_m1()).abs() <= 0.05);
        // Never the raw one, and not with fewer sales.
        assert!(own.percent > -3.0);
        assert_eq!(change(-0.30, 49).own, None);
        let wider = change(-0.30, 49).wider.unwrap();
        assert_eq!((wider.epci, wider.change.percent), (false, -1.0));
        assert_eq!(
            ComparableChange::beside(PERIODS, [3, 0], None, &departement(-0.01)).own,
            None
        );
    }

    #[test]
    fn the_longer_the_span_the_more_a_commune_may_differ() {
        let of = |years| {
            let periods = Periods { years, ..PERIODS };
            let own = Some(difference(-0.3, 100));
            let change = ComparableChange::beside(periods, [100, 100], own, &departement(0.0));
            change.own.unwrap().percent
        };
        assert!(of(4) < of(1));
    }

    #[test]
    fn a_large_place_stands_for_itself() {
        let alone = difference(-0.051, 5_000).alone(PERIODS).unwrap();
        let own = alone.own.unwrap();
        assert_eq!((own.percent, own.interval), (-5.0, [-8.6, -1.2]));
        assert_eq!(alone.wider, None);
        assert!(difference(0.0, 500).is_large() && !difference(0.0, 499).is_large());
        assert_eq!(difference(0.1, 10).alone(PERIODS), None);
    }
}
