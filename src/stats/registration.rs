//! Deeds that get into the files late: which of the last months are not full, and how many sales are still to come.
//!
//! docs/method.md, section 6: where two editions have the same months, the share that came late is known by département and age of
//! the month; it is taken from editions that end in the same month of the year, for those of October lack much of their
//! end and those of April next to nothing. Without two editions, the last two months of an edition that ends in June are
//! provisional.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::month::Month;
use crate::db::MonthOfTwoEditions;

/// Sales of a month, in the later edition, from which on its share of late ones is taken for known.
const KNOWN_FROM: u64 = 30;

/// A month that lacks less of its sales is full: an edition of April lacks one in a hundred.
const FULL: f64 = 0.97;

/// Months at the end of an edition of October that are provisional as long as nothing was measured, and the month in
/// which such an edition ends.
const PROVISIONAL: i16 = 2;
const JUNE: u8 = 6;

/// What holds nine final counts in ten of few sales too, whose logarithms spread more than a normal law has it: the quantile of
/// 95 in a hundred.
const NINE_IN_TEN: f64 = 1.96;

/// Whether an edition that ends with a month is one of October.
pub fn is_of_october(last: Month) -> bool {
    last.of_year() == JUNE
}

/// What was seen of late deeds, by code (a département, a commune), month of the year in which the edition ended, and age of
/// the month: sales in the first edition that had it, and in the last.
#[derive(Debug, Default)]
pub(super) struct LateDeeds(BTreeMap<String, BTreeMap<(u8, i16), [u64; 2]>>);

/// A month that is not full, with what was seen of such months: sales in a first edition and in a later one; `None` where
/// there were no two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LateMonth {
    pub month: Month,
    pub seen: Option<[u64; 2]>,
}

/// A month to whose sales others will be added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncompleteMonth {
    /// The month.
    pub month: Month,
    /// Sales of houses and flats that are known of it, without new homes.
    pub n: u64,
    /// Between which numbers the final count is, nine times in ten, as the late deeds of such months were; `None` where no
    /// two editions were seen.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expected: Option<[u64; 2]>,
}

impl LateDeeds {
    pub(super) fn new(months: &[MonthOfTwoEditions]) -> Self {
        let mut seen = Self::default();
        for pair in months {
            let ages = seen.0.entry(pair.code.clone()).or_default();
            let counts = ages
                .entry((pair.end.of_year(), pair.end - pair.month))
                .or_default();
            counts[0] += pair.before;
            counts[1] += pair.after;
        }
        seen
    }

    /// The codes of which something was seen.
    pub(super) fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The months up to the last covered one that are not full in a place with these codes, latest last.
    pub(super) fn months_of(&self, codes: &[&str], last: Month) -> Vec<LateMonth> {
        let months = (0..12).rev().filter_map(|age| {
            let mut seen = [0; 2];
            for code in codes {
                let counts = self
                    .0
                    .get(*code)
                    .and_then(|ages| ages.get(&(last.of_year(), age)));
                for (sum, count) in seen.iter_mut().zip(counts.into_iter().flatten()) {
                    *sum += count;
                }
            }
            let known = seen[1] >= KNOWN_FROM;
            let late = match known {
                true => (seen[0] as f64) < FULL * seen[1] as f64,
                false => is_of_october(last) && age < PROVISIONAL,
            };
            late.then_some(LateMonth {
                month: last - age,
                seen: known.then_some(seen),
            })
        });
        months.collect()
    }
}

impl LateMonth {
    /// With the sales that are known of the month.
    pub(super) fn with(self, n: u64) -> IncompleteMonth {
        IncompleteMonth {
            month: self.month,
            n,
            expected: self.seen.and_then(|seen| expected(n, seen)),
        }
    }
}

/// The final count of a month of which `n` sales are known, when of such months an edition had `before` sales and a later one
/// `after`. Both the known share and the month's own late deeds are left to chance (a binomial each, the logarithm of
/// their quotient normal).
fn expected(n: u64, [before, after]: [u64; 2]) -> Option<[u64; 2]> {
    if n == 0 || before == 0 {
        return None;
    }
    let (n, before, after) = (n as f64, before as f64, after as f64);
    let share = (before / after).min(1.0);
    let spread = NINE_IN_TEN * ((1.0 - share) * (1.0 / n + 1.0 / before)).sqrt();
    let count = |factor: f64| n / share * factor;
    let [low, high] = [count((-spread).exp()).floor(), count(spread.exp()).ceil()];
    // A sale once registered stays, but for corrections.
    Some([low.max(n) as u64, high as u64])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::RngExt;
    use proptest::test_runner::{RngAlgorithm, TestRng};

    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn pair(code: &str, [of, end]: [&str; 2], before: u64, after: u64) -> MonthOfTwoEditions {
        MonthOfTwoEditions {
            code: code.into(),
            month: month(of),
            end: month(end),
            before,
            after,
        }
    }

    #[test]
    fn the_end_of_an_october_edition_is_provisional_until_two_were_seen() {
        let none = LateDeeds::default();
        let late = |deeds: &LateDeeds, last: &str| {
            let months = deeds.months_of(&["83"], month(last));
            months
                .iter()
                .map(|late| (late.month.to_string(), late.seen))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            late(&none, "2025-06"),
            [("2025-05".into(), None), ("2025-06".into(), None)]
        );
        assert_eq!(late(&none, "2025-12"), []);
        let seen = LateDeeds::new(&[
            pair("83", ["2024-06", "2024-06"], 50, 100),
            pair("83", ["2024-05", "2024-06"], 98, 100),
            pair("83", ["2024-04", "2024-06"], 90, 100),
            pair("69", ["2024-06", "2024-06"], 1, 100),
        ]);
        assert_eq!(
            late(&seen, "2025-06"),
            [
                ("2025-04".into(), Some([90, 100])),
                ("2025-06".into(), Some([50, 100]))
            ]
        );
        // Editions of April are like those of April.
        assert_eq!(late(&seen, "2025-12"), []);
    }

    #[test]
    fn what_is_known_stays_in_what_is_expected() {
        assert_eq!(expected(0, [5, 10]), None);
        assert_eq!(expected(7, [0, 40]), None);
        assert_eq!(expected(100, [100, 100]), Some([100, 100]));
        let [low, high] = expected(100, [5_000, 10_000]).unwrap();
        assert!(
            low < 200 && 200 < high && low > 165 && high < 240,
            "{low} {high}"
        );
    }

    /// docs/method.md, section 6: two editions with lags that differ by département; the final count is in the range nine times
    /// in ten.
    #[test]
    fn nine_final_counts_in_ten_are_in_the_range() {
        let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut binomial =
            |n: u64, share: f64| (0..n).filter(|_| random.random_bool(share)).count() as u64;
        let (mut held, mut all) = (0, 0);
        for departement in 0..96_u64 {
            let code = format!("{departement:02}");
            for age in 0..4_i16 {
                let share = (0.35 + 0.15 * f64::from(age) + departement as f64 / 600.0).min(0.95);
                let (last_year, this_year) = (40 + 17 * departement, 50 + 15 * departement);
                let end = month("2024-06");
                let seen = LateDeeds::new(&[MonthOfTwoEditions {
                    code: code.clone(),
                    month: end - age,
                    end,
                    before: binomial(last_year, share),
                    after: last_year,
                }]);
                let known = binomial(this_year, share);
                let months = seen.months_of(&[&code], month("2025-06"));
                let Some(late) = months
                    .iter()
                    .find(|late| late.month == month("2025-06") - age)
                else {
                    continue;
                };
                let [low, high] = late.with(known).expected.unwrap();
                held += u32::from((low..=high).contains(&this_year));
                all += 1;
            }
        }
        assert!(all > 350 && 100 * held >= 90 * all, "{held} of {all}");
    }
}
