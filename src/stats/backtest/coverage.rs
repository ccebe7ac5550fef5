//! Whether the medians of communes lie where their neighbours say, as often as the interval has it: `docs/method.md`, section 3,
//! "To be met".

use std::ops::RangeInclusive;

use crate::stats::model::{Constants, MeasuredCommune, levels};

/// Sales of the communes that are looked at: of fewer there is no median, of more it needs no neighbours.
const SALES: RangeInclusive<u32> = 5..=99;

/// Of how many communes it was measured, and the share of them, in per cent, whose own median lies in the interval that their
/// neighbours alone give for it; `None` without communes.
pub(crate) fn coverage(
    communes: &[MeasuredCommune],
    constants: &Constants,
) -> Option<(usize, f64)> {
    let known = levels(communes, constants.variances);
    let inside = communes
        .iter()
        .zip(known)
        .filter(|(commune, _)| SALES.contains(&commune.n))
        .filter_map(|(commune, local)| {
            let prior = local?.prior?;
            let variance = prior.variance + constants.variances.sampling / f64::from(commune.n);
            Some((commune.level - prior.level).abs() <= constants.width * variance.sqrt())
        });
    let inside: Vec<bool> = inside.collect();
    let held = inside.iter().filter(|inside| **inside).count();
    (!inside.is_empty()).then(|| (inside.len(), 100.0 * held as f64 / inside.len() as f64))
}
