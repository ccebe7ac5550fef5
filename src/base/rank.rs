//! Medians, quantiles and intervals of small and large samples, without any assumption on their distribution.

use std::sync::LazyLock;

use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, Normal};

/// Two-sided error of the intervals.
const ALPHA: f64 = 0.05;

/// The quantile of the normal distribution that leaves [`ALPHA`] outside.
const Z: f64 = 1.959_963_984_540_054;

/// The median of the absolute values of a normal distribution, in standard deviations.
pub const NORMAL_MEDIAN: f64 = 0.6745;

/// Above this size the normal approximation of the binomial gives the same rank to within one.
const EXACT: usize = 1_000;

/// The values at two ranks, from 0, that are the same or follow each other. Those below the first come to stand before it,
/// those above it after: in linear time, where sorting them all would take longer.
pub fn at_ranks(values: &mut [f64], low: usize, high: usize) -> (f64, f64) {
    let (_, &mut first, above) = values.select_nth_unstable_by(low, f64::total_cmp);
    if high == low {
        return (first, first);
    }
    let next = above.iter().copied().min_by(f64::total_cmp);
    (first, next.unwrap_or(first))
}

/// The median of so many values and those at the bounds of its interval, which lies inside the extremes; of a slice that has
/// them all but for some of the lowest, `below` of them, and some of the highest. The median is sought between the bounds,
/// where few values are.
pub fn median_and_bounds(
    values: &mut [f64],
    n: usize,
    below: usize,
    ranks: &Ranks,
) -> (f64, (f64, f64)) {
    let (values, &mut high, _) = values.select_nth_unstable_by(ranks.high - below, f64::total_cmp);
    let (_, &mut low, between) = values.select_nth_unstable_by(ranks.low - below, f64::total_cmp);
    let first = ranks.low + 1;
    let (a, b) = at_ranks(between, (n - 1) / 2 - first, n / 2 - first);
    ((a + b) / 2.0, (low, high))
}

/// The median of values in any order, which changes.
pub fn median(values: &mut [f64]) -> Option<f64> {
    Ranked::new(values.len(), |low, high| at_ranks(values, low, high)).median()
}

/// Values that need not lie in one slice: a function gives those at two ranks, as [`at_ranks`] does of a slice. Medians and
/// quantiles are taken of them without bringing them together.
pub struct Ranked<F> {
    n: usize,
    at: F,
}

impl<F: FnMut(usize, usize) -> (f64, f64)> Ranked<F> {
    /// So many values, of which a function gives those at two ranks, counted from 0, the lower one first.
    pub fn new(n: usize, at: F) -> Self {
        Self { n, at }
    }

    /// How many values there are.
    pub fn count(&self) -> usize {
        self.n
    }

    /// The median; the mean of the middle two where their number is even, as pandas and numpy have it.
    pub fn median(&mut self) -> Option<f64> {
        let last = self.n.checked_sub(1)?;
        let (low, high) = (self.at)(last / 2, last.div_ceil(2));
        Some((low + high) / 2.0)
    }

    /// A quantile, by linear interpolation between the ranks (type 7 of Hyndman and Fan, 1996).
    pub fn quantile(&mut self, share: f64) -> Option<f64> {
        let last = self.n.checked_sub(1)?;
        let rank = share * last as f64;
        let low = rank.floor() as usize;
        let (below, above) = (self.at)(low, (low + 1).min(last));
        Some(below + (above - below) * (rank - low as f64))
    }

    /// The values at the bounds of an interval.
    pub fn bounds(&mut self, ranks: &Ranks) -> (f64, f64) {
        let mut at = |rank| (self.at)(rank, rank).0;
        (at(ranks.low), at(ranks.high))
    }

    /// The logarithm of the median and its standard error.
    fn log_median(&mut self) -> Option<(f64, f64)> {
        let median = self.median()?;
        let ranks = median_ranks(self.n)?;
        let (low, high) = self.bounds(&ranks);
        if low <= 0.0 {
            return None;
        }
        let z = Normal::standard().inverse_cdf(1.0 - ranks.error / 2.0);
        Some((median.ln(), (high.ln() - low.ln()) / (2.0 * z)))
    }

    /// The median and its standard error, which is taken from the interval between order statistics; `None` where there are
    /// too few values for one.
    pub fn median_and_error(&mut self) -> Option<(f64, f64)> {
        let median = self.median()?;
        let ranks = median_ranks(self.n)?;
        let (low, high) = self.bounds(&ranks);
        let z = Normal::standard().inverse_cdf(1.0 - ranks.error / 2.0);
        Some((median, (high - low) / (2.0 * z)))
    }

    /// Whether the ratio of two medians differs from one by more than chance, at 95 %: the distribution-free test of
    /// Price and Bonett ("Distribution-free confidence intervals for difference and ratio of medians", 2002), on
    /// logarithms, the standard errors taken from the order-statistic intervals.
    pub fn differs(&mut self, after: &mut Self) -> bool {
        let (Some(a), Some(b)) = (self.log_median(), after.log_median()) else {
            return false;
        };
        (b.0 - a.0).abs() > Z * a.1.hypot(b.1)
    }
}

/// The mean, by Neumaier's compensated sum: the same whatever the order of the values, to the last bit that shows.
pub fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut lost, mut n) = (0.0_f64, 0.0, 0_usize);
    for value in values {
        let total = sum + value;
        lost += if sum.abs() >= value.abs() {
            (sum - total) + value
        } else {
            (value - total) + sum
        };
        sum = total;
        n += 1;
    }
    (n > 0).then(|| (sum + lost) / n as f64)
}

/// A confidence interval of the median between two order statistics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranks {
    /// Zero-based rank of the lower bound.
    pub low: usize,
    /// Zero-based rank of the upper bound.
    pub high: usize,
    /// Probability that the median lies outside.
    pub error: f64,
}

/// The narrowest symmetric pair of order statistics that holds the median with 95 % confidence: the number of values
/// below it is binomial (n, ½). `None` below six values, where even the extremes do not reach it.
pub fn median_ranks(n: usize) -> Option<Ranks> {
    /// For each size up to [`EXACT`]: they are asked for many times a place.
    static RANKS: LazyLock<Vec<Option<Ranks>>> =
        LazyLock::new(|| (0..=EXACT).map(exact_ranks).collect());
    if n <= EXACT {
        return RANKS[n];
    }
    let size = n as f64;
    let low = ((size - Z * size.sqrt()) / 2.0 - 0.5).floor() as usize;
    Some(Ranks {
        low,
        high: n - 1 - low,
        error: ALPHA,
    })
}

fn exact_ranks(n: usize) -> Option<Ranks> {
    let below = Binomial::new(0.5, n as u64).ok()?;
    if below.cdf(0) > ALPHA / 2.0 {
        return None;
    }
    // Values that may lie below the lower bound at the most: P(B ≤ low) ≤ α/2.
    let (mut low, mut high) = (0, n as u64);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if below.cdf(middle) <= ALPHA / 2.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(Ranks {
        low: low as usize,
        high: n - 1 - low as usize,
        error: 2.0 * below.cdf(low),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ranked(values: &mut [f64]) -> Ranked<impl FnMut(usize, usize) -> (f64, f64)> {
        Ranked::new(values.len(), |low, high| at_ranks(values, low, high))
    }

    #[test]
    fn medians_and_quantiles() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 9.0, 1.0, 2.0]), Some(3.0));
        assert_eq!(median(&mut [5.0, 5.0]), Some(5.0));
        let quantile = |values: &mut [f64], share| ranked(values).quantile(share);
        assert_eq!(quantile(&mut [4.0, 2.0, 3.0, 1.0], 0.25), Some(1.75));
        assert_eq!(quantile(&mut [7.0], 0.75), Some(7.0));
    }

    #[test]
    fn the_mean_keeps_what_a_plain_sum_loses() {
        assert_eq!(mean([1e16, 1.0, -1e16]), Some(1.0 / 3.0));
        assert_eq!(mean([]), None);
    }

    #[test]
    fn ranks_are_those_of_the_tables() {
        // Conover, Practical Nonparametric Statistics: n = 6 → 1 and 6, 10 → 2 and 9, 20 → 6 and 15, 50 → 18 and 33.
        for (n, low, high) in [
            (6, 1, 6),
            (8, 1, 8),
            (9, 2, 8),
            (10, 2, 9),
            (20, 6, 15),
            (50, 18, 33),
        ] {
            let ranks = median_ranks(n).unwrap();
            assert_eq!((ranks.low + 1, ranks.high + 1), (low, high), "n = {n}");
            assert!(ranks.error <= 0.05);
        }
        assert_eq!(median_ranks(5), None);
    }

    proptest! {
        #[test]
        fn the_median_and_its_bounds_are_those_that_are_sought_one_by_one(
            values in prop::collection::vec(0.0..100.0, 9..200)
        ) {
            let (n, mut sorted) = (values.len(), values.clone());
            sorted.sort_by(f64::total_cmp);
            let ranks = median_ranks(n).unwrap();
            let expected = (
                median(&mut values.clone()).unwrap(),
                (sorted[ranks.low], sorted[ranks.high]),
            );
            for below in [0, ranks.low] {
                let mut known = sorted[below..=ranks.high].to_vec();
                known.reverse();
                prop_assert_eq!(median_and_bounds(&mut known, n, below, &ranks), expected);
            }
        }
    }

    #[test]
    fn the_approximation_meets_the_exact_ranks() {
        let exact = median_ranks(EXACT).unwrap();
        let next = median_ranks(EXACT + 1).unwrap();
        assert!(next.low.abs_diff(exact.low) <= 1);
    }

    #[test]
    fn a_change_is_significant_when_the_samples_are_apart() {
        let sample = |from: f64| {
            (0..40)
                .map(|i| from + 10.0 * f64::from(i))
                .collect::<Vec<_>>()
        };
        let differs = |before: f64, after: f64| {
            let (mut before, mut after) = (sample(before), sample(after));
            let (mut before, mut after) = (ranked(&mut before), ranked(&mut after));
            before.differs(&mut after)
        };
        assert!(differs(2_000.0, 3_000.0));
        assert!(!differs(2_000.0, 2_020.0));
    }
}
