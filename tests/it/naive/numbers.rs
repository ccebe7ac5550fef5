//! The middle of a list, its quarters, and what chance explains.

/// The values from the smallest to the largest.
pub fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The middle one of sorted values, or the mean of the middle two.
pub fn median(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[half]
    } else {
        (sorted[half - 1] + sorted[half]) / 2.0
    }
}

/// Sum over count.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The multiple of `unit` that is nearest, the even one of two.
pub fn rounded_to(unit: u64, value: f64) -> u64 {
    (value / unit as f64).round_ties_even() as u64 * unit
}

/// The median of sorted prices to three digits; where that is what one to four of them cost, the nearest three digits that
/// none or more of them cost. Of two at the same distance it is the lower one when the nearest has an even number of ones
/// in base two.
pub fn total_price(sorted: &[f64]) -> u64 {
    total_price_near(median(sorted), sorted)
}

/// The same of another price that lies among sorted ones, such as a quartile.
pub fn total_price_near(exact: f64, sorted: &[f64]) -> u64 {
    let mut unit = 1;
    while exact >= 1000.0 * unit as f64 {
        unit *= 10;
    }
    let nearest = rounded_to(unit, exact) / unit;
    let lower_first = format!("{nearest:b}").matches('1').count() % 2 == 0;
    let mut candidates = vec![nearest];
    for away in 1..=sorted.len() as u64 {
        let (below, above) = (nearest.saturating_sub(away), nearest + away);
        let distance = |steps: u64| (steps as f64 * unit as f64 - exact).abs();
        let below_first = match distance(below).total_cmp(&distance(above)) {
            std::cmp::Ordering::Equal => lower_first,
            order => order.is_lt(),
        };
        candidates.extend(if below_first {
            [below, above]
        } else {
            [above, below]
        });
    }
    let cost = |steps: u64| {
        let same = sorted
            .iter()
            .filter(|price| **price == (steps * unit) as f64);
        same.count()
    };
    let free = candidates
        .into_iter()
        .find(|&steps| steps > 0 && !(1..=4).contains(&cost(steps)));
    free.unwrap() * unit
}

/// A quarter of the way through sorted values (`quarters` of them), on the straight line between two neighbours.
pub fn quartile(sorted: &[f64], quarters: usize) -> f64 {
    on_the_way(sorted, quarters, 4)
}

/// So many parts `of` the way through sorted values.
pub fn on_the_way(sorted: &[f64], parts: usize, of: usize) -> f64 {
    let (whole, rest) = (
        (sorted.len() - 1) * parts / of,
        (sorted.len() - 1) * parts % of,
    );
    if rest == 0 {
        return sorted[whole];
    }
    sorted[whole] + (sorted[whole + 1] - sorted[whole]) * rest as f64 / of as f64
}

/// The 95 % interval of the median: how many values to leave out at each end, and the probability that the median lies
/// outside. Each value lies below the median with probability ½, so the number that does is binomial.
pub fn interval_of_median(n: usize) -> Option<(usize, f64)> {
    // ln P(exactly `below` values below), from none upwards.
    let mut logarithm = -(n as f64) * 2_f64.ln();
    let mut tail = 0.0;
    let mut found = None;
    for below in 0..n {
        tail += logarithm.exp();
        if tail > 0.025 {
            break;
        }
        found = Some((below, 2.0 * tail));
        logarithm += ((n - below) as f64).ln() - ((below + 1) as f64).ln();
    }
    found
}

/// Whether two medians are further apart than chance explains at 95 % (Price and Bonett 2002, ratio of medians): the
/// logarithm of a median has the standard error that its order-statistic interval shows, half the interval's width over
/// the normal quantile of the interval's own probability; the difference of two has the root of the sum of squares.
pub fn is_significant(before: &[f64], after: &[f64]) -> bool {
    let error = |sorted: &[f64]| {
        let (out, probability) = interval_of_median(sorted.len()).unwrap();
        let (low, high) = (sorted[out], sorted[sorted.len() - 1 - out]);
        (high.ln() - low.ln()) / 2.0 / normal_quantile(1.0 - probability / 2.0)
    };
    let (before_error, after_error) = (error(before), error(after));
    let difference = median(after).ln() - median(before).ln();
    let bound = normal_quantile(0.975) * (before_error.powi(2) + after_error.powi(2)).sqrt();
    difference.abs() > bound
}

/// The value below which a standard normal variable stays with this probability, by halving.
pub fn normal_quantile(probability: f64) -> f64 {
    let (mut low, mut high) = (0.0, 8.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if normal_probability(middle) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// The area under the bell curve left of `z` ≥ 0, by Simpson's rule.
fn normal_probability(z: f64) -> f64 {
    let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let steps = 400;
    let step = z / f64::from(steps);
    let mut area = density(0.0) + density(z);
    for index in 1..steps {
        area += density(step * f64::from(index)) * if index % 2 == 1 { 4.0 } else { 2.0 };
    }
    0.5 + area * step / 3.0
}

#[test]
fn textbook_values() {
    assert_eq!(median(&[1.0, 2.0, 4.0, 9.0]), 3.0);
    assert_eq!(
        [1, 2, 3].map(|q| quartile(&[1.0, 2.0, 3.0, 4.0], q)),
        [1.75, 2.5, 3.25]
    );
    let steps: Vec<f64> = (0..=50).map(f64::from).collect();
    assert_eq!(
        [1, 9].map(|tenths| on_the_way(&steps, tenths, 10)),
        [5.0, 45.0]
    );
    assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-9);
    // Conover, Practical Nonparametric Statistics: 6 → 1st and 6th value, 20 → 6th and 15th, 50 → 18th and 33rd.
    for (n, out) in [(6, 0), (10, 1), (20, 5), (50, 17)] {
        assert_eq!(interval_of_median(n).unwrap().0, out);
    }
    assert_eq!(interval_of_median(5), None);
    assert!((interval_of_median(6).unwrap().1 - 0.03125).abs() < 1e-12);
}
