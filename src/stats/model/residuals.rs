//! How far sales lie from the estimate of their price.

use crate::base::rank::{Ranked, at_ranks};

/// Sales from which a commune's own scatter is taken, instead of its département's.
pub(crate) const OWN_RESIDUALS: usize = 100;

/// The shares of sales below the four bounds: eight of ten lie between the outer ones, half between the inner ones.
const SHARES: [f64; 4] = [0.1, 0.25, 0.75, 0.9];

/// The quantiles of the normal distribution at these bounds, without their signs.
const QUANTILES: [f64; 4] = [1.28, 0.6745, 0.6745, 1.28];

/// How far the logarithms of prices lie from the estimate: of a tenth of the sales below the first, a quarter below the second,
/// a quarter above the third, a tenth above the last.
pub type Residuals = [f64; 4];

/// The bounds of residuals, widened by the variance of the level.
pub(crate) fn widened(residuals: &Residuals, variance: f64) -> Residuals {
    std::array::from_fn(|bound| {
        let wide = residuals[bound].hypot(QUANTILES[bound] * variance.sqrt());
        if bound < 2 { -wide } else { wide }
    })
}

/// The bounds of some residuals; `None` without any.
pub(crate) fn bounds(residuals: &mut [f64]) -> Option<Residuals> {
    let mut ranked = Ranked::new(residuals.len(), |low, high| at_ranks(residuals, low, high));
    let mut bounds = [0.0; 4];
    for (bound, share) in bounds.iter_mut().zip(SHARES) {
        *bound = thousandths(ranked.quantile(share)?);
    }
    Some(bounds)
}

fn thousandths(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_quantiles_to_a_thousandth() {
        let mut left: Vec<f64> = (0..=100).map(|at| f64::from(at) / 100.0 - 0.5).collect();
        assert_eq!(bounds(&mut left), Some([-0.4, -0.25, 0.25, 0.4]));
        assert_eq!(bounds(&mut []), None);
        let wide = widened(&[-0.3, 0.0, 0.0, 0.4], (0.3_f64 / 1.28).powi(2));
        assert!((wide[3] - 0.5).abs() < 1e-12, "{wide:?}");
        assert!(wide[1] < 0.0 && wide[2] > 0.0);
    }
}
